// Diagnostics as values, and as people read them.

import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { DiagnosticError, type Place } from '../../src/diagnostics/diagnostic.ts';
import { renderDiagnostic, renderDiagnostics } from '../../src/diagnostics/frame.ts';
import { diagnostic, newReport, throwErrors } from '../../src/diagnostics/report.ts';
import { editDistance, listed, nearest } from '../../src/diagnostics/suggest.ts';

const place = (line: number, column: number, endColumn: number, file = 'net.yaml'): Place => ({ file, line, column, endLine: line, endColumn });
const text = 'network: example\ninput: 3\nlayers:\n  - 4 tahn\nloss: absolute\n';

test('codes are words joined by hyphens, and stable', () => {
  for (const code of Object.keys(catalogue)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test('a diagnostic shows the place, the lines around it, and what would be right', () => {
  const d = diagnostic('unknown-spec', place(4, 7, 11), { name: 'tahn', kind: 'activation', suggestion: 'tanh', known: ['tanh'] });
  expect(renderDiagnostic(d, new Map([['net.yaml', text]]))).toBe([
    'net.yaml:4:7: error[unknown-spec]: there is no activation `tahn`',
    '  2 | input: 3',
    '  3 | layers:',
    '> 4 |   - 4 tahn',
    '    |       ^^^^',
    '  5 | loss: absolute',
    '  6 |',
    "help: Did you mean `tanh`? Your own stands under `define` in the network's file.",
  ].join('\n'));
});

test('without its text, or in a file of endless lines, only the place is shown', () => {
  const d = diagnostic('yaml-tab', place(1, 2, 3), null);
  const plain = 'net.yaml:1:2: error[yaml-tab]: a tab indents this line\nhelp: YAML is indented by spaces: replace the tab by spaces.';
  expect(renderDiagnostic(d, new Map())).toBe(plain);
  expect(renderDiagnostic(d, new Map([['net.yaml', 'x'.repeat(10_000)]]))).toBe(plain);
  expect(renderDiagnostic({ ...d, place: null }, new Map())).toBe(plain.replace('net.yaml:1:2: ', ''));
});

test('colours are there when they are asked for', () => {
  const d = diagnostic('yaml-tab', place(1, 2, 3), null);
  expect(renderDiagnostic(d, new Map())).not.toContain('\u001b');
  expect(renderDiagnostic(d, new Map(), { color: true })).toContain('\u001b[31merror[yaml-tab]\u001b[0m');
});

test('several are counted', () => {
  const error = diagnostic('yaml-tab', place(1, 2, 3), null);
  const warning = diagnostic('unused-parameter', place(2, 2, 3), { name: 'b' });
  expect(renderDiagnostics([error, warning, error], new Map()).split('\n').at(-1)).toBe('2 errors, 1 warning');
});

test('a report holds each diagnostic once, in the order of the file, and throws when there are errors', () => {
  const report = newReport();
  report.add('unused-parameter', place(9, 1, 2), { name: 'b' });
  expect(() => throwErrors(report)).not.toThrow();
  for (const line of [7, 3, 7]) report.add('yaml-tab', place(line, 1, 2), null);
  expect(report.all().map((d) => d.place?.line)).toEqual([3, 7, 9]);
  expect(() => throwErrors(report)).toThrow(DiagnosticError);
});

test('what a file holds cannot command the terminal', () => {
  const d = diagnostic('not-allowed', null, { text: '\u001b[2J\u0007\u202e\n' });
  expect(d.message).toBe('`\\u{1b}[2J\\u{7}\\u{202e} ` is no part of the formula language');
});

describe('suggestions', () => {
  test.each([['wieghts', 'weights'], ['tahn', 'tanh'], ['dence', 'dense'], ['UNITS', 'units'], ['ex', 'exp'], ['A', 'a']])('%s: did you mean %s?', (word, meant) => {
    expect(nearest(word, ['weights', 'tanh', 'dense', 'units', 'exp', 'a', 'b'])).toBe(meant);
  });

  test.each(['c', 'zebra', 'x1y2z3', ''])('%s: nothing is near', (word) => {
    expect(nearest(word, ['weights', 'tanh', 'dense', 'units', 'a', 'b'])).toBeNull();
  });

  test('the distance counts insertions, deletions, replacements and swaps', () => {
    expect([editDistance('', 'abc'), editDistance('abc', 'acb'), editDistance('kitten', 'sitting'), editDistance('same', 'same')]).toEqual([3, 1, 3, 0]);
  });

  test('lists read as sentences, and end', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'and')]).toEqual(['nothing', '`a`', '`a` or `b`', '`a`, `b` and `c`']);
    expect(listed(Array.from({ length: 99 }, (_, n) => `n${n}`))).toMatch(/, …$/);
  });
});
