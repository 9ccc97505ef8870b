// Sizes for a formula: all different, so that a missing transpose cannot hide, and such that no axis is empty.

import { type Affine, plainIndex, type Range } from '../../src/algebra/affine.ts';
import { isBinder, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { showLayer } from '../../src/algebra/layer.ts';
import { references, testAffines, visit } from '../../src/algebra/traverse.ts';
import type { ComponentFormula } from '../../src/notation/arrangement.ts';
import type { Axis, System } from '../../src/spec/network.ts';
import { span, type World } from './literal.ts';

/** Sizes from 2 on, each once, tried in many orders; null where no order keeps the axes apart. */
export function worldOf(formula: ComponentFormula, system: Pick<System, 'declarations'>): World | null {
  const axes = axesIn(formula, system);
  const ranges = rangesIn(formula, axes);
  const names = [...new Set([...ranges.flatMap((r) => [r.lo, r.hi]), ...numbersIn(formula)].flatMap(sizesIn))];
  const key = ({ lo, hi }: Range): string => JSON.stringify([lo, hi]);
  const distinct = [...new Map(ranges.filter((r) => ![r.lo, r.hi].some(holdsIndex)).map((r) => [key(r), r])).values()];
  const declared = system.declarations;
  let seed = 1;
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const pool = Array.from({ length: names.length + Math.floor(attempt / 60) }, (_, n) => n + 2);
    const values = new Map(names.map((name) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return [name, pool.splice(attempt === 0 ? 0 : (seed >>> 8) % pool.length, 1)[0] ?? 2] as const;
    }));
    const world: World = {
      entries: new Map(),
      size: (name, layer) => values.get(`${name}@${layer}`) ?? NaN,
      axesOf: (t) => axes.get(tensorKey(t)) ?? null,
      integersOf: (t) => declared.get(tensorKey(t))?.integer ?? null,
      isParameter: (t) => {
        const own = declared.get(tensorKey(t)) ?? [...declared.values()].find((d) => t.layer !== null && t.layer.symbol !== null && d.tensor.name === t.name);
        return own?.role === 'parameter' && !own.perSample;
      },
    };
    const lengths = distinct.map((r) => span(r, world).length);
    if (lengths.every((n, m) => n >= (isConstant(distinct[m]) ? 1 : 2)) && new Set(lengths).size === lengths.length) return world;
  }
  return null;
}

const sizesIn = (a: Affine): readonly string[] => a.terms.flatMap(({ symbol }) => (symbol.kind === 'size' ? [`${symbol.name}@${showLayer(symbol.layer)}`] : []));
const isConstant = (range: Range | undefined): boolean => range !== undefined && sizesIn(range.lo).length + sizesIn(range.hi).length === 0;
const holdsIndex = (a: Affine): boolean => a.terms.some(({ symbol }) => symbol.kind === 'index');

/** What stands in formulas as a number, in entries and in conditions. */
function numbersIn({ value }: ComponentFormula): readonly Affine[] {
  const found: Affine[] = [];
  visit(value, (e) => {
    if (e.kind === 'affine') found.push(e.value);
    else if (e.kind === 'ref') found.push(...e.indices);
    else if (e.kind === 'bracket') found.push(...testAffines(e.test));
    else if (e.kind === 'piecewise') found.push(...e.branches.flatMap((b) => testAffines(b.when)));
  });
  return found;
}

/** As tensors are declared; those of layers that are declared nowhere as their namesakes are, else as the formula runs over them. */
function axesIn(formula: ComponentFormula, system: Pick<System, 'declarations'>): ReadonlyMap<string, readonly (Range | null)[]> {
  const found = new Map<string, (Range | null)[]>();
  const ranges = new Map<string, Range>(formula.axes.map((a) => [a.index, a.range]));
  visit(formula.value, (e) => {
    if (isBinder(e)) ranges.set(e.index, e.range);
  });
  const entries = [{ tensor: formula.tensor, names: formula.axes.map((a): string | null => a.index) },
    ...references(formula.value).map((r) => ({ tensor: r.tensor, names: r.indices.map(plainIndex) }))];
  for (const { tensor, names } of entries) {
    const own = system.declarations.get(tensorKey(tensor))?.axes ?? namesakeAxes(tensor, system);
    if (own !== null) found.set(tensorKey(tensor), own.map((a) => a.range));
    else {
      const before = found.get(tensorKey(tensor));
      found.set(tensorKey(tensor), names.map((name, n) => before?.[n] ?? (name === null ? null : ranges.get(name) ?? null)));
    }
  }
  return found;
}

/** The axes of the uppermost tensor of its name, each size of its layer now one of the other layer. */
function namesakeAxes(of: Tensor, { declarations }: Pick<System, 'declarations'>): readonly Axis[] | null {
  const { layer } = of;
  const found = [...declarations.values()].filter((d) => d.tensor.name === of.name && d.tensor.layer !== null).sort((a, b) => (a.tensor.layer?.offset ?? 0) - (b.tensor.layer?.offset ?? 0)).at(-1);
  const from = found?.tensor.layer;
  if ((layer?.symbol ?? null) === null || layer === null || found === undefined || from === null || from === undefined) return null;
  const moved = (a: Affine): Affine => ({ ...a, terms: a.terms.map((t) => (t.symbol.kind !== 'size' || t.symbol.layer === null ? t
    : { ...t, symbol: { ...t.symbol, layer: { symbol: layer.symbol, offset: layer.offset + t.symbol.layer.offset - from.offset } } })) });
  return found.axes.map((a) => ({ ...a, range: { lo: moved(a.range.lo), hi: moved(a.range.hi) } }));
}

function rangesIn(formula: ComponentFormula, axes: ReadonlyMap<string, readonly (Range | null)[]>): readonly Range[] {
  const bound: Range[] = [];
  visit(formula.value, (e) => {
    if (isBinder(e)) bound.push(e.range);
  });
  return [...formula.axes.map((a) => a.range), ...bound, ...[...axes.values()].flat().filter((r) => r !== null)];
}
