import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { index, integer, size } from '../../src/algebra/affine.ts';
import { add, adjoint, type Expression, multiply, ref, sum, tensor } from '../../src/algebra/expression.ts';
import { layerK, layerNumber } from '../../src/algebra/layer.ts';
import type { Step } from '../../src/derive/derivation.ts';
import { articleConvention, type Convention } from '../../src/notation/convention.ts';
import type { NotationOptions, UnitsOf } from '../../src/notation/notation.ts';
import { unicode, unicodeStep } from '../../src/notation/unicode.ts';
import * as article from './article.ts';
import { anyConvention, bare } from './conventions.ts';
import { read } from './reader.ts';
import { evaluate } from './values.ts';

const { a, aBelow, b, i, inputs, j, k, samples, units, W, zBelow } = article;
const signals = { signals: [a, aBelow, article.aTop] };
/** m^(k) counts the units of layer k, n^(k) those of the layer below. */
const unitsOf: UnitsOf = (_name, range) => {
  const [term] = range?.hi.terms ?? [];
  if (term?.symbol.kind !== 'size' || term.symbol.layer === null) return null;
  return term.symbol.name === 'm' ? term.symbol.layer : term.symbol.name === 'n' ? { ...term.symbol.layer, offset: term.symbol.layer.offset - 1 } : null;
};
const step = (left: Expression, right: Expression, axes: Step['axes'], layers: Step['layers'] = null): Step => ({
  number: 1, section: 'gradients', role: 'result', rule: '', title: '', left: { kind: 'expression', value: left }, relation: '=',
  right: [{ formula: { kind: 'expression', value: right }, rule: '' }], axes, layers, sources: [], remarks: [], verified: 'normal-form',
});
const shown = (s: Step, options: NotationOptions): string => {
  const written = unicodeStep(s, options);
  return `${written.left} = ${written.right.map((r) => r.text).join(' = ')}, ${written.condition}`;
};
const withLetters = (letters: Partial<Convention['letters']>): NotationOptions =>
  ({ ...signals, unitsOf, convention: { ...bare, letters: { ...articleConvention.letters, ...letters } } });

describe('letters for units', () => {
  const jk = withLetters({ units: ['j', 'k'] });
  test('the left side takes the first ones in its order, sums the next', () => {
    expect(shown(step(ref(a, [i]), article.preActivation, [{ index: 'i', range: units }]), jk)).toBe('aⱼˡ = Σₖ Wⱼₖˡ zₖˡ⁻¹ + bⱼˡ, ∀ j');
    expect(shown(step(adjoint(aBelow, [j]), article.recursion, [{ index: 'j', range: inputs }]), jk)).toBe('δⱼˡ⁻¹ = (Σₖ δₖˡ Wₖⱼˡ) · h′(aⱼˡ⁻¹), ∀ j');
  });
  test('in the order of the left side, not of its axes', () => {
    const turned = step(adjoint(W, [j, i]), article.weightGradient, [{ index: 'i', range: units }, { index: 'j', range: inputs }]);
    expect(shown(turned, jk)).toBe('∂C/∂Wⱼₖˡ = δₖˡ · zⱼˡ⁻¹, ∀ k, j');
  });
  test('letters of their own for layers with numbers; a second index of one layer takes the next', () => {
    const [W2, z1] = [tensor('v', layerNumber(2)), tensor('b', layerNumber(1))];
    const [upper, lower] = [{ lo: integer(1), hi: size('m', layerNumber(2)) }, { lo: integer(1), hi: size('n', layerNumber(2)) }];
    const options = withLetters({ layers: ['i', 'h', 'j'], units: ['p', 'q'] });
    expect(shown(step(ref(tensor('a', layerNumber(2)), [i]), sum('j', lower, multiply([ref(W2, [i, j]), ref(z1, [j])])), [{ index: 'i', range: upper }]), options))
      .toBe('aⱼ² = Σₕ vⱼₕ² bₕ¹, ∀ j');
    const twice = sum('j', lower, sum('j#2', lower, multiply([ref(z1, [j]), ref(z1, [index('j#2')])])));
    expect(unicode(twice, { ...options, convention: { ...options.convention!, layer: articleConvention.layer } })).toBe('Σₕ Σₚ bₕ⁽¹⁾ bₚ⁽¹⁾');
  });
  test('an index whose axis is declared is known without a step', () => {
    const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
    const system: NonNullable<NotationOptions['system']> = { equations: [], declarations: new Map([['W@k', {
      tensor: W, axes: [{ index: 'i', range: units }, { index: 'j', range: inputs }], role: 'parameter', perSample: false, place,
    }]]) };
    expect(unicode(ref(W, [index('r'), index('t')]), { ...jk, system })).toBe('Wⱼₖˡ');
    expect(unicode(ref(W, [index('r'), index('t')]), jk)).toBe('Wᵣₜˡ');
  });
});

describe('letters for samples and layers', () => {
  const summed = sum('s', samples, multiply([adjoint(a, [article.s, i]), ref(zBelow, [article.s, j])]));
  test('the sample letter counts samples and nothing else', () => {
    const options = withLetters({ sample: ['i'] });
    expect(shown(step(adjoint(W, [i, j]), summed, [{ index: 'i', range: units }, { index: 'j', range: inputs }]), { ...options, unitsOf: () => null }))
      .toBe('∂C/∂Wₚⱼˡ = Σᵢ δᵢₚˡ zᵢⱼˡ⁻¹, ∀ p, j');
  });
  test('no index is called as the layers are, where those have letters', () => {
    const named = (name: string, e: Expression): string => unicode(sum(name, { lo: integer(1), hi: size('m') }, e), { convention: { ...bare, letters: articleConvention.letters } });
    expect(named('l', ref(b, [index('l')]))).toBe('Σᵢ bᵢˡ');
    expect(named('l', ref(tensor('b', layerNumber(3)), [index('l')]))).toBe('Σₗ bₗ³');
    expect(shown(step(ref(b, [index('k')]), ref(tensor('c'), [index('k')]), [{ index: 'k', range: { lo: integer(1), hi: size('m') } }], { from: layerNumber(1), to: layerK() }), {}))
      .toBe('bᵢ⁽ᵏ⁾ = cᵢ, ∀ i, ∀ k = 1..k');
  });
  test('who gives up the own letter takes nobody else\'s', () => {
    expect(unicode(sum('k', units, multiply([ref(tensor('V', k), [i, index('k')]), ref(b, [index('k')])])))).toBe('Σⱼ Vᵢⱼ⁽ᵏ⁾ bⱼ⁽ᵏ⁾');
    expect(unicode(sum('k', units, sum('j', units, ref(tensor('V', k), [i, index('k'), j]))))).toBe('Σₚ Σⱼ Vᵢₚⱼ⁽ᵏ⁾');
  });
  test('nor as a name that stands in the formula', () => {
    expect(unicode(sum('i', units, multiply([ref(tensor('i'), []), ref(b, [i])])))).toBe('Σₚ i bₚ⁽ᵏ⁾');
    expect(unicode(sum('d', units, multiply([adjoint(b, [index('d')]), ref(b, [index('d')])])), { convention: { ...bare, derivative: 'd' } })).toBe('Σᵢ dbᵢˡ bᵢˡ');
  });
});

describe('no letter is captured', () => {
  const names = ['i', 'j', 'i#2', 'j#3', 'k', 'm'] as const;
  const range = { lo: integer(1), hi: integer(3) };
  const z = tensor('z', layerK(-1));
  const leaf = fc.oneof(
    fc.constantFrom(...names).map((n) => ref(z, [index(n)])),
    fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).map(([m, n]) => ref(W, [index(m), index(n)])),
  );
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof({ maxDepth: 5 }, leaf,
      fc.tuple(fc.constantFrom(...names), tie('expression')).map(([n, body]) => sum(n, range, body)),
      fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => multiply([x, y])),
      fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => add([x, y]))),
  }));
  test('by units, samples and layers of any convention', () => {
    fc.assert(fc.property(expression, anyConvention, fc.constantFrom(...[() => null, () => 'some' as const, (n: string) => (n < 'j' ? 'some' as const : null)]), (e, { letters, layer }, unitsOf) => {
      // Written as the article does, but for the letters of indices; closed, so that every index is bound.
      const closed = names.reduce<Expression>((body, n) => sum(n, range, body), e);
      const convention: Convention = { ...articleConvention, letters, layer: { ...articleConvention.layer, letter: layer.letter === 'ell' ? 'k' : layer.letter, last: layer.last } };
      const line = unicode(closed, { convention, unitsOf }).replaceAll(layer.letter === 'k' ? '⁽ᵏ' : `⁽${{ l: 'ˡ', n: 'ⁿ' }[layer.letter] ?? 'ᵏ'}`, '⁽ᵏ');
      expect(read(line)).toBeCloseTo(evaluate(closed, new Map()), 6);
    }), { numRuns: 80, seed: 6 });
  });
});
