// max over an index as a selection by the tensor that holds the place of the greatest value.

import { addAffine, type Affine, affineIndices, index, type Range, scaleAffine, substituteAffine } from '../../algebra/affine.ts';
import { affineValue, bind, bracket, type Expression, isBinder, multiply, negate, ref, sum, tensorKey } from '../../algebra/expression.ts';
import { writing } from '../../algebra/print.ts';
import { mapChildren, references, substituteIndices } from '../../algebra/traverse.ts';
import type { Layer } from '../../algebra/layer.ts';
import type { Equation } from '../../spec/network.ts';

/** Σ_v [T = v] f(v) for the T that is the argmax of this very f, or null. */
export function selected(operator: 'max' | 'min', name: string, body: Expression, choices: readonly Equation[]): Expression | null {
  const compared = operator === 'max' ? body : negate(body);
  const own = new Set(choices.map((c) => tensorKey(c.tensor)));
  // What a layer has itself is not what another one has in its place.
  const moved = choices.flatMap((choice) => shiftedTo(choice, compared)).filter((c) => !own.has(tensorKey(c.tensor)));
  for (const choice of [...choices, ...moved]) {
    const found = matchChoice(choice, name, compared);
    if (found === null) continue;
    const test = { kind: 'compare', relation: '=', left: ref(choice.tensor, found.at), right: affineValue(index(name)) } as const;
    return sum(name, found.range, multiply([bracket(test), body]));
  }
  return null;
}

/** The equation as it is in the layer of the tensors that are compared: its layer numbers moved along. */
function shiftedTo(choice: Equation, body: Expression): readonly Equation[] {
  const own = references(choice.value)[0]?.tensor.layer ?? null;
  const wanted = references(body)[0]?.tensor.layer ?? null;
  if (own === null || wanted === null || (own.symbol === wanted.symbol && own.offset === wanted.offset)) return [];
  const move = (layer: Layer | null): Layer | null => (layer?.symbol !== own.symbol ? layer
    : { symbol: wanted.symbol, offset: layer.offset - own.offset + wanted.offset });
  return [{ ...choice, tensor: { ...choice.tensor, layer: move(choice.tensor.layer) }, value: withLayers(choice.value, move) }];
}

function withLayers(e: Expression, move: (layer: Layer | null) => Layer | null): Expression {
  const affine = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'size'
    ? { terms: [{ symbol: { ...s, layer: move(s.layer) }, coefficient: 1 }], constant: 0 } : null));
  if (e.kind === 'ref') return { ...e, tensor: { ...e.tensor, layer: move(e.tensor.layer) }, indices: e.indices.map(affine) };
  if (isBinder(e)) return bind(e.kind, e.index, { lo: affine(e.range.lo), hi: affine(e.range.hi) }, withLayers(e.body, move));
  return mapChildren(e, (child) => withLayers(child, move));
}

interface Match {
  readonly at: readonly Affine[];
  readonly range: Range;
}

/** The values of the axes at which the choice compares this body. */
function matchChoice(choice: Equation, name: string, body: Expression): Match | null {
  if (choice.value.kind !== 'argmax') return null;
  const open = new Set(choice.axes.map((a) => a.index));
  // Axes of the pattern get names that the body cannot have, all at once: the letter of one may be that of the maximum here.
  const pattern = substituteIndices(choice.value.body, new Map([[choice.value.index, index(name)], ...[...open].map((n) => [n, index(`?${n}`)] as const)]));
  const known = solved(pattern, body, [...open].map((n) => `?${n}`));
  if (known === null) return null;
  const to = new Map([...open].map((n) => [n, known.get(`?${n}`) ?? index(n)]));
  const meant = substituteIndices(pattern, new Map([...open].map((n) => [`?${n}`, to.get(n) ?? index(n)])));
  if (writing(numbered(meant, 0)) !== writing(numbered(body, 0))) return null;
  const end = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'index' ? to.get(s.name) ?? null : null));
  return { at: choice.axes.map((a) => to.get(a.index) ?? index(a.index)), range: { lo: end(choice.value.range.lo), hi: end(choice.value.range.hi) } };
}

/** Each open index from the entries of the pattern, one unknown at a time. */
function solved(pattern: Expression, body: Expression, unknown: readonly string[]): ReadonlyMap<string, Affine> | null {
  const [left, right] = [references(pattern), references(body)];
  if (left.length !== right.length) return null;
  const pairs = left.flatMap((r, n) => r.indices.map((a, m): readonly [Affine, Affine | undefined] => [a, right[n]?.indices[m]]));
  const found = new Map<string, Affine>();
  for (let round = 0; round <= unknown.length; round += 1) {
    for (const [a, b] of pairs) {
      const now = substituteAffine(a, (s) => (s.kind === 'index' ? found.get(s.name) ?? null : null));
      const open = affineIndices(now).filter((n) => unknown.includes(n));
      const [only] = open;
      const term = now.terms.find((t) => t.symbol.name === only);
      if (b !== undefined && open.length > 1) byCoefficient(now, b, open).forEach((value, n) => found.set(n, value));
      if (b === undefined || only === undefined || term === undefined || open.length !== 1) continue;
      const rest = addAffine(b, { ...now, terms: now.terms.filter((t) => t !== term) }, -1);
      const value = divided(rest, term.coefficient);
      if (value !== null) found.set(only, value);
    }
  }
  return unknown.every((n) => found.has(n)) ? found : null;
}

/** 2m + u against 2i + j: each index by its coefficient, where no two have the same. */
function byCoefficient(pattern: Affine, body: Affine, open: readonly string[]): ReadonlyMap<string, Affine> {
  const indices = body.terms.filter((t) => t.symbol.kind === 'index');
  return new Map(open.flatMap((name): (readonly [string, Affine])[] => {
    const own = pattern.terms.find((t) => t.symbol.name === name)?.coefficient;
    const same = indices.filter((t) => t.coefficient === own);
    const [only] = same;
    return only === undefined || same.length > 1 ? [] : [[name, index(only.symbol.name)]];
  }));
}

function divided(a: Affine, by: number): Affine | null {
  if (by === 1 || by === -1) return scaleAffine(a, by);
  const whole = a.constant % by === 0 && a.terms.every((t) => t.coefficient % by === 0);
  return whole ? { terms: a.terms.map((t) => ({ ...t, coefficient: t.coefficient / by })), constant: a.constant / by } : null;
}

/** Bound indices are called by their depth. */
function numbered(e: Expression, depth: number): Expression {
  if (!isBinder(e)) return mapChildren(e, (child) => numbered(child, depth));
  const name = `#${String(depth)}`;
  return bind(e.kind, name, e.range, numbered(substituteIndices(e.body, new Map([[e.index, index(name)]])), depth + 1));
}
