// What a check found, as plain data: every road with its counts, its worst entry, its failures and its kinks.

export type RoadName =
  | 'forward' | 'finite-differences' | 'complex-step' | 'adjoint-equations' | 'mathjs' | 'nerdamer' | 'variants';

export type Status = 'holds' | 'fails' | 'n/a';

/** One number of the kernel beside the same number by another road. */
export interface Comparison {
  /** The number of the point, as in `points`. */
  readonly point: number;
  /** `W_1[2, 3]`, `a_2[1, 3]` (the samples in front), `direction 5`: tensors are called as in the kernel's layout. */
  readonly entry: string;
  /** The form of the network that is compared with, such as `signal z, bias augmented`; null on every road but variants. */
  readonly form: string | null;
  readonly kernel: number;
  readonly other: number;
  /** |kernel - other|; null (in JSON) when one of them is not finite. */
  readonly error: number | null;
  /** What the difference may be at most: rounding and truncation errors of both sides. */
  readonly bound: number;
  readonly basis: Basis;
}

/**
 * What stands behind an allowed difference. `bound`: rounding errors carried along by a running error analysis.
 * `estimate`: sensitivities to rounding measured with a confidence factor (where worst cases say nothing), or the
 * truncation error of a difference as two steps disagree.
 */
export type Basis = 'bound' | 'estimate';

/** A point where E has a left and a right slope along an entry, and no derivative. */
export interface Kink {
  readonly point: number;
  readonly tensor: string;
  readonly entry: string;
  readonly left: number;
  readonly right: number;
  /** What the kernel says there. */
  readonly kernel: number;
}

/** What is compared: entries of parameters' gradients, of intermediates' adjoints, of outputs, E itself, slopes along directions. */
export type CountKind = 'parameter' | 'intermediate' | 'output' | 'E' | 'direction';

/** How many entries of one tensor (or directions) were compared, all points together, out of how many there are. */
export interface Count {
  /** `W_1`, `E`, `directions`. */
  readonly what: string;
  readonly kind: CountKind;
  /** As in `Comparison`. */
  readonly form: string | null;
  /** With a bound that says something. */
  readonly compared: number;
  /** Within a bound that says nothing. */
  readonly unresolved: number;
  /** How many of those are zero on both sides as far as rounding lets one see, beside a gradient far above their bounds. */
  readonly vanishing?: number;
  /** compared + unresolved + those found on kinks. */
  readonly asked: number;
  /** Entries times points. */
  readonly total: number;
}

export interface RoadReport {
  readonly road: RoadName;
  readonly status: Status;
  /** Why the road does not apply or did not get far, as a footnote; null where there is nothing to say. */
  readonly reason: string | null;
  /** What was compared out of what, in a phrase: `all 67 entries × 4 points`; empty where the road does not apply. */
  readonly coverage: string;
  /** Comparisons with a bound that says something: at most a thousandth of the tensor's largest entry. */
  readonly compared: number;
  /** Comparisons that were tried: compared, unresolved, or found on a kink. */
  readonly asked: number;
  /** Comparisons that could have been made: entries times points. */
  readonly total: number;
  /** Comparisons within their bound, where the bound is too wide to say anything. */
  readonly unresolved: number;
  /** The comparison with the largest error/bound, and that ratio. */
  readonly worst: Comparison | null;
  readonly ratio: number | null;
  /** The first failures; `failed` counts them all. */
  readonly failures: readonly Comparison[];
  readonly failed: number;
  readonly kinks: readonly Kink[];
  readonly counts: readonly Count[];
  /** Remarks, as sentences. */
  readonly details: readonly string[];
}

export interface PointReport {
  readonly number: number;
  /** What the point is for: `generic`, `wide`, `saturated`, `other side of a kink`. */
  readonly label: string;
  /** Draws the same point again. */
  readonly seed: number;
  /** The factor of the parameters' usual scale, the largest input, and the kind of targets. */
  readonly scale: number;
  readonly inputs: number;
  readonly targets: string;
  /** Which signs given numbers had, where not both. */
  readonly signs?: string;
  /** The scale that was planned, and why another was taken where it was; null where the plan was kept. */
  readonly planned: number;
  readonly redrawn: string | null;
  readonly E: number;
  /** What the allowed differences at this point rest on. */
  readonly basis: Basis;
  /** The part of the parameters' gradient, tensor by tensor, whose bounds say something. */
  readonly resolved: number;
}

export interface CheckReport {
  readonly network: string;
  readonly file: string;
  readonly seed: number;
  readonly samples: number;
  readonly parameters: number;
  /** How the kernel is written. */
  readonly form: 'loops' | 'straight-line';
  readonly precision: 'f64' | 'f32';
  readonly points: readonly PointReport[];
  /** Comparisons of values in the forward pass, and those that the points saw from one side only. */
  readonly kinks: { readonly comparisons: number; readonly oneSided: readonly string[] };
  readonly roads: readonly RoadReport[];
  /** No road fails, finite differences and the complex step hold, and so does one road more that compared every tensor. */
  readonly holds: boolean;
}
