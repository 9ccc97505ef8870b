import { it } from 'vitest';
import { checkNetwork } from '../../src/check/check.ts';
import { denseNetwork, relu, sigmoid, tanh, softplus, squares, cube, erfUnit } from '../evaluate/dense.ts';
it('check', async () => {
  for (const net of [denseNetwork({ sizes: [2, 3, 2], activations: [tanh, sigmoid], penalty: squares, reduction: 'mean' }), denseNetwork({ sizes: [4, 5, 3, 2], activations: [relu, cube, softplus] }), denseNetwork({sizes:[784,128,10],activations:[relu,sigmoid]})]) {
    const t = performance.now();
    let last = t;
    const r = await checkNetwork(net, { samples: 3, seed: 1, onProgress: (road) => { console.log(road, (performance.now()-last).toFixed(0)); last = performance.now(); } });
    console.log(performance.now() - t, r.holds, JSON.stringify(r.points), JSON.stringify(r.kinks));
    for (const road of r.roads) console.log(road.road, road.status, road.reason, road.compared + '/' + road.total, 'unres', road.unresolved, 'ratio', road.ratio, JSON.stringify(road.worst), 'failed', road.failed, JSON.stringify(road.failures.slice(0, 2)), JSON.stringify(road.kinks.slice(0,2)), road.details.slice(0,3).join(';'));
  }
});
