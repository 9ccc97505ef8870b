// Recurrences: the equations that need each other's earlier entries along an axis run together, one entry of the axis
// after the other. Where equations begin or end, or their cases change, the axis is cut, so that no test is left.

import { constantOf, index, integer, plainIndex } from '../algebra/affine.ts';
import { adjoint, ref, type Reference } from '../algebra/expression.ts';
import { freshIndex, references, substituteIndices } from '../algebra/traverse.ts';
import type { Axis, System } from '../spec/network.ts';
import { flatStages, type Member, type Stage } from '../spec/schedule.ts';
import { lower, lowerInside } from './lower.ts';
import type { Lowering } from './lowering.ts';
import { nest } from './nest.ts';
import { type Loop, overSamples, prepare, sizeOf, withSizes } from './prepare.ts';
import type { Statement } from './program.ts';
import { breakpoints, splitAxes } from './split.ts';
import type { Source } from './source.ts';
import { referenceKey } from './storage.ts';
import { unsupported } from './unsupported.ts';

type Recurrence = Extract<Stage<Source>, { kind: 'recurrence' }>;

/** The statements that compute an equation, or all equations of a recurrence. */
export function stageStatements(stage: Stage<Source>, system: System, lowering: Lowering): readonly Statement[] {
  if (stage.kind === 'equation') {
    return splitAxes(assignmentOf(stage.equation, system)).flatMap((part) => lower(part, lowering));
  }
  const samples = commonSamples(stage);
  if (samples === null) return recurrenceStatements(stage, [], system, lowering);
  const renamed = mapSources(stage, (source) => renameAxis(source, 0, samples.index));
  const loop: Loop = { index: samples.index, range: { lo: integer(0), hi: { ...samples.range.hi, constant: samples.range.hi.constant - 1 } }, descending: false };
  return nest([loop], [], recurrenceStatements(renamed, [samples.index], system, lowering));
}

const targetOf = (source: Source) => (indices: Reference['indices']): Reference =>
  (source.adjoint ? adjoint : ref)(source.tensor, indices);

const assignmentOf = (source: Source, system: System): ReturnType<typeof prepare> =>
  prepare(system, targetOf(source), source.axes, source.value, source.place);

/** @param outer the index variables of the loops around, outermost first */
function recurrenceStatements(group: Recurrence, outer: readonly string[], system: System, lowering: Lowering): readonly Statement[] {
  const [first] = group.members;
  const wanted = first?.equation.axes[first.axis]?.index;
  if (wanted === undefined) throw new Error('a recurrence has members');
  const letter = freshIndex(wanted, new Set(outer));
  const axes = new Map(group.members.map((m) => [m.equation, m.axis]));
  const axisOf = (source: Source): number => axes.get(source) ?? 0;
  const extents = new Map(group.members.map((m) => [m.equation, extentOf(m, system)]));
  const segments = cutsOf(group, [...extents.values()], system);
  const directed = group.direction === 'up' ? segments : [...segments].reverse();
  return directed.flatMap(({ lo, hi }): readonly Statement[] => {
    const active = (source: Source): boolean => {
      const own = extents.get(source);
      return own !== undefined && own.lo <= lo && hi <= own.hi;
    };
    const range = { lo: integer(lo), hi: integer(hi) };
    const place = (source: Source): Source => withRange(renameAxis(source, axisOf(source), letter), axisOf(source), range);
    const single = lo === hi;
    const inner = single ? outer : [...outer, letter];
    const body = group.stages.flatMap((stage) => filterStage(stage, active)).flatMap((stage) =>
      insideStatements(mapStage(stage, place), inner, system, lowering));
    const loop: Loop = { index: letter, range: { lo: integer(0), hi: integer(hi - lo) }, descending: group.direction === 'down' };
    return body.length === 0 ? [] : single ? body : nest([loop], [], body);
  });
}

function insideStatements(stage: Stage<Source>, outer: readonly string[], system: System, lowering: Lowering): readonly Statement[] {
  if (stage.kind === 'recurrence') return recurrenceStatements(stage, outer, system, lowering);
  const keep = new Set(outer);
  return splitAxes(assignmentOf(stage.equation, system), keep).flatMap((part) =>
    lowerInside(part, part.loops.filter((l) => keep.has(l.index)), lowering));
}

/** The samples axis, where every equation has it in front and reads the others at its own sample: one sample after the other. */
function commonSamples(group: Recurrence): Axis | null {
  const members = flatMembers(group);
  const own = new Set(members.map((m) => referenceKey({ tensor: m.equation.tensor, adjoint: m.equation.adjoint })));
  const apart = members.every(({ equation, axis }) => {
    const [first] = equation.axes;
    if (first === undefined || axis === 0 || !overSamples(first.range)) return false;
    return references(equation.value).every((r) => {
      const [at] = r.indices;
      return !own.has(referenceKey(r)) || (at !== undefined && plainIndex(at) === first.index);
    });
  });
  return apart ? members[0]?.equation.axes[0] ?? null : null;
}

const flatMembers = (group: Recurrence): readonly Member<Source>[] =>
  [...group.members, ...group.stages.flatMap((s) => (s.kind === 'recurrence' ? flatMembers(s) : []))];

interface Segment {
  readonly lo: number;
  readonly hi: number;
}

function extentOf({ equation, axis }: Member<Source>, system: System): Segment {
  const range = equation.axes[axis]?.range;
  const [lo, hi] = range === undefined ? [null, null] : [range.lo, range.hi].map((end) => constantOf(sizeOf(system, end, equation.place)));
  if (lo === null || lo === undefined || hi === null || hi === undefined) {
    throw unsupported('a recurrence runs along an axis of no fixed length', 'only the samples may be as many as the caller says', equation.place);
  }
  return { lo, hi };
}

/** More pieces than this are cut only where equations begin and end. */
const MOST_PIECES = 8;

/** The pieces of the axis in which the same equations run, with the same cases. */
function cutsOf(group: Recurrence, extents: readonly Segment[], system: System): readonly Segment[] {
  const ends = extents.flatMap((e) => [e.lo, e.hi + 1]);
  const cases = group.members.flatMap(({ equation, axis }) => {
    const letter = equation.axes[axis]?.index;
    return letter === undefined ? [] : breakpoints(withSizes(system, equation.place)(equation.value), letter);
  });
  const [least, end] = [Math.min(...ends), Math.max(...ends)];
  const sorted = (cuts: readonly number[]): readonly number[] =>
    [...new Set(cuts)].filter((c) => c >= least && c <= end).sort((a, b) => a - b);
  const all = sorted([...ends, ...cases]);
  const cuts = all.length > MOST_PIECES + 1 ? sorted(ends) : all;
  return cuts.slice(0, -1).map((lo, n) => ({ lo, hi: (cuts[n + 1] ?? end) - 1 }));
}

/** The equation with another letter for one of its axes. */
function renameAxis(source: Source, axis: number, letter: string): Source {
  const old = source.axes[axis];
  if (old === undefined || old.index === letter) return source;
  const taken = new Set([letter, ...source.axes.map((a) => a.index)]);
  const letters = source.axes.map((a, n) => (n === axis ? letter : a.index === letter ? freshIndex(a.index, taken) : a.index));
  const to = new Map(source.axes.map((a, n) => [a.index, index(letters[n] ?? a.index)]));
  return { ...source, axes: source.axes.map((a, n) => ({ ...a, index: letters[n] ?? a.index })), value: substituteIndices(source.value, to) };
}

const withRange = (source: Source, axis: number, range: Axis['range']): Source =>
  ({ ...source, axes: source.axes.map((a, n) => (n === axis ? { ...a, range } : a)) });

function mapStage(stage: Stage<Source>, f: (source: Source) => Source): Stage<Source> {
  return stage.kind === 'equation' ? { ...stage, equation: f(stage.equation) } : mapSources(stage, f);
}

/** Every equation mapped, once, wherever it stands. */
function mapSources(group: Recurrence, f: (source: Source) => Source): Recurrence {
  const mapped = new Map(flatStages([group]).map((source) => [source, f(source)]));
  const once = (source: Source): Source => mapped.get(source) ?? source;
  const walk = (stage: Stage<Source>): Stage<Source> => (stage.kind === 'equation' ? { ...stage, equation: once(stage.equation) } : inGroup(stage));
  const inGroup = (g: Recurrence): Recurrence => ({
    ...g, members: g.members.map((m) => ({ ...m, equation: once(m.equation) })), stages: g.stages.map(walk),
  });
  return inGroup(group);
}

/** The stage without the equations that are not wanted. */
function filterStage(stage: Stage<Source>, wanted: (source: Source) => boolean): readonly Stage<Source>[] {
  if (stage.kind === 'equation') return wanted(stage.equation) ? [stage] : [];
  const members = stage.members.filter((m) => wanted(m.equation));
  return members.length === 0 ? [] : [{ ...stage, members, stages: stage.stages.flatMap((s) => filterStage(s, wanted)) }];
}
