// The road of a second computer algebra system: E of one sample as a scalar expression, differentiated by mathjs and,
// separately, by nerdamer; their answers are evaluated with a bound of the rounding errors.

import type { MathNode } from 'mathjs';
import { entryName } from '../evaluate/block.ts';
import { evaluation, type Evaluation, firstUse } from '../evaluate/equations.ts';
import { represented, type Rounded } from '../evaluate/rounding.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { NotReadable, valueOf } from './answer.ts';
import type { Visit } from './points.ts';
import type { RoadReport } from './report.ts';
import { blockOf, byTensor, fillKernel, largest, type Subject, type Values } from './subject.ts';
import { notApplicable, type Tally, tally } from './tally.ts';
import { constant, NotWritable, TooLong, variable, writing, type Written } from './written-out.ts';

/** What is asked of a system: the derivative of a text by a name, as a text or a tree in the same names. */
export interface System {
  readonly road: 'mathjs' | 'nerdamer';
  readonly derive: (text: string, name: string) => MathNode;
  /** A text as a tree. */
  readonly parse: (text: string) => MathNode;
  /** The length of text that the system copes with. */
  readonly limit: number;
  /** What all questions at a point may cost: the square of its length for an expression of its own. */
  readonly budget: number;
  /** The length up to which E is written out in the names of all given entries; beyond, and for 0, in one parameter alone. */
  readonly whole: number;
}

/** What a question costs per character when its expression has been read before. */
const SHARED = 50;
/** Networks up to here are written out. */
const PARAMETERS = 200;

/**
 * @param load brings the system, which is large, only when it is needed.
 * @param subject for one sample, or for all where samples are coupled.
 */
export async function secondSystem(
  name: System['road'], load: () => Promise<System>, subject: Subject, kernel: Kernel, visits: () => readonly Visit[],
): Promise<RoadReport> {
  const count = subject.module.layout.sizes.parameters;
  if (count > PARAMETERS) return notApplicable(name, `${count} parameters: only networks of up to ${PARAMETERS} are written out`);
  const road = tally(name, false);
  const system = await load();
  try {
    for (const visit of visits()) differentiateAt(road, system, subject, kernel, visit);
  } catch (error) {
    if (error instanceof NotWritable) return notApplicable(name, error.message);
    throw error;
  }
  return road.report(`those with short expressions, at one point of ${subject.samples === 1 ? 'one sample' : `${subject.samples} samples`}`);
}

function differentiateAt(road: Tally, system: System, subject: Subject, kernel: Kernel, { point, bounds }: Visit): void {
  fillKernel(subject, kernel, point.values);
  kernel.backward();
  const all = largest(kernel.gradient);
  const ask = writer(subject, system, point.values);
  const questions: Asked[] = [];
  let left = 0;
  for (const [key, own] of byTensor(subject, kernel.gradient)) {
    const block = blockOf(subject, key);
    const scale = largest(own) || all;
    road.expect({ what: block.name, kind: 'parameter', point: point.number }, own.length);
    own.forEach((value, at) => {
      const question = shortEnough(() => ask(key, at));
      if (question === null) left += 1;
      else questions.push({ question, what: block.name, entry: entryName(block, at), value, scale, bound: bounds.adjoint(key, at) });
    });
  }
  // Every tensor in turn, the short expressions first: so the budget answers most, and something of everything.
  let spent = 0;
  for (const asked of inTurn(questions)) {
    const { cost } = asked.question;
    if (spent + cost > system.budget) {
      left += 1;
      continue;
    }
    spent += cost;
    const answer = answered(system, asked.question);
    if (typeof answer === 'string') road.remark(`${asked.entry} at point ${point.number}: ${answer}`);
    else if (Math.abs(asked.value - answer.value) > asked.bound + answer.error && contradictsItself(system, asked.question, answer.value)) {
      road.remark(`${asked.entry} at point ${point.number}: ${system.road} is wrong about its own input, by a difference quotient of it`);
    } else road.compare({ point: point.number, entry: asked.entry, what: asked.what, basis: bounds.basis }, asked.value, answer.value, asked.bound + answer.error, asked.scale, all);
  }
  if (left > 0) road.remark(`point ${point.number}: ${left} entries were not asked for, since their expressions are long`);
}

function inTurn(questions: readonly Asked[]): readonly Asked[] {
  const byLength = [...questions].sort((a, b) => a.question.text.length - b.question.text.length);
  const asked = new Map<string, number>();
  const turns = byLength.map((question) => {
    const turn = asked.get(question.what) ?? 0;
    asked.set(question.what, turn + 1);
    return { question, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn).map(({ question }) => question);
}

function shortEnough(write: () => Question): Question | null {
  try {
    return write();
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
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
  readonly cost: number;
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

/** A relative difference that no difference quotient of a short, smooth expression has. */
const CLEARLY = 1e-4;

/**
 * Whether an answer is not the derivative of the text that was asked about: its difference quotients for two steps agree with
 * each other and not with the answer. The kernel has no part in this, so a wrong kernel is never excused by it.
 */
function contradictsItself(system: System, { text, name, values }: Question, answer: number): boolean {
  const x = values.get(name)?.value;
  if (x === undefined) return false;
  try {
    const tree = system.parse(text);
    const at = (value: number): number => valueOf(tree, new Map([...values, [name, represented(value)]])).value;
    const quotient = (h: number): number => (at(x + h) - at(x - h)) / (x + h - (x - h));
    const step = 1e-4 * Math.max(1, Math.abs(x));
    const [coarse, fine] = [quotient(step), quotient(step / 4)];
    const size = Math.max(Math.abs(fine), Math.abs(answer));
    return Math.abs(coarse - fine) <= CLEARLY * size && Math.abs(fine - answer) > 10 * CLEARLY * size;
  } catch (error) {
    if (error instanceof NotReadable) return false;
    throw error;
  }
}

/** Writes E out at one point: in all names at once where that is short enough, else anew for each parameter. */
function writer(subject: Subject, system: System, values: Values): (key: string, at: number) => Question {
  const nameOf = flatNames(values);
  const whole = system.whole === 0 ? null : wholeText(subject, system.whole, values, nameOf);
  if (whole !== null) return (key, at) => ({ ...whole, name: nameOf(key, at), cost: SHARED * whole.text.length });
  const names = new Map<string, Rounded>();
  const pen = writing(system.limit, names);
  const written = evaluation(subject.system, pen, { sizes: subject.sizes });
  fillWith(written, values, (_key, _at, x) => constant(x));
  written.run();
  return (key, at) => {
    const { entries } = written.blocks.get(key)!;
    const name = nameOf(key, at);
    const from = firstUse(written, key);
    const before = entries[at]!;
    names.clear();
    const entry = variable(name, values.get(key)![at]!);
    names.set(name, entry.value);
    entries[at] = entry;
    try {
      written.run(from);
      const text = pen.finish(written.total());
      return { text, name, values: new Map(names), cost: text.length ** 2 };
    } finally {
      // Nothing may still depend on this parameter when the next one is written.
      entries[at] = before;
      written.run(from);
    }
  };
}

function wholeText(
  subject: Subject, limit: number, values: Values, nameOf: (key: string, at: number) => string,
): Pick<Question, 'text' | 'values'> | null {
  const names = new Map<string, Rounded>();
  const pen = writing(limit, names);
  const written = evaluation(subject.system, pen, { sizes: subject.sizes });
  fillWith(written, values, (key, at, x) => {
    const entry = variable(nameOf(key, at), x);
    names.set(nameOf(key, at), entry.value);
    return entry;
  });
  try {
    written.run();
    return { text: pen.finish(written.total()), values: names };
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
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
