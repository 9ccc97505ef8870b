// Formulas in a known notation, read into the algebra: components, vectors, chains, and what is refused, with its place.

import { describe, expect, it } from 'vitest';
import { plain, plainRange } from '../../src/algebra/print.ts';
import type { Formula } from '../../src/derive/derivation.ts';
import { readFormula, type ReadingContext } from '../../src/texts/read.ts';
import { showLayer } from '../../src/algebra/layer.ts';
import { context, ng, nielsen } from './known.ts';

/** `left = right | i: 1..n`, or the codes of what is wrong and where. */
function read(latex: string, known: ReadingContext = context()): string {
  const result = readFormula(latex, known);
  if (!result.ok) return result.problems.map((p) => `${p.code} at ${latex.slice(p.range.start, p.range.end)}`).join('; ');
  return result.statements.map((s) => {
    const axes = s.axes.map((a) => `${a.index}: ${plainRange(a.range)}`).join(', ');
    return `${formula(s.left.formula)}${s.right.map((r) => ` ${r.relation} ${formula(r.formula)}`).join('')}${axes === '' ? '' : ` | ${axes}`}`;
  }).join(' ; ');
}

/** Names that are made up are numbered as they come. */
function formula(f: Formula): string {
  const names: string[] = [];
  return text(f).replace(/\w+#1\d\d\d/g, (name) => {
    if (!names.includes(name)) names.push(name);
    return `#${String(names.indexOf(name) + 1)}`;
  });
}

function text(f: Formula): string {
  switch (f.kind) {
    case 'expression': return plain(f.value);
    case 'partial': return `partial(${f.of === null ? 'E' : plain(f.of)} by ${plain(f.by)})`;
    case 'chain': return `chain(${f.paths.map((p) => p.map((x) => `${x.of === null ? 'E' : x.of.name + showLayer(x.of.layer)}/${x.by.name}${showLayer(x.by.layer)}${x.shared ? '!' : ''}`).join(' ')).join(' + ')})`;
    case 'chain-rule': return `rule(${f.terms.map((t) => `Σ${t.axes.map((a) => `${a.index}=${plainRange(a.range)}`).join()} ${t.factors.map((x) => `${x.of === null ? 'E' : plain(x.of)}/${plain(x.by)}`).join(' ')}`).join(' + ')})`;
  }
}

describe('components', () => {
  it.each<[string, string]>([
    // The range of a sum follows from the entries.
    ['a_i^{(k)} = \\sum_j W_{ij}^{(k)} z_j^{(k-1)} + b_i^{(k)}', 'a_k[i] = Σ_{j=1..units_(k-1)} W_k[i, j]·z_(k-1)[j] + b_k[i] | i: 1..units_k'],
    ['a_i^{(3)} = \\sum_{j=0}^{n} \\tilde{W}_{ij}^{(3)}', 'unknown-formula-index at n'],
    ['a_i^{(3)} = \\sum_{j=0}^{\\mathrm{units}^{(2)}} \\tilde{W}_{ij}^{(3)}', 'a_3[i] = Σ_{j=0..units_2} W_tilde_3[i, j] | i: 1..units_3'],
    // Of ranges within each other the smaller one: an entry beyond its axis does not exist.
    ['a_i^{(k)} = \\sum_j \\tilde{W}_{ij}^{(k)} z_j^{(k-1)}', 'a_k[i] = Σ_{j=1..units_(k-1)} W_tilde_k[i, j]·z_(k-1)[j] | i: 1..units_k'],
    // Signals and derivatives.
    ['\\delta_j^{(k-1)} = \\left(\\sum_i \\delta_i^{(k)} W_{ij}^{(k)}\\right) \\cdot h^{(k-1)\'}(a_j^{(k-1)})',
      '∂E/∂a_(k-1)[j] = (Σ_{i=1..units_k} ∂E/∂a_k[i]·W_k[i, j])·h_(k-1)′(a_(k-1)[j]) | j: 1..units_(k-1)'],
    ['\\frac{\\partial E}{\\partial W_{ij}^{(k)}} = \\delta_i^{(k)} z_j^{(k-1)}', '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j] | i: 1..units_k, j: 1..units_(k-1)'],
    ['\\delta_i^{(k)} := \\frac{\\partial E}{\\partial a_i^{(k)}}', '∂E/∂a_k[i] := partial(E by a_k[i]) | i: 1..units_k'],
    ['\\frac{\\partial z_i^{(k)}}{\\partial a_j^{(k)}} = h^{(k)\'}(a_i^{(k)}) [i = j]', 'partial(z_k[i] by a_k[j]) = h_k′(a_k[i])·[i = j] | i: 1..units_k, j: 1..units_k'],
    // Commas or none; 11 is two indices of a matrix.
    ['a_1^{(k)} = W_{1,2}^{(k)} + W_{12}^{(k)} + x_{12}', 'a_k[1] = W_k[1, 2] + W_k[1, 2] + x[12]'],
    ['L = H_{2t-1,d}', 'unknown-formula-index at t'],
    ['m_t = \\sum_d H_{t+1,d} c_d', 'm[t] = Σ_{d=1..width} H[t + 1, d]·c[d] | t: 1..time'],
    // Entries as indices; greatest entries by the tensor that holds their places.
    ['H_{td} = E_{\\mathrm{table},\\mathrm{token}_t,d}', 'H[t, d] = Σ_{#1=1..words} [token[t] = #1]·E_table[#1, d] | t: 1..time, d: 1..width'],
    ['H_{td} = \\sum_v [\\mathrm{token}_t = v] E_{\\mathrm{table},v,d}', 'H[t, d] = Σ_{v=1..words} [token[t] = v]·E_table[v, d] | t: 1..time, d: 1..width'],
    ['m_t = \\max_d H_{td}', 'm[t] = Σ_{d=1..width} [best[t] = d]·H[t, d] | t: 1..time'],
    ['\\mathrm{best}_t = \\arg\\max_d H_{td}', 'best[t] = argmax_{d=1..width} H[t, d] | t: 1..time'],
    ['m_t = \\max_d 2 H_{td}', 'maximum-unknown at \\max_d 2 H_{td}'],
    // Conditions, cases, functions, powers.
    ['m_t = [2 \\leq t < \\mathrm{time}] \\alpha', 'm[t] = [t ≥ 2 and time ≥ t + 1]·alpha | t: 1..time'],
    ['m_t = [t > 2] + [t \\geq 2] [t \\neq 4]', 'm[t] = [t ≥ 3] + [t ≥ 2]·[not (t = 4)] | t: 1..time'],
    // A word below is a part of the name, a letter an index.
    ['c_d = c_{\\mathrm{d}}', 'c[d] = c_d | d: 1..width'],
    ['m_t = \\begin{cases} c_t & \\text{if } t \\neq 1 \\\\ 0 & \\text{otherwise} \\end{cases}', 'm[t] = (not (t = 1) ? c[t] : 0) | t: 1..time'],
    ['m_t = \\left\\lvert \\alpha - 1 \\right\\rvert + \\mathrm{sgn}(\\alpha)', 'm[t] = |alpha - 1| + sgn(alpha) | t: 1..time'],
    ['m_t = e^{-\\alpha} + \\exp(\\alpha) + \\log(1 + \\alpha)', 'm[t] = exp(-alpha) + exp(alpha) + log(1 + alpha) | t: 1..time'],
    ['m_t = \\tanh^2(\\alpha) + \\alpha^3 + \\sqrt{\\alpha} + \\sqrt[3]{\\alpha} + \\alpha^{-\\frac{1}{2}}', 'm[t] = tanh(alpha)^2 + alpha^3 + √(alpha) + alpha^(1/3) + 1 / √(alpha) | t: 1..time'],
    ['m_t = 0.25 \\alpha / 2', 'm[t] = 1/8·alpha | t: 1..time'],
    ['m_t = \\frac{1}{\\mathrm{time}} \\sum_s \\mathrm{token}_s', 'm[t] = (Σ_{s=1..time} token[s]) / time | t: 1..time'],
    // Two statements, and a range that a quantifier gives.
    ['m_t = 1, \\quad L = 2', 'm[t] = 1 | t: 1..time ; L = 2'],
    ['m_t = 1, \\quad \\forall t = 2, \\dots, \\mathrm{time}', 'm[t] = 1 | t: 2..time'],
    // All samples.
    ['\\frac{\\partial E}{\\partial b_i^{(k)}} = \\sum_s \\delta_{si}^{(k)}', '∂E/∂b_k[i] = Σ_{s=1..samples} ∂E/∂a_k[s, i] | i: 1..units_k'],
  ])('%s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it.each<[string, string]>([
    ['q_i = 1', 'unknown-formula-symbol at q_i'],
    ['a_i = 1', 'layer-missing at a_i'],
    ['W_i^{(k)} = \\delta_{ijl}^{(k)}', 'wrong-subscripts at \\delta_{ijl}^{(k)}'],
    ['a_i^{(k)} = b_j^{(k)}', 'unknown-formula-index at j'],
    ['L = b_i^{(k)}, \\quad \\forall i = 1, \\dots, 3', 'unknown-formula-index at b_i^{(k)}'],
    ['a_i^{(k)} = \\sum_j b_i^{(k)}', 'range-unknown at j'],
    ['a_i^{(k)} = \\sum_j W_{ij}^{(k)} c_j', 'ranges-disagree at j'],
    ['a_i^{(k)} = h(b_i^{(k)})', 'layer-missing at h(b_i^{(k)})'],
    ['a_i^{(k)} = 0.3333\\dots', 'number-cut at 0.3333\\dots'],
    ['m_t = \\alpha^{\\alpha}', 'no-power at \\alpha'],
    ['m_t = x_t^{(2)}', 'unclear-superscript at (2)'],
    ['m_t = \\frac{\\partial z_i^{(k)}}{\\partial a_i^{(k)}} \\cdot 2', 'not-expressible at \\frac{\\partial z_i^{(k)}}{\\partial a_i^{(k)}}'],
    ['m_t = 1, \\quad L = q', 'unknown-formula-symbol at q'],
  ])('%s: %s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it('says what a symbol may have been', () => {
    const result = readFormula('\\mathrm{tokem}_t = 1', context());
    expect(result.ok ? [] : result.problems.map((p) => p.help)).toEqual(['Did you mean `token`?']);
  });
});

describe('vectors and matrices', () => {
  const inRows = { derivatives: 'numerator' } as const;
  it.each<[string, Parameters<typeof context>[1], string]>([
    ['a^{(k)} = W^{(k)} z^{(k-1)} + b^{(k)}', {}, 'a_k[i] = Σ_{#1=1..units_(k-1)} W_k[i, #1]·z_(k-1)[#1] + b_k[i] | i: 1..units_k'],
    ['\\delta^{(k-1)} = W^{(k)T} \\delta^{(k)} \\odot h^{(k-1)\'}(a^{(k-1)})', {}, '∂E/∂a_(k-1)[i] = (Σ_{#1=1..units_k} W_k[#1, i]·∂E/∂a_k[#1])·h_(k-1)′(a_(k-1)[i]) | i: 1..units_(k-1)'],
    ['\\delta^{(k-1)} = \\delta^{(k)} \\cdot W^{(k)} \\cdot \\mathrm{diag}\\lbrace h^{(k-1)\'}(a^{(k-1)}) \\rbrace', inRows,
      '∂E/∂a_(k-1)[i] = (Σ_{#1=1..units_k} ∂E/∂a_k[#1]·W_k[#1, i])·h_(k-1)′(a_(k-1)[i]) | i: 1..units_(k-1)'],
    ['\\frac{\\partial E}{\\partial W^{(k)}} = \\delta^{(k)} z^{(k-1)T}', {}, '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j] | i: 1..units_k, j: 1..units_(k-1)'],
    ['\\frac{\\partial E}{\\partial W^{(k)}} = z^{(k-1)} \\delta^{(k)}', inRows, '∂E/∂W_k[i, j] = z_(k-1)[j]·∂E/∂a_k[i] | i: 1..units_k, j: 1..units_(k-1)'],
    // Mixed: signals are rows, gradients by parameters lie as those.
    ['\\frac{\\partial E}{\\partial W^{(k)}} = \\delta^{(k)T} z^{(k-1)T}', { derivatives: 'mixed' }, '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j] | i: 1..units_k, j: 1..units_(k-1)'],
    // Vectors as rows: the transposed rule.
    ['a^{(k)} = z^{(k-1)} W^{(k)T} + b^{(k)}', { vectors: 'rows' }, 'a_k[i] = Σ_{#1=1..units_(k-1)} z_(k-1)[#1]·W_k[i, #1] + b_k[i] | i: 1..units_k'],
    // The length of 𝟏 follows.
    ['\\delta^{(k)} = z^{(k)} \\odot (\\mathbf{1} - z^{(k)})', {}, '∂E/∂a_k[i] = z_k[i]·(1 - z_k[i]) | i: 1..units_k'],
    ['c = H^T \\mathbf{1}', {}, 'c[d] = Σ_{#1=1..time} H[#1, d] | d: 1..width'],
    // A part of a matrix, an index held fast, an entry that chooses.
    ['H_t = U c', {}, 'H[t, d] = Σ_{#1=1..width} U[d, #1]·c[#1] | t: 1..time, d: 1..width'],
    ['c = \\sum_t [t \\geq 2] H_{t-1}', {}, 'range-unknown at t'],
    ['c = \\sum_{t=2}^{\\mathrm{time}} H_{t-1}', {}, 'c[d] = Σ_{t=2..time} H[t - 1, d] | d: 1..width'],
    ['H_t = E_{\\mathrm{table},\\mathrm{token}_t}', {}, 'H[t, d] = Σ_{#1=1..words} [token[t] = #1]·E_table[#1, d] | t: 1..time, d: 1..width'],
    ['H_{:d} = \\mathbf{0}', {}, 'H[t, d] = 0 | t: 1..time, d: 1..width'],
    ['L = \\left\\lVert c \\right\\rVert^2 + c^T U c', {}, 'L = Σ_{#1=1..width} c[#1]·c[#1] + Σ_{#2=1..width} (Σ_{#3=1..width} c[#3]·U[#3, #2])·c[#2]'],
    ['U = \\mathrm{diag}(c)^{-1} U', {}, 'U[d, m] = U[d, m] / c[d] | d: 1..width, m: 1..width'],
    ['U = \\mathrm{einsum}(\\mathtt{td,te \\to de}, H, H)', {}, 'U[d, m] = Σ_{#1=1..time} H[#1, d]·H[#1, m] | d: 1..width, m: 1..width'],
    ['\\frac{\\partial E}{\\partial W^{(N)}} = \\underbrace{\\frac{\\partial E}{\\partial z^{(N)}} \\cdot \\frac{\\partial z^{(N)}}{\\partial a^{(N)}}}_{\\text{shared}} \\cdot \\frac{\\partial a^{(N)}}{\\partial W^{(N)}}', {},
      'partial(E by W_N) = chain(E/zN! zN/aN! aN/WN)'],
    ['\\frac{\\partial E}{\\partial W_{ij}^{(k)}} = \\sum_p \\frac{\\partial E}{\\partial a_p^{(k)}} \\cdot \\frac{\\partial a_p^{(k)}}{\\partial W_{ij}^{(k)}}', {},
      '∂E/∂W_k[i, j] = rule(Σp=1..units_k E/a_k[p] a_k[p]/W_k[i, j]) | i: 1..units_k, j: 1..units_(k-1)'],
    // What does not fit together.
    ['a^{(k)} = W^{(k)} \\delta^{(k)}', {}, 'shapes at \\delta^{(k)}'],
    ['\\delta^{(k-1)} = W^{(k)} \\delta^{(k)}', {}, 'shapes at \\delta^{(k)}'],
    ['\\frac{\\partial E}{\\partial W^{(k)}} = \\delta^{(k)} z^{(k-1)}', {}, 'shapes at z^{(k-1)}'],
    ['\\frac{\\partial E}{\\partial W^{(k)}} = z^{(k-1)} \\delta^{(k)T}', {}, 'shapes at z^{(k-1)} \\delta^{(k)T}'],
    ['\\delta^{(k)} = z^{(k)} \\cdot h^{(k)\'}(a^{(k)})', {}, "shapes at h^{(k)'}(a^{(k)})"],
    ['a^{(k)} = z^{(k)} + 1', {}, 'shapes at z^{(k)} + 1'],
    ['c = \\frac{c}{c}', {}, 'no-shape at c'],
    ['c = c^2', {}, 'no-shape at 2'],
    ['L = \\mathbf{1}^T \\mathbf{1}', {}, 'length-unknown at \\mathbf{1}'],
    ['c = H H', {}, 'shapes at H'],
  ])('%s %o', (latex, layout, expected) => {
    expect(read(latex, context({}, layout))).toBe(expected);
  });
});

describe('other notations', () => {
  it.each<[string, ReadingContext, string]>([
    // Superscripts without brackets are layers, powers stand outside.
    ['\\delta^{l} = ((W^{l+1})^T \\delta^{l+1}) \\odot h\'(a^{l})', nielsen, '∂E/∂a_k[i] = (Σ_{#1=1..units_(k+1)} W_(k+1)[#1, i]·∂E/∂a_(k+1)[#1])·h_k′(a_k[i]) | i: 1..units_k'],
    ['\\frac{\\partial C}{\\partial b_j^L} = (\\delta_j^L)^2', nielsen, '∂E/∂b_N[j] = ∂E/∂a_N[j]^2 | j: 1..units_N'],
    // All samples in columns, dW for ∂J/∂W, * entry by entry.
    ['db^{[l]} = \\sum_s da_{si}^{[l]}', ng, 'unknown-formula-index at i'],
    ['dW^{[l]} = da^{[l]} z^{[l-1]T}', ng, '∂E/∂W_k[i, j] = Σ_{#1=1..samples} ∂E/∂a_k[#1, i]·z_(k-1)[#1, j] | i: 1..units_k, j: 1..units_(k-1)'],
    ['da^{[l]} = dz^{[l]} * h^{[l]\'}(a^{[l]})', ng, '∂E/∂a_k[s, i] = ∂E/∂z_k[s, i]·h_k′(a_k[s, i]) | s: 1..samples, i: 1..units_k'],
    ['db^{[l]} = da^{[l]} \\mathbf{1}', ng, '∂E/∂b_k[i] = Σ_{#1=1..samples} ∂E/∂a_k[#1, i] | i: 1..units_k'],
    ['\\overline{W}_{ij}^{(k)} = \\overline{a}_i^{(k)} z_j^{(k-1)}', context({ derivative: 'bar' }), '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j] | i: 1..units_k, j: 1..units_(k-1)'],
    ['\\nabla_{W^{(k)}} E = \\delta^{(k)} (z^{(k-1)})^\\top', context({ derivative: 'nabla', transpose: '⊤' }), '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j] | i: 1..units_k, j: 1..units_(k-1)'],
    ['(\\nabla_{W^{(k)}} E)_{ij} = \\delta_i^{(k)} z_j^{(k-1)}', context({ derivative: 'nabla' }), '∂E/∂W_k[i, j] = ∂E/∂a_k[i]·z_(k-1)[j] | i: 1..units_k, j: 1..units_(k-1)'],
    ["a_{l} = W_{l} z_{l-1} + b_{l}", context({ layer: { kind: 'subscript', open: '', close: '', letter: 'l', last: 'L' } }), 'a_k[i] = Σ_{#1=1..units_(k-1)} W_k[i, #1]·z_(k-1)[#1] + b_k[i] | i: 1..units_k'],
    ["a_{l,i} = \\sum_j W_{l,ij} z_{l-1,j} + b_{l,i}", context({ layer: { kind: 'subscript', open: '', close: '', letter: 'l', last: 'L' } }), 'a_k[i] = Σ_{j=1..units_(k-1)} W_k[i, j]·z_(k-1)[j] + b_k[i] | i: 1..units_k'],
    // A letter for two things is refused.
    ['c_d = 1', context({ signal: { a: 'c', z: null } }, {}, { signals: [{ tensor: { name: 'x', layer: null }, symbol: 'a' }] }), 'ambiguous-symbol at c_d'],
  ])('%s', (latex, known, expected) => {
    expect(read(latex, known)).toBe(expected);
  });
});
