// Loop-invariant code motion: parts of a loop's scalars that do not change in it are computed before it, once.

import type { Affine } from '../algebra/affine.ts';
import { affineIndices, constantOf, plainIndex, subtractAffine } from '../algebra/affine.ts';
import { type Context, emptyContext, provablyNonNegative } from '../algebra/bounds.ts';
import type { Namer } from './names.ts';
import {
  addScalars, divideScalars, local, multiplyScalars, type Scalar, type Statement, type StatementOf,
} from './program.ts';
import { effects, mapBodies, ownAffines, visitScalar, visitStatements } from './rebuild.ts';
import { keyOf } from './key.ts';
import { within } from './tight.ts';

/** How code motion treats what it moves. */
export interface Hoisting {
  /** The name of the constant that holds it. */
  readonly nameOf: (e: Scalar) => string;
  /** What is as well computed again: it stays in the loop. */
  readonly stays: (e: Scalar) => boolean;
}

const plainly: Hoisting = { nameOf: () => 'c', stays: () => false };

/** Moves invariants out of every loop that surely runs, inner loops first. */
export function moveInvariants(
  statements: readonly Statement[], namer: Namer, hoisting: Hoisting = plainly, context: Context = emptyContext,
): readonly Statement[] {
  return statements.flatMap((st): readonly Statement[] => {
    switch (st.kind) {
      case 'loop': return outOf({ ...st, body: moveInvariants(st.body, namer, hoisting, within(st, context)) }, namer, hoisting, context);
      case 'if': return [mapBodies(st, (body) => moveInvariants(body, namer, hoisting, context))];
      case 'comment': case 'let': case 'set': case 'store': case 'fill': case 'pin': return [st];
    }
  });
}

function outOf(loop: StatementOf<'loop'>, namer: Namer, hoisting: Hoisting, context: Context): readonly Statement[] {
  if (!surelyRuns(loop, context)) return [loop];
  const changed = effects(loop.body).writes;
  const varies = new Set<string>([loop.index]);
  for (const st of loop.body) collectIndices(st, varies);
  const moved: Statement[] = [];
  const names = new Map<string, string>();
  const released = new Set<string>();

  const invariant = (e: Scalar): boolean => {
    let constant = true;
    visitScalar(e, (x) => {
      if (x.kind === 'load' && changed.has(`b:${x.buffer}`)) constant = false;
      if (x.kind === 'local' && changed.has(`l:${x.name}`) && !released.has(x.name)) constant = false;
      if (ownAffines(x).some((a: Affine) => affineIndices(a).some((n) => varies.has(n)))) constant = false;
    });
    return constant;
  };
  const hoisted = (e: Scalar): Scalar => {
    if (e.kind === 'literal' || e.kind === 'local' || e.kind === 'index' || hoisting.stays(e)) return e;
    const key = keyOf(e);
    const known = names.get(key) ?? namer.fresh(hoisting.nameOf(e));
    if (!names.has(key)) moved.push({ kind: 'let', name: known, mutable: false, value: e });
    names.set(key, known);
    return local(known);
  };
  const walk = (e: Scalar): Scalar => {
    if (invariant(e)) return hoisted(e);
    switch (e.kind) {
      case 'literal': case 'local': case 'load': case 'index': return e;
      case 'add': return addScalars(grouped(e.terms, addScalars));
      case 'multiply': return multiplyScalars(grouped(e.factors, multiplyScalars));
      case 'divide': return divideScalars(walk(e.numerator), walk(e.denominator));
      case 'math': return { ...e, arguments: e.arguments.map(walk) };
      case 'helper': return { ...e, argument: walk(e.argument) };
      // What a condition guards stays behind it.
      case 'select': return e;
    }
  };
  const grouped = (all: readonly Scalar[], join: (x: readonly Scalar[]) => Scalar): readonly Scalar[] => {
    const constant = all.filter(invariant);
    if (constant.length < 2) return all.map(walk);
    return [hoisted(join(constant)), ...all.filter((x) => !constant.includes(x)).map(walk)];
  };
  const body = loop.body.flatMap((st): readonly Statement[] => {
    switch (st.kind) {
      case 'let':
        if (!st.mutable && invariant(st.value)) {
          moved.push(st);
          released.add(st.name);
          return [];
        }
        return [{ ...st, value: walk(st.value) }];
      case 'pin':
        if (invariant(st.value)) {
          moved.push(st);
          varies.delete(st.index);
          return [];
        }
        return [{ ...st, value: walk(st.value) }];
      case 'set': case 'store': return [{ ...st, value: walk(st.value) }];
      case 'comment': case 'loop': case 'if': case 'fill': return [st];
    }
  });
  return [...moved, { ...loop, body }];
}

/** A loop runs at least once where no bound lies beyond another, or over the samples (there is at least one). */
function surelyRuns(loop: StatementOf<'loop'>, context: Context): boolean {
  if (loop.from.every((f) => loop.to.every((t) => provablyNonNegative(subtractAffine(t, f), context)))) return true;
  const [from] = loop.from;
  const [to] = loop.to;
  if (from === undefined || to === undefined || loop.from.length > 1 || loop.to.length > 1) return false;
  const [lo, hi] = [constantOf(from), constantOf(to)];
  if (lo !== null && hi !== null) return lo <= hi;
  const samples = to.terms.length === 1 && to.terms[0]?.symbol.kind === 'size' && to.terms[0].coefficient === 1;
  return lo === 0 && plainIndex(to) === null && samples && to.constant === -1;
}

function collectIndices(st: Statement, names: Set<string>): void {
  visitStatements([st], (inner) => {
    if (inner.kind === 'loop' || inner.kind === 'pin') names.add(inner.index);
  });
}
