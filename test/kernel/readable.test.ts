// What readers of emitted modules see: formulas above the code that computes them, the places that they come from,
// names that say what a variable holds, and functions called once.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { index } from '../../src/algebra/affine.ts';
import { type Expression, elementary, multiply, negate, number, one, piecewise, symbol, zero } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import { deriveNetwork } from '../../src/derive/derive.ts';
import { openBranches } from '../../src/kernel/branches.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import { newNamer } from '../../src/kernel/names.ts';
import { literal, local, multiplyScalars, type Scalar, type Statement } from '../../src/kernel/program.ts';
import { toScalar } from '../../src/kernel/scalar.ts';
import { newWriter, writeScalar, writeStatements } from '../../src/kernel/write.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import type { Network } from '../../src/spec/network.ts';
import { activations, dense } from './networks.ts';
import { differences, evaluate, largestDifference, load } from './run.ts';

const shipped = readdirSync('specs/networks').filter((file) => file.endsWith('.yaml')).map((file) => `specs/networks/${file}`);
const read = (file: string): Network => readNetwork({ file, text: readFileSync(file, 'utf8') }, shippedLibrary);
const { cube, sigmoid } = activations;
const one1 = emitKernel(dense({ sizes: [1, 1, 1], activations: [cube, sigmoid] }), { form: 'straight-line' }).typescript;

/** The names that the code below each formula assigns to, by the tensor that the formula defines; mere copies have no code. */
function formulas(text: string): readonly { readonly tensor: string; readonly assigned: readonly string[] }[] {
  const found: { tensor: string; assigned: string[] }[] = [];
  for (const line of text.slice(text.indexOf('function run_forward')).split('\n')) {
    const formula = line.includes('.yaml:') ? null : /^\s+\/\/ (\w+)(?:\[[^\]]*\])? = /.exec(line);
    if (formula !== null) found.push({ tensor: formula[1] ?? '', assigned: [] });
    const assigned = /^\s*(?:let |const )?(\w+)(?:\[[^\]]*\]!?)? \+?= /.exec(line);
    if (assigned !== null) found.at(-1)?.assigned.push(assigned[1] ?? '');
  }
  return found.filter((f) => f.assigned.length > 0);
}

/** Whether a name is an entry's, an array's that holds entries, or the sum that becomes E. */
const holds = (name: string, tensor: string): boolean =>
  name === tensor || name.startsWith(`${tensor}_`) || name === 'output' || name === 'gradient' || (tensor === 'E' && name === 'sum');

describe('formulas in straight-line code', () => {
  test.each(shipped)('stand above what computes them: %s', (file) => {
    const { form, typescript } = emitKernel(read(file));
    if (form === 'loops') return;
    const all = formulas(typescript);
    expect(all.length).toBeGreaterThan(5);
    for (const { tensor, assigned } of all) {
      expect(assigned.some((name) => holds(name, tensor)), `${tensor}: ${assigned.join()}`).toBe(true);
    }
  });

  test('stand in the loop over the samples, and what is prepared before it has a name instead', () => {
    const before = one1.slice(one1.indexOf('function run_backward'));
    const prepared = before.slice(0, before.indexOf('for (let s')).split('\n').slice(2).map((l) => l.trim()).filter((l) => l !== '');
    expect(prepared).toEqual(['let E = 0;', 'let d_W_2_1_1 = 0;', 'let d_b_2_1 = 0;', 'let d_W_1_1_1 = 0;', 'let d_b_1_1 = 0;']);
    expect(one1).toContain('const a_1_1 = parameters[0]! * x_1 + parameters[1]!;');
    expect(one1).toMatch(/\n    \/\/ step \d+, by-hand\.yaml:21\n    d_W_2_1_1 \+= delta_2_1 \* z_1_1;/);
    expect(one1).toContain('gradient[2] = d_W_2_1_1;');
  });
});

test.each(shipped)('a formula of a step names the places that the derivation names: %s', (file) => {
  const network = read(file);
  const steps = new Map(deriveNetwork(network).steps.map((s) => [s.number, s]));
  const { typescript } = emitKernel(network);
  const said = [...typescript.matchAll(/^ *\/\/ step (\d+), (.*)$/gm)];
  expect(said.length).toBeGreaterThan(0);
  for (const [, step, words = ''] of said) {
    const places = words.split(', ').filter((w) => /:\d+$/.test(w));
    const sources = steps.get(Number(step))?.sources.map((p) => `${p.file}:${String(p.line)}`) ?? [];
    expect([...places].sort(), `step ${step ?? ''}`).toEqual([...new Set(sources)].sort());
  }
});

test('the header counts in words', () => {
  const header = (text: string): string => text.slice(0, text.indexOf('\n\n'));
  expect(header(one1)).toContain('4 parameters, 1 input, 1 output.');
  expect(header(one1)).toContain('Few parameters: straight-line code');
  expect(header(emitKernel(dense({ sizes: [3, 2], activations: [sigmoid] })).typescript)).toContain('8 parameters, 3 inputs, 2 outputs.');
});

describe('magnitudes and signs', () => {
  const cases = (x: Expression, above: Expression, below: Expression, otherwise: Expression = zero): Expression => piecewise([
    { when: { kind: 'compare', relation: '>', left: x, right: zero }, then: above }, { when: { kind: 'compare', relation: '>', left: zero, right: x }, then: below },
  ], otherwise);
  const u = symbol('u');
  const product = multiply([u, symbol('w')]);
  const code = (e: Expression): string => {
    const named: Expression = { kind: 'affine', value: index('u') };
    const replace = (x: Expression): Expression => JSON.parse(JSON.stringify(x, (_, v: unknown) => (typeof v === 'bigint' ? `${String(v)}n` : v)).replaceAll(JSON.stringify(u), JSON.stringify(named)), (_, v: unknown) =>
      (typeof v === 'string' && /^-?\d+n$/.test(v) ? BigInt(v.slice(0, -1)) : v)) as Expression;
    return writeScalar(toScalar(replace(e), () => local('r')), newWriter('javascript', new Map(), false, newNamer()));
  };

  test('are written as such in formulas', () => {
    expect(plain(cases(u, u, negate(u)))).toBe('|u|');
    expect(plain(cases(product, product, negate(product)))).toBe('|u·w|');
    expect(plain(cases(u, one, number(-1)))).toBe('sgn(u)');
    const nested = cases(u, u, negate(u));
    expect(plain(cases(nested, nested, negate(nested)))).toBe('abs(|u|)');
  });

  test('are calls of Math.abs in code; a sign stays written out, which makes -0 and 0 the same', () => {
    expect(code(cases(u, u, negate(u)))).toBe('Math.abs(u)');
    expect(code(cases(u, one, number(-1)))).toBe('u > 0 ? 1 : u < 0 ? -1 : 0');
  });

  test('are nothing else', () => {
    for (const e of [cases(u, u, u), cases(u, negate(u), u), cases(u, u, negate(u), one), cases(u, one, one), cases(u, number(2), number(-1)), cases(u, u, number(-1))]) {
      expect(plain(e)).toContain(' > 0 ? ');
      expect(code(e)).toContain(' ? ');
    }
  });
});

describe('branches', () => {
  const [x, v]: readonly [Scalar, Scalar] = [local('x'), { kind: 'load', buffer: 'b', at: { terms: [], constant: 0 } }];
  const exp = (argument: Scalar): Scalar => ({ kind: 'math', name: 'exp', arguments: [argument] });
  const choice = (then: Scalar, otherwise: Scalar): Scalar =>
    ({ kind: 'select', test: { kind: 'compare', relation: '>', left: x, right: literal(0) }, then, otherwise });
  const text = (statements: readonly Statement[]): string =>
    writeStatements(openBranches(statements, newNamer()), '', newWriter('javascript', new Map(), false, newNamer())).map((l) => l.trim()).join(' ');
  const store = (value: Scalar): Statement => ({ kind: 'store', buffer: 'y', at: { terms: [], constant: 0 }, operator: '=', value });
  const twice = multiplyScalars([exp(v), exp(v)]);

  test('in which a function is called twice get room for a name', () => {
    expect(text([store(choice(twice, exp(v)))])).toBe('if (x > 0) { const v = Math.exp(b[0]); y[0] = v * v; } else { y[0] = Math.exp(b[0]); }');
    expect(text([store(multiplyScalars([x, choice(exp(v), twice)]))]))
      .toBe('let value = 0; if (x > 0) { value = Math.exp(b[0]); } else { const v = Math.exp(b[0]); value = v * v; } y[0] = x * value;');
    expect(text([{ kind: 'let', name: 'z_1', mutable: false, value: choice(twice, x) }]))
      .toBe('let z_1 = 0; if (x > 0) { const v = Math.exp(b[0]); z_1 = v * v; } else { z_1 = x; }');
  });

  test('inside branches, too', () => {
    expect(text([store(choice(choice(x, twice), x))]))
      .toBe('if (x > 0) { if (x > 0) { y[0] = x; } else { const v = Math.exp(b[0]); y[0] = v * v; } } else { y[0] = x; }');
  });

  test('stay choices where each function is called once, or the repeated part is cheap', () => {
    const cheap = multiplyScalars([{ kind: 'multiply', factors: [x, v] }, { kind: 'multiply', factors: [x, v] }]);
    for (const e of [choice(exp(v), exp(x)), choice(cheap, x), choice(choice(exp(v), x), exp(v))]) expect(text([store(e)])).not.toContain('if');
  });

  const stable: Expression = piecewise([{
    when: { kind: 'compare', relation: '>', left: symbol('u'), right: zero },
    then: multiply([elementary('tanh', elementary('exp', negate(symbol('u')))), elementary('exp', negate(symbol('u')))]),
  }], elementary('exp', symbol('u')));

  test.each(['loops', 'straight-line'] as const)('compute what they computed, in the form %s', async (form) => {
    const sketch = dense({ sizes: [3, 4, 2], activations: [{ ...sigmoid, name: 'stable', body: stable }, sigmoid] });
    const { javascript } = emitKernel(sketch, { form });
    expect(javascript).toContain('} else {');
    const { kernel, gradient } = evaluate(await load(javascript), 3, 5);
    expect(largestDifference(gradient, differences(kernel))).toBeLessThan(1e-8);
  });

  test('of softplus′ call exp once each', () => {
    const { typescript } = emitKernel(read('specs/networks/digits.yaml'));
    const routine = typescript.slice(typescript.indexOf('function backward_a_2('));
    const body = routine.slice(0, routine.indexOf('\n}'));
    expect(body.match(/Math\.exp\(/g)?.length).toBe(2);
  });
});
