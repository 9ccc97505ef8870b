// Inputs and targets by which other tensors are read: each entry is checked before anything is computed with it.

import { tensorKey } from '../algebra/expression.ts';
import type { Network } from '../spec/network.ts';
import { commentText } from './comment.ts';
import { integerRanges } from './integers.ts';
import { tensorName } from './names.ts';
import type { Writing } from './stages.ts';
import { referenceKey } from './storage.ts';
import type { Language } from './write.ts';

/** Entries that must be integers from lo to hi. */
export interface IntegerEntries {
  readonly name: string;
  readonly array: string;
  readonly offset: number;
  /** Entries of the array for each sample. */
  readonly sampleStride: number;
  readonly shape: readonly number[];
  readonly base: readonly number[];
  readonly lo: number;
  readonly hi: number;
  /** Where the spec says so. */
  readonly place: string;
}

export function integerEntries(network: Network, { system, storage }: Writing): readonly IntegerEntries[] {
  const ranges = integerRanges(system);
  return [...network.inputs, ...network.targets].flatMap((tensor): readonly IntegerEntries[] => {
    const range = ranges({ kind: 'ref', tensor, adjoint: false, indices: [] });
    const where = storage.placements.get(referenceKey({ tensor, adjoint: false }));
    const declaration = system.declarations.get(tensorKey(tensor));
    if (range === null || where === undefined || declaration === undefined) return [];
    const { file, line } = declaration.place;
    return [{
      name: tensorName(tensor), array: where.buffer, offset: where.offset, sampleStride: where.strides[0] ?? 0, shape: where.shape,
      base: where.bases.slice(1), ...range, place: `${file}:${String(line)}`,
    }];
  });
}

/** checkIntegers(state). */
export function integerChecks(all: readonly IntegerEntries[], language: Language): readonly string[] {
  const typed = language === 'typescript';
  const arrays = [...new Set(all.map((e) => e.array))];
  return [
    '// Entries that choose others are integers of their range.',
    typed ? 'function checkIntegers(state: State): void {' : 'function checkIntegers(state) {',
    `  const { samples, ${arrays.join(', ')} } = state;`,
    '  for (let s = 0; s < samples; s += 1) {',
    ...all.flatMap((e) => checkText(e, typed).map((line) => `    ${line}`)),
    '  }',
    '}',
  ];
}

function checkText(e: IntegerEntries, typed: boolean): readonly string[] {
  const strides = e.shape.map((_, n) => e.shape.slice(n + 1).reduce((a, b) => a * b, 1));
  const at = [`s * ${String(e.sampleStride)}`, ...strides.map((stride, n) => `i${String(n)} * ${String(stride)}`), String(e.offset)].join(' + ');
  const entry = e.shape.length === 0 ? '' : `[' + ${e.shape.map((_, n) => `(i${String(n)} + ${String(e.base[n] ?? 0)})`).join(" + ', ' + ")} + ']`;
  const word = JSON.stringify(commentText(e.name)).slice(1, -1).replaceAll("'", "\\'");
  const place = JSON.stringify(commentText(e.place)).slice(1, -1).replaceAll("'", "\\'");
  const body = [
    `const value = ${e.array}[${at}]${typed ? '!' : ''};`,
    `if (!(Number.isInteger(value) && value >= ${String(e.lo)} && value <= ${String(e.hi)})) {`,
    `  throw new RangeError('gather-index-out-of-range: ${word}${entry} of sample ' + (s + 1) + ' is ' + value + ', no integer from ${String(e.lo)} to ${String(e.hi)} (${place})');`,
    '}',
  ];
  return e.shape.reduceRight<readonly string[]>((inner, length, n) => {
    const i = `i${String(n)}`;
    return [`for (let ${i} = 0; ${i} < ${String(length)}; ${i} += 1) {`, ...inner.map((line) => `  ${line}`), '}'];
  }, e.shape.length === 0 ? ['{', ...body.map((line) => `  ${line}`), '}'] : body);
}
