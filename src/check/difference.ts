// The slope of E along a line by central differences: the step from the error model, one Richardson extrapolation, an
// error estimate, and the rule that the whole stencil lies on one branch of the forward pass.

/** A line through the point: coordinate x0 at the point itself. */
export interface Line {
  readonly start: number;
  /** The size of coordinates that steps are measured by; at least 1. */
  readonly reach: number;
  /** Goes to x, rounded to what can be stored, and returns that. */
  move(x: number): number;
  /** E where the line has moved to. */
  value(): number;
  /** Whether every comparison of the forward pass goes as it does at the start; asked after `value`. */
  sameBranch(): boolean;
  /** Remembers the branch where the line is; `pinned` asks whether the line is on it. */
  pin(): void;
  pinned(): boolean;
  /** Back to the start, everything computed as it was there. */
  leave(): void;
}

export type Slope =
  | {
    readonly kind: 'slope';
    readonly value: number;
    /** Truncation (from the disagreement of the two steps) and rounding (3ε/h). */
    readonly bound: number;
    readonly step: number;
  }
  | { readonly kind: 'kink'; readonly left: number; readonly right: number };

/** Steps are powers of two: then x ± h is nearly always stored exactly. */
const powerOfTwo = (x: number): number => 2 ** Math.round(Math.log2(x));

/** Steps relative to the line's reach: at most, and the smallest before a kink is taken to lie at the point itself. */
const LARGEST = 2 ** -5;
const SMALLEST = 2 ** -34;
const SHRINK = 8;

/**
 * |E'''| along the line from E at ±H and ±2H, H = 1/16 of the reach; at least what rounding lets one see.
 * @param epsilon the absolute error of E.
 */
export function thirdDerivative(line: Line, epsilon: number): number {
  const H = line.reach / 16;
  const at = (n: number): number => {
    line.move(line.start + n * H);
    return line.value();
  };
  const estimate = Math.abs(at(2) - 2 * at(1) + 2 * at(-1) - at(-2)) / (2 * H ** 3);
  const visible = (3 * epsilon) / H ** 3;
  return Number.isFinite(estimate) ? Math.max(estimate, visible) : visible;
}

/** h = (3ε/M₃)^⅓: there truncation h²M₃/6 and rounding ε/h of a central difference have the least sum. */
export function stepFor(line: Line, epsilon: number, third: number): number {
  const best = Math.cbrt((3 * Math.max(epsilon, Number.MIN_VALUE)) / Math.max(third, Number.MIN_VALUE));
  return powerOfTwo(Math.min(Math.max(best, SMALLEST * line.reach * SHRINK), LARGEST * line.reach));
}

/**
 * The derivative of E at the line's start.
 * @param step where to begin; smaller where a kink lies within the stencil.
 */
export function slopeOf(line: Line, epsilon: number, step: number): Slope {
  for (let h = step; h >= SMALLEST * line.reach; h /= SHRINK) {
    const wide = central(line, h);
    const narrow = wide === null ? null : central(line, h / 2);
    if (wide === null || narrow === null) continue;
    const { value, correction } = extrapolated(wide, narrow);
    return { kind: 'slope', value, bound: Math.abs(correction) + (3 * epsilon) / h, step: h };
  }
  return fromBothSides(line, epsilon);
}

/**
 * The same by three steps, chosen for this line alone. Of two steps the correction h²E'''/24 is taken for the error, though
 * what is left is of the order h⁴: where E''' vanishes next to the point, that may be more. Two extrapolations show it.
 */
export function closerSlope(line: Line, epsilon: number, step: number): Slope {
  const own = stepFor(line, epsilon, thirdDerivative(line, epsilon));
  for (let h = Math.min(step, own); h >= SMALLEST * line.reach; h /= SHRINK) {
    const [wide, middle, narrow] = [central(line, h), central(line, h / 2), central(line, h / 4)];
    if (wide === null || middle === null || narrow === null) continue;
    const first = extrapolated(wide, middle);
    const { value, correction } = extrapolated(middle, narrow);
    return { kind: 'slope', value, bound: Math.abs(correction) + Math.abs(value - first.value) + (6 * epsilon) / h, step: h };
  }
  return fromBothSides(line, epsilon);
}

/** Richardson's extrapolation from the differences with a step and with half of it. */
function extrapolated(wide: number, narrow: number): { readonly value: number; readonly correction: number } {
  const correction = (narrow - wide) / 3;
  return { value: narrow + correction, correction };
}

/** At a choice: the slopes to both sides, one where they agree. */
function fromBothSides(line: Line, epsilon: number): Slope {
  const left = oneSided(line, epsilon, -1);
  const right = oneSided(line, epsilon, 1);
  // A choice that leaves the slope as it is (|a| in softsign, at 0) is no kink of this entry.
  const apart = Math.abs(left.value - right.value);
  return apart <= left.bound + right.bound
    ? { kind: 'slope', value: (left.value + right.value) / 2, bound: left.bound + right.bound, step: Math.min(left.step, right.step) }
    : { kind: 'kink', left: left.value, right: right.value };
}

/** (E(x+h) - E(x-h)) / ((x+h) - (x-h)), the ends as they are stored; null when one lies on another branch. */
function central(line: Line, h: number): number | null {
  const above = line.move(line.start + h);
  const upper = line.value();
  if (!line.sameBranch()) return null;
  const below = line.move(line.start - h);
  const lower = line.value();
  return line.sameBranch() ? (upper - lower) / (above - below) : null;
}

interface Sided {
  readonly value: number;
  /** Truncation, as two steps disagree, and rounding. */
  readonly bound: number;
  readonly step: number;
}

/** The slope to one side, by a step and by half of it. NaN when the branch keeps changing. */
function oneSided(line: Line, epsilon: number, side: 1 | -1): Sided {
  const largest = Math.min(Math.max(Math.cbrt(epsilon), SMALLEST * line.reach * 64), LARGEST * line.reach);
  for (let h = powerOfTwo(largest); h >= SMALLEST * line.reach; h /= SHRINK) {
    const wide = secants(line, side * h);
    const narrow = wide === null ? null : secants(line, (side * h) / 2);
    if (wide === null || narrow === null) continue;
    // Half the step has twice the rounding error: 2.5 and 1.5 secants, of 2ε over h/2 each.
    return { value: wide, bound: Math.abs(wide - narrow) + (24 * epsilon) / h, step: h };
  }
  return { value: NaN, bound: NaN, step: NaN };
}

/** Secants between three points off the kink, extrapolated to it; null when one lies on another branch. */
function secants(line: Line, h: number): number | null {
  const points = [1, 2, 3].map((n) => {
    const x = line.move(line.start + n * h);
    const E = line.value();
    if (n === 1) line.pin();
    return { x, E, same: n === 1 || line.pinned() };
  });
  if (!points.every((p) => p.same)) return null;
  const [p, q, r] = points as [typeof points[0], typeof points[0], typeof points[0]];
  const first = (q.E - p.E) / (q.x - p.x);
  const second = (r.E - q.E) / (r.x - q.x);
  // The secants' midpoints lie 1.5h and 2.5h from the kink: the straight line through them, at 0.
  return first - 1.5 * (second - first);
}
