// The one interface of all emitted kernels. Emitted modules repeat no type: they import these, and nothing else.

/** Where a tensor's entries lie in a flat array: row-major, the last axis contiguous. */
export interface Slot {
  /** Unique in the kernel: `W_1`, `b_1`. */
  readonly name: string;
  /** The name in the spec and the layer number (0 for none). */
  readonly tensor: string;
  readonly layer: number;
  /** The extent of each axis. */
  readonly shape: readonly number[];
  /** The first index value of each axis (0 or 1). */
  readonly base: readonly number[];
  /** Entries before this one. */
  readonly offset: number;
}

/** A named intermediate of a kernel in loop form: stage n of forward() computes it, so forward(n + 1) goes on from it. */
export interface Stage {
  readonly name: string;
  readonly tensor: string;
  readonly layer: number;
  readonly shape: readonly number[];
  readonly base: readonly number[];
  readonly stage: number;
}

export type Floats = Float64Array | Float32Array;

/** A network of fixed architecture for a fixed number of samples. Nothing is allocated after construction. */
export interface Kernel {
  readonly samples: number;
  /** All parameters, laid out as `layout.parameters` says. */
  readonly parameters: Floats;
  /** ∂E/∂parameters after backward(), in the same layout. */
  readonly gradient: Floats;
  /** All inputs, sample by sample: sample s begins at s · (entries of one sample). */
  readonly input: Floats;
  readonly target: Floats;
  readonly output: Floats;
  /**
   * Computes output and returns E (summed or averaged over the samples, penalties included).
   * @param from the first stage to compute (0: all); earlier stages keep their buffers' values.
   */
  forward(from?: number): number;
  /** Computes everything from the current parameters, inputs and targets (the forward pass included), writes gradient, returns E. */
  backward(): number;
  /** The buffer of a named intermediate (all samples, sample-major), or of an adjoint after backward(); null where the kernel keeps it in local variables. */
  tensor(name: string): Floats | null;
}

export interface Layout {
  readonly parameters: readonly Slot[];
  /** Of one sample. */
  readonly input: readonly Slot[];
  readonly target: readonly Slot[];
  readonly output: readonly Slot[];
  readonly sizes: { readonly parameters: number; readonly input: number; readonly target: number; readonly output: number };
}

/** What an emitted module exports. */
export interface KernelModule {
  readonly name: string;
  readonly precision: 'f64' | 'f32';
  readonly layout: Layout;
  /** Intermediates that forward() can go on from, and the name of the buffer of their adjoint where it is kept. */
  readonly stages: readonly (Stage & { readonly adjoint: string | null })[];
  createKernel(options: { readonly samples: number }): Kernel;
}
