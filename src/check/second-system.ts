// The road of a second computer algebra system: E of one sample as a scalar expression, differentiated by mathjs and,
// separately, by nerdamer; their answers are evaluated with a bound of the rounding errors.

import type { MathNode } from 'mathjs';
import { entryName } from '../evaluate/block.ts';
import { evaluation, type Evaluation, firstUse } from '../evaluate/equations.ts';
import type { Rounded } from '../evaluate/rounding.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { NotReadable, valueOf } from './answer.ts';
import type { Visit } from './finite-differences.ts';
import type { RoadReport } from './report.ts';
import { blockOf, byTensor, fillKernel, largest, type Subject, type Values } from './subject.ts';
import { notApplicable, type Tally, tally } from './tally.ts';
import { constant, NotWritable, variable, writing, type Written } from './written-out.ts';

/** What is asked of a system: the derivative of a text by a name, as a text or a tree in the same names. */
export interface System {
  readonly road: 'mathjs' | 'nerdamer';
  readonly derive: (text: string, name: string) => MathNode;
  /** Parameters up to here, and the length of text that the system copes with. */
  readonly parameters: number;
  readonly limit: number;
  /** What all questions at a point may cost; a question costs the square of its length. */
  readonly budget: number;
  /** Whether every other tensor entry is a name too, or a constant where it does not depend on the parameter asked for. */
  readonly whole: boolean;
}

/** @param subject for one sample. */
export function secondSystem(system: System, subject: Subject, kernel: Kernel, visits: readonly Visit[]): RoadReport {
  const { road: name } = system;
  const count = subject.module.layout.sizes.parameters;
  if (count > system.parameters) {
    return notApplicable(name, `${count} parameters: only networks of up to ${system.parameters} are written out`);
  }
  const road = tally(name);
  try {
    for (const visit of visits) differentiateAt(road, system, subject, kernel, visit);
  } catch (error) {
    if (error instanceof NotWritable) return notApplicable(name, error.message);
    throw error;
  }
  return road.report();
}

function differentiateAt(road: Tally, system: System, subject: Subject, kernel: Kernel, { point, bounds }: Visit): void {
  fillKernel(subject, kernel, point.values);
  kernel.backward();
  const all = largest(kernel.gradient);
  const ask = writer(subject, system, point.values);
  const questions: Asked[] = [...byTensor(subject, kernel.gradient)].flatMap(([key, own]) => {
    const block = blockOf(subject, key);
    const scale = largest(own) || all;
    road.expect(block.name, own.length);
    return own.map((value, at) => ({ question: ask(key, at), what: block.name, entry: entryName(block, at), value, scale, bound: bounds.adjoint(key, at) }));
  });
  // The shortest first: so the budget answers most.
  let spent = 0;
  let left = 0;
  for (const asked of [...questions].sort((a, b) => a.question.text.length - b.question.text.length)) {
    spent += asked.question.text.length ** 2;
    if (spent > system.budget) {
      left += 1;
      continue;
    }
    const answer = answered(system, asked.question);
    if (typeof answer === 'string') road.remark(`${asked.entry} at point ${point.number}: ${answer}`);
    else road.compare({ point: point.number, entry: asked.entry, what: asked.what }, asked.value, answer.value, asked.bound + answer.error, asked.scale);
  }
  if (left > 0) road.remark(`point ${point.number}: ${left} entries were not asked for, since their expressions are long`);
}

interface Asked {
  readonly question: Question;
  readonly what: string;
  readonly entry: string;
  readonly value: number;
  readonly scale: number;
  readonly bound: number;
}

interface Question {
  readonly text: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, Rounded>;
}

/** The answer's value, or why there is none. */
function answered(system: System, { text, name, values }: Question): Rounded | string {
  try {
    const value = valueOf(system.derive(text, name), values);
    return Number.isFinite(value.value) ? value : 'the answer overflows when it is evaluated';
  } catch (error) {
    if (error instanceof NotReadable) return error.message;
    // The systems throw errors of their own kinds, and overflow the stack on some expressions.
    return `${system.road} gives up: ${String(error).split('\n', 1)[0]!.slice(0, 120)}`;
  }
}

/** Writes E out at one point: in all names at once, or anew for each parameter. */
function writer(subject: Subject, system: System, values: Values): (key: string, at: number) => Question {
  const names = new Map<string, Rounded>();
  const nameOf = flatNames(values);
  const pen = writing(system.limit, names);
  const written = evaluation(subject.system, pen, { sizes: subject.sizes });
  const named = (key: string, at: number): Written => {
    const entry = variable(nameOf(key, at), values.get(key)![at]!);
    names.set(nameOf(key, at), entry.value);
    return entry;
  };
  fillWith(written, values, (key, at, x) => (system.whole ? named(key, at) : constant(x)));
  written.run();
  if (system.whole) {
    const text = pen.finish(written.total());
    return (key, at) => ({ text, name: nameOf(key, at), values: names });
  }
  return (key, at) => {
    const { entries } = written.blocks.get(key)!;
    const from = firstUse(written, key);
    const before = entries[at]!;
    names.clear();
    entries[at] = named(key, at);
    written.run(from);
    const text = pen.finish(written.total());
    const question = { text, name: nameOf(key, at), values: new Map(names) };
    entries[at] = before;
    written.run(from);
    return question;
  };
}

function fillWith(written: Evaluation<Written>, values: Values, entry: (key: string, at: number, x: number) => Written): void {
  for (const [key, from] of values) {
    const { entries } = written.blocks.get(key)!;
    from.forEach((x, at) => (entries[at] = entry(key, at, x)));
  }
}

/** `p1`, `p2`, …: one letter and a number, the only names that every system takes for a name (E, e, i, W_1_2 are not). */
function flatNames(values: Values): (key: string, at: number) => string {
  const begins = new Map<string, number>();
  let next = 1;
  for (const [key, entries] of values) {
    begins.set(key, next);
    next += entries.length;
  }
  return (key, at) => `p${begins.get(key)! + at}`;
}
