import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { bundle, type Command, root, tiny, workspace } from './command.ts';

let command: Command;
const opened: { remove(): void }[] = [];
beforeAll(async () => {
  command = await bundle();
});
afterAll(() => {
  command.remove();
  for (const folder of opened) folder.remove();
});

const inFolder = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = workspace(files);
  opened.push(folder);
  return folder.path;
};
const dense = 'specs/layers/dense.yaml';
const xor = 'specs/networks/xor.yaml';

describe('help', () => {
  test('--version and --help end with status 0', () => {
    expect(command.run(['--version'])).toMatchObject({ status: 0, out: `${manifest.version}\n`, err: '' });
    const help = command.run(['--help']);
    expect(help).toMatchObject({ status: 0, err: '' });
    for (const word of ['derive', 'emit', 'check', 'Examples:', 'Exit status: 0 all hold, 1 something does not, 2 bad input.']) expect(help.out).toContain(word);
  });
  test.each(['derive', 'emit', 'check'])('%s --help has examples', (name) => {
    const { out } = command.run([name, '--help']);
    expect(out).toMatch(new RegExp(`Examples:\n  backproof ${name} `));
    expect(Math.max(...out.split('\n').map((l) => l.length))).toBeLessThanOrEqual(80);
  });
});

describe('derive', () => {
  test('the recursion of layer k, with no network', () => {
    const { status, out } = command.run(['derive', dense]);
    expect(status).toBe(0);
    expect(out).toContain('= (Σᵢ δᵢ⁽ᵏ⁾ Wᵢⱼ⁽ᵏ⁾) · h⁽ᵏ⁻¹⁾′(aⱼ⁽ᵏ⁻¹⁾)');
    expect(out).toContain('δ⁽ᵏ⁻¹⁾ = δ⁽ᵏ⁾ · W⁽ᵏ⁾ · diag{h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)}');
  });
  test('--signal z: the alternative', () => {
    expect(command.run(['derive', dense, '--signal', 'z']).out).toContain('= Σᵢ ζᵢ⁽ᵏ⁾ h⁽ᵏ⁾′(aᵢ⁽ᵏ⁾) Wᵢⱼ⁽ᵏ⁾');
  });
  test('--bias augmented on a network', () => {
    expect(command.run(['derive', xor, '--bias', 'augmented']).out).toContain('∂E/∂W̃ᵢⱼ⁽ᵏ⁾');
  });
  test('--format json is an object for one file, an array for several', () => {
    expect(JSON.parse(command.run(['derive', dense, '--format', 'json']).out)).toMatchObject({ format: 'backproof derivation', name: 'dense' });
    expect(JSON.parse(command.run(['derive', dense, xor, '--format', 'json']).out)).toMatchObject([{ name: 'dense' }, { name: 'xor' }]);
  });
  test('-o writes files, one or several', () => {
    const folder = inFolder({});
    expect(command.run(['derive', dense, '--format', 'latex', '-o', join(folder, 'a/dense.tex')])).toMatchObject({ status: 0, out: '', err: '' });
    expect(readFileSync(join(folder, 'a/dense.tex'), 'utf8')).toMatch(/^\\documentclass/);
    expect(command.run(['derive', dense, xor, '--format', 'markdown', '-o', join(folder, 'all')]).status).toBe(0);
    expect(readdirSync(join(folder, 'all'))).toEqual(['dense.md', 'xor.md']);
  });
});

describe('emit', () => {
  test('one kernel to the output, as TypeScript or to a file as JavaScript', () => {
    expect(command.run(['emit', xor])).toMatchObject({ status: 0, err: '' });
    const folder = inFolder({});
    expect(command.run(['emit', xor, '-o', join(folder, 'xor.js')]).status).toBe(0);
    expect(readFileSync(join(folder, 'xor.js'), 'utf8')).not.toContain('import type');
  });
  test('several into a folder', () => {
    const folder = inFolder({ 'one.yaml': tiny('one'), 'two.yaml': tiny('two') });
    expect(command.run(['emit', folder, '-o', join(folder, 'out')])).toMatchObject({ status: 0, out: '' });
    expect(readdirSync(join(folder, 'out'))).toEqual(['one.ts', 'two.ts']);
  });
  test('two kernels of one name are refused', () => {
    const folder = inFolder({ 'one.yaml': tiny('same'), 'two.yaml': tiny('same') });
    const { status, err } = command.run(['emit', folder, '-o', join(folder, 'out')]);
    expect(status).toBe(2);
    expect(err).toContain('error[same-output]');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

describe('check', () => {
  test('a line a network, status 0 when all hold', () => {
    const folder = inFolder({ 'one.yaml': tiny('one'), 'two.yaml': tiny('two', 'relu') });
    const { status, out, err } = command.run(['check', folder]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n').filter((l) => /^\S/.test(l))).toEqual([expect.stringMatching(/^✓ one {2}.*differences ✓/), expect.stringMatching(/^✓ two {2}/), 'All 2 hold.']);
  });
  test('the same seed gives the same report, and it is JSON', () => {
    const folder = inFolder({ 'one.yaml': tiny('one') });
    const run = (): unknown => JSON.parse(command.run(['check', join(folder, 'one.yaml'), '--format', 'json', '--seed', '7', '--samples', '2']).out);
    const first = run();
    expect(first).toMatchObject({ reports: [{ network: 'one', seed: 7, samples: 2, holds: true }] });
    expect(run()).toEqual(first);
  });
});

describe('the main job', () => {
  test('derives, emits and checks specs/networks of this folder', () => {
    const folder = inFolder({ 'specs/networks/one.yaml': tiny('one'), 'specs/networks/two.yaml': tiny('two') });
    const { status, out, err } = command.run([], { cwd: folder });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/one +2 +13 +δ sep/);
    expect(Math.max(...out.split('\n').map((l) => l.length))).toBeLessThanOrEqual(100);
    expect(out).toContain('All 2 networks hold');
    expect(out).toContain('backproof derive specs/networks/one.yaml');
    expect(readdirSync(join(folder, 'generated'))).toEqual(['one.ts', 'two.ts']);
  });
  test('writes nothing when one file is bad, and reports them all', () => {
    const folder = inFolder({
      'specs/networks/a.yaml': tiny('a'), 'specs/networks/b.yaml': tiny('b', 'tanhh'), 'specs/networks/c.yaml': tiny('c').replace('input: 2', 'input: -3'),
    });
    const { status, out, err } = command.run([], { cwd: folder });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain('specs/networks/b.yaml:4:');
    expect(err).toContain('specs/networks/c.yaml:2:');
    expect(existsSync(join(folder, 'generated'))).toBe(false);
  });
});

describe('specs of one’s own', () => {
  test('layers and activations beside the network are found before the shipped ones', () => {
    const folder = inFolder({
      'specs/networks/mine.yaml': tiny('mine', 'wave'),
      'specs/activations/wave.yaml': 'activation: wave\nargument: a\nexpression: sin(2*a) + a/3\n',
      'specs/layers/dense.yaml': readFileSync(join(root, dense), 'utf8').replace('W[i, j] *', 'W[i, j]^2 *').replace(/^augmented:.*\n/m, ''),
    });
    const { status, out } = command.run(['derive', 'specs/networks/mine.yaml'], { cwd: folder });
    expect(status).toBe(0);
    expect(out).toContain('(Wᵢⱼ⁽ᵏ⁾)² zⱼ⁽ᵏ⁻¹⁾');
    expect(out).toContain('2 cos(2 a)');
    expect(command.run(['check', 'specs/networks/mine.yaml'], { cwd: folder }).status).toBe(0);
  });
});

describe('warnings', () => {
  test('are said, and stop nothing', () => {
    const spare = 'network: spare\ninput: 2\nlayers:\n  - lazy 2 tanh\nloss: half-squared-error\ndefine:\n  layers:\n    - layer: lazy\n      axes: { i: units, j: inputs }\n'
      + '      input: { x: [inputs] }\n      output: { z: [units] }\n      parameters: { W: [units, inputs], c: [units] }\n      slots: { h: activation }\n      pre-activation: [a]\n'
      + '      equations:\n        a[i]: sum(j, W[i, j] * x[j])\n        z[i]: h(a[i])\n';
    const folder = inFolder({ 'spare.yaml': spare });
    const { status, out, err } = command.run(['derive', join(folder, 'spare.yaml'), '--format', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name: 'spare' });
    expect(err).toContain('warning[unused-parameter]');
  });
});

describe('bad input ends with status 2, says what and where, and writes nothing', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], files: Readonly<Record<string, string | Uint8Array>>, says: readonly string[]])[] = [
    ['a missing file', ['derive', 'nope.yaml'], {}, ['error[file-not-found]: there is no file nope.yaml']],
    ['a folder without specs', ['check', 'empty'], { 'empty/readme.txt': '' }, ['error[no-specs]: the folder empty']],
    ['a binary file', ['derive', 'x.yaml'], { 'x.yaml': new Uint8Array([0x89, 0x50, 0xff, 0, 1, 2]) }, ['error[not-text]']],
    ['a huge file', ['derive', 'x.yaml'], { 'x.yaml': ' '.repeat(5_000_000) }, ['error[file-too-large]']],
    ['several bad files at once', ['derive', 'a.yaml', 'b.yaml', 'c.yaml'],
      { 'a.yaml': tiny('a', 'tanhh'), 'b.yaml': 'layer: x\n\tq: 1\n', 'c.yaml': tiny('c') }, ['a.yaml:4:', 'Did you mean `tanh`?', 'error[yaml-tab]']],
    ['an unknown command', ['derve', 'x.yaml'], {}, ['there is no command `derve`', 'Did you mean `backproof derive`?']],
    ['a file without a command', ['x.yaml'], {}, ['`backproof derive x.yaml`']],
    ['no file', ['check'], {}, ['error[bad-usage]: missing required argument']],
    ['an unknown option', ['derive', 'x.yaml', '--frmat', 'json'], {}, ['unknown option \'--frmat\'', '--format']],
    ['a wrong choice', ['derive', 'x.yaml', '--signal', 'q'], {}, ['Allowed choices are a, z']],
    ['no samples', ['check', 'x.yaml', '--samples', '0'], {}, ['whole number from 1']],
    ['a penalty without a network', ['derive', join(root, 'specs/penalties/l2.yaml')], {}, ['error[nothing-to-derive]']],
    ['a layer where a network is needed', ['check', join(root, dense)], {}, ['error[wrong-kind]']],
    ['several kernels without a folder', ['emit', 'a.yaml', 'b.yaml'], { 'a.yaml': tiny('a'), 'b.yaml': tiny('b') }, ['Give a folder with -o.']],
  ];
  test.each(cases)('%s', (_what, args, files, says) => {
    const folder = inFolder(files);
    const before = readdirSync(folder);
    const { status, out, err } = command.run(args, { cwd: folder });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    for (const text of says) expect(err).toContain(text);
    expect(err).not.toMatch(/^ +at /m);
    expect(readdirSync(folder)).toEqual(before);
  });
  test('as JSON where the output is', () => {
    const { status, out } = command.run(['derive', 'nope.yaml', '--format', 'json']);
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ diagnostics: [{ code: 'file-not-found', severity: 'error' }] });
  });
  test('a folder that cannot be written to', () => {
    const folder = inFolder({ file: '' });
    const { status, err } = command.run(['emit', join(root, xor), '-o', join(folder, 'file/deep/xor.ts')]);
    expect(status).toBe(2);
    expect(err).toContain('error[not-written]');
  });
  test('nothing is written over the last good file when a later one is bad', () => {
    const folder = inFolder({ 'a.yaml': tiny('a'), 'b.yaml': tiny('b', 'tanhh'), 'out/a.ts': 'the last good one' });
    expect(command.run(['emit', 'a.yaml', 'b.yaml', '-o', 'out'], { cwd: folder }).status).toBe(2);
    expect(readFileSync(join(folder, 'out/a.ts'), 'utf8')).toBe('the last good one');
  });
});

describe('terminals and pipes', () => {
  test('a reader that goes away is no error', () => {
    const { stdout, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${command.cli}" derive specs/networks | head -1`], { cwd: root, encoding: 'utf8' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });
  test('no colours in a pipe; FORCE_COLOR asks for them, NO_COLOR and --no-color win', () => {
    const escape = '\u001b[';
    const errors = (args: string[], env: Record<string, string>): string => command.run(['derive', 'nope.yaml', ...args], { env }).err;
    expect(errors([], {})).not.toContain(escape);
    expect(errors([], { FORCE_COLOR: '1' })).toContain(escape);
    expect(errors([], { CI: 'true' })).not.toContain(escape);
    expect(command.run(['check', 'specs/networks/one-neuron.yaml'], { env: { CI: 'true' } }).out).not.toContain(escape);
    expect(errors([], { FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(escape);
    expect(errors(['--no-color'], { FORCE_COLOR: '1' })).not.toContain(escape);
  });
});

describe('a command loads what it needs', () => {
  test.each([['derive', ['/check/', 'nerdamer', '/kernel/']], ['emit', ['/check/', 'nerdamer', '/notation/print-latex']]])('%s', (name, foreign) => {
    const all = command.metafile.outputs;
    const start = Object.keys(all).find((file) => all[file]?.entryPoint === `src/cli/${name}.ts`) ?? '';
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { path, kind } of all[file]?.imports ?? []) if (kind === 'import-statement') visit(path);
    };
    visit(start);
    const inputs = [...seen].flatMap((file) => Object.keys(all[file]?.inputs ?? {}));
    expect(inputs).toContain(`src/cli/${name}.ts`);
    for (const part of foreign) expect(inputs.filter((i) => i.includes(part))).toEqual([]);
  });
});
