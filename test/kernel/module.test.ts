// The text of emitted modules: it stands alone, type-checks, and nothing of a spec becomes code in it.

import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Network } from '../../src/spec/network.ts';
import { tensorKey } from '../../src/algebra/expression.ts';
import { substituteTensorNames } from './rename.ts';
import { activations, dense, T } from './networks.ts';
import { differences, evaluate, largestDifference, load } from './run.ts';

const { elu, gelu, sigmoid, tanh } = activations;
const sketch = dense({ sizes: [3, 4, 2], activations: [gelu, elu], name: 'a-network' });
const forms = ['loops', 'straight-line'] as const;

test('modules type-check alone, against the types of the library only', () => {
  const files = new Map(forms.flatMap((form) => (['f64', 'f32'] as const).map((precision): [string, string] =>
    [`${process.cwd()}/generated/${form}-${precision}.ts`, emitKernel({ ...sketch, precision }, { form }).typescript])));
  const file = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(file.config, ts.sys, '.');
  const host = ts.createCompilerHost(options);
  const withFiles: ts.CompilerHost = {
    ...host,
    readFile: (path) => files.get(path) ?? host.readFile(path),
    fileExists: (path) => files.has(path) || host.fileExists(path),
    getSourceFile: (path, language, ...rest) => {
      const text = files.get(path);
      return text === undefined ? host.getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
    },
  };
  const paths = { backproof: [`${process.cwd()}/src/kernel/kernel.ts`] };
  const program = ts.createProgram([...files.keys()], { ...options, paths }, withFiles);
  const said = [...files.keys()].flatMap((path) => ts.getPreEmitDiagnostics(program, program.getSourceFile(path)));
  expect(said.map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'))).toEqual([]);
});

describe.each(forms)('in the form %s', (form) => {
  const { typescript, javascript } = emitKernel(sketch, { form });

  test('the JavaScript is the TypeScript without its types', () => {
    const plain = (text: string): string => text.replaceAll(/\/\/.*|\/\*.*?\*\/|\s+|;/g, '').replaceAll(/'|"/g, '"').replaceAll(',}', '}').replaceAll(',]', ']');
    const stripped = ts.transpileModule(typescript, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true },
    }).outputText;
    expect(plain(stripped)).toBe(plain(javascript));
  });

  test('the only import is one of types', () => {
    expect(typescript.match(/^import .*$/gm)).toEqual(["import type { Kernel, KernelModule } from 'backproof';"]);
    expect(javascript).not.toMatch(/import|require|eval|Function/);
  });

  test('nothing is allocated after construction', () => {
    const inside = javascript.slice(javascript.indexOf('function allocate'));
    expect(inside.slice(inside.indexOf('\n}')).match(/new |\[\]|\{ [a-z]+:/g) ?? []).toEqual([]);
  });

  test('every formula stands above the code that computes it', () => {
    for (const formula of ['a_1[s, i] = Σ_{j=1..3} W_1[i, j]·x[s, j] + b_1[i]', 'z_2[s, i] = h_2(a_2[s, i])', 'delta_1[s, j] =']) {
      expect(typescript).toContain(`// ${formula}`);
    }
    expect(typescript).toContain('by-hand.yaml:11');
  });

  test('names that mean something to JavaScript, or are spelled alike, stay apart', async () => {
    const names = ['constructor', '__proto__', 'await', 'state', 'samples', 'Math', 'sum', 'c', 'v', 'z_1', 'd_W_1', 'for'];
    for (const name of names) {
      const renamed = substituteTensorNames(sketch, (n) => (n === 'x' ? name : n));
      const module = await load(emitKernel(renamed, { form }).javascript);
      const { gradient, kernel } = evaluate(module, 2, 3);
      expect(largestDifference(gradient, differences(kernel)), name).toBeLessThan(1e-9);
    }
    // W of layer 1, and a tensor that is called W_1 and belongs to no layer.
    const alike = substituteTensorNames(sketch, (n) => (n === 't' ? 'W_1' : n === 'L' ? 'b_1' : n));
    const { gradient, kernel } = evaluate(await load(emitKernel(alike, { form }).javascript), 2, 3);
    expect(largestDifference(gradient, differences(kernel))).toBeLessThan(1e-9);
  });

  test('code in a name, a file or a comment of a spec is text', async () => {
    const attack = "*/ globalThis.broken = true; /*\nglobalThis.broken = true;\r\u2028globalThis.broken = true\u2029'\"`${globalThis.broken = true}\\";
    const hostile: Network = {
      ...substituteTensorNames(sketch, (n) => `${n} ${attack}`), name: attack, file: attack,
      system: { ...substituteTensorNames(sketch, (n) => `${n} ${attack}`).system, slots: new Map([...sketch.system.slots].map(([key, a]) => [key, { ...a, name: attack, place: { ...a.place, file: attack } }])) },
    };
    const placed: Network = {
      ...hostile, system: { ...hostile.system, equations: hostile.system.equations.map((e) => ({ ...e, place: { ...e.place, file: attack } })) },
    };
    const emitted = emitKernel(placed, { form });
    const module = await load(emitted.javascript);
    evaluate(module, 1, 1);
    expect('broken' in globalThis).toBe(false);
    expect(module.name).toBe(attack);
    expect(emitted.fileName).toMatch(/^[\p{L}\p{N}_-][\p{L}\p{N}._-]*\.ts$/u);
    for (const text of [emitted.javascript, emitted.typescript]) expect(wordsOf(text)).not.toContain('globalThis');
  });
});

test('the layout says where each entry lies', () => {
  const { javascript } = emitKernel(sketch, { form: 'loops' });
  return load(javascript).then(({ layout }) => {
    expect(layout.parameters.map((p) => [p.name, p.shape, p.offset])).toEqual([
      ['W_1', [4, 3], 0], ['b_1', [4], 12], ['W_2', [2, 4], 16], ['b_2', [2], 24],
    ]);
    expect(layout.sizes).toEqual({ parameters: 26, input: 3, target: 2, output: 2 });
  });
});

test('two tensors of one name in different layers have names of their own', () => {
  const many = dense({ sizes: Array.from({ length: 13 }, () => 1), activations: Array.from({ length: 12 }, () => [tanh, sigmoid][0] ?? tanh) });
  const { javascript } = emitKernel(many, { form: 'loops' });
  expect(javascript).toContain('W_1:');
  expect(javascript).toContain('W_11:');
  expect(tensorKey(T('W', 1))).not.toBe(tensorKey(T('W', 11)));
});

/** The words of a program, comments and strings left out. */
function wordsOf(text: string): readonly string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, text);
  const words: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.Identifier) words.push(scanner.getTokenText());
  }
  return words;
}
