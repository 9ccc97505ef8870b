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
  const page = new Page(subject, system, point.values);
  let spent = 0;
  for (const [key, own] of byTensor(subject, kernel.gradient)) {
    const block = blockOf(subject, key);
    road.expect(block.name, own.length);
    own.forEach((value, at) => {
      const question = page.question(key, at);
      spent += question.text.length ** 2;
      if (spent > system.budget) return;
      const answer = ask(system, question);
      const entry = entryName(block, at);
      if (typeof answer === 'string') road.remark(`${entry} at point ${point.number}: ${answer}`);
      else road.compare({ point: point.number, entry, what: block.name }, value, answer.value, bounds.adjoint(key, at) + answer.error, largest(own) || all);
    });
  }
  if (spent > system.budget) road.remark(`point ${point.number}: the longest expressions were left out`);
}

interface Question {
  readonly text: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, Rounded>;
}

/** The answer's value, or why there is none. */
function ask(system: System, { text, name, values }: Question): Rounded | string {
  try {
    const value = valueOf(system.derive(text, name), values);
    return Number.isFinite(value.value) ? value : 'the answer overflows when it is evaluated';
  } catch (error) {
    if (error instanceof NotReadable) return error.message;
    // The systems throw errors of their own kinds, and overflow the stack on some expressions.
    return `${system.road} gives up: ${String(error).split('\n', 1)[0]!.slice(0, 120)}`;
  }
}

/** The forward equations as text, at one point. */
class Page {
  readonly #written: Evaluation<Written>;
  readonly #names = new Map<string, Rounded>();
  readonly #values: Values;
  readonly #whole: boolean;
  #all: Question | null = null;

  constructor(subject: Subject, system: System, values: Values) {
    this.#values = values;
    this.#whole = system.whole;
    this.#written = evaluation(subject.system, writing(system.limit, this.#names), { sizes: subject.sizes });
    for (const [key, from] of values) {
      const { entries } = this.#written.blocks.get(key)!;
      from.forEach((x, at) => (entries[at] = system.whole ? this.#named(key, at, x) : constant(x)));
    }
    this.#written.run();
  }

  #named(key: string, at: number, x: number): Written {
    const written = variable(nameOf(key, at), x);
    this.#names.set(nameOf(key, at), written.value);
    return written;
  }

  question(key: string, at: number): Question {
    const name = nameOf(key, at);
    if (this.#whole) {
      this.#all ??= { text: textOf(this.#written.total()), name, values: this.#names };
      return { ...this.#all, name };
    }
    const { entries } = this.#written.blocks.get(key)!;
    const from = firstUse(this.#written, key);
    const before = entries[at]!;
    this.#names.clear();
    entries[at] = this.#named(key, at, this.#values.get(key)![at]!);
    this.#written.run(from);
    const question = { text: textOf(this.#written.total()), name, values: new Map(this.#names) };
    entries[at] = before;
    this.#written.run(from);
    return question;
  }
}

const textOf = (e: Written): string => e.text ?? '0';

/** A flat name that no system takes for a constant or a function: `v_W_1_7`, other letters than a-z written as numbers. */
function nameOf(key: string, at: number): string {
  const letters = [...key].map((c) => (/[A-Za-z0-9]/.test(c) ? c : c === '@' ? '_' : `u${c.codePointAt(0)!}`)).join('');
  return `v_${letters}_${at}`;
}
