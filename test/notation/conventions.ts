// Conventions of texts for tests, and all that can be put together.

import fc from 'fast-check';
import { articleConvention, type Convention, type LayerMark } from '../../src/notation/convention.ts';

const mark = (kind: LayerMark['kind'], brackets: '()' | '[]' | '', letter: string, last: string): LayerMark =>
  ({ kind, open: brackets.charAt(0), close: brackets.charAt(1), letter, last });

export const bare: Convention = {
  ...articleConvention, total: 'C', layer: mark('superscript', '', 'l', 'L'), functions: 'one', letters: { ...articleConvention.letters, units: ['j', 'k'] },
};
export const square: Convention = {
  ...articleConvention, total: 'J', signal: { a: null, z: null }, layer: mark('superscript', '[]', 'l', 'L'), derivative: 'd', elementwise: '*', dot: false,
};
export const below: Convention = {
  ...articleConvention, total: 'J', signal: { a: null, z: null }, layer: mark('subscript', '', 'ell', 'H'), derivative: 'nabla', elementwise: '∘', transpose: '⊤',
  bold: true,
};
export const unmarked: Convention = { ...articleConvention, layer: mark('none', '', 'k', 'N'), derivative: 'bar', signal: { a: 'g', z: 'e' }, transpose: "'" };

export const anyConvention: fc.Arbitrary<Convention> = fc.record({
  total: fc.constantFrom('E', 'C', 'J', 'L'),
  signal: fc.record({ a: fc.constantFrom('delta', 'g', null), z: fc.constantFrom('zeta', 'epsilon', '', null) }),
  layer: fc.tuple(
    fc.constantFrom('superscript' as const, 'superscript' as const, 'subscript' as const, 'none' as const), fc.constantFrom('()' as const, '[]' as const, '' as const),
    fc.constantFrom('k', 'l', 'ell', 'n'), fc.constantFrom('N', 'L', 'K', 'H'),
  ).map(([kind, brackets, letter, last]) => mark(kind, kind === 'none' ? '' : brackets, letter, last)),
  elementwise: fc.constantFrom('⊙' as const, '∘' as const, '*' as const),
  dot: fc.constantFrom(true, false, null),
  transpose: fc.constantFrom('T' as const, '⊤' as const, "'" as const),
  derivative: fc.constantFrom('partial' as const, 'nabla' as const, 'd' as const, 'bar' as const),
  functions: fc.constantFrom('each' as const, 'one' as const),
  bold: fc.boolean(),
  letters: fc.record({ units: fc.constantFrom([], ['j', 'k'], ['i', 'j', 'k'], ['k', 'i']), sample: fc.constantFrom([], ['m'], ['n']) })
    .map(({ units, sample }) => ({ ...articleConvention.letters, ...(units.length === 0 ? {} : { units }), ...(sample[0] === undefined ? {} : { sample: [sample[0]] as const }) })),
  accents: fc.constant(articleConvention.accents),
});
