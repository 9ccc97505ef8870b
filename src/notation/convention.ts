// What a text may choose freely, as data: the symbols of the roles, accents, letters for indices. One convention so
// far, that of the article: superscripts (k), δ = ∂E/∂a, ζ = ∂E/∂z, columns, Greek letters by their names.

export interface Convention {
  /** The scalar that is differentiated. */
  readonly total: string;
  /** The symbol of the signal, by the port whose adjoint it is: a pre-activation's or an output's. */
  readonly signal: { readonly a: string; readonly z: string };
  /** How a layer number is marked on a symbol. */
  readonly layer: { readonly open: string; readonly close: string };
  /** Letters for an index that cannot keep its own, by the letter that it has in the spec; `other` for all the rest. */
  readonly letters: { readonly [index: string]: readonly string[]; readonly other: readonly string[] };
  /** Ends of names that are written as an accent on what stands before: `W_tilde`. */
  readonly accents: readonly Accent[];
}

export interface Accent {
  readonly ending: string;
  readonly latex: string;
  /** The combining character. */
  readonly unicode: string;
}

export const articleConvention: Convention = {
  total: 'E',
  signal: { a: 'delta', z: 'zeta' },
  layer: { open: '(', close: ')' },
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

/** Names that are read as a Greek letter: the name, and the letter itself; in LaTeX the name with a backslash. */
export const greek: ReadonlyMap<string, string> = new Map([
  ['alpha', 'α'], ['beta', 'β'], ['gamma', 'γ'], ['delta', 'δ'], ['epsilon', 'ε'], ['zeta', 'ζ'], ['eta', 'η'],
  ['theta', 'θ'], ['iota', 'ι'], ['kappa', 'κ'], ['lambda', 'λ'], ['mu', 'μ'], ['nu', 'ν'], ['xi', 'ξ'], ['pi', 'π'],
  ['rho', 'ρ'], ['sigma', 'σ'], ['tau', 'τ'], ['upsilon', 'υ'], ['phi', 'φ'], ['chi', 'χ'], ['psi', 'ψ'],
  ['omega', 'ω'], ['Gamma', 'Γ'], ['Delta', 'Δ'], ['Theta', 'Θ'], ['Lambda', 'Λ'], ['Xi', 'Ξ'], ['Pi', 'Π'],
  ['Sigma', 'Σ'], ['Upsilon', 'Υ'], ['Phi', 'Φ'], ['Psi', 'Ψ'], ['Omega', 'Ω'],
]);
