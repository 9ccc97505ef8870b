import { it } from 'vitest';
import { confront } from '../../src/check/check.ts';
import { mistakes } from './mistakes.ts';
import { inline, mistaken } from './setup.ts';
it('t', async () => {
  const r = await confront(await mistaken(inline(`
network: square
input: 3
layers:
  - 3 tanh
  - 3 softplus
  - 3 sigmoid
loss: half-squared-error
samples: mean
penalties: [{ use: l2, lambda: 0.3, on: [W] }]
`), mistakes['none']!, []));
  console.log(JSON.stringify(r.roads.find((x) => x.road === 'nerdamer'), null, 1));
});
