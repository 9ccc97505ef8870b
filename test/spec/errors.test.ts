// The error cases of test/cases/errors: each file says in its first lines what is to be reported about it.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue, formulaWords } from '../../src/diagnostics/catalogue.ts';
import { line, readAny } from './read-any.ts';

const folder = 'test/cases/errors';
const cases = readdirSync(folder).map((file) => {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  const expected = [...text.matchAll(/^# expect (.*)$/gm)].map((m) => m[1] ?? '');
  return { file, text, expected };
});

describe('a wrong spec is told everything that is wrong with it, and where', () => {
  test.each(cases)('$file', ({ file, text, expected }) => {
    expect(expected, `${file} says nothing of what is expected`).not.toEqual([]);
    expect(readAny({ file, text }).map((d) => line(d, file))).toEqual(expected);
  });
});

test('every message comes with a help', () => {
  for (const { file, text } of cases) {
    for (const d of readAny({ file, text })) expect(d.help, `${file}: ${d.code}`).toMatch(/^.{8,}[.?]$/);
  }
});

test('the same cases with Windows line ends are told the same', () => {
  for (const { file, text, expected } of cases) {
    const windows = readAny({ file, text: text.replaceAll('\n', '\r\n') });
    expect(windows.map((d) => line(d, file))).toEqual(expected);
  }
});

test('every code of specs and networks has a case', () => {
  const elsewhere = [
    // Tested with the command.
    'bad-usage', 'contradictory-options', 'file-not-found', 'file-unreadable', 'internal-error', 'no-specs', 'not-text', 'not-written', 'same-output',
    'nothing-to-derive', 'unknown-notation',
    // Tested with the evaluation of equations, and with kernels.
    'gather-index-out-of-range',
    // Tested in test/texts.
    ...Object.keys(formulaWords),
    // Tested in hostile.test.ts and read.test.ts.
    'file-too-large', 'too-many-entries', 'too-many-layers', 'wrong-kind', 'yaml-too-deep',
  ];
  // Tested with the notations.
  const isOfNotations = (code: string): boolean => code.startsWith('notation-');
  const shown = new Set(cases.flatMap((c) => c.expected.map((e) => / ?([a-z]+(?:-[a-z]+)*): /.exec(e)?.[1])));
  expect(Object.keys(catalogue).filter((code) => !shown.has(code) && !elsewhere.includes(code) && !isOfNotations(code))).toEqual([]);
});
