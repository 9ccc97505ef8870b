// Adjoints as people know them: softmax, normalisation, attention, cross-entropy; what is assumed is said, and only then used.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plain } from '../../src/algebra/print.ts';
import type { Derivation, Formula, Step } from '../../src/derive/derivation.ts';
import { deriveLayer, deriveNetwork } from '../../src/derive/derive.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer, readLoss, readNetwork } from '../../src/spec/read.ts';

function show(f: Formula): string {
  switch (f.kind) {
    case 'expression': return plain(f.value);
    case 'partial': return `∂${f.of === null ? 'E' : plain(f.of)}/∂${plain(f.by)}`;
    case 'chain': case 'chain-rule': return '…';
    case 'multiple': return `${plain(f.factor)}·${show(f.of)}`;
  }
}

/** Layers with neighbours of their own kind are derived for layer k; two inputs keep one by itself, and its names plain. */
const layer = (text: string): Derivation => deriveLayer(readLayer({ file: 'example.yaml', text }, shippedLibrary), { signal: 'a' });
const loss = (text: string): Derivation => deriveLayer(readLoss({ file: 'example.yaml', text }), { signal: 'a' });

/** The step for one sample that says what stands on the left, in the body of the derivation. */
function step(d: Derivation, left: string): Step {
  const found = d.steps.filter((s) => s.role !== 'summary' && s.section !== 'samples' && s.relation === '=' && show(s.left) === left);
  expect(found.map((s) => show(s.left)), `steps of ${d.name}: ${d.steps.map((s) => show(s.left)).join(', ')}`).toEqual([left]);
  return found[0]!;
}

/** The last formula of that step, which is proved. */
function result(d: Derivation, left: string): string {
  const { right, verified } = step(d, left);
  expect(['normal-form', 'direct-differentiation']).toContain(verified);
  return show(right.at(-1)!.formula);
}

const softmax = (equations: string): Derivation => layer(`
layer: example
axes: { i: classes, j: classes }
input: { a: [classes] }
output: { p: [classes] }
equations:
${equations}
`);

describe('softmax', () => {
  const whole = softmax('  p[i]: exp(a[i]) / sum(j, exp(a[j]))');
  const inParts = softmax('  e[i]: exp(a[i])\n  s: sum(j, e[j])\n  p[i]: e[i] / s');

  it('written as one equation', () => {
    expect(result(whole, '∂E/∂p_(k-1)[i]')).toBe('p_k[i]·(∂E/∂p_k[i] - (Σ_{i#2=1..classes} ∂E/∂p_k[i#2]·p_k[i#2]))');
  });

  it('written as three equations: the adjoint of the sum is written out in that of its terms', () => {
    expect(result(inParts, '∂E/∂p_(k-1)[j]')).toBe('p_k[j]·(∂E/∂p_k[j] - (Σ_{i=1..classes} ∂E/∂p_k[i]·p_k[i]))');
    expect(result(inParts, '∂E/∂e_k[j]')).toBe('(∂E/∂p_k[j] - (Σ_{i=1..classes} ∂E/∂p_k[i]·p_k[i])) / s_k');
  });

  it('of a multiple of the logits', () => {
    const d = softmax('  p[i]: exp(3 * a[i]) / sum(j, exp(3 * a[j]))');
    expect(result(d, '∂E/∂p_(k-1)[i]')).toBe('3·p_k[i]·(∂E/∂p_k[i] - (Σ_{i#2=1..classes} ∂E/∂p_k[i#2]·p_k[i#2]))');
  });

  it('has the local derivative p_i ([r = i] - p_r)', () => {
    expect(result(whole, '∂p_k[i#2]/∂p_(k-1)[i]')).toBe('p_k[i]·([i#2 = i] - p_k[i#2])');
    expect(step(whole, '∂p_k[i#2]/∂p_(k-1)[i]').verified).toBe('normal-form');
  });

  it('is not found where a sum of other exponentials stands below: p_i is no such quotient', () => {
    const d = softmax('  p[i]: exp(a[i]) / sum(j, exp(2 * a[j]))');
    const text = result(d, '∂E/∂p_(k-1)[i]');
    expect(text).toContain('exp(');
    expect(text).not.toBe('p_k[i]·(∂E/∂p_k[i] - (Σ_{i#2=1..classes} ∂E/∂p_k[i#2]·p_k[i#2]))');
  });
});

const normalisation = (equations: string): Derivation => layer(`
layer: example
axes: { i: features, j: features }
input: { x: [features] }
output: { z: [features] }
parameters: { gamma: [features], beta: [features] }
constants: { epsilon: 0.001 }
equations:
  mu: mean(j, x[j])
  var: mean(j, (x[j] - mu)^2)
${equations}
`);

describe('layer normalisation', () => {
  const named = normalisation('  x_hat[i]: (x[i] - mu) / sqrt(var + epsilon)\n  z[i]: gamma[i] * x_hat[i] + beta[i]');

  it('has the three terms of the books, through x_hat', () => {
    expect(result(named, '∂E/∂z_(k-1)[i]')).toBe('(∂E/∂z_k[i]·gamma_k[i] - (Σ_{i#2=1..features} ∂E/∂z_k[i#2]·gamma_k[i#2]) / features'
      + ' - x_hat_k[i]·(Σ_{i#2=1..features} ∂E/∂z_k[i#2]·gamma_k[i#2]·x_hat_k[i#2]) / features) / √(epsilon_k + var_k)');
    expect(result(named, '∂E/∂gamma_k[i]')).toBe('∂E/∂z_k[i]·x_hat_k[i]');
  });

  it('has no tensor in its formulas that the file does not name', () => {
    for (const s of named.steps) for (const { formula } of s.right) expect(show(formula)).not.toMatch(/#part|\?/);
  });

  it('without a name for x_hat is proved all the same', () => {
    const d = normalisation('  z[i]: gamma[i] * (x[i] - mu) / sqrt(var + epsilon) + beta[i]');
    expect(result(d, '∂E/∂gamma_k[i]')).toBe('∂E/∂z_k[i]·(z_(k-1)[i] - mu_k) / √(var_k + epsilon_k)');
    expect(result(d, '∂E/∂mu_k')).toBe('-(Σ_{i=1..features} ∂E/∂z_k[i]·gamma_k[i]) / √(epsilon_k + var_k)');
    for (const s of d.steps) expect(s.verified, s.title).not.toBe('confirmed');
  });
});

describe('batch normalisation', () => {
  const d = layer(`
layer: example
axes: { s: samples, i: features }
input: { x: [samples, features] }
output: { z: [samples, features] }
parameters: { gamma: [features], beta: [features] }
constants: { epsilon: 0.001 }
equations:
  mu[i]: mean(s, x[s, i])
  var[i]: mean(s, (x[s, i] - mu[i])^2)
  x_hat[s, i]: (x[s, i] - mu[i]) / sqrt(var[i] + epsilon)
  z[s, i]: gamma[i] * x_hat[s, i] + beta[i]
`);

  it('takes its means over samples, each feature by itself', () => {
    expect(result(d, '∂E/∂x[s, i]')).toBe('gamma[i]·(∂E/∂z[s, i] - (Σ_{s#2=1..samples} ∂E/∂z[s#2, i]) / samples'
      + ' - x_hat[s, i]·(Σ_{s#2=1..samples} ∂E/∂z[s#2, i]·x_hat[s#2, i]) / samples) / √(epsilon + var[i])');
    expect(result(d, '∂E/∂gamma[i]')).toBe('Σ_{s=1..samples} ∂E/∂z[s, i]·x_hat[s, i]');
    expect(result(d, '∂E/∂beta[i]')).toBe('Σ_{s=1..samples} ∂E/∂z[s, i]');
  });

  it('says nothing of sums over samples: they stand in it already', () => {
    expect(d.steps.filter((s) => s.section === 'samples')).toEqual([]);
  });
});

describe('attention', () => {
  const attention = (P: string): Derivation => layer(`
layer: example
axes: { q: time, k: time, d: width, v: values }
input: { Q: [time, width], K: [time, width], V: [time, values] }
output: { O: [time, values] }
equations:
  S[q, k]: sum(d, Q[q, d] * K[k, d]) / sqrt(width)
  P[q, k]: "${P}"
  O[q, v]: sum(k, P[q, k] * V[k, v])
`);
  const rowwise = 'P[q, k]·(∂E/∂P[q, k] - (Σ_{k#2=1..time} ∂E/∂P[q, k#2]·P[q, k#2]))';

  it('dS = P ⊙ (dP - rowsum(dP ⊙ P))', () => {
    const d = attention('exp(S[q, k]) / sum(k, exp(S[q, k]))');
    expect(result(d, '∂E/∂S[q, k]')).toBe(rowwise);
    expect(result(d, '∂E/∂Q[q, d]')).toBe('Σ_{k=1..time} ∂E/∂S[q, k]·K[k, d] / √(width)');
    expect(result(d, '∂E/∂K[k, d]')).toBe('Σ_{q=1..time} ∂E/∂S[q, k]·Q[q, d] / √(width)');
    expect(result(d, '∂E/∂V[k, v]')).toBe('Σ_{q=1..time} ∂E/∂O[q, v]·P[q, k]');
  });

  it('is the same where each query looks back only: the mask is in P', () => {
    const d = attention('[k <= q] * exp(S[q, k]) / sum(k, [k <= q] * exp(S[q, k]))');
    expect(result(d, '∂E/∂S[q, k]')).toBe(rowwise);
  });

  it('keeps a mask that is not in P', () => {
    // The numerator looks further than the denominator: P is not a softmax over what the sum runs over.
    const d = attention('exp(S[q, k]) / sum(k, [k <= q] * exp(S[q, k]))');
    const text = result(d, '∂E/∂S[q, k]');
    expect(text).toContain('q ≥ k');
    expect(text).not.toBe(rowwise);
  });
});

const crossEntropy = (assume: string, more = ''): Derivation => loss(`
loss: example
axes: { i: classes, j: classes }
input: { a: [classes] }
target: { t: [classes], w: [classes] }
output: { L: [] }
${assume}
equations:
  p[i]: exp(a[i]) / sum(j, exp(a[j]))
  L: -sum(i, t[i] * log(p[i])) + sum(i, w[i])${more}
`);

describe('cross-entropy of a softmax', () => {
  it('has the adjoint p Σ t - t where nothing is assumed', () => {
    const d = crossEntropy('');
    expect(result(d, '∂E/∂a[i]')).toBe('p[i]·Σ_{i#2=1..classes} t[i#2] - t[i]');
    expect(d.steps.flatMap((s) => s.remarks).join()).not.toContain('assum');
  });

  it('has the adjoint p - t where the weights are stated to add up to 1, says so, and points to the statement', () => {
    const d = crossEntropy('assume: ["sum(i, t[i]) = 1"]');
    expect(result(d, '∂E/∂a[i]')).toBe('p[i] - t[i]');
    const { right, remarks, sources } = step(d, '∂E/∂a[i]');
    expect(right.slice(-2).map(({ formula, rule }) => [show(formula), rule])).toEqual([
      ['p[i]·Σ_{i#2=1..classes} t[i#2] - t[i]', 'compact-form'], ['p[i] - t[i]', 'assumption'],
    ]);
    expect(remarks.join('\n')).toContain('sum(i, t[i]) = 1');
    expect(sources.map((p) => p.line)).toContain(7);
  });

  it('makes no use of what is stated of other numbers', () => {
    const d = crossEntropy('assume: ["sum(i, w[i]) = 1"]');
    expect(result(d, '∂E/∂a[i]')).toBe('p[i]·Σ_{i#2=1..classes} t[i#2] - t[i]');
    expect(step(d, '∂E/∂a[i]').right.map((r) => r.rule)).not.toContain('assumption');
    expect(step(d, '∂E/∂a[i]').sources.map((p) => p.line)).not.toContain(7);
  });

  it('makes use of a sum that is stated to be another number', () => {
    const d = crossEntropy('assume: ["sum(i, t[i]) = 3"]');
    expect(result(d, '∂E/∂a[i]')).toBe('3·p[i] - t[i]');
  });

  it('makes no use of a sum of squares', () => {
    const d = crossEntropy('assume: ["sum(i, t[i]^2) = 1"]');
    expect(result(d, '∂E/∂a[i]')).toBe('p[i]·Σ_{i#2=1..classes} t[i#2] - t[i]');
  });
});

describe('the network of specs/networks/softmax.yaml', () => {
  const file = 'specs/networks/softmax.yaml';
  const d = deriveNetwork(readNetwork({ file, text: readFileSync(file, 'utf8') }, shippedLibrary));

  it('has the signal p - t of the logits', () => {
    expect(result(d, '∂E/∂a_2[i]')).toBe('p_3[i] - t[i]');
    const way = step(d, '∂E/∂z_2[i]');
    expect(way.right.slice(-3).map(({ formula }) => show(formula))).toEqual([
      'p_3[i]·(∂E/∂p_3[i] - (Σ_{i#2=1..units_2} ∂E/∂p_3[i#2]·p_3[i#2]))', 'p_3[i]·Σ_{i#2=1..units_2} t[i#2] - t[i]', 'p_3[i] - t[i]',
    ]);
    expect(way.remarks.join('\n')).toContain('sum(i, t[i]) = 1');
    expect(way.sources.map((p) => p.file)).toContain('specs/losses/cross-entropy.yaml');
  });

  it('has it in the summary, and no step that is only confirmed', () => {
    expect(d.steps.filter((s) => s.role === 'summary').map((s) => `${show(s.left)} = ${show(s.right.at(-1)!.formula)}`)).toContain('∂E/∂a_2[i] = p_3[i] - t[i]');
    expect(d.steps.filter((s) => s.verified === 'confirmed').map((s) => s.title)).toEqual([]);
  });
});
