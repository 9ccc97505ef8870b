// Formulas as people know them: -(t/z - (1-t)/(1-z))·z(1-z) is z - t. Quotients of tensor entries are written as a
// polynomial in those entries where one exists (exact ansatz over the normal forms, so what is found is proved).

import { expressThrough, type Generator, nodeCount } from '../algebra/ansatz.ts';
import { add, type Expression, power } from '../algebra/expression.ts';
import { plain } from '../algebra/print.ts';
import { children, holdsBelow, references, visit } from '../algebra/traverse.ts';

const MOST_ENTRIES = 3;
const MOST_DEGREE = 3;

/** The shorter polynomial form of a quotient, or e itself. Cost: one ansatz in at most four generators. */
export function asKnown(e: Expression): Expression {
  if (!dividesByEntries(e) || !isRational(e)) return e;
  const entries = new Map(references(e).map((r) => [plain(r), r]));
  if (entries.size > MOST_ENTRIES) return e;
  const generators: Generator[] = [...entries.values(), ...sizeReciprocals(e)].map((g) => ({ meaning: g, written: g }));
  const found = expressThrough(e, generators, MOST_DEGREE);
  return found !== null && nodeCount(found) < nodeCount(e) ? positiveFirst(found) : e;
}

/** z - t rather than -t + z. */
function positiveFirst(e: Expression): Expression {
  if (e.kind !== 'add') return e;
  const isNegative = (t: Expression): boolean => t.kind === 'multiply' && t.factors[0]?.kind === 'number' && t.factors[0].value.n < 0n;
  return add([...e.terms.filter((t) => !isNegative(t)), ...e.terms.filter(isNegative)]);
}

/** Whether some tensor entry stands in a denominator. */
const dividesByEntries = (e: Expression): boolean =>
  holdsBelow(e, (x) => x.kind === 'power' && x.exponent.n < 0n && references(x.base).length > 0);

/** Sums over indices, cases, conditions and functions are left as they are. */
function isRational(e: Expression): boolean {
  switch (e.kind) {
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': return true;
    case 'power': return e.exponent.d === 1n && isRational(e.base);
    case 'add': case 'multiply': return children(e).every(isRational);
    case 'bracket': case 'sum': case 'call': case 'piecewise': return false;
  }
}

/** 1/samples and the like: they may stay in front. */
function sizeReciprocals(e: Expression): readonly Expression[] {
  const found = new Map<string, Expression>();
  visit(e, (x) => {
    if (x.kind === 'power' && x.exponent.n < 0n && x.base.kind === 'affine') found.set(plain(x.base), power(x.base, -1));
  });
  return [...found.values()].slice(0, 1);
}
