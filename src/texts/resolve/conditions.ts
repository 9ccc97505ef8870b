// Conditions as tests: exact ones between indices, and comparisons of values.

import { addAffine, integer, subtractAffine } from '../../algebra/affine.ts';
import { affineValue, type Expression, indexAtLeast, indexEqual, not, type Test } from '../../algebra/expression.ts';
import type { Condition, RelationSign, Term } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import { type Env, newBinding } from './env.ts';
import { type Chosen, type IndexValue, textOf, tryIndex } from './indices.ts';
import { meaningsOf, namedOf } from './meaning.ts';
import { isScalar, numberIn, shapeText } from './value.ts';

/** A test, with the entries that stand for indices in it. */
export interface Tested {
  readonly test: Test;
  readonly chosen: readonly Chosen[];
}

export function testOf(condition: Condition, env: Env): Tested {
  switch (condition.kind) {
    case 'chain': return joined(condition.signs.map((sign, n) => {
      const [left, right] = [condition.sides[n], condition.sides[n + 1]];
      return left === undefined || right === undefined ? refuse('formula-incomplete', condition, { wanted: 'a side' }) : compared(left, sign, right, env);
    }), 'and');
    case 'and': case 'or': return joined(condition.parts.map((p) => testOf(p, env)), condition.kind);
    case 'not': {
      const { test, chosen } = testOf(condition.part, env);
      return { test: not(test), chosen };
    }
  }
}

function joined(parts: readonly Tested[], kind: 'and' | 'or'): Tested {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { test: { kind, tests: parts.map((p) => p.test) }, chosen: parts.flatMap((p) => p.chosen) };
}

function compared(left: Term, sign: RelationSign, right: Term, env: Env): Tested {
  // An entry by itself is compared as a value: [x_t = v].
  const [a, b] = [left, right].map((t) => (isEntry(t, env) ? null : tryIndexOrNull(t, env)));
  if (a !== null && a !== undefined && b !== null && b !== undefined) return { test: indexTest(a, sign, b, left), chosen: [...a.chosen, ...b.chosen] };
  if (sign === '=') noteChoice(left, b, env);
  if (sign === '=') noteChoice(right, a, env);
  return { test: valueTest(valueOf(left, env), sign, valueOf(right, env), left), chosen: [] };
}

/** [x_t = v]: v runs over the values that x_t may have, where nothing else says how far. */
function noteChoice(entry: Term, other: IndexValue | null | undefined, env: Env): void {
  const named = namedOf(entry);
  const meaning = named === null ? undefined : meaningsOf(named, { ...env, collects: false })[0];
  const range = meaning?.kind === 'tensor' ? meaning.declared.integer : undefined;
  const plain = other?.plain ?? null;
  if (plain !== null && range !== undefined) plain.equals.push(newBinding('', '', range));
}

/** Whether a term is one entry of a tensor. */
function isEntry(term: Term, env: Env): boolean {
  const named = namedOf(term);
  return named !== null && meaningsOf(named, { ...env, collects: false })[0]?.kind === 'tensor';
}

/** Values that are no indices hold names that are no indices: they are left to the comparison. */
function tryIndexOrNull(term: Term, env: Env): IndexValue | null {
  return mayBeIndex(term, env) ? tryIndex(term, env) : null;
}

function mayBeIndex(term: Term, env: Env): boolean {
  switch (term.kind) {
    case 'number': return true;
    case 'name': case 'scripts': {
      const named = namedOf(term);
      const meaning = named === null ? undefined : meaningsOf(named, { ...env, collects: false })[0];
      return meaning?.kind === 'index' || (meaning?.kind === 'number' && meaning.affine !== null) || (meaning?.kind === 'tensor' && meaning.declared.integer !== undefined);
    }
    case 'sum': return term.terms.every((t) => mayBeIndex(t.term, env));
    case 'product': return term.factors.every((f) => mayBeIndex(f.term, env));
    case 'fenced': return term.items.every((t) => mayBeIndex(t, env));
    case 'fraction': case 'derivative': case 'root': case 'apply': case 'over': case 'bracket': case 'norm': case 'absolute': case 'cases': case 'matrix':
    case 'brace': case 'letters': case 'colon': case 'dots': return false;
  }
}

function indexTest(a: IndexValue, sign: RelationSign, b: IndexValue, place: Term): Test {
  const difference = subtractAffine(a.affine, b.affine);
  const opposite = subtractAffine(b.affine, a.affine);
  switch (sign) {
    case '=':
      if (a.plain !== null && b.plain !== null) {
        a.plain.equals.push(b.plain);
        b.plain.equals.push(a.plain);
      }
      return indexEqual(difference);
    case '≠': return not(indexEqual(difference));
    case '≥': return indexAtLeast(difference);
    case '≤': return indexAtLeast(opposite);
    case '>': return indexAtLeast(addAffine(difference, integer(-1)));
    case '<': return indexAtLeast(addAffine(opposite, integer(-1)));
    case '∈': case ':=': case '≡': case '≈': case '∝': case '←': case '⇒': return refuse('formula-construct', place, { text: sign, type: 'condition' });
  }
}

function valueTest(left: Expression, sign: RelationSign, right: Expression, place: Term): Test {
  switch (sign) {
    case '=': return { kind: 'compare', relation: '=', left, right };
    case '≠': return not({ kind: 'compare', relation: '=', left, right });
    case '>': return { kind: 'compare', relation: '>', left, right };
    case '≥': return { kind: 'compare', relation: '>=', left, right };
    case '<': return { kind: 'compare', relation: '>', left: right, right: left };
    case '≤': return { kind: 'compare', relation: '>=', left: right, right: left };
    case '∈': case ':=': case '≡': case '≈': case '∝': case '←': case '⇒': return refuse('formula-construct', place, { text: sign, type: 'condition' });
  }
}

function valueOf(term: Term, env: Env): Expression {
  const whole = isEntry(term, env) ? null : tryIndexOrNull(term, env);
  if (whole !== null && whole.chosen.length === 0) return affineValue(whole.affine);
  const value = env.evaluate(term, env);
  return isScalar(value) ? numberIn(value) : refuse('no-shape', term, { what: textOf(term), shape: shapeText(value), wanted: 'a number' });
}

