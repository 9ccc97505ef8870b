// Chains of partial derivatives, of whole tensors or of entries under sums.

import { type Expression, type Reference, type Tensor } from '../../algebra/expression.ts';
import type { ChainFactor, ChainTerm, Formula } from '../../derive/derivation.ts';
import type { Axis } from '../../spec/network.ts';
import type { SignedTerm, Term } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import { tensorValue } from './entry.ts';
import { type Binding, type Env, newBinding, withBindings } from './env.ts';
import { limitOf } from './indices.ts';
import { isTotal, letterIn, meaningOf, namedOf, shownName } from './meaning.ts';
import { rangeOfIndex } from './over.ts';
import { differentialOf } from './product.ts';
import { numberIn } from './value.ts';

/** ∂of/∂by as it is written. */
export interface Partial extends Span {
  readonly of: Term;
  readonly by: Term;
}

export function partialOf(term: Term): Partial | null {
  if (term.kind === 'derivative') return { of: term.of, by: term.by, start: term.start, end: term.end };
  if (term.kind !== 'fraction') return null;
  const [of, by] = [differentialOf(term.top), differentialOf(term.bottom)];
  return of === null || by === null ? null : { of, by, start: term.start, end: term.end };
}

/** A product of partial derivatives under sums; `shared` for those over a brace. */
interface Path {
  readonly sums: readonly Extract<Term, { kind: 'over' }>[];
  readonly factors: readonly { readonly partial: Partial; readonly shared: boolean }[];
}

/** The sum of paths that a side is, or null where it is anything else; one derivative by itself is no chain. */
export function chainFormula(side: Term, env: Env): Formula | null {
  const terms: readonly SignedTerm[] = side.kind === 'sum' ? side.terms : [{ negative: false, term: side }];
  const paths = terms.map(({ negative, term }) => (negative ? null : pathOf(term)));
  const present = paths.filter((p) => p !== null);
  const [first] = present;
  if (present.length !== paths.length || first === undefined) return null;
  const isChain = present.some((p) => p.sums.length > 0 || p.factors.length > 1) && present.some((p) => p.factors.some((f) => !isTotal(f.partial.of, env)));
  if (!isChain) return null;
  const whole = present.every((p) => p.sums.length === 0 && p.factors.every((f) => [f.partial.of, f.partial.by].every((t) => isTotal(t, env) || isWhole(t, env))));
  return whole ? { kind: 'chain', paths: present.map((p) => p.factors.map((f) => chainFactor(f.partial, f.shared, env))) }
    : { kind: 'chain-rule', terms: present.map((p) => chainTerm(p, env)) };
}

function pathOf(term: Term): Path | null {
  if (term.kind === 'over') {
    const inner = term.operator === 'sum' && term.limits.condition === null ? pathOf(term.body) : null;
    return inner === null ? null : { ...inner, sums: [term, ...inner.sums] };
  }
  const factors = factorsOf(term, false);
  return factors === null ? null : { sums: [], factors };
}

function factorsOf(term: Term, shared: boolean): Path['factors'] | null {
  const partial = partialOf(term);
  if (partial !== null) return [{ partial, shared }];
  if (term.kind === 'brace') return factorsOf(term.body, true);
  if (term.kind !== 'product' || term.factors.some((f) => f.sign !== '' && f.sign !== '·')) return null;
  const inner = term.factors.map((f) => factorsOf(f.term, shared));
  return inner.some((f) => f === null) ? null : inner.flatMap((f) => f ?? []);
}

/** Whether a tensor is written without the indices that it has. */
function isWhole(term: Term, env: Env): boolean {
  const named = namedOf(term);
  if (named === null) return false;
  const meaning = meaningOf(named, { ...env, collects: false });
  return meaning.kind === 'tensor' && meaning.below.length === 0;
}

function tensorIn(term: Term, env: Env): Tensor {
  const named = namedOf(term);
  const meaning = named === null ? null : meaningOf(named, env);
  return meaning?.kind === 'tensor' && !meaning.adjoint ? meaning.declared.tensor
    : refuse('not-expressible', term, { text: named === null ? term.kind : shownName(named), reason: 'chains are of tensors' });
}

const chainFactor = ({ of, by }: Partial, shared: boolean, env: Env): ChainFactor =>
  ({ of: isTotal(of, env) ? null : tensorIn(of, env), by: tensorIn(by, env), shared });

function chainTerm({ sums, factors }: Path, env: Env): ChainTerm {
  let inner = env;
  const bindings = sums.flatMap((term) => term.limits.indices.map(({ index, from, to }): readonly [Binding, Span] => {
    const named = namedOf(index);
    const letter = named === null ? null : letterIn(named);
    if (letter === null) return refuse('not-an-index', index, { text: index.kind });
    const range = from === null || to === null ? null : { lo: limitOf(from, letter, inner), hi: limitOf(to, letter, inner) };
    const binding = newBinding(letter, letter, range);
    inner = withBindings(inner, [binding]);
    return [binding, term];
  }));
  const entries = factors.map(({ partial: { of, by } }) => ({ of: isTotal(of, inner) ? null : referenceIn(of, inner), by: referenceIn(by, inner) }));
  return { axes: bindings.map(([b, place]): Axis => ({ index: b.name, range: rangeOfIndex(b, place, null) })), factors: entries };
}

/** The entry that a term is. */
export function referenceIn(term: Term, env: Env): Reference {
  const named = namedOf(term);
  const meaning = named === null ? null : meaningOf(named, env);
  const value: Expression | null = named === null || meaning?.kind !== 'tensor' || meaning.rest.length > 0 ? null : numberIn(tensorValue(meaning, named, env));
  return value?.kind === 'ref' ? value : refuse('not-expressible', term, { text: named === null ? term.kind : shownName(named), reason: 'an entry of a tensor is wanted here' });
}

