// What a text may choose freely, as data: specs/notations/*.yaml hold one notation a file. Everything here is in the words of
// the program's own formulas (a = Wz + b, z = h(a), E, δ = ∂E/∂a, layers 1..N that W^(k) leads into).

import type { Place } from '../diagnostics/diagnostic.ts';

/** What a tensor is to its layer or network. Which tensor that is follows from the equations, never from its name. */
export type SymbolRole =
  | 'weights' | 'bias' | 'pre-activation' | 'activation' | 'activation-function'
  /** The scalar that is differentiated. */
  | 'loss'
  /** The loss of one sample, where the text tells it from that of all. */
  | 'sample-loss'
  /** The adjoint of the pre-activation, and that of the activation; without a symbol they are written as derivatives. */
  | 'signal' | 'output-signal'
  /** Without a symbol the input is the activation of the input layer, and the output that of the last one. */
  | 'input' | 'target' | 'output'
  /** Weights with the bias folded in, and what they are multiplied with; without symbols they are written as weights and activations. */
  | 'augmented-weights' | 'augmented-input';

/** Symbols are spelled as names in specs are: `w`, `theta`, `Theta`, `x_tilde`, `y_hat`. */
export type Symbols = Readonly<Partial<Record<SymbolRole, string>>>;

export interface NotationSource {
  /** Author and title. */
  readonly text: string;
  /** Chapter, equation, section. */
  readonly place: string;
  readonly url: string | null;
  /** The text in which it was seen, where the source itself is not public. */
  readonly quoted: string | null;
}

export interface LayerStyle {
  /** `letters`: each layer has symbols of its own (v_ih, w_hj), given in `symbols` by their shown numbers. */
  readonly mark: 'superscript' | 'subscript' | 'letters';
  readonly brackets: 'round' | 'square' | 'none';
  /** The number of the input layer. */
  readonly input: 0 | 1;
  /** Whether the weights that lead into layer k carry its number, or that of the layer before. */
  readonly weights: 'into' | 'out-of';
  /** δ^(k-1) from δ^(k), or δ^(l) from δ^(l+1). */
  readonly recursion: 'down' | 'up';
  /** a^(l) from a^(l-1), or a^(l+1) from a^(l). */
  readonly forward: 'own' | 'next';
  /**
   * By shown number (weights that lead into layer k stand under k), symbols that say themselves whose layer they are, and so carry no
   * mark: W^(1) and W^(2), but z and o. Where the mark is `letters` all symbols stand here; or none, if letters.layers tell layers apart.
   */
  readonly symbols: ReadonlyMap<number, Symbols>;
}

export interface NotationLetters {
  /** Letters for unit indices: those of the left side take the first ones, sums the next. Empty: those of the spec. */
  readonly units: readonly string[];
  /**
   * Instead: letters for the units of the input layer and of the ones above it, in order. In formulas of a generic layer they are
   * those of the layer below, of the layer itself, and of the one above.
   */
  readonly layers: readonly string[];
  readonly layer: string;
  readonly last: string;
  readonly sample: string;
  /** How many samples there are: a letter, or the word `samples`. */
  readonly samples: string;
}

export interface NotationSpec {
  readonly name: string;
  readonly title: string;
  readonly source: NotationSource;
  readonly place: Place;
  readonly symbols: Symbols;
  readonly letters: NotationLetters;
  readonly layers: LayerStyle;
  /** Whether every layer has its own activation function h^(k), or one symbol stands for all. */
  readonly functions: 'each' | 'one';
  /** W_ij leads from j to i, or from i to j. */
  readonly weights: 'to-from' | 'from-to';
  readonly vectors: 'columns' | 'rows';
  /** The shape of a derivative by a column: a row (numerator), a column (denominator); mixed: gradients by parameters have the parameter's shape, others are as in numerator. */
  readonly layout: 'numerator' | 'denominator' | 'mixed';
  /** How factors are multiplied entry by entry. */
  readonly product: '⊙' | '∘' | '*' | '•' | '.*' | 'diag';
  /** Between matrices. */
  readonly dot: boolean;
  readonly transpose: 'T' | '⊤' | "'";
  /** ∂E/∂W, ∇_W E, dW (the loss goes without saying), or W with a bar. */
  readonly derivative: 'partial' | 'nabla' | 'd' | 'bar';
  /** Whether whole vectors and matrices are bold. */
  readonly bold: boolean;
  readonly bias: 'separate' | 'threshold' | 'first' | 'last';
  /** Whether the pre-activation holds the bias (a = Wz + b, z = h(a)), or the function's argument does (a = Wz, z = h(a + b)). */
  readonly biasIn: 'pre-activation' | 'function';
  readonly signal: {
    /** Which tensor's adjoint the recursion carries: the pre-activation's or the activation's. */
    readonly of: 'a' | 'z';
    readonly sign: 1 | -1;
  };
  readonly samples: {
    readonly as: 'columns' | 'rows' | 'sum';
    /** Whether E is the mean over the samples, instead of their sum. */
    readonly mean: boolean;
    /** Where the 1/m of a mean stands: in the gradients of parameters (signals are those of one sample's loss), or in the signals. */
    readonly at: 'gradient' | 'signal';
    /** Symbols of matrices that hold all samples. */
    readonly symbols: Symbols;
  };
  /** Further ways to write what has no matrix form. */
  readonly kronecker: boolean;
}
