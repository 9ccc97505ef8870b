// An adjoint as people know it: adjoints of statistics (means, normalisers: fewer axes than the tensor) written out, and the
// result written through the forward tensors that exist anyway: P ⊙ (dP - rowsum(P ⊙ dP)), not exponentials and sums.

import { index } from '../algebra/affine.ts';
import { nodeCount } from '../algebra/ansatz.ts';
import { compactForm } from '../algebra/compact.ts';
import { contract } from '../algebra/contract.ts';
import { affineValue, bracket, type Expression, isBinder, multiply, one, ref, sum, tensorKey } from '../algebra/expression.ts';
import type { Definition } from '../algebra/normal/fold.ts';
import { provablyEqual } from '../algebra/normal/equal.ts';
import { writing } from '../algebra/print.ts';
import { freeIndices, freshIndex, holdsBelow, references, rewrite, visit } from '../algebra/traverse.ts';
import type { Assumption, Axis, Declaration, Equation, System } from '../spec/network.ts';
import { schedule } from '../spec/schedule.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import { type Agreement, agreement, type EquationIndex, inlineForward } from './direct.ts';
import { partsOf } from './part-definitions.ts';
import { statisticsFor } from './statistics.ts';
import { atEntry, contextOf } from './use.ts';

export interface Compact {
  readonly value: Expression;
  readonly verified: Exclude<Agreement, null>;
  /** The same with what the loss gives written out, when that is shorter still. */
  readonly ended: Expression | null;
  /** The same where the assumptions hold, when that is shorter still. */
  readonly assumed: { readonly value: Expression; readonly assumptions: readonly Assumption[] } | null;
}

/**
 * A shorter form of the adjoint's formula `value`, proved (or confirmed) equal to it, or null where none is found. Adjoints
 * of statistics that it mentions are written out where the whole gets shorter by that.
 */
export function compactAdjoint(equation: AdjointEquation, value: Expression, reverse: Backward, lookup: EquationIndex): Compact | null {
  if (nodeCount(value) > LONGEST) return null;
  const statisticFormulas = statisticsFor(equation, reverse, lookup);
  if (!worthTrying(value, statisticFormulas, reverse)) return null;
  const { opened, statistics } = withStatistics(equation, value, statisticFormulas);
  if (nodeCount(opened) > LONGEST) return null;
  const definitions = definitionsFor(opened, reverse.system, lookup);
  const found = shortest(opened, equation, definitions, reverse.system, lookup);
  const shown = nodeCount(value) + statistics.reduce((total, s) => total + nodeCount(s.value), 0);
  const shortened = found !== null && nodeCount(found) < shown && writing(found) !== writing(value) ? found : null;
  const verified = shortened === null ? null : sameThrough(shortened, opened, equation, reverse.system, lookup);
  const base = verified === null ? null : shortened;
  const ended = fromLoss(base ?? value, equation, reverse, lookup);
  const assumed = underAssumptions(ended?.value ?? base ?? value, equation, definitions, reverse.system);
  if (base === null && ended === null && assumed === null) return null;
  return {
    value: base ?? value, ended: ended?.value ?? null, assumed,
    verified: [verified, ended?.verified].includes('confirmed') ? 'confirmed' : 'proved',
  };
}

/** The same with signals that the loss gives at once written out, where that is shorter: p_i (ζ_i - Σ_r ζ_r p_r) is p_i Σ_r t_r - t_i. */
function fromLoss(
  e: Expression, equation: AdjointEquation, reverse: Backward, lookup: EquationIndex,
): { readonly value: Expression; readonly verified: Exclude<Agreement, null> } | null {
  const ends = new Map(reverse.equations.filter((x) => x !== equation && x.role !== 'parameter' && holdsFunctions(x.value)
    && !references(x.value).some((r) => r.adjoint)).map((x) => [tensorKey(x.tensor), x]));
  const { opened } = withStatistics(equation, e, ends);
  if (opened === e || nodeCount(opened) > LONGEST) return null;
  const value = shortest(opened, equation, definitionsFor(opened, reverse.system, lookup), reverse.system, lookup);
  if (value === null || nodeCount(value) >= nodeCount(e)) return null;
  const verified = sameThrough(value, opened, equation, reverse.system, lookup);
  return verified === null ? null : { value, verified };
}

/** A local derivative ∂U/∂T in its compact form: p_i ([i = j] - p_j). Null where that is no shorter. */
export function compactLocal(value: Expression, axes: readonly Axis[], system: System, lookup: EquationIndex): Pick<Compact, 'value' | 'verified'> | null {
  if (!holdsFunctions(value)) return null;
  const found = shortest(value, { axes }, definitionsFor(value, system, lookup), system, lookup);
  if (found === null || nodeCount(found) >= nodeCount(value)) return null;
  const verified = sameThrough(found, value, { axes }, system, lookup);
  return verified === null ? null : { value: found, verified };
}

const holdsFunctions = (e: Expression): boolean =>
  holdsBelow(e, (x) => (x.kind === 'call' && x.fn.kind === 'elementary') || (x.kind === 'power' && (x.exponent.n < 0n || x.exponent.d !== 1n) && references(x).length > 0));

/** Longer formulas are not read by anybody. */
const LONGEST = 400;

/** Functions, denominators and adjoints of statistics: without them nothing can get shorter. */
function worthTrying(value: Expression, statistics: ReadonlyMap<string, AdjointEquation>, reverse: Backward): boolean {
  if (holdsFunctions(value) || (reverse.system.assumptions ?? []).length > 0) return true;
  return statistics.size > 0 && holdsBelow(value, (e) => e.kind === 'ref' && e.adjoint && statistics.has(tensorKey(e.tensor)));
}

function withStatistics(equation: AdjointEquation, value: Expression, known: ReadonlyMap<string, AdjointEquation>): { opened: Expression; statistics: readonly AdjointEquation[] } {
  const used = new Set<AdjointEquation>();
  const scope = new Set(equation.axes.map((a) => a.index));
  let opened = value;
  const isKnown = (x: Expression): boolean => x.kind === 'ref' && x.adjoint && known.has(tensorKey(x.tensor));
  for (let depth = 0; depth < known.size && holdsBelow(opened, isKnown); depth += 1) {
    const bound = new Set([...scope, ...freeIndices(opened)]);
    visit(opened, (x) => {
      if (isBinder(x)) bound.add(x.index);
    });
    opened = rewrite(opened, (x) => {
      const formula = x.kind === 'ref' && x.adjoint ? known.get(tensorKey(x.tensor)) : undefined;
      if (formula === undefined || x.kind !== 'ref') return null;
      used.add(formula);
      return atEntry(formula, x, bound);
    }, scope);
  }
  return { opened: used.size === 0 ? value : contract(opened, contextOf(equation.axes)).value, statistics: [...used] };
}

/** The shortest form of the whole, or of the one sum that it multiplies: (…) · h'(a) keeps its factor apart. */
function shortest(
  e: Expression, equation: Pick<AdjointEquation, 'axes'>, definitions: readonly Definition[], system: System, lookup: EquationIndex,
): Expression | null {
  const whole = shorter(e, equation, definitions, system, lookup);
  const sums = e.kind === 'multiply' ? e.factors.filter((f) => f.kind === 'add' && references(f).some((r) => r.adjoint)) : [];
  const [only] = sums;
  if (e.kind !== 'multiply' || only === undefined || sums.length > 1) return whole;
  const part = shorter(only, equation, definitions, system, lookup);
  if (part === null) return whole;
  const apart = multiply(e.factors.map((f) => (f === only ? part : f)));
  return whole === null || nodeCount(apart) < nodeCount(whole) ? apart : whole;
}

/** The shorter of the forms with and without names for the sums inside forward equations. */
function shorter(
  e: Expression, equation: Pick<AdjointEquation, 'axes'>, definitions: readonly Definition[], system: System, lookup: EquationIndex,
): Expression | null {
  // Cases are read as they stand.
  if (holdsBelow(e, (x) => x.kind === 'piecewise')) return null;
  const plainly = written(e, equation, definitions, system);
  const parts = partsOf(relatedEquations(e, lookup));
  if (plainly === null || parts.definitions.length === 0) return plainly;
  const named = written(e, equation, [...definitions, ...parts.definitions], system);
  const spelled = named === null ? plainly : parts.expand(named);
  return nodeCount(spelled) < nodeCount(plainly) ? spelled : plainly;
}

function written(e: Expression, equation: Pick<AdjointEquation, 'axes'>, definitions: readonly Definition[], { declarations }: System): Expression | null {
  return compactForm(e, contextOf(equation.axes), definitions, {
    letters: (t, n) => declarations.get(tensorKey(t))?.axes[n]?.index ?? null,
    extents: (t) => declarations.get(tensorKey(t))?.axes.map((a) => a.range) ?? null,
    taken: new Set(equation.axes.map((a) => a.index)),
  });
}

/**
 * Both sides with the tensors that the compact form is written through put back, except those of recurrences: first those that
 * it brings in, and where that proves nothing, all.
 */
function sameThrough(
  compact: Expression, given: Expression, equation: Pick<AdjointEquation, 'axes'>, system: System, lookup: EquationIndex,
): Agreement {
  const declared = integerFacts(given, system);
  const opened = (declared.length === 0 ? null : written(given, equation, declared, system)) ?? given;
  const recurrent = recurrentTensors(lookup);
  const keysOf = (e: Expression): readonly string[] => references(e).filter((r) => !r.adjoint).map((r) => tensorKey(r.tensor));
  const before = new Set(keysOf(opened));
  const brought = keysOf(compact).filter((key) => !before.has(key) && !recurrent.has(key));
  const scope = new Set(equation.axes.map((a) => a.index));
  const put = (e: Expression, between: ReadonlySet<string>): Expression => inlineForward(e, lookup, between, scope);
  const few = new Set(brought);
  if (provablyEqual(put(opened, few), put(compact, few), contextOf(equation.axes), NARROW_STEPS) === 'equal') return 'proved';
  const all = new Set([...brought, ...before].filter((key) => !recurrent.has(key)));
  return agreement(put(opened, all), put(compact, all), equation.axes);
}

const NARROW_STEPS = 50_000;

const recurrences = new WeakMap<EquationIndex, ReadonlySet<string>>();

/** Tensors whose definitions lead back to themselves. */
function recurrentTensors(lookup: EquationIndex): ReadonlySet<string> {
  let known = recurrences.get(lookup);
  if (known === undefined) {
    const scheduled = schedule([...lookup.byLeft.values()]);
    const stages = scheduled.kind === 'stages' ? scheduled.stages : [];
    known = new Set(stages.flatMap((s) => (s.kind === 'recurrence' ? s.members.map((m) => tensorKey(m.equation.tensor)) : [])));
    recurrences.set(lookup, known);
  }
  return known;
}

/** What the formula becomes where the stated assumptions hold; null where they change nothing. */
function underAssumptions(
  e: Expression, equation: AdjointEquation, definitions: readonly Definition[], system: System,
): Compact['assumed'] {
  const stated = (system.assumptions ?? []).filter((a) => references(a.left).some((r) => references(e).some((x) => tensorKey(x.tensor) === tensorKey(r.tensor))));
  if (stated.length === 0) return null;
  const value = written(e, equation, [...stated.map(asDefinition), ...definitions], system);
  return value === null || nodeCount(value) >= nodeCount(e) ? null : { value, assumptions: stated };
}

const assumed = new WeakMap<Assumption, Definition>();

/** Σ_i t_i = 1 read from left to right. */
function asDefinition(a: Assumption): Definition {
  const known = assumed.get(a) ?? { axes: a.axes, left: a.right, value: a.left };
  assumed.set(a, known);
  return known;
}

const read = new WeakMap<Equation, Definition>();

/** What the formula may be written through: the definitions of its tensors, and those that mention one of them. */
const definitionsFor = (e: Expression, system: System, lookup: EquationIndex): readonly Definition[] =>
  [...integerFacts(e, system), ...relatedEquations(e, lookup).map(definitionOf)];

/** Σ_v [token_t = v] = 1 over the range in which the file says that token's entries lie. */
function integerFacts(e: Expression, { declarations }: System): readonly Definition[] {
  const keys = new Set(references(e).filter((r) => !r.adjoint).map((r) => tensorKey(r.tensor)));
  return [...keys].flatMap((key): readonly Definition[] => {
    const declaration = declarations.get(key);
    if (declaration?.integer === undefined) return [];
    const { axes, integer, tensor } = declaration;
    const known = facts.get(declaration);
    if (known !== undefined) return [known];
    const letter = freshIndex('v', new Set(axes.map((a) => a.index)));
    const entry = ref(tensor, axes.map((a) => index(a.index)));
    const chosen = bracket({ kind: 'compare', relation: '=', left: entry, right: affineValue(index(letter)) });
    const fact: Definition = { axes, left: one, value: sum(letter, integer, chosen) };
    facts.set(declaration, fact);
    return [fact];
  });
}

const facts = new WeakMap<Declaration, Definition>();

function relatedEquations(e: Expression, lookup: EquationIndex): readonly Equation[] {
  const keys = new Set(references(e).filter((r) => !r.adjoint).map((r) => tensorKey(r.tensor)));
  return [...new Set([...keys].flatMap((key) => {
    const own = lookup.byLeft.get(key);
    return [...(own === undefined ? [] : [own]), ...(lookup.users.get(key) ?? [])];
  }))];
}

function definitionOf(e: Equation): Definition {
  const known = read.get(e) ?? { axes: e.axes, left: ref(e.tensor, e.axes.map((a) => index(a.index))), value: e.value };
  read.set(e, known);
  return known;
}
