// A loop program as a module: header, layout, storage, one function a routine, and the interface of kernel.ts.

import { commentText } from './comment.ts';
import { helperText } from './helpers.ts';
import { type IntegerEntries, integerChecks } from './integer-checks.ts';
import type { Layout, Slot, Stage } from './kernel.ts';
import { newNamer } from './names.ts';
import type { Buffer, HelperName, LoopProgram, Routine } from './program.ts';
import { effects, visitScalars } from './rebuild.ts';
import { type Language, newWriter, writeScalar, writeStatements } from './write.ts';

export interface ModuleSource {
  readonly name: string;
  readonly header: readonly string[];
  readonly precision: 'f64' | 'f32';
  readonly layout: Layout;
  readonly stages: readonly (Stage & { readonly adjoint: string | null })[];
  readonly program: LoopProgram;
  /** What tensor(name) gives. */
  readonly tensors: readonly { readonly name: string; readonly buffer: string }[];
  /** Inputs and targets that choose entries of other tensors. */
  readonly integers: readonly IntegerEntries[];
  /** The buffer of E in loop form. */
  readonly total: string;
}

/** Arrays have at most this many entries: 2 GiB of doubles. */
const MOST_ENTRIES = 2 ** 28;

export function moduleText(source: ModuleSource, language: Language): string {
  const typed = language === 'typescript';
  const { program } = source;
  const buffers = new Map(program.buffers.map((b) => [b.name, b]));
  const exported = (name: string, type: string, value: string): string =>
    `export const ${name}${typed ? `: ${type}` : ''} = ${value};`;
  return [
    ...source.header.map((line) => `// ${commentText(line)}`),
    '',
    ...(typed ? ["import type { Kernel, KernelModule } from 'backproof';", ''] : []),
    exported('name', 'string', JSON.stringify(source.name)),
    exported('precision', "KernelModule['precision']", `'${source.precision}'`),
    '',
    exported('layout', "KernelModule['layout']", layoutText(source.layout)),
    '',
    exported('stages', "KernelModule['stages']", list(source.stages.map(stageText))),
    '',
    ...createText(source, typed),
    '',
    ...allocateText(source, typed),
    ...(typed ? ['', 'type State = ReturnType<typeof allocate>;'] : []),
    ...[...program.forward, ...program.backward].flatMap((r) => ['', ...routineText(r, program, buffers, language)]),
    ...helpersOf(program).flatMap((h) => ['', helperText(h, language)]),
    '',
  ].join('\n');
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? '[]' : `[\n${items.map((i) => `  ${i},`).join('\n')}\n]`;

const numbers = (all: readonly number[]): string => `[${all.join(', ')}]`;

const slotText = (s: Slot): string =>
  `{ name: ${JSON.stringify(s.name)}, tensor: ${JSON.stringify(s.tensor)}, layer: ${String(s.layer)}, shape: ${numbers(s.shape)}, `
  + `base: ${numbers(s.base)}, offset: ${String(s.offset)} }`;

function layoutText(layout: Layout): string {
  const slots = (all: readonly Slot[]): string => (all.length === 0 ? '[]' : `[\n${all.map((s) => `    ${slotText(s)},`).join('\n')}\n  ]`);
  const { sizes } = layout;
  return [
    '{',
    `  parameters: ${slots(layout.parameters)},`,
    `  input: ${slots(layout.input)},`,
    `  target: ${slots(layout.target)},`,
    `  output: ${slots(layout.output)},`,
    `  sizes: { parameters: ${String(sizes.parameters)}, input: ${String(sizes.input)}, target: ${String(sizes.target)}, output: ${String(sizes.output)} },`,
    '}',
  ].join('\n');
}

const stageText = (s: ModuleSource['stages'][number]): string =>
  `{ name: ${JSON.stringify(s.name)}, tensor: ${JSON.stringify(s.tensor)}, layer: ${String(s.layer)}, shape: ${numbers(s.shape)}, `
  + `base: ${numbers(s.base)}, stage: ${String(s.stage)}, adjoint: ${s.adjoint === null ? 'null' : JSON.stringify(s.adjoint)} }`;

/** The largest number of samples for which every array stays within MOST_ENTRIES. */
export function mostSamples(buffers: readonly Buffer[]): number {
  const largest = buffers.reduce((most, b) => (b.perSample ? Math.max(most, b.entries) : most), 1);
  return Math.max(1, Math.floor(MOST_ENTRIES / largest));
}

/** Buffers of the state in their order: the flat arrays first. */
const ownArrays = (buffers: readonly Buffer[]): readonly Buffer[] => buffers.filter((b) => b.within === null);
const pieces = (buffers: readonly Buffer[]): readonly Buffer[] => buffers.filter((b) => b.within !== null);

function createText(source: ModuleSource, typed: boolean): readonly string[] {
  const { program } = source;
  const most = mostSamples(program.buffers);
  const tensors = source.tensors.map((t) => `[${JSON.stringify(t.name)}, state.${t.buffer}]`);
  const known = tensors.length === 0 ? [] : [
    `  const tensors = new Map${typed ? '<string, Float64Array | Float32Array>' : ''}([`, ...tensors.map((t) => `    ${t},`), '  ]);',
  ];
  const straight = program.form === 'straight-line';
  const [first] = program.forward;
  const [both] = program.backward;
  return [
    typed
      ? 'export function createKernel({ samples }: { readonly samples: number }): Kernel {'
      : 'export function createKernel({ samples }) {',
    `  if (!Number.isInteger(samples) || samples < 1 || samples > ${String(most)}) {`,
    `    throw new RangeError('samples must be an integer from 1 to ${String(most)}, not ' + String(samples));`,
    '  }',
    '  const state = allocate(samples);',
    ...known,
    '  return {',
    '    samples,',
    '    parameters: state.parameters,',
    '    gradient: state.gradient,',
    '    input: state.input,',
    '    target: state.target,',
    '    output: state.output,',
    ...(straight
      ? [
        `    forward: () => ${first?.name ?? ''}(state),`,
        `    backward: () => ${both?.name ?? ''}(state),`,
        '    tensor: () => null,',
      ]
      : [
        '    forward: (from = 0) => forward(state, from),',
        '    backward: () => backward(state),',
        '    tensor: (name) => tensors.get(name) ?? null,',
      ]),
    '  };',
    '}',
    ...(straight ? [] : ['', ...driverText(source, typed)]),
  ];
}

/** forward() and backward() of the loop form: one call after the other. */
function driverText({ program, total, integers }: ModuleSource, typed: boolean): readonly string[] {
  const check = integers.length === 0 ? [] : ['  checkIntegers(state);'];
  return [
    ...(integers.length === 0 ? [] : [...integerChecks(integers, typed ? 'typescript' : 'javascript'), '']),
    typed ? 'function forward(state: State, from: number): number {' : 'function forward(state, from) {',
    ...check,
    ...program.forward.map((r, n) => `  if (from <= ${String(n)}) ${r.name}(state);`),
    `  return state.${total}[0]${typed ? '!' : ''};`,
    '}',
    '',
    typed ? 'function backward(state: State): number {' : 'function backward(state) {',
    `  const total = forward(state, 0);`,
    ...program.backward.map((r) => `  ${r.name}(state);`),
    '  return total;',
    '}',
  ];
}

/** Doubles whatever the precision: E, whose rounding would drown differences, and scratch space. */
const isDouble = (b: Buffer): boolean => b.kind === 'total' || b.kind === 'scratch';

function allocateText(source: ModuleSource, typed: boolean): readonly string[] {
  const array = source.precision === 'f64' ? 'Float64Array' : 'Float32Array';
  const { sizes } = source.layout;
  const { buffers, form } = source.program;
  const views = form === 'straight-line' ? [] : pieces(buffers);
  return [
    '/** All storage of a kernel; nothing is allocated later. */',
    typed ? 'function allocate(samples: number) {' : 'function allocate(samples) {',
    `  const parameters = new ${array}(${String(sizes.parameters)});`,
    `  const gradient = new ${array}(${String(sizes.parameters)});`,
    '  return {',
    '    samples,',
    '    parameters,',
    '    gradient,',
    ...ownArrays(buffers).map((b) =>
      `    ${b.name}: new ${isDouble(b) ? 'Float64Array' : array}(${b.perSample ? (b.entries === 1 ? 'samples' : `samples * ${String(b.entries)}`) : String(b.entries)}),`),
    ...views.map((b) => `    ${b.name}: ${b.within?.array ?? ''}.subarray(${String(b.within?.offset ?? 0)}, ${String((b.within?.offset ?? 0) + b.entries)}),`),
    '  };',
    '}',
  ];
}

function routineText(routine: Routine, program: LoopProgram, buffers: ReadonlyMap<string, Buffer>, language: Language): readonly string[] {
  const typed = language === 'typescript';
  const { reads, writes } = effects(routine.body);
  const locals = new Set([...writes].filter((w) => w.startsWith('l:')).map((w) => w.slice(2)));
  const namer = newNamer((name) => locals.has(name) || buffers.has(name));
  const writer = newWriter(language, buffers, program.form === 'straight-line', namer);
  const body = writeStatements(routine.body, '  ', writer);
  const result = routine.result === null ? [] : [`  return ${writeScalar(routine.result, writer)};`];
  const used = [...reads, ...writes].filter((r) => r.startsWith('b:')).map((r) => writer.array(r.slice(2)).name);
  const needsSamples = [...body, ...result].some((line) => /\bsamples\b/.test(line));
  const fromState = [...new Set([...(needsSamples ? ['samples'] : []), ...used])];
  const type = routine.result === null ? 'void' : 'number';
  return [
    ...routine.comment.map((line) => `// ${commentText(line)}`),
    typed ? `function ${routine.name}(state: State): ${type} {` : `function ${routine.name}(state) {`,
    ...(fromState.length === 0 ? [] : [`  const { ${fromState.join(', ')} } = state;`]),
    ...body, ...result,
    '}',
  ];
}

function helpersOf(program: LoopProgram): readonly HelperName[] {
  const used = new Set<HelperName>();
  for (const routine of [...program.forward, ...program.backward]) {
    visitScalars(routine.body, (e) => {
      if (e.kind === 'helper') used.add(e.name);
    });
  }
  return [...used];
}
