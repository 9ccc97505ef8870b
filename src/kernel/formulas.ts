// Where formulas stand in straight-line code: above what computes them for a sample, not above what is prepared for it.

import { isLiteral, type Statement } from './program.ts';
import { mapBodies, visitStatements } from './rebuild.ts';

/** What computes a formula, with it in each loop over the samples, and above what is stored before them. */
export function withFormula(lines: readonly string[], body: readonly Statement[]): readonly Statement[] {
  const formula: Statement = { kind: 'comment', lines };
  const first = body.findIndex(overSamples);
  if (first < 0) return [formula, ...body];
  const opening = body.slice(0, first).findIndex(stores);
  return body.flatMap((st, n): readonly Statement[] =>
    overSamples(st) ? [mapBodies(st, (inner) => [formula, ...inner])] : n === opening ? [formula, st] : [st]);
}

const overSamples = (st: Statement): boolean =>
  st.kind === 'loop' && st.to.some((to) => to.terms.some((t) => t.symbol.kind === 'size'));

/** Whether a statement stores anything but zeros. */
function stores(st: Statement): boolean {
  let found = false;
  visitStatements([st], (inner) => {
    found ||= inner.kind === 'store' && !isLiteral(inner.value, 0);
  });
  return found;
}

/** Without formulas that stand above, in the same block, already. */
export function eachFormulaOnce(statements: readonly Statement[]): readonly Statement[] {
  const said = new Set<string>();
  return statements.flatMap((st): readonly Statement[] => {
    if (st.kind !== 'comment') return [mapBodies(st, eachFormulaOnce)];
    const text = st.lines.join('\n');
    if (said.has(text)) return [];
    said.add(text);
    return [st];
  });
}
