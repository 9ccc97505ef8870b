import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { plain } from '../../src/algebra/print.ts';
import { tensorKey } from '../../src/algebra/expression.ts';
import type { Formula, Derivation } from '../../src/derive/derivation.ts';
import { deriveLayer, deriveNetwork } from '../../src/derive/derive.ts';
import { readLayer, readNetwork } from '../../src/spec/read.ts';
import { shippedLibrary } from '../../src/spec/library.ts';

const show = (f: Formula): string => {
  switch (f.kind) {
    case 'expression': return plain(f.value);
    case 'partial': return `∂${f.of === null ? 'E' : plain(f.of)}/∂${plain(f.by)}`;
    case 'chain': return f.paths.map((p) => p.map((x) => `${x.shared ? '*' : ''}∂${x.of === null ? 'E' : tensorKey(x.of)}/∂${tensorKey(x.by)}`).join(' · ')).join(' + ');
    case 'chain-rule': return f.terms.map((t) => `Σ_{${t.axes.map((a) => a.index).join()}} ${t.factors.map((x) => `∂${x.of === null ? 'E' : plain(x.of)}/∂${plain(x.by)}`).join(' · ')}`).join(' + ');
  }
};
const text = (d: Derivation): string => d.steps.map((s) => `${s.number} [${s.section}] ${s.title} ${s.layers ? `k=${s.layers.from}..${s.layers.to}` : ''}\n   ${show(s.left)} ${s.relation} ${s.right.map((r) => `${show(r.formula)} {${r.rule}}`).join('\n      = ')}\n   ${s.remarks.join('\n   ')}`).join('\n');
it('prints', () => {
  const out: string[] = [];
  for (const f of ['dense', 'dense-augmented']) for (const signal of ['a', 'z'] as const) {
    const file = `specs/layers/${f}.yaml`;
    out.push(`===== ${f} ${signal}`, text(deriveLayer(readLayer({ file, text: readFileSync(file, 'utf8') }, shippedLibrary), { signal })));
  }
  for (const f of readdirSync('specs/networks')) {
    const file = `specs/networks/${f}`;
    const t0 = performance.now();
    try {
      const n = readNetwork({ file, text: readFileSync(file, 'utf8') }, shippedLibrary);
      const t1 = performance.now();
      const d = deriveNetwork(n);
      out.push(`===== ${f} read ${(t1 - t0).toFixed()} derive ${(performance.now() - t1).toFixed()} steps ${d.steps.length}`, text(d));
      console.log(out.at(-2));
    } catch (e) { console.log(f, e); }
  }
  require('node:fs').writeFileSync('/tmp/derive.txt', out.join('\n'));
  expect(1).toBe(1);
});
