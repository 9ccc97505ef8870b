import { it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { checkNetwork } from '../../src/check/check.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Network } from '../../src/spec/network.ts';
const only = process.env['ONLY'];
for (const f of readdirSync('specs/networks').filter((x) => !only || x.startsWith(only))) it(f, async () => {
  const source = { file: `specs/networks/${f}`, text: readFileSync(`specs/networks/${f}`, 'utf8') };
  const net = readNetwork(source, shippedLibrary);
  const variants: Network[] = [];
  for (const signal of ['a', 'z'] as const) for (const bias of ['separate', 'augmented'] as const) {
    if (signal === net.signal && bias === net.bias) continue;
    try { variants.push(readNetwork(source, shippedLibrary, { signal, bias })); } catch (e) { console.log(f, signal, bias, String(e).slice(0, 200)); }
  }
  const t = performance.now();
  let last = t; let prev = ''; const times: string[] = [];
  const r = await checkNetwork(net, { samples: 3, seed: 1, variants, onProgress: (road) => { times.push(prev + ' ' + (performance.now() - last).toFixed(0)); prev = road; last = performance.now(); } });
  times.push(prev + ' ' + (performance.now() - last).toFixed(0));
  console.log('=====', f, (performance.now() - t).toFixed(0), 'ms', r.holds, r.parameters, r.form, r.points.map((p) => `${p.label}:${p.scale}:${p.targets}:${p.E.toPrecision(3)}`).join(' | '), JSON.stringify(r.kinks), times.join(', '));
  for (const road of r.roads) console.log('  ', road.road, road.status, road.reason, road.compared + '/' + road.total, 'unres', road.unresolved, 'ratio', road.ratio?.toPrecision(2), road.status === 'fails' ? JSON.stringify(road.failures.slice(0, 3)) + road.failed : '', JSON.stringify(road.kinks.slice(0,2)), road.details.slice(0,3).join(';'));
});
