// Different formulas never look the same, whatever the convention: of small formulas that are likely to, and of derivations.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { index, integer, size } from '../../src/algebra/affine.ts';
import { tensor, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { type Layer, layerK, layerN, layerNumber } from '../../src/algebra/layer.ts';
import type { Derivation, Formula } from '../../src/derive/derivation.ts';
import { deriveLayer, deriveNetwork } from '../../src/derive/derive.ts';
import { affineBox } from '../../src/notation/affine-box.ts';
import { type Box, integerOf, type Letter, letterOf, times } from '../../src/notation/box.ts';
import type { Convention } from '../../src/notation/convention.ts';
import { formulaBoxes } from '../../src/notation/formula.ts';
import { inColumns, inRows } from '../../src/notation/matrix-layout.ts';
import { type Notation, type NotationOptions, notationOf } from '../../src/notation/notation.ts';
import { printLatex } from '../../src/notation/print-latex.ts';
import { indexStyle, printUnicode } from '../../src/notation/print-unicode.ts';
import { tensorBox } from '../../src/notation/symbols.ts';
import { elementaryBox, slotLetter } from '../../src/notation/typeset.ts';
import { vectorBoxes } from '../../src/notation/vector-box.ts';
import { vectorOf } from '../../src/report/whole-forms.ts';
import { notationFor } from '../../src/notation/derivation-options.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Declaration } from '../../src/spec/network.ts';
import { readLayer, readNetwork } from '../../src/spec/read.ts';
import { anyConvention, bare, below, square, unmarked } from './conventions.ts';

/** What a formula says, however it is set: without what shows in fonts alone, or not at all, and products and sums in one level. */
function meaning(box: Box, convention: Convention): unknown {
  const of = (b: Box): unknown => meaning(b, convention);
  switch (box.kind) {
    case 'letter': return ['letter', box.name, convention.layer.kind === 'none' ? null : box.layer, box.indices.map(of), box.primes, box.transposed, box.derivative];
    case 'group': case 'brace': return of(box.body);
    case 'transpose': {
      const body = of(box.body);
      // Both ways to say it.
      return box.body.kind === 'letter' && !box.body.transposed ? of({ ...box.body, transposed: true }) : ['transpose', body];
    }
    case 'times': return ['times', box.sign === 'odot' ? 'odot' : 'times', ...box.factors.flatMap((f) => {
      const inner = f.kind === 'group' ? f.body : f;
      return inner.kind === 'times' && (inner.sign === 'odot') === (box.sign === 'odot') ? (of(inner) as unknown[]).slice(2) : [of(inner)];
    })];
    case 'elementary': return ['elementary', box.name, box.power, of(box.argument)];
    case 'integer': case 'decimal': case 'plus': case 'fraction': case 'power': case 'root': case 'apply': case 'over': case 'bracket': case 'cases':
    case 'partial': case 'nabla': case 'diag': case 'ones': case 'norm': case 'absolute': case 'einsum': case 'identity': case 'vec': case 'shaped':
      return Object.entries(box).map(([key, value]) => [key, inside(value, convention)]);
  }
}

function inside(value: unknown, convention: Convention): unknown {
  if (Array.isArray(value)) return value.map((v) => inside(v, convention));
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && typeof value.kind === 'string' && isBoxKind(value.kind)) return meaning(value as Box, convention);
  return Object.entries(value).map(([key, v]) => [key, inside(v, convention)]);
}

const isBoxKind = (kind: string): boolean => !['compare', 'between', 'and', 'or', 'not', 'size', 'index'].includes(kind);

const text = (value: unknown): string => JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? `${String(v)}n` : v));

/** LaTeX as an engine sees it: spaces end a command and do nothing else. */
const tokens = (tex: string): string => (tex.match(/\\[a-zA-Z]+|\S/g) ?? []).join(' ');

function expectDistinct(boxes: readonly Box[], convention: Convention): void {
  for (const [how, write] of [
    ['LaTeX', (b: Box) => tokens(printLatex(b, convention))],
    ['Unicode', (b: Box) => { const style = indexStyle([b], convention); return `${style} ${printUnicode(b, convention, style)}`; }],
  ] as const) {
    const seen = new Map<string, string>();
    for (const box of boxes) {
      const [written, means] = [write(box), text(meaning(box, convention))];
      const before = seen.get(written) ?? means;
      expect(means, `${how} ${written} under ${text(convention)}`).toBe(before);
      seen.set(written, means);
    }
  }
}

const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const layers: readonly (Layer | null)[] = [null, layerNumber(1), layerNumber(2), layerNumber(12), layerK(), layerK(1), layerK(-1), layerN(), layerN(-1)];
/** Names that run together, and how many axes each has; `x` is the input, too. */
const ranks: readonly (readonly [string, number])[] = [
  ['W', 2], ['w', 1], ['x', 1], ['Wx', 1], ['W_x', 1], ['x_tilde', 1], ['x_bar', 1], ['e', 0], ['theta', 2], ['u', 0], ['delta', 1], ['T', 1],
];
const withoutLayer = new Set(['x', 'Wx', 'u', 'T']);
const onlyWithoutLayer = new Set(['Wx', 'u', 'T']);

const tensors: readonly { readonly of: Tensor; readonly rank: number }[] = ranks.flatMap(([name, rank]) =>
  layers.filter((l) => (l === null ? withoutLayer.has(name) : !onlyWithoutLayer.has(name))).map((l) => ({ of: tensor(name, l), rank })));

const system = {
  declarations: new Map(tensors.map(({ of, rank }): [string, Declaration] => [tensorKey(of), {
    tensor: of, axes: Array.from({ length: rank }, (_, n) => ({ index: 'ij'.charAt(n), range: { lo: integer(1), hi: size('m') } })), role: 'variable', perSample: true, place,
  }])),
  equations: [],
};

/** Entries, whole tensors, derivatives, powers, transposes, functions, and products of two. */
function likely(notation: Notation): readonly Box[] {
  const at = [integer(1), integer(2), index('i'), index('j'), { ...index('i'), constant: 1 }].map((a) => affineBox(a));
  const indexed = (rank: number): readonly (readonly Box[])[] => (rank === 0 ? [[]] : indexed(rank - 1).flatMap((before) => at.map((a) => [...before, a])));
  const box = (of: Tensor, adjoint: boolean, indices: readonly Box[], rank: number, transposed = false): Box =>
    tensorBox({ tensor: of, adjoint, indices, transposed, whole: indices.length < rank }, notation);
  const entries = tensors.flatMap(({ of, rank }) => indexed(rank).flatMap((indices) => [box(of, false, indices, rank), box(of, true, indices, rank)]));
  const wholes = tensors.filter(({ rank }) => rank > 0).flatMap(({ of, rank }) => [
    box(of, false, [], rank), box(of, false, [], rank, true), box(of, true, [], rank), box(of, true, [], rank, true)]);
  const few = [...entries.filter((_, n) => n % 7 === 0), ...wholes];
  const power = (base: Box, n: number, elementwise = false): Box => ({ kind: 'power', base, exponent: integerOf(n), elementwise });
  const applied = layers.flatMap((layer) => [0, 1, 2].flatMap((order): Box[] => {
    const call: Box = { kind: 'apply', fn: slotLetter({ name: 'h', layer, order }, notation), argument: letterOf('u') };
    return [call, power(call, 2)];
  }));
  const pairs = few.filter((_, n) => n % 11 === 0).flatMap((left) => few.filter((_, n) => n % 17 === 0).flatMap((right) => [
    times([left, right], 'space'), times([left, right], 'odot')]));
  return [
    ...entries, ...wholes, ...applied, ...pairs, ...few.flatMap((b) => [power(b, 1), power(b, 2), power(b, 12), power(b, 2, true)].slice(1)),
    ...[1, 2].map((n) => elementaryBox('exp', integerOf(n), notation)), elementaryBox('exp', letterOf('u'), notation),
    ...wholes.filter((b): b is Letter => b.kind === 'letter').map((b): Box => ({ kind: 'transpose', body: { ...b, transposed: false } })),
  ];
}

/** Without a convention that gives two things one name: that is refused when a notation is read. */
const isSound = (c: Convention): boolean => {
  const letters = [c.total, c.layer.letter, c.layer.last, c.signal.a, c.signal.z, ...(c.letters.sample ?? [])].filter((l) => l !== null && l !== '');
  return new Set(letters).size === letters.length;
};

describe('different formulas look different', () => {
  test('small ones with names, numbers and marks that run together', () => {
    fc.assert(fc.property(anyConvention.filter(isSound), (convention) => {
      // delta and e are symbols of signals in some conventions; here they are tensors.
      const options: NotationOptions = { convention: { ...convention, signal: { a: null, z: null } }, system };
      expectDistinct(likely(notationOf(options)), convention);
    }), { numRuns: 25, seed: 4, endOnFailure: true, examples: [bare, square, { ...below, bold: false }, unmarked].map((c) => [c]) });
  });

  const read = (file: string): { file: string; text: string } => ({ file, text: readFileSync(`specs/${file}`, 'utf8') });
  const layer = (name: string, signal: 'a' | 'z' = 'a'): Derivation => deriveLayer(readLayer(read(`layers/${name}.yaml`), shippedLibrary), { signal });
  const derivations: readonly Derivation[] = [
    layer('dense'), layer('dense', 'z'), layer('dense-augmented'), layer('elman'), layer('softmax'), layer('maxout'), layer('attention'), layer('conv1d'),
    deriveNetwork(readNetwork(read('networks/article.yaml'), shippedLibrary)),
  ];

  test('all formulas of derivations', () => {
    fc.assert(fc.property(anyConvention.filter((c) => isSound(c) && c.layer.kind !== 'none'), (convention) => {
      for (const derivation of derivations) {
        const notation = notationOf({ ...notationFor(derivation), convention });
        const formulas: readonly Formula[] = derivation.steps.flatMap((s) => [s.left, ...s.right.map((r) => r.formula)]);
        const forms = derivation.steps.flatMap((s) => [inColumns, inRows].map((l) => vectorOf(s, derivation, l))).filter((f) => f !== null)
          .flatMap((f) => { const { left, right } = vectorBoxes(f, notation); return [left, right]; });
        expectDistinct([...formulas.flatMap((f) => formulaBoxes([f], notation)), ...forms], convention);
      }
    }), { numRuns: 8, seed: 5, endOnFailure: true });
  }, 60_000);
});
