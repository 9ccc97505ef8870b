// Files that are made to break a reader: each is refused, or read, in a short time, and nothing of them is run.

import { afterEach, describe, expect, test } from 'vitest';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { readAny } from './read-any.ts';

// A machine that does other things too is slow; what these tests are about takes minutes, or does not end.
const LONGEST = 20_000;

function codesWithin(text: string): readonly string[] {
  const began = performance.now();
  const codes = [...new Set(readAny({ file: 'hostile.yaml', text }).map((d) => d.code))];
  expect(performance.now() - began).toBeLessThan(LONGEST);
  return codes;
}

const activation = (expression: string): string => `activation: example\nargument: a\nexpression: "${expression}"\n`;
const network = (layers: string): string => `network: example\ninput: 3\nlayers:\n${layers}loss: half-squared-error\n`;

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('polluted' in {}).toBe(false);
});

describe('deep and long files', () => {
  test.each<[string, string, readonly string[]]>([
    ['100,000 brackets', `network: ${'['.repeat(100_000)}`, ['yaml-too-deep']],
    ['100,000 brackets with spaces', `network: ${'[ '.repeat(100_000)}`, ['yaml-too-deep']],
    ['100,000 mappings in a line', `network: ${'{a: '.repeat(100_000)}`, ['yaml-too-deep']],
    ['100,000 lists in a line', `network:\n  ${'- '.repeat(100_000)}x`, ['yaml-too-deep']],
    ['1,000 blocks', Array.from({ length: 1_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), ['yaml-too-deep']],
    ['60 blocks', Array.from({ length: 60 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), ['yaml-too-deep']],
    ['brackets over many lines', `network:\n${'[\n'.repeat(100_000)}`, ['yaml-too-deep']],
    ['more than a million characters', `network: ${'x'.repeat(1_000_001)}`, ['file-too-large']],
    ['900,000 characters of one name', `network: ${'x'.repeat(900_000)}`, ['missing-key', 'bad-value']],
    ['100,000 keys', Array.from({ length: 100_000 }, (_, n) => `k${n}: 1`).join('\n'), ['unknown-kind']],
    ['100,000 wrong indents', `network: x\n${' :\n'.repeat(50_000)}`, ['yaml-duplicate-key']],
    ['an anchor within itself', 'network: &a [*a]', ['missing-key', 'wrong-type']],
    ['30,000 layers by name', `network: x\ninputs: { x: 1 }\ninstances:\n${Array.from({ length: 30_000 }, (_, n) => `  k${n}: {layer: a}\n`).join('')}loss: absolute\n`, ['too-many-layers']],
    ['nothing', '', ['unknown-kind']],
    ['nothing but a comment', '# nothing', ['unknown-kind']],
    ['a number', '3', ['unknown-kind']],
    ['zeros', '\u0000\u0000\u0000', ['unknown-kind']],
    ['a merge key', 'a: &a { network: x }\n<<: *a', ['unknown-kind']],
    ['a tag', 'network: !!js/function "x"', ['yaml-syntax']],
    ['a binary', 'network: !!binary "aGk="', ['missing-key', 'wrong-type']],
    ['a key that is a list', '[network, layer]: 3', ['yaml-syntax']],
  ])('%s', (_, text, codes) => {
    const found = codesWithin(text);
    expect(found.length).toBeGreaterThan(0);
    if (codes[0] === 'yaml-syntax') expect(found).toContain('yaml-syntax');
    else expect([...found].sort()).toEqual([...codes].sort());
  });
});

describe('expressions that grow', () => {
  test.each<[string, string, readonly string[]]>([
    ['100 nested absolute values', `${'abs('.repeat(100)}a${')'.repeat(100)}`, ['expression-too-large']],
    ['nested maxima', `${'max(a, '.repeat(90)}a${')'.repeat(90)}`, ['expression-too-large']],
    ['a maximum of 3,000 arguments', `max(${'a, '.repeat(2_999)}a)`, ['expression-too-large']],
    ['3,000 terms', `a${' + a'.repeat(2_000)}`, []],
    ['3,000 differences', `a${' - a'.repeat(2_000)}`, []],
    ['3,000 quotients', `a${' / a'.repeat(2_000)}`, []],
    ['conditions in a row', `(${'a > 0 and '.repeat(800)}a > 0 ? 1 : 2)`, []],
    ['signs', `${'-'.repeat(9_000)}a`, ['expression-too-deep']],
    ['negations', `(${'not '.repeat(2_000)}a > 0 ? 1 : 2)`, ['expression-too-deep']],
    ['towers of powers', `a${'^2'.repeat(3_000)}`, ['expression-too-deep']],
    ['conditionals', `${'a > 0 ? 1 : '.repeat(700)}2`, ['expression-too-deep']],
    ['nested conditionals', `${'a > 0 ? '.repeat(300)}1${' : 2'.repeat(300)}`, ['expression-too-deep']],
    ['a number to a large power', '9^99999999999', ['number-out-of-range']],
    ['powers of powers of numbers', '(((((9^64)^64)^64)^64)^64)^64', ['number-out-of-range']],
    ['a long number', '1'.repeat(5_000), ['number-out-of-range']],
    ['a long fraction', `0.${'1'.repeat(5_000)}`, ['number-out-of-range']],
    ['the largest exponent', '1e400', ['number-out-of-range']],
    ['the smallest number', '1e-400', ['number-out-of-range']],
    ['a long name', 'x'.repeat(9_000), ['second-variable']],
  ])('%s', (_, expression, codes) => {
    expect(codesWithin(activation(expression))).toEqual(codes);
  });

  test('conditions on indices that multiply', () => {
    const guards = Array.from({ length: 40 }, (_, n) => `[i != ${n} or i > ${n + 50}]`).join(' * ');
    expect(codesWithin(`layer: example\naxes: { i: n }\ninput: { x: [n] }\noutput: { z: [n] }\nequations:\n  z[i]: "${guards} * x[i + 1]"\n`))
      .toEqual(['condition-too-complex']);
  });

  test('ranges with many sizes', () => {
    const sizes = Array.from({ length: 30 }, (_, n) => `s${n}`);
    const letters = sizes.map((s, n) => `i${n}: 1..${s}`).join(', ');
    const index = sizes.map((_, n) => `${n + 2} * i${n}`).join(' + ');
    const text = `layer: example\naxes: { ${letters}, t: "1..${sizes.map((s, n) => `${n + 2} * ${s}`).join(' + ')}" }\ninput: { x: [t] }\noutput: { z: [] }\nequations:\n  z: sum(${sizes.map((_, n) => `i${n}`).join(', ')}, x[${index}])\n`;
    expect(codesWithin(text)).toEqual([]);
  });
});

test('a constant that is written with many digits is refused, as is a size', () => {
  expect(codesWithin(`activation: example\nargument: a\nconstants: { c: 0.${'3'.repeat(400)} }\nexpression: a\n`)).toEqual(['not-decimal']);
  expect(codesWithin(network(`  - ${'9'.repeat(400)} tanh\n`))).toEqual(['bad-size']);
});

describe('names that are no names', () => {
  test.each(['__proto__', 'constructor', 'toString', 'a*/b', 'a\\nb', 'a b', '', '3', 'a-b', '$', '`', '${1}', 'a.b', 'é', 'x'.repeat(41), '\\u2028', 'ªª\\u200d'])('%s', (name) => {
    const text = `layer: example\naxes: { i: n }\ninput: { x: [n], "${name}": [n] }\noutput: { z: [n] }\nequations:\n  z[i]: x[i]\n`;
    if (name === 'é') expect(codesWithin(text)).toEqual(['unused-tensor']);
    else expect(codesWithin(text)).toContain('bad-name');
  });
});

test('control characters and texts without end do not get into messages', () => {
  const text = `activation: example\nargument: a\nexpression: "a + \\u001b[31m \\u202e ${'q'.repeat(4_000)}"\n`;
  for (const d of readAny({ file: 'f', text })) {
    expect(d.message).not.toMatch(/[\u001b\u202e]/);
    expect(d.message.length).toBeLessThan(700);
  }
});

test('aliases within reason are what they stand for', () => {
  const text = `network: &n example\ninput: &three 3\nlayers:\n  - &layer { layer: dense, units: *three, h: &h tanh }\n  - *layer\n  - { layer: dense, units: *three, h: *h }\nloss: absolute\n`;
  const { system } = readNetwork({ file: 'f', text }, shippedLibrary);
  expect([...system.sizes.values()]).toEqual([3, 3, 3, 3]);
});

test('time and memory grow with the number of layers, not faster', () => {
  const time = (layers: number, text: string): number => {
    const began = performance.now();
    expect(readNetwork({ file: 'f', text }, shippedLibrary).system.instances).toHaveLength(layers);
    return performance.now() - began;
  };
  expect(time(4_000, network('  - 3 tanh\n'.repeat(4_000)))).toBeLessThan(LONGEST);
  // The last one first: each layer waits for all that come after it in the file.
  const chain = Array.from({ length: 4_000 }, (_, n) => `  k${n}: { layer: dense, units: 3, h: tanh, in: ${n === 3_999 ? 'x' : `k${n + 1}`} }\n`);
  expect(time(4_000, `network: example\ninputs: { x: 3 }\ninstances:\n${chain.join('')}loss: absolute\n`)).toBeLessThan(LONGEST);
});
