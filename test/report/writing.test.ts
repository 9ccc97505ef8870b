// Derivations and their sentences in the style of a text.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layerN, layerNumber, shiftLayer } from '../../src/algebra/layer.ts';
import { deriveLayer, deriveNetwork } from '../../src/derive/derive.ts';
import { articleConvention } from '../../src/notation/convention.ts';
import { inColumns } from '../../src/notation/matrix-layout.ts';
import { derivationJson } from '../../src/report/derivation-json.ts';
import { derivationLatex } from '../../src/report/derivation-latex.ts';
import { derivationMarkdown } from '../../src/report/derivation-markdown.ts';
import { derivationText } from '../../src/report/derivation-text.ts';
import { latexSentence, markdownSentence, plainSentences, renamedSentence, type SentenceStyle, unicodeSentence } from '../../src/report/sentences.ts';
import type { WritingStyle } from '../../src/report/writing.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer, readNetwork } from '../../src/spec/read.ts';
import { bare, below, square } from '../notation/conventions.ts';

const read = (file: string): { file: string; text: string } => ({ file, text: readFileSync(`specs/${file}`, 'utf8') });
const dense = deriveLayer(readLayer(read('layers/dense.yaml'), shippedLibrary), { signal: 'a' });

describe('sentences in the words of a text', () => {
  const letters = new Map([['j#2', 'k'], ['i', 'j']]);
  /** W is θ and leads out of its layer; layers are counted from 1. */
  const style: SentenceStyle = {
    ...plainSentences, convention: bare, layer: (l) => (l.symbol === null ? shiftLayer(l, 1) : l),
    rename: (name, layer) => (name === 'W' ? { name: 'theta', layer: layer === null ? null : shiftLayer(layer, -1) } : null),
  };
  test.each([
    ['The gradient by W^(k)', 'The gradient by θˡ⁻¹', 'The gradient by $\\theta^{l-1}$', 'The gradient by theta^(l-1)'],
    ['`δ = ∂E/∂a^(k)`', 'δ = ∂C/∂aˡ', '$\\delta = \\partial C/\\partial a^l$', '`δ = ∂C/∂a^(l)`'],
    ['for k = 2..N only', 'for l = 3..L only', 'for $l = 3\\dots L$ only', 'for l = 3..L only'],
    ['from layer k to layer k-1', 'from layer l to layer l-1', 'from layer $l$ to layer $l-1$', 'from layer l to layer l-1'],
    ['layer 0 is the input, where no `a^(0)` is', 'layer 1 is the input, where no a⁰ is', 'layer 1 is the input, where no $a^0$ is', 'layer 1 is the input, where no `a^(0)` is'],
    ['Layer N and layer N-1 as chains', 'Layer L and layer L-1 as chains', 'Layer $L$ and layer $L-1$ as chains', 'Layer L and layer L-1 as chains'],
    ['has 2(N-k)+3 factors', 'has 2(L-l)+3 factors', 'has $2(L-l)+3$ factors', 'has 2(L-l)+3 factors'],
    ['an index that got the letter k is no layer: `j#2 = 1`, `i`', 'an index that got the letter k is no layer: k = 1, j', null, null],
    ['`E = l(y, t)`; the loss l', 'C = ℓ(y, t); the loss ℓ', '$C = \\ell(y, t)$; the loss $\\ell$', '`C = ell(y, t)`; the loss ell'],
    ['the size units_(k-1)', 'the size unitsˡ⁻¹', 'the size $\\mathrm{units}^{l-1}$', 'the size units^(l-1)'],
  ])('%s', (plain, text, tex, renamed) => {
    expect(unicodeSentence(plain, letters, plain.startsWith('an index') ? { ...style, generic: false } : style)).toBe(text);
    if (tex !== null) expect(latexSentence(plain, letters, style)).toBe(tex);
    if (renamed !== null) expect(renamedSentence(plain, letters, style)).toBe(renamed);
  });
  test('an index with the letter of a layer of the algebra stays an index in generic derivations, too', () => {
    expect(unicodeSentence('the sum over `j#2` for layer k', letters, style)).toBe('the sum over k for layer l');
    expect(markdownSentence('the sum over `j#2` for layer k', letters, style)).toBe('the sum over $k$ for layer $l$');
  });
  test('k and N are letters like others where layers have numbers', () => {
    expect(unicodeSentence('over `k` and N', new Map(), { ...style, generic: false })).toBe('over k and N');
  });
  test('a style that changes nothing', () => {
    for (const text of [dense.title, ...dense.assumptions, ...dense.steps.flatMap((s) => [s.title, ...s.remarks])]) {
      expect(renamedSentence(text, new Map(), plainSentences)).toBe(text);
    }
  });
});

describe('derivations in the style of a text', () => {
  const styles: readonly (readonly [string, WritingStyle, readonly string[]])[] = [
    ['bare superscripts', { convention: bare, unitsOf: () => 'some' }, ['δⱼˡ⁻¹ = (Σₖ δₖˡ Wₖⱼˡ) · h′(aⱼˡ⁻¹)', '∀ l = 2..L', 'Layer L and layer L-1 as chains', 'Signal: δ = ∂C/∂a.', 'which has 2(L-l)+5']],
    ['d and square brackets', { convention: square }, ['Signal: da = ∂J/∂a.', 'daᵢ^[l] := ∂J/∂aᵢ^[l]', 'dWᵢⱼ^[l] = daᵢ^[l] · zⱼ^[l-1]', 'da^[l-1] = (W^[l]ᵀ da^[l]) * h^[l-1]′(a^[l-1])']],
    ['gradients and subscripts', { convention: below }, ['∇_{W_ℓ} J', '∂J/∂W_ℓ[i,j]', 'a_ℓ = W_ℓ · z_{ℓ-1} + b_ℓ']],
  ];
  test.each(styles)('%s', (_what, style, lines) => {
    const text = derivationText(dense, style);
    for (const line of lines) expect(text).toContain(line);
    expect(text).not.toContain('⁽ᵏ⁾');
    for (const tex of [derivationMarkdown(dense, style), derivationLatex(dense, style)]) {
      expect(tex).not.toMatch(/\^\{\(|\bk = \d/);
      expect(tex).toContain(`\\forall ${style.convention?.layer.letter === 'ell' ? '\\ell' : 'l'} = 2, \\dots, ${style.convention?.layer.last ?? ''}`);
    }
  });
  test('only the layouts that are asked for, by their names', () => {
    const style: WritingStyle = { layouts: { shown: [{ name: 'as matrices', layout: inColumns }], same: 'as matrices', meaning: null } };
    const text = derivationText(dense, style);
    expect(text).toContain('as matrices: δ⁽ᵏ⁻¹⁾ = (W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)');
    expect(text).not.toMatch(/in (columns|rows|vectors):|In columns/);
    expect(derivationJson(dense, style).steps.flatMap((s) => s.layouts ?? []).map((l) => l.name)).toContain('as matrices');
    expect(derivationJson(dense).steps.flatMap((s) => s.layouts ?? [])).toEqual([]);
  });
  test('the article\'s own style is what is written without one', () => {
    const style: WritingStyle = { convention: articleConvention };
    expect(derivationText(dense, style)).toBe(derivationText(dense));
    expect(derivationMarkdown(dense, style)).toBe(derivationMarkdown(dense));
    expect(derivationLatex(dense, style)).toBe(derivationLatex(dense));
  });
  test('JSON has the names of the text in its sentences', () => {
    const json = derivationJson(dense, { convention: bare });
    expect(json.sections.map((s) => s.title)).toContain('Layer L and layer L-1 as chains');
    expect(json.steps.map((s) => s.title)).toContain('The gradient by W^(l)');
    expect(json.steps.flatMap((s) => s.remarks).join(' ')).not.toMatch(/\^\(k|\bN\b/);
  });
  test('a network whose layers have numbers', () => {
    const network = deriveNetwork(readNetwork(read('networks/softmax.yaml'), shippedLibrary));
    expect(derivationText(network, { convention: { ...bare, functions: 'each' } })).toMatch(/a.¹ := /u);
  });
  test('ranges of layers are layers', () => {
    expect(dense.steps.find((s) => s.section === 'recursion')?.layers).toEqual({ from: layerNumber(2), to: layerN() });
  });
});
