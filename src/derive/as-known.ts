// Formulas as people know them: -(t/z - (1-t)/(1-z))·z(1-z) is z - t. Quotients of tensor entries are written as a
// polynomial in those entries where one exists (exact ansatz over the normal forms, so what is found is proved).

import { expressThrough, type Generator, liftBranches, nodeCount } from '../algebra/ansatz.ts';
import { add, type Expression, one, power, type Test } from '../algebra/expression.ts';
import { provablyEqual } from '../algebra/normal/equal.ts';
import { plain } from '../algebra/print.ts';
import { children, holdsBelow, references, rewrite, visit } from '../algebra/traverse.ts';

const MOST_ENTRIES = 3;
const MOST_DEGREE = 3;

/** The shorter polynomial form of a quotient, or e itself. Cost: one ansatz in at most four generators. */
export function asKnown(e: Expression): Expression {
  if (!dividesByEntries(e)) return e;
  const cases = removableCases(e);
  if (cases === null) return e;
  const [usual, ...special] = cases;
  const found = usual === undefined ? null : polynomialOf(usual.value);
  if (found === null || nodeCount(found) >= nodeCount(e)) return e;
  // What holds in general has to hold where an entry has a value of its own, too.
  const everywhere = special.every((c) => provablyEqual(put(found, c.fixed), put(c.value, c.fixed)) === 'equal');
  return everywhere ? positiveFirst(found) : e;
}

function polynomialOf(e: Expression): Expression | null {
  if (!isRational(e)) return null;
  const entries = new Map(references(e).map((r) => [plain(r), r]));
  if (entries.size > MOST_ENTRIES) return null;
  const generators: Generator[] = [...entries.values(), ...sizeReciprocals(e)].map((g) => ({ meaning: g, written: g }));
  return expressThrough(e, generators, MOST_DEGREE);
}

interface Case {
  /** Entries (as they are written) with the number that this case gives them. */
  readonly fixed: ReadonlyMap<string, Expression>;
  readonly value: Expression;
}

/**
 * The cases of `t = 0 ? u : v` and the like: first the usual one, where no equation holds, then those where an entry equals a
 * number. Null where a case asks anything else.
 */
function removableCases(e: Expression): readonly Case[] | null {
  const lifted = liftBranches(e);
  if (lifted === null) return null;
  if (lifted.kind !== 'piecewise') return [{ fixed: new Map(), value: lifted }];
  const usual = removableCases(lifted.otherwise);
  if (usual === null) return null;
  const special: Case[] = [];
  for (const branch of lifted.branches) {
    const fixes = equationOf(branch.when);
    const below = removableCases(branch.then);
    if (fixes === null || below === null) return null;
    // A further equation on the same entry can't hold as well, unless it is the same one.
    special.push(...below.filter((c) => !c.fixed.has(fixes.entry) || plain(c.fixed.get(fixes.entry) ?? one) === plain(fixes.value))
      .map((c) => ({ fixed: new Map([...c.fixed, [fixes.entry, fixes.value]]), value: c.value })));
  }
  return [...usual, ...special];
}

/** entry = number, either way round. */
function equationOf(test: Test): { readonly entry: string; readonly value: Expression } | null {
  if (test.kind !== 'compare' || test.relation !== '=') return null;
  const { left, right } = test;
  if (left.kind === 'ref' && right.kind === 'number') return { entry: plain(left), value: right };
  return right.kind === 'ref' && left.kind === 'number' ? { entry: plain(right), value: left } : null;
}

const put = (e: Expression, fixed: ReadonlyMap<string, Expression>): Expression =>
  rewrite(e, (x) => (x.kind === 'ref' ? (fixed.get(plain(x)) ?? null) : null));

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
    case 'bracket': case 'sum': case 'product': case 'argmax': case 'call': case 'piecewise': return false;
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
