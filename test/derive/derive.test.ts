// The derivation of shipped layers and networks: what has to be said, and what must not.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layerN, layerNumber, showLayer } from '../../src/algebra/layer.ts';
import { plain } from '../../src/algebra/print.ts';
import type { Derivation, Formula, SectionId } from '../../src/derive/derivation.ts';
import { deriveLayer, deriveNetwork } from '../../src/derive/derive.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Signal } from '../../src/spec/network.ts';
import { readLayer, readNetwork } from '../../src/spec/read.ts';

const read = (file: string): { file: string; text: string } => ({ file, text: readFileSync(`specs/${file}`, 'utf8') });
const layer = (name: string, signal: Signal): Derivation => deriveLayer(readLayer(read(`layers/${name}.yaml`), shippedLibrary), { signal });

function show(f: Formula): string {
  switch (f.kind) {
    case 'expression': return plain(f.value);
    case 'partial': return `∂${f.of === null ? 'E' : plain(f.of)}/∂${plain(f.by)}`;
    case 'chain': return f.paths.map((path) => path.map((x) => `${x.shared ? '*' : ''}∂${x.of?.name ?? 'E'}/∂${x.by.name}`).join('·')).join(' + ');
    case 'chain-rule': return '…';
  }
}

const results = (d: Derivation, section: SectionId): string[] =>
  d.steps.filter((s) => s.section === section).map((s) => `${show(s.left)} = ${show(s.right.at(-1)?.formula ?? s.left)}${s.layers === null ? '' : `, k = ${showLayer(s.layers.from)}..${showLayer(s.layers.to)}`}`);

describe('layer k of the dense kind', () => {
  it('has the summary of the article: δ^N, the recursion for k = 2..N, both gradients for k = 1..N', () => {
    expect(results(layer('dense', 'a'), 'summary')).toEqual([
      '∂E/∂a_N[i] = ∂E/∂z_N[i]·h_N′(a_N[i])',
      '∂E/∂a_(k-1)[j] = (Σ_{i=1..units_k} ∂E/∂a_k[i]·W_k[i, j])·h_(k-1)′(a_(k-1)[j]), k = 2..N',
      '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j], k = 1..N',
      '∂E/∂b_k[i] = ∂E/∂a_k[i], k = 1..N',
    ]);
  });

  it('has the ∂E/∂z alternative', () => {
    expect(results(layer('dense', 'z'), 'summary')).toEqual([
      '∂E/∂z_N[i] = ∂E/∂y[i]',
      '∂E/∂z_(k-1)[j] = Σ_{i=1..units_k} ∂E/∂z_k[i]·h_k′(a_k[i])·W_k[i, j], k = 2..N',
      '∂E/∂W_k[i, j] = ∂E/∂z_k[i]·h_k′(a_k[i])·z_(k-1)[j], k = 1..N',
      '∂E/∂b_k[i] = ∂E/∂z_k[i]·h_k′(a_k[i]), k = 1..N',
    ]);
  });

  it('marks what the chain of layer N-1 shares with that of layer N, and counts it for general k', () => {
    const d = layer('dense', 'a');
    expect(results(d, 'chains')).toEqual([
      '∂E/∂W = ∂E/∂z·∂z/∂a·∂a/∂W', '∂E/∂b = ∂E/∂z·∂z/∂a·∂a/∂b',
      '∂E/∂W = *∂E/∂z·*∂z/∂a·∂a/∂z·∂z/∂a·∂a/∂W', '∂E/∂b = *∂E/∂z·*∂z/∂a·∂a/∂z·∂z/∂a·∂a/∂b',
    ]);
    expect(d.steps.flatMap((s) => s.remarks).join('\n')).toContain('`W^(k)` has 2(N-k)+3 factors; all but the last one also stand in the chain to `W^(k-1)`, which has 2(N-k)+5');
  });

  it('never speaks of a signal of layer 0', () => {
    for (const signal of ['a', 'z'] as const) {
      const d = layer('dense', signal);
      const recursion = d.steps.filter((s) => s.section === 'recursion');
      expect(recursion.length).toBeGreaterThan(0);
      for (const s of recursion) expect(s.layers).toEqual({ from: layerNumber(2), to: layerN() });
    }
  });
});

describe('layer k with the bias folded in', () => {
  it('has the same recursion in W̃, and ∂E/∂W̃ for every column', () => {
    expect(results(layer('dense-augmented', 'a'), 'summary')).toEqual([
      '∂E/∂a_N[i] = ∂E/∂z_N[i]·h_N′(a_N[i])',
      '∂E/∂a_(k-1)[j] = (Σ_{i=1..units_k} ∂E/∂a_k[i]·W_tilde_k[i, j])·h_(k-1)′(a_(k-1)[j]), k = 2..N',
      '∂E/∂W_tilde_k[i, j] = ∂E/∂a_k[i]·x_tilde_k[j], k = 1..N',
      '∂E/∂W_tilde_k[i, 0] = ∂E/∂a_k[i], k = 1..N',
    ]);
  });

  it('says why column 0 leaves the recursion', () => {
    const remarks = layer('dense-augmented', 'a').steps.flatMap((s) => s.remarks).join('\n');
    expect(remarks).toContain('the entry 0 of `x_tilde^(k)` does not depend on `z^(k-1)`');
    expect(remarks).toContain('what belongs to index 0 leaves the recursion by itself');
  });
});

describe('every shipped network', () => {
  it.each(readdirSync('specs/networks'))('%s: every step is verified, numbered, and comes from somewhere', (file) => {
    const d = deriveNetwork(readNetwork(read(`networks/${file}`), shippedLibrary));
    expect(d.steps.map((s) => s.number)).toEqual(d.steps.map((_, n) => n + 1));
    const adjoints = d.steps.filter((s) => s.section === 'layers');
    expect(adjoints.length).toBeGreaterThan(0);
    // Proved, every one: 'confirmed' would say that both sides only agree at random points.
    for (const s of d.steps) expect(s.verified).not.toBe('confirmed');
    for (const s of adjoints) expect(s.verified).toBe(s.left.kind === 'partial' ? 'normal-form' : 'direct-differentiation');
    expect(d.backward?.equations.every((e) => e.step !== null)).toBe(true);
  });

  it('a dense layer with W² in place of W needs no change anywhere else', () => {
    const { text } = read('layers/dense.yaml');
    const squared = text.replace('W[i, j] * x[j]', 'W[i, j]^2 * x[j]');
    expect(squared).not.toBe(text);
    const d = deriveLayer(readLayer({ file: 'dense.yaml', text: squared }, shippedLibrary), { signal: 'a' });
    expect(results(d, 'summary').slice(1, 3)).toEqual([
      '∂E/∂a_(k-1)[j] = (Σ_{i=1..units_k} ∂E/∂a_k[i]·W_k[i, j]^2)·h_(k-1)′(a_(k-1)[j]), k = 2..N',
      '∂E/∂W_k[i, j] = 2·∂E/∂a_k[i]·W_k[i, j]·z_(k-1)[j], k = 1..N',
    ]);
  });
});

it('the steps of a network grow linearly with its depth', () => {
  const steps = (depth: number): number => {
    const layers = Array.from({ length: depth }, (_, n) => `  - ${String(3 + (n % 2))} tanh`).join('\n');
    const text = `network: tower\ninput: 2\nlayers:\n${layers}\nloss: half-squared-error\n`;
    return deriveNetwork(readNetwork({ file: 'tower.yaml', text }, shippedLibrary)).steps.length;
  };
  expect(steps(40) - steps(20)).toBe(2 * (steps(20) - steps(10)));
});

describe('networks that a generic layer k does not describe are derived in full', () => {
  const network = (text: string): Derivation => deriveNetwork(readNetwork({ file: 'net.yaml', text }, shippedLibrary));
  const layerNumbers = (d: Derivation): string => d.steps.flatMap((s) => [show(s.left), ...s.right.map((r) => show(r.formula))]).join('\n');

  it('one layer has no neighbour', () => {
    const d = network('network: one\ninput: 3\nlayers: [2 tanh]\nloss: half-squared-error\n');
    expect(layerNumbers(d)).not.toMatch(/_k|_N|\(k-1\)/);
    expect(results(d, 'summary')).toEqual([
      '∂E/∂a_1[i] = (z_1[i] - t[i])·(1 - z_1[i]^2)', '∂E/∂W_1[i, j] = ∂E/∂a_1[i]·x[j]', '∂E/∂b_1[i] = ∂E/∂a_1[i]',
    ]);
  });

  it('penalties are part of the gradients', () => {
    const d = network('network: p\ninput: 3\nlayers: [2 tanh, 4 identity]\nloss: half-squared-error\npenalties: [{ use: l2, lambda: 0.5, on: [W] }]\n');
    expect(results(d, 'summary')).toContain('∂E/∂W_1[i, j] = ∂E/∂a_1[i]·x[j] + 1/2·W_1[i, j]');
    expect(results(d, 'summary')).toContain('∂E/∂b_1[i] = ∂E/∂a_1[i]');
  });

  it('a parameter that nothing uses has the gradient 0', () => {
    const d = network('network: u\ninput: 2\nlayers: [lay]\nloss: half-squared-error\ndefine:\n  layers:\n    - { layer: lay, axes: { i: n }, input: { x: [n] }, output: { z: [n] }, parameters: { g: [n], u: [] }, equations: { "z[i]": "g[i] * x[i]" } }\n');
    expect(results(d, 'summary')).toContain('∂E/∂u_1 = 0');
  });

  it('δ of sigmoid under cross-entropy is z - t', () => {
    const d = network('network: x\ninput: 2\nlayers: [3 tanh, 2 sigmoid]\nloss: binary-cross-entropy\n');
    expect(results(d, 'layers')[0]).toBe('∂E/∂a_2[i] = z_2[i] - t[i]');
  });

  it('an activation function whose argument is called z', () => {
    const d = network('network: z\ninput: 2\nlayers: [3 sg, 2 identity]\nloss: half-squared-error\ndefine:\n  activations:\n    - { activation: sg, argument: z, expression: 1 / (1 + exp(-z)) }\n');
    expect(results(d, 'layers').find((r) => r.startsWith('∂E/∂a_1'))).toBe('∂E/∂a_1[j] = (Σ_{i=1..units_2} ∂E/∂a_2[i]·W_2[i, j])·z_1[j]·(1 - z_1[j])');
  });
});

describe('layer k of other kinds', () => {
  const kind = (text: string, signal: Signal = 'a'): Derivation => deriveLayer(readLayer({ file: 'kind.yaml', text }, shippedLibrary), { signal });

  it('a convolution: every range is written in the input size of layer k-1', () => {
    const d = kind('layer: conv\naxes: { t: 1..n-s+1, r: s }\ninput: { x: [n] }\noutput: { z: [t] }\nparameters: { K: [s] }\nequations:\n  z[t]: sum(r, K[r] * x[t + r - 1])\n');
    expect(results(d, 'summary')).toEqual([
      '∂E/∂z_N[t] = ∂E/∂y[t]',
      '∂E/∂z_(k-1)[t] = Σ_{t#2=1..n_(k-1) - s_k - s_(k-1) + 2} [t ≥ t#2]·[t#2 + s_k ≥ t + 1]·∂E/∂z_k[t#2]·K_k[t - t#2 + 1], k = 2..N',
      '∂E/∂K_k[r] = Σ_{t=1..n_(k-1) - s_k - s_(k-1) + 2} ∂E/∂z_k[t]·z_(k-1)[r + t - 1], k = 1..N',
    ]);
  });

  it('a residual layer: the summary holds every quantity that recurs', () => {
    const d = kind('layer: resid\naxes: { i: n, j: n }\ninput: { x: [n] }\noutput: { z: [n] }\nparameters: { W: [n, n] }\nslots: { h: activation }\npre-activation: [a]\nequations:\n  a[i]: sum(j, W[i, j] * x[j])\n  z[i]: x[i] + h(a[i])\n');
    expect(results(d, 'summary')).toEqual([
      '∂E/∂a_N[i] = ∂E/∂z_N[i]·h_N′(a_N[i])',
      '∂E/∂z_(k-1)[j] = Σ_{i=1..n} ∂E/∂a_k[i]·W_k[i, j] + ∂E/∂z_k[j], k = 2..N',
      '∂E/∂a_(k-1)[i] = ∂E/∂z_(k-1)[i]·h_(k-1)′(a_(k-1)[i]), k = 2..N',
      '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j], k = 1..N',
    ]);
  });
});
