// The passes over loop programs, one by one: what each does, and what it must not do.

import { describe, expect, test } from 'vitest';
import { type Affine, index, integer, size } from '../../src/algebra/affine.ts';
import { singleAssignment, tidy } from '../../src/kernel/collapse.ts';
import { zeroFills } from '../../src/kernel/fill.ts';
import { fuseSamples } from '../../src/kernel/fuse.ts';
import { moveInvariants } from '../../src/kernel/motion.ts';
import { newNamer } from '../../src/kernel/names.ts';
import type { Buffer, Scalar, Statement } from '../../src/kernel/program.ts';
import { addScalars, literal, local, multiplyScalars } from '../../src/kernel/program.ts';
import { shareScalars } from '../../src/kernel/share.ts';
import { unroll } from '../../src/kernel/unroll.ts';
import { newWriter, writeStatements } from '../../src/kernel/write.ts';

const load = (buffer: string, at: Affine): Scalar => ({ kind: 'load', buffer, at });
const exp = (argument: Scalar): Scalar => ({ kind: 'math', name: 'exp', arguments: [argument] });
const store = (buffer: string, at: Affine, value: Scalar, operator: '=' | '+=' = '='): Statement => ({ kind: 'store', buffer, at, operator, value });
const loop = (name: string, to: number | Affine, body: readonly Statement[]): Statement => ({
  kind: 'loop', index: name, from: [integer(0)], to: [typeof to === 'number' ? integer(to) : to], descending: false, body,
});
const samples = (body: readonly Statement[]): Statement => loop('s', { ...size('samples'), constant: -1 }, body);
const entry = (name: string, n: number, stride: number): Affine => ({ terms: [{ symbol: { kind: 'index', name }, coefficient: stride }], constant: n });
const buffer = (name: string, entries: number, perSample = true): Buffer => ({ name, kind: 'forward', entries, perSample, within: null });

const text = (statements: readonly Statement[]): string =>
  writeStatements(statements, '', newWriter('javascript', new Map(), false, newNamer())).map((l) => l.trim()).join(' ');

describe('code motion', () => {
  const [i, j, zeroth] = [index('i'), index('j'), integer(0)];

  test('takes out products of what does not change', () => {
    const moved = moveInvariants([loop('j', 3, [store('a', j, multiplyScalars([load('b', zeroth), load('d', j), exp(load('b', i))]))])], newNamer());
    expect(text(moved)).toBe('const c = b[0] * Math.exp(b[i]); for (let j = 0; j < 4; j += 1) { a[j] = c * d[j]; }');
  });

  test('leaves what the loop itself changes', () => {
    const program = [loop('j', 3, [store('a', integer(1), addScalars([exp(load('a', zeroth)), load('b', j)])), store('a', zeroth, load('b', j))])];
    expect(moveInvariants(program, newNamer())).toEqual(program);
    const variable: Statement[] = [loop('j', 3, [{ kind: 'let', name: 'v', mutable: false, value: load('b', j) }, store('a', j, exp(local('v')))])];
    expect(moveInvariants(variable, newNamer())).toEqual(variable);
  });

  test('takes nothing out of a loop that may not run', () => {
    const program = [loop('j', i, [store('a', j, exp(load('b', i)))])];
    expect(moveInvariants(program, newNamer())).toEqual(program);
  });

  test('takes out of a loop over the samples, of which there is one at least', () => {
    expect(text(moveInvariants([samples([store('a', index('s'), exp(load('b', zeroth)))])], newNamer())))
      .toBe('const c = Math.exp(b[0]); for (let s = 0; s < samples; s += 1) { a[s] = c; }');
  });

  test('leaves what a condition guards', () => {
    const guarded: Scalar = { kind: 'select', test: { kind: 'index', relation: '>=', value: j }, then: exp(load('b', zeroth)), otherwise: literal(0) };
    const program = [loop('j', 3, [store('a', j, guarded)])];
    expect(moveInvariants(program, newNamer())).toEqual(program);
  });
});

describe('sharing', () => {
  const [first, second] = [integer(0), integer(1)];

  test('computes once what stands twice', () => {
    const e = exp(load('b', first));
    expect(text(shareScalars([store('a', first, addScalars([e, literal(1)])), store('a', second, multiplyScalars([e, e]))], newNamer())))
      .toBe('const v = Math.exp(b[0]); a[0] = v + 1; a[1] = v * v;');
  });

  test('knows that an entry has another value once it is written', () => {
    const e = exp(load('b', first));
    const program = [store('a', first, e), store('b', first, literal(2)), store('a', second, e)];
    expect(shareScalars(program, newNamer())).toEqual(program);
  });

  test('leaves to a branch what only the branch computes', () => {
    const e = exp(load('b', first));
    const guarded: Scalar = { kind: 'select', test: { kind: 'compare', relation: '>', left: load('b', first), right: literal(0) }, then: multiplyScalars([e, e]), otherwise: literal(0) };
    const program = [store('a', first, guarded)];
    expect(shareScalars(program, newNamer())).toEqual(program);
    expect(text(shareScalars([...program, store('a', second, e)], newNamer())))
      .toBe('const v = Math.exp(b[0]); a[0] = b[0] > 0 ? v * v : 0; a[1] = v;');
  });
});

describe('fusion over the samples', () => {
  const s = (n: number, stride: number): Affine => entry('s', n, stride);
  const buffers = new Map([buffer('a', 2), buffer('b', 2), buffer('m', 1, false)].map((b) => [b.name, b]));

  test('joins loops that meet in their own sample only', () => {
    const program = [samples([store('a', s(0, 2), literal(1))]), samples([store('b', s(1, 2), load('a', s(0, 2)))])];
    expect(fuseSamples(program, buffers).length).toBe(1);
  });

  test('keeps apart what needs a sum over all samples, or another sample', () => {
    const mean = [samples([store('m', integer(0), load('a', s(0, 2)), '+=')]), samples([store('b', s(0, 2), load('m', integer(0)))])];
    expect(fuseSamples(mean, buffers).length).toBe(2);
    const next = [samples([store('a', s(0, 2), literal(1))]), samples([store('b', s(0, 2), load('a', s(2, 2)))])];
    expect(fuseSamples(next, buffers).length).toBe(2);
    const overwritten = [samples([store('b', s(0, 2), load('m', integer(0)))]), store('m', integer(0), literal(3)), samples([store('a', s(0, 2), load('m', integer(0)))])];
    expect(text(fuseSamples(overwritten, buffers))).toMatch(/for .* m\[0\] = 3; for /);
  });

  test('puts first what the loop does not touch', () => {
    const program = [samples([store('a', s(0, 2), literal(1))]), store('m', integer(0), literal(3)), samples([store('b', s(0, 2), load('m', integer(0)))])];
    expect(text(fuseSamples(program, buffers))).toMatch(/^m\[0\] = 3; for \([^)]*\) \{ a\[s \* 2\] = 1; b\[s \* 2\] = m\[0\]; \}$/);
  });
});

describe('single assignment', () => {
  const variable = (name: string): Statement => ({ kind: 'let', name, mutable: true, value: literal(0) });
  const set = (name: string, operator: '=' | '+=', value: Scalar): Statement => ({ kind: 'set', name, operator, value });
  const b = (n: number): Scalar => load('b', integer(n));

  test('adds up where the sum is complete, and gives each value a name', () => {
    const program = [
      variable('v'), set('v', '+=', b(0)), set('v', '+=', b(1)), store('a', integer(0), local('v')), set('v', '=', multiplyScalars([local('v'), b(2)])), store('a', integer(1), local('v')),
    ];
    expect(text(singleAssignment({ statements: program, result: null }, newNamer(), new Set(['v'])).statements))
      .toBe('const part = b[0] + b[1]; a[0] = part; const v = part * b[2]; a[1] = v;');
  });

  test('reads an entry before it is written anew', () => {
    const program = [variable('v'), set('v', '+=', b(0)), store('b', integer(0), literal(9)), set('v', '+=', b(0)), store('a', integer(0), local('v'))];
    expect(text(singleAssignment({ statements: program, result: null }, newNamer(), new Set()).statements))
      .toBe('const then = b[0]; b[0] = 9; const then_2 = b[0]; const v = then + then_2; a[0] = v;');
  });

  test('inlines what is used once, but no name that readers know', () => {
    const constant = (name: string, value: Scalar): Statement => ({ kind: 'let', name, mutable: false, value });
    const program = [constant('c', exp(b(0))), constant('z_1', exp(local('c'))), store('a', integer(0), local('z_1'))];
    expect(text(tidy({ statements: program, result: null }, new Set(['z_1'])).statements))
      .toBe('const z_1 = Math.exp(Math.exp(b[0])); a[0] = z_1;');
  });
});

test('unrolled copies have variables of their own', () => {
  const body: Statement[] = [{ kind: 'let', name: 'v', mutable: false, value: load('b', index('i')) }, store('a', index('i'), local('v'))];
  const namer = newNamer((name) => name === 'v');
  expect(text(unroll([loop('i', 1, body)], namer))).toBe('const v = b[0]; a[0] = v; const v_2 = b[1]; a[1] = v_2;');
});

test('zeros side by side are filled in', () => {
  const at: Affine = { terms: [...entry('i', 0, 8).terms, ...entry('j', 5, 1).terms], constant: 5 };
  expect(text(zeroFills([loop('i', 9, [loop('j', 7, [store('a', at, literal(0))])])]))).toBe('a.fill(0, 5, 85);');
  const apart = [loop('i', 9, [loop('j', 6, [store('a', at, literal(0))])])];
  expect(zeroFills(apart)).toEqual(apart);
});
