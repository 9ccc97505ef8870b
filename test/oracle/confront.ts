// The claims of every oracle test: E and outputs as the oracle has them, and all gradients to 1e-12.

import { describe, expect, it } from 'vitest';
import { compare, type Example, moduleOf } from './run.ts';

/** @param most the largest difference, as a part of the largest gradient of the same parameter */
export function confront(examples: readonly Example[], most = 1e-12, folder = 'specs/networks'): void {
  describe.each(examples.map((e) => ({ ...e, name: `${e.network}${e.remark ?? ''}` })))('$name', (example) => {
    it.each(['loops', 'straight-line'] as const)('%s', async (form) => {
      const module = await moduleOf(`${folder}/${example.network}.yaml`, form);
      const silent: (readonly string[])[] = [];
      for (const [samples, seed] of [[3, 1], [2, 2], [5, 3]] as const) {
        const found = compare(module, example, samples, seed);
        expect(found.entries).toBeGreaterThan(0);
        const where = `${samples} samples, seed ${seed}`;
        expect(found.E, `E, ${where}`).toBeLessThanOrEqual(most);
        expect(found.again, `E of backward(), ${where}`).toBeLessThanOrEqual(most);
        expect(found.output, `output, ${where}`).toBeLessThanOrEqual(most);
        expect(found.gradient, `gradient, ${where}`).toBeLessThanOrEqual(most);
        silent.push(found.silent);
      }
      const always = silent.reduce((some, more) => some.filter((name) => more.includes(name)));
      expect(always, 'a gradient that is always 0 proves nothing').toEqual([]);
    });
  });
}
