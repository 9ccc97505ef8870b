import { expect, it } from 'vitest';
import { plain } from '../../src/algebra/print.ts';
import { tensorKey } from '../../src/algebra/expression.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { allSamples, oneSample } from '../../src/spec/samples.ts';
import { denseNetwork } from './fixture.ts';

it('prints', () => {
  for (const signal of ['a', 'z'] as const) {
    const network = denseNetwork(3, { signal });
    for (const system of [oneSample(network), allSamples(network)]) {
      const b = backward(system, signalsOf(network));
      console.log(b.equations.map((e) => `${e.role} ${tensorKey(e.tensor)}[${e.axes.map((a) => a.index).join()}] = ${plain(e.value)}`).join('\n'));
    }
  }
  expect(1).toBe(1);
});
