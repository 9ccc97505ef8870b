// How symbols are set: what the printers need to know of a notation. What the symbols mean is elsewhere (vocabulary.ts).
// The article's: superscripts (k), δ = ∂E/∂a, ζ = ∂E/∂z, columns, Greek letters by their names.

import { SAMPLES } from '../spec/names.ts';

export interface Convention {
  /** The scalar that is differentiated. */
  readonly total: string;
  /** The symbol of the signal, by the port whose adjoint it is: a pre-activation's or an output's. Without one it is written as a derivative. */
  readonly signal: { readonly a: string | null; readonly z: string | null };
  /** How a layer number is marked on a symbol, and the letters for a layer and for the last one. */
  readonly layer: LayerMark;
  /** Between factors that are multiplied entry by entry. */
  readonly elementwise: '⊙' | '∘' | '*' | '•' | '.*';
  /** Whether a dot stands between matrices; null: as the layout of derivatives has it (a dot in numerator layout). */
  readonly dot: boolean | null;
  readonly transpose: 'T' | '⊤' | "'";
  /**
   * The derivative of the total: ∂E/∂W, ∇_W E, dW, or W with a bar. Entries of ∇_W E are written ∂E/∂W_ij, as texts do that have
   * gradients. Chains, and what a symbol is defined as, are written with ∂ whatever stands here.
   */
  readonly derivative: 'partial' | 'nabla' | 'd' | 'bar';
  /** Whether activation functions carry the number of their layer. */
  readonly functions: 'each' | 'one';
  /** Whether whole vectors and matrices are bold. */
  readonly bold: boolean;
  /** Whether a second index for the units of one layer has its letter with a prime: where nothing else says of which layer they are. */
  readonly primedUnits?: boolean;
  /** How many samples there are, which the algebra calls `samples`. */
  readonly samples: string;
  readonly letters: IndexLetters;
  /** Ends of names that are written as an accent on what stands before: `W_tilde`. */
  readonly accents: readonly Accent[];
}

/** Letters for an index that cannot keep its own, by the letter that it has in the spec; `other` for all the rest. */
export interface IndexLetters {
  readonly [index: string]: readonly string[] | undefined;
  readonly other: readonly string[];
  /** For what counts units, instead of the spec's: those of the left side take the first ones, sums the next that are free. */
  readonly units?: readonly string[];
  /** For what counts the units of layer 0, 1, 2, …, instead; '' for a layer that has none. */
  readonly layers?: readonly string[];
  /** For what counts the samples, and for nothing else; the spec's where it is not given. */
  readonly sample?: readonly [string];
}

export interface LayerMark {
  /**
   * `superscript`: W_ij^(k), W^[k], or without brackets w_ij^k, where powers and transposes stand outside of brackets: (w^k)^T.
   * `subscript`: the layer in front of the indices, W_{k,ij}. `none` where the symbols themselves say whose layer they are.
   */
  readonly kind: 'superscript' | 'subscript' | 'none';
  readonly open: string;
  readonly close: string;
  /** The letter for what the algebra calls layer k, and layer N. */
  readonly letter: string;
  readonly last: string;
}

export interface Accent {
  readonly ending: string;
  readonly latex: string;
  /** The combining character. */
  readonly unicode: string;
}

/** Whether a layer number stands where a power or a transpose would stand. */
export const isRaised = ({ layer }: Convention): boolean => layer.kind === 'superscript';

/** Whether it stands there without brackets, so that it could be taken for a power. */
export const isBareMark = (convention: Convention): boolean => isRaised(convention) && convention.layer.open === '';

export const articleConvention: Convention = {
  total: 'E',
  signal: { a: 'delta', z: 'zeta' },
  layer: { kind: 'superscript', open: '(', close: ')', letter: 'k', last: 'N' },
  elementwise: '⊙', dot: null, transpose: 'T', derivative: 'partial', functions: 'each', bold: false, samples: 'samples',
  // Only letters that Unicode has as subscripts, and none that counts layers (k) or often names a size (n).
  letters: {
    i: ['p', 'r', 'u'],
    j: ['l', 'm', 'v'],
    s: ['r', 'u', 'v'],
    t: ['r', 's', 'u'],
    other: ['i', 'j', 'p', 'r', 'l', 'm', 'u', 'v', 's', 't', 'o', 'e'],
  },
  accents: [
    { ending: '_tilde', latex: '\\tilde', unicode: '\u0303' },
    { ending: '_hat', latex: '\\hat', unicode: '\u0302' },
    { ending: '_bar', latex: '\\bar', unicode: '\u0304' },
  ],
};

/** Names that are read as a Greek letter, or as the script l: the name, and the letter itself; in LaTeX the name with a backslash. */
export const greek: ReadonlyMap<string, string> = new Map([
  ['alpha', 'α'], ['beta', 'β'], ['gamma', 'γ'], ['delta', 'δ'], ['epsilon', 'ε'], ['zeta', 'ζ'], ['eta', 'η'],
  ['theta', 'θ'], ['iota', 'ι'], ['kappa', 'κ'], ['lambda', 'λ'], ['mu', 'μ'], ['nu', 'ν'], ['xi', 'ξ'], ['pi', 'π'],
  ['rho', 'ρ'], ['sigma', 'σ'], ['tau', 'τ'], ['upsilon', 'υ'], ['phi', 'φ'], ['chi', 'χ'], ['psi', 'ψ'],
  ['omega', 'ω'], ['ell', 'ℓ'], ['Gamma', 'Γ'], ['Delta', 'Δ'], ['Theta', 'Θ'], ['Lambda', 'Λ'], ['Xi', 'Ξ'], ['Pi', 'Π'],
  ['Sigma', 'Σ'], ['Upsilon', 'Υ'], ['Phi', 'Φ'], ['Psi', 'Ψ'], ['Omega', 'Ω'],
]);

/** The name of a letter, but for what a convention has a letter of its own. */
export const shownName = (name: string, { samples }: Convention): string => (name === SAMPLES ? samples : name);
