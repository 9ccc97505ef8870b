import { expect, it } from 'vitest';
import { plain } from '../../src/algebra/print.ts';
import { tensorKey } from '../../src/algebra/expression.ts';
import type { Formula } from '../../src/derive/derivation.ts';
import { deriveNetwork } from '../../src/derive/derive.ts';
import { denseNetwork } from './fixture.ts';

const show = (f: Formula): string => {
  switch (f.kind) {
    case 'expression': return plain(f.value);
    case 'partial': return `∂${f.of === null ? 'E' : plain(f.of)}/∂${plain(f.by)}`;
    case 'chain': return f.paths.map((p) => p.map((x) => `${x.shared ? '*' : ''}∂${x.of === null ? 'E' : tensorKey(x.of)}/∂${tensorKey(x.by)}`).join(' · ')).join(' + ');
    case 'chain-rule': return f.terms.map((t) => `Σ_{${t.axes.map((a) => a.index).join()}} ${t.factors.map((x) => `∂${x.of === null ? 'E' : plain(x.of)}/∂${plain(x.by)}`).join(' · ')}`).join(' + ');
  }
};
it('prints', () => {
  for (const signal of ['a', 'z'] as const) {
    const d = deriveNetwork(denseNetwork(3, { signal }));
    console.log(d.steps.map((s) => `${s.number} [${s.section}] ${s.title} ${s.layers ? `k=${s.layers.from}..${s.layers.to}` : ''}\n   ${show(s.left)} ${s.relation} ${s.right.map((r) => `${show(r.formula)} {${r.rule}}`).join('\n      = ')}\n   ${s.remarks.join('\n   ')}`).join('\n'));
  }
  expect(1).toBe(1);
});
