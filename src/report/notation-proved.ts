// Every formula of the page of all notations, proved: a page with one that is not is never written.

import { proofOf } from './notation-proof.ts';
import type { NotationTable } from './notation-table.ts';

/**
 * How many formulas were read back and proved.
 * @throws Error naming every formula of the page that is not equal to what was derived: a defect of the program
 */
export function proveTable({ notations, groups }: NotationTable): number {
  let count = 0;
  const wrong: string[] = [];
  for (const { id, rows } of groups) for (const { part, cells } of rows) {
    cells.forEach(({ formulas }, n) => {
      for (const formula of formulas) for (const form of ['component', 'vector'] as const) {
        const proof = proofOf(formula, form);
        if (proof === null) continue;
        if (proof.proved) count += 1;
        else wrong.push(`${notations[n]?.spec.name ?? ''}, ${id}, ${part}: ${proof.latex}: ${proof.why}`);
      }
    });
  }
  if (wrong.length > 0) throw new Error(`these formulas are not proved:\n${wrong.join('\n')}`);
  return count;
}
