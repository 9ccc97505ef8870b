// What lowering an assignment keeps at hand: where entries lie, the scratch buffers and local variables made on the way.

import { constantOf, index } from '../algebra/affine.ts';
import { type Expression, ref, type Reference, tensor, type Test } from '../algebra/expression.ts';
import { readsInside } from './invariant.ts';
import type { Namer } from './names.ts';
import type { IntegerRange } from './pin.ts';
import { contextOf, type Loop, overSamples } from './prepare.ts';
import type { Buffer, Condition, Operator, Scalar, Statement } from './program.ts';
import { toCondition, toScalar } from './scalar.ts';
import { addressIn, type Placement, placementOf, referenceKey } from './storage.ts';

export interface Lowering {
  /** A local variable, written as a tensor without axes so that expressions can mention it. */
  readonly newLocal: (purpose: string) => Reference;
  /** A scratch array over loops, entry by entry; null where a loop has no fixed length. */
  readonly newScratch: (loops: readonly Loop[], purpose: string) => Reference | null;
  readonly scratch: () => readonly Buffer[];
  /** An index variable of its own for a pinned index. */
  readonly newIndex: (base: string) => string;
  readonly integers: IntegerRange;
  readonly isLocal: (r: Reference) => boolean;
  readonly placement: (r: Reference) => Placement;
  readonly scalar: (e: Expression) => Scalar;
  readonly condition: (test: Test) => Condition;
  readonly store: (target: Reference, operator: Operator, value: Expression) => Statement;
  /** Whether e reads only entries that exist, for all values of the loops. */
  readonly safe: (e: Expression, loops: readonly Loop[]) => boolean;
}

/** @param locals names local variables, unique in the routine. @param buffers names scratch buffers, unique in the module. */
export function newLowering(placements: ReadonlyMap<string, Placement>, locals: Namer, buffers: Namer, integers: IntegerRange): Lowering {
  const local = new Map<string, string>();
  const made = new Map<string, Placement>();
  const scratch: Buffer[] = [];
  let pinned = 0;
  const placement = (r: Reference): Placement => made.get(referenceKey(r)) ?? placementOf(placements, r);
  const read = (r: Reference): Scalar => {
    const name = local.get(referenceKey(r));
    if (name !== undefined) return { kind: 'local', name };
    const where = placement(r);
    return { kind: 'load', buffer: where.buffer, at: addressIn(where, r.indices) };
  };
  const own = (): Reference => ref(tensor(`#${String(local.size + made.size)}`), []);
  const extents = (r: Reference): readonly { base: number; end: number | null }[] => {
    if (local.has(referenceKey(r))) return [];
    const where = placement(r);
    const shape = where.shape.map((length, n) => {
      const base = where.bases[n + (where.perSample ? 1 : 0)] ?? 0;
      return { base, end: base + length - 1 };
    });
    return where.perSample ? [{ base: where.bases[0] ?? 0, end: null }, ...shape] : shape;
  };
  return {
    newLocal: (purpose) => {
      const r = own();
      local.set(referenceKey(r), locals.fresh(purpose));
      return r;
    },
    newScratch: (loops, purpose) => {
      const [first] = loops;
      const perSample = first !== undefined && overSamples(first.range);
      const inner = perSample ? loops.slice(1) : loops;
      if (loops.some((l) => l.pin !== undefined)) return null;
      const lengths = inner.map((l) => {
        const [lo, hi] = [constantOf(l.range.lo), constantOf(l.range.hi)];
        return lo === 0 && hi !== null ? hi + 1 : null;
      });
      if (lengths.includes(null)) return null;
      const shape = lengths.map((n) => n ?? 0);
      const strides = shape.map((_, n) => shape.slice(n + 1).reduce((a, b) => a * b, 1));
      const entries = shape.reduce((a, b) => a * b, 1);
      const name = buffers.fresh(purpose);
      const r = { ...own(), indices: loops.map((l) => index(l.index)) };
      scratch.push({ name, kind: 'scratch', entries, perSample, within: null });
      made.set(referenceKey(r), {
        name, buffer: name, offset: 0, shape, perSample, bases: loops.map(() => 0), strides: perSample ? [entries, ...strides] : strides,
      });
      return r;
    },
    scratch: () => scratch,
    newIndex: (base) => {
      pinned += 1;
      return `${base}@${String(pinned)}`;
    },
    integers,
    isLocal: (r) => local.has(referenceKey(r)),
    placement,
    scalar: (e) => toScalar(e, read),
    condition: (test) => toCondition(test, read),
    store: (target, operator, value) => {
      const name = local.get(referenceKey(target));
      const scalar = toScalar(value, read);
      if (name === undefined) {
        const where = placement(target);
        return { kind: 'store', buffer: where.buffer, at: addressIn(where, target.indices), operator, value: scalar };
      }
      return operator === '=' ? { kind: 'let', name, mutable: false, value: scalar } : { kind: 'set', name, operator, value: scalar };
    },
    safe: (e, loops) => readsInside(e, contextOf(loops), extents),
  };
}

/** The name of a local variable. */
export function nameOfLocal(lowering: Lowering, r: Reference): string {
  const variable = lowering.scalar(r);
  if (variable.kind !== 'local') throw new Error('a local variable is a local variable');
  return variable.name;
}

/** let name = 0: an accumulator. */
export function accumulator(lowering: Lowering, purpose: string): { readonly local: Reference; readonly declaration: Statement } {
  const local = lowering.newLocal(purpose);
  return { local, declaration: { kind: 'let', name: nameOfLocal(lowering, local), mutable: true, value: { kind: 'literal', value: 0 } } };
}
