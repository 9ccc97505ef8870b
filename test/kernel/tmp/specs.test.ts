import { test, expect } from 'vitest';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { emitKernel } from '../../../src/kernel/emit.ts';
import { readNetwork } from '../../../src/spec/read.ts';
import { shippedLibrary } from '../../../src/spec/library.ts';
import { load, evaluate, differences, largestDifference } from '../run.ts';
for (const f of readdirSync('specs/networks')) {
  for (const form of ['auto', 'loops', 'straight-line'] as const) test(`${f} ${form}`, async () => {
    if (f === 'digits.yaml' && form === 'straight-line') return;
    const net = readNetwork({ file: 'specs/networks/' + f, text: readFileSync('specs/networks/' + f, 'utf8') }, shippedLibrary);
    const t0 = performance.now();
    const k = emitKernel(net, { form });
    const t1 = performance.now();
    if (form === 'auto') writeFileSync('/tmp/gen-' + k.fileName, k.typescript);
    const m = await load(k.javascript);
    const P = m.layout.sizes.parameters;
    let worst = NaN;
    const r = evaluate(m, 2, 5);
    if (P < 2000) {
      worst = largestDifference(r.gradient, differences(r.kernel));
    }
    console.log(f, k.form, P, k.typescript.length, (t1 - t0).toFixed(0) + 'ms', r.E, worst);
  });
}
