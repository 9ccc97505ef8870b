// Every layer and loss that is shipped, by itself: each step is proved, and every adjoint has one.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deriveLayer } from '../../src/derive/derive.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer, readLoss } from '../../src/spec/read.ts';

const files = ['layers', 'losses'].flatMap((folder) => readdirSync(`specs/${folder}`).map((name) => `specs/${folder}/${name}`));

test.each(files)('%s', (file) => {
  const source = { file, text: readFileSync(file, 'utf8') };
  const spec = file.startsWith('specs/layers/') ? readLayer(source, shippedLibrary) : readLoss(source);
  for (const signal of ['a', 'z'] as const) {
    const { steps } = deriveLayer(spec, { signal });
    for (const s of steps) {
      expect(['normal-form', 'direct-differentiation', 'definition', 'counted'], s.title).toContain(s.verified);
      if (s.relation === ':=') expect(s.verified, s.title).toBe('definition');
    }
    const forward = steps.filter((s) => s.section === 'forward' && s.role === 'definition');
    expect(forward.length).toBeGreaterThanOrEqual(spec.equations.length);
    for (const name of spec.parameters) expect(steps.filter((s) => s.role === 'result' && s.title.startsWith(`The gradient by ${name}`)), name).not.toEqual([]);
  }
}, 60_000);
