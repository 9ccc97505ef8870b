// A whole derivation in the words of a notation: its formulas, declarations and signals, so that writers and readers need
// know nothing of what is called what elsewhere.

import { index } from '../algebra/affine.ts';
import { type Expression, ref, type Tensor, tensorKey } from '../algebra/expression.ts';
import { shiftLayer } from '../algebra/layer.ts';
import { references, visit } from '../algebra/traverse.ts';
import type { Derivation, Formula, LayerRange, Step } from '../derive/derivation.ts';
import { TOTAL } from '../spec/names.ts';
import type { Axis, Declaration, Equation, Instance, System } from '../spec/network.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import { expressionsOf } from './expressions-of.ts';
import {
  addedEntry, derivativeFactor, type Factor, type Factored, factoredEntry, factorValue, isNoFactor, noFactor, overFactor, renamed, renamedAffine, renamedRange, type Renaming, scaled, shownTensor, without,
} from './rename.ts';
import type { NotationSpec } from './notation-spec.ts';
import { unitsOf } from './setting.ts';
import { isTold, refuseAlike, tellsLayersByUnits, unitLetters } from './unit-letters.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

export interface TranslatedStep {
  readonly step: Step;
  /** The step that it is in the program's own words, without what the notation cannot say. */
  readonly own: Step;
  /** How its words were chosen. */
  readonly renaming: Renaming;
}

export interface Translation {
  readonly derivation: Derivation;
  readonly vocabulary: Vocabulary;
  readonly steps: readonly TranslatedStep[];
  /** How words are chosen in no step in particular. */
  readonly plain: Renaming;
  /** The symbol for the adjoint of a tensor as it is written. */
  readonly signalName: (t: Tensor) => string | null;
}

/**
 * @param signalName the symbol that the notation has for the adjoint of a tensor of the derivation, null where it has none
 * @throws DiagnosticError for what the notation cannot say
 */
export function translateDerivation(derivation: Derivation, spec: NotationSpec, signalName: (t: Tensor) => string | null): Translation {
  const { system } = derivation;
  const coupled = [...system.declarations.values()].some((d) => d.axes.some(isSamplesAxis));
  const mentioned = mentionedIn(derivation);
  const vocabulary = vocabularyOf(system, spec, [...symbolsIn(derivation), ...mentioned.map((t) => t.name).filter((name) => name !== TOTAL)]);
  const at = (shift: number, samples: boolean): Renaming => ({ vocabulary, system, mentioned, signalName, shift, samples: samples ? derivation.reduction ?? 'open' : null });
  const plain = at(0, coupled);
  const ownSystem = translatedSystem(system, plain);
  const letterOf = tellsLayersByUnits(spec) ? unitLetters(spec, unitsOf(system, plain)) : null;
  const steps = derivation.steps.flatMap((s) => sayable(s, vocabulary) ?? []).flatMap((own): readonly TranslatedStep[] => {
    const renaming = at(shiftOf(own, vocabulary), coupled || own.section === 'samples');
    const step = translatedStep(own, renaming);
    if (letterOf === null) return [{ step, renaming, own }];
    const told = step.right.map((side) => isTold(side.formula, ownSystem, letterOf));
    const kept = <T>(sides: readonly T[]): readonly T[] => sides.filter((_, n) => told[n] === true);
    return told.includes(true) && isTold(step.left, ownSystem, letterOf)
      ? [{ step: { ...step, right: kept(step.right) }, renaming, own: { ...own, right: kept(own.right) } }] : [];
  }).map((s, n) => ({ ...s, step: { ...s.step, number: n + 1 } }));
  const named = new Map(derivation.signals.map((t) => [keyInGeneral(shownTensor(t, plain)), signalName(t)]));
  const said: Derivation = {
    ...derivation, steps: steps.map((s) => s.step), system: ownSystem, signals: derivation.signals.map((t) => shownTensor(t, plain)),
  };
  if (tellsLayersByUnits(spec)) refuseAlike(said, spec, unitsOf(system, plain));
  return { vocabulary, steps, plain, signalName: (t) => named.get(keyInGeneral(t)) ?? null, derivation: said };
}

/** Tensors in formulas that the system does not declare, but for those of layers in general. */
function mentionedIn({ steps, system }: Derivation): readonly Tensor[] {
  const found = new Map<string, Tensor>();
  for (const e of steps.flatMap((s) => [s.left, ...s.right.map((r) => r.formula)]).flatMap(expressionsOf)) {
    for (const { tensor: t } of references(e)) {
      if ((t.layer?.symbol ?? null) === null && !system.declarations.has(tensorKey(t))) found.set(tensorKey(t), t);
    }
  }
  return [...found.values()];
}

/** The names of constants and arguments in all formulas. */
export function symbolsIn({ steps }: Derivation): readonly string[] {
  const names = new Set<string>();
  for (const e of steps.flatMap((s) => [s.left, ...s.right.map((r) => r.formula)]).flatMap(expressionsOf)) {
    visit(e, (x) => {
      if (x.kind === 'symbol') names.add(x.name);
    });
  }
  return [...names];
}

/** The names of activation functions in all formulas. */
export function functionsIn({ steps }: Derivation): readonly string[] {
  const names = new Set<string>();
  for (const e of steps.flatMap((s) => [s.left, ...s.right.map((r) => r.formula)]).flatMap(expressionsOf)) {
    visit(e, (x) => {
      if (x.kind === 'call' && x.fn.kind === 'slot') names.add(x.fn.name);
    });
  }
  return [...names];
}

/** Whether it speaks of layer k. */
export const isGeneric = ({ steps }: Derivation): boolean => steps.some((s) => s.layers !== null);

/**
 * A step without what the notation cannot say; null where nothing is left. Where only the letters of units tell layers apart,
 * whole tensors of different layers look alike. Where the bias is added in the function's argument, no chain leads to it
 * through the pre-activation.
 */
export function sayable(step: Step, { spec, wordOf }: Vocabulary): Step | null {
  const layersByUnits = tellsLayersByUnits(spec);
  const isBias = (t: Tensor): boolean => spec.biasIn === 'function' && wordOf(t).role === 'bias';
  const can = (f: Formula): boolean => {
    switch (f.kind) {
      case 'expression': case 'partial': return true;
      case 'chain': return !layersByUnits && f.paths.every((path) => !path.some((link) => isBias(link.by)));
      case 'chain-rule': return f.terms.every((term) => !term.factors.some((x) => isBias(x.by.tensor)));
      case 'multiple': return can(f.of);
    }
  };
  const right = step.right.filter((side) => can(side.formula));
  return right.length === 0 ? null : { ...step, right };
}

/** Layer k stands for every layer. */
const keyInGeneral = (t: Tensor): string => ((t.layer?.symbol ?? null) === null ? tensorKey(t) : `${t.name}@k`);

/**
 * How far the layer letter is moved: every formula speaks of layer k on its left side, but for the recursion downwards (k-1
 * from k) and forward formulas that tell the next layer.
 */
export function shiftOf(step: Pick<Step, 'left'>, { spec, wordOf }: Vocabulary): number {
  const left = tensorOf(step.left);
  if (left === null || left.tensor.layer?.symbol !== 'k') return 0;
  const shown = wordOf(left.tensor).shown.layer?.offset ?? 0;
  const below = left.tensor.layer.offset < 0 && spec.layers.recursion === 'down' ? -1 : 0;
  const next = !left.adjoint && spec.layers.forward === 'next' ? 1 : 0;
  return below + next - shown;
}

function tensorOf(f: Formula): { readonly tensor: Tensor; readonly adjoint: boolean } | null {
  switch (f.kind) {
    case 'expression': return f.value.kind === 'ref' ? f.value : null;
    case 'partial': {
      const of = f.of ?? f.by;
      return of.kind === 'ref' ? { tensor: of.tensor, adjoint: true } : null;
    }
    case 'multiple': return tensorOf(f.of);
    case 'chain': case 'chain-rule': return null;
  }
}

export function translatedStep(step: Step, r: Renaming): Step {
  const left = translatedFormula(step.left, r);
  const added = step.left.kind === 'expression' && step.left.value.kind === 'ref' ? addedEntry(step.left.value, r) : null;
  return {
    ...step, left: left.written,
    right: step.right.map((side) => {
      const { factor, written } = translatedFormula(side.formula, r);
      const right = added !== null && written.kind === 'expression' ? { ...written, value: without(written.value, added) } : written;
      return { ...side, formula: times(right, overFactor(factor, left.factor)) };
    }),
    axes: step.axes.map((a) => translatedAxis(a, r)),
    layers: step.layers === null ? null : translatedLayers(step.layers, r),
  };
}

/** Layer k becomes layer k + shift; N counts the input layer where the notation does. */
function translatedLayers({ from, to }: LayerRange, r: Renaming): LayerRange {
  const at = (layer: LayerRange['from']): LayerRange['from'] =>
    shiftLayer(layer, layer.symbol === 'N' ? -r.shift - r.vocabulary.spec.layers.input : -r.shift);
  return { from: at(from), to: at(to) };
}

/** factor · f. */
export function times(f: Formula, factor: Factor): Formula {
  if (isNoFactor(factor)) return f;
  return f.kind === 'expression' ? { ...f, value: scaled(f.value, factor) } : { kind: 'multiple', factor: factorValue(factor), of: f };
}

/** A formula is `factor` times what is written. */
export function translatedFormula(f: Formula, r: Renaming): Factored<Formula> {
  switch (f.kind) {
    case 'expression': {
      if (f.value.kind !== 'ref') return { factor: noFactor, written: { ...f, value: renamed(f.value, r) } };
      const { factor, written } = factoredEntry(f.value, r);
      return { factor, written: { ...f, value: { ...written, indices: written.indices.map((a) => renamedAffine(a, r)) } } };
    }
    case 'partial': {
      const by = derivativeOf(f.by, r);
      if (f.of === null) return { factor: by.factor, written: { ...f, by: by.written } };
      const of = entryOf(f.of, r);
      return { factor: overFactor(of.factor, entryOf(f.by, r).factor), written: { ...f, of: of.written, by: by.written } };
    }
    case 'chain': {
      const last = f.paths[0]?.at(-1)?.by;
      const paths = f.paths.map((path) => path.map((link) => ({ ...link, of: link.of === null ? null : shownTensor(link.of, r), by: shownTensor(link.by, r) })));
      return { factor: last === undefined ? noFactor : derivativeFactor(last, r), written: { ...f, paths } };
    }
    case 'chain-rule': {
      const [first] = f.terms;
      const terms = f.terms.map((term) => ({
        axes: term.axes.map((a) => translatedAxis(a, r)),
        factors: term.factors.map((x) => ({ of: x.of === null ? null : plainEntry(x.of, r), by: plainEntry(x.by, r) })),
      }));
      const [start, end] = [first?.factors[0], first?.factors.at(-1)];
      const factor = start === undefined || end === undefined ? noFactor : start.of === null ? derivativeFactor(end.by.tensor, r)
        : overFactor(factoredEntry(start.of, r).factor, factoredEntry(end.by, r).factor);
      return { factor, written: { ...f, terms } };
    }
    case 'multiple': {
      const inner = translatedFormula(f.of, r);
      return { factor: inner.factor, written: { ...f, factor: renamed(f.factor, r), of: inner.written } };
    }
  }
}

function plainEntry(e: Extract<Expression, { kind: 'ref' }>, r: Renaming): Extract<Expression, { kind: 'ref' }> {
  const { written } = factoredEntry(e, r);
  return { ...written, indices: written.indices.map((a) => renamedAffine(a, r)) };
}

/** What is differentiated, or by what. */
function entryOf(e: Expression, r: Renaming): Factored<Expression> {
  return e.kind === 'ref' ? { factor: factoredEntry(e, r).factor, written: plainEntry(e, r) } : { factor: noFactor, written: renamed(e, r) };
}

const derivativeOf = (e: Expression, r: Renaming): Factored<Expression> =>
  (e.kind === 'ref' ? { factor: derivativeFactor(e.tensor, r), written: plainEntry(e, r) } : entryOf(e, r));

const translatedAxis = (axis: Axis, r: Renaming): Axis => ({ ...axis, range: renamedRange(axis.range, r) });

function translatedSystem(system: System, r: Renaming): System {
  const keyed = <T>(all: readonly T[], key: (t: T) => Tensor): ReadonlyMap<string, T> => new Map(all.map((d) => [tensorKey(key(d)), d]));
  const declarations = [...system.declarations.values()].map((d) => translatedDeclaration(d, r));
  const equations = system.equations.map((e): Equation => {
    const word = r.vocabulary.wordOf(e.tensor);
    const added = addedEntry(ref(e.tensor, e.axes.map((a) => index(a.index))), r);
    const value = renamed(e.value, r);
    return {
      ...e, tensor: shownTensor(e.tensor, r), axes: turnedAxes(e.axes, word.turned).map((a) => translatedAxis(a, r)),
      value: scaled(added === null ? value : without(value, added), { sign: word.sign, samples: 0 }),
    };
  });
  const bound = (ports: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> => new Map([...ports].map(([port, t]) => [port, shownTensor(t, r)]));
  const instances = system.instances.map((i): Instance => ({
    ...i, layer: r.vocabulary.layerOf(i.layer), inputs: bound(i.inputs), outputs: bound(i.outputs),
    parameters: i.parameters.map((t) => shownTensor(t, r)), preActivations: i.preActivations.map((t) => shownTensor(t, r)),
    ...(i.shared === undefined ? {} : { shared: bound(i.shared) }),
  }));
  return {
    ...system, declarations: keyed(declarations, (d) => d.tensor), equations, instances,
    total: system.total === null ? null : shownTensor(system.total, r),
  };
}

export const translatedDeclaration = (d: Declaration, r: Renaming): Declaration => ({
  ...d, tensor: shownTensor(d.tensor, r), axes: turnedAxes(d.axes, r.vocabulary.wordOf(d.tensor).turned).map((a) => translatedAxis(a, r)),
  ...(d.integer === undefined ? {} : { integer: renamedRange(d.integer, r) }),
});

const turnedAxes = (axes: readonly Axis[], turned: boolean): readonly Axis[] => {
  const [row, column] = axes.slice(-2);
  return turned && row !== undefined && column !== undefined ? [...axes.slice(0, -2), column, row] : axes;
};
