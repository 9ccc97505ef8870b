// Common subexpressions: within one block, what is computed twice gets a name and is computed once.

import type { Namer } from './names.ts';
import { local, multiplyScalars, addScalars, divideScalars, type Condition, type Scalar, type Statement } from './program.ts';
import { conditionParts, effects, mapBodies } from './rebuild.ts';

/** Names what a block computes more than once; what only branches compute stays in them. */
export function shareScalars(statements: readonly Statement[], namer: Namer): readonly Statement[] {
  const result: Statement[] = [];
  let block: Statement[] = [];
  const close = (): void => {
    result.push(...shareBlock(block, namer));
    block = [];
  };
  for (const st of statements) {
    if (st.kind === 'loop' || st.kind === 'if') {
      close();
      result.push(mapBodies(st, (body) => shareScalars(body, namer)));
    } else block.push(st);
  }
  close();
  return result;
}

/** Scalars with equal numbers are equal; a buffer or variable that has been written since has another version. */
interface Numbering {
  readonly numberOf: (e: Scalar) => number;
  readonly written: (resources: ReadonlySet<string>) => void;
}

function newNumbering(): Numbering {
  const known = new Map<string, number>();
  const versions = new Map<string, number>();
  const version = (resource: string): string => String(versions.get(resource) ?? 0);
  const number = (text: string): number => {
    const found = known.get(text) ?? known.size;
    known.set(text, found);
    return found;
  };
  const affine = (a: { terms: readonly { coefficient: number; symbol: { name: string } }[]; constant: number }): string =>
    `${a.terms.map((t) => `${String(t.coefficient)}*${t.symbol.name}`).join('+')}+${String(a.constant)}`;
  const all = (es: readonly Scalar[]): string => es.map((e) => String(numberOf(e))).join();
  const condition = (test: Condition): string => {
    switch (test.kind) {
      case 'index': return `i${test.relation}${affine(test.value)}`;
      case 'compare': return `c${test.relation}${all([test.left, test.right])}`;
      case 'and': case 'or': return `${test.kind}(${test.tests.map(condition).join()})`;
      case 'not': return `not(${condition(test.test)})`;
    }
  };
  const text = (e: Scalar): string => {
    switch (e.kind) {
      case 'literal': return `=${String(e.value)}${Object.is(e.value, -0) ? '-' : ''}`;
      case 'local': return `l:${e.name}@${version(`l:${e.name}`)}`;
      case 'load': return `b:${e.buffer}@${version(`b:${e.buffer}`)}[${affine(e.at)}]`;
      case 'index': return `#${affine(e.value)}`;
      case 'add': return `+${all(e.terms)}`;
      case 'multiply': return `*${all(e.factors)}`;
      case 'divide': return `/${all([e.numerator, e.denominator])}`;
      case 'math': return `${e.name}(${all(e.arguments)})`;
      case 'helper': return `${e.name}(${all([e.argument])})`;
      case 'select': return `?${condition(e.test)}:${all([e.then, e.otherwise])}`;
    }
  };
  const numberOf = (e: Scalar): number => number(text(e));
  return {
    numberOf,
    written: (resources) => {
      for (const r of resources) versions.set(r, (versions.get(r) ?? 0) + 1);
    },
  };
}

interface Count {
  uses: number;
  /** Whether some statement of the block computes it whatever its conditions say. */
  certain: boolean;
}

function shareBlock(block: readonly Statement[], namer: Namer): readonly Statement[] {
  const counts = new Map<number, Count>();
  const first = newNumbering();
  const count = (e: Scalar, certain: boolean): void => {
    if (isPlain(e)) return;
    const number = first.numberOf(e);
    const known = counts.get(number);
    if (known !== undefined) {
      known.uses += 1;
      known.certain ||= certain;
      // Its parts are shared with it; but a part may only now have become certain.
      if (!certain) return;
    } else counts.set(number, { uses: 1, certain });
    const again = known !== undefined;
    forParts(e, certain, (part, c) => {
      if (!again) count(part, c);
      else if (c) makeCertain(part);
    });
  };
  const makeCertain = (e: Scalar): void => {
    if (isPlain(e)) return;
    const known = counts.get(first.numberOf(e));
    if (known !== undefined) known.certain = true;
    forParts(e, true, (part, c) => {
      if (c) makeCertain(part);
    });
  };
  for (const st of block) {
    const value = valueOf(st);
    if (value !== null) count(value, true);
    first.written(effects([st]).writes);
  }
  if (![...counts.values()].some((c) => c.uses > 1 && c.certain)) return block;

  const second = newNumbering();
  const names = new Map<number, string>();
  return block.flatMap((st): readonly Statement[] => {
    const defined: Statement[] = [];
    const walk = (e: Scalar): Scalar => {
      if (isPlain(e)) return e;
      const number = second.numberOf(e);
      const name = names.get(number);
      if (name !== undefined) return local(name);
      const rebuilt = mapParts(e, walk);
      const found = counts.get(number);
      if (found === undefined || found.uses < 2 || !found.certain) return rebuilt;
      const fresh = namer.fresh('v');
      names.set(number, fresh);
      defined.push({ kind: 'let', name: fresh, mutable: false, value: rebuilt });
      return local(fresh);
    };
    const value = valueOf(st);
    if (value === null) return [st];
    // A variable that is itself the shared value needs no second name.
    const number = isPlain(value) ? -1 : second.numberOf(value);
    const own = st.kind === 'let' && !st.mutable && !names.has(number) && number >= 0;
    const written = own ? mapParts(value, walk) : walk(value);
    if (own) names.set(number, st.name);
    second.written(effects([st]).writes);
    return [...defined, withValue(st, written)];
  });
}

const valueOf = (st: Statement): Scalar | null =>
  st.kind === 'let' || st.kind === 'set' || st.kind === 'store' ? st.value : null;

const withValue = (st: Statement, value: Scalar): Statement =>
  st.kind === 'let' || st.kind === 'set' || st.kind === 'store' ? { ...st, value } : st;

/** What is cheaper to repeat than to name. */
function isPlain(e: Scalar): boolean {
  switch (e.kind) {
    case 'literal': case 'local': case 'load': case 'index': return true;
    case 'multiply': return e.factors.length === 2 && e.factors.some((f) => f.kind === 'literal') && e.factors.every(isPlain);
    case 'add': case 'divide': case 'math': case 'helper': case 'select': return false;
  }
}

/** Calls f on the parts of e: those of branches are certain only if they are the test's. */
function forParts(e: Scalar, certain: boolean, f: (part: Scalar, certain: boolean) => void): void {
  switch (e.kind) {
    case 'literal': case 'local': case 'load': case 'index': return;
    case 'add': e.terms.forEach((t) => f(t, certain)); return;
    case 'multiply': e.factors.forEach((t) => f(t, certain)); return;
    case 'divide': f(e.numerator, certain); f(e.denominator, certain); return;
    case 'math': e.arguments.forEach((t) => f(t, certain)); return;
    case 'helper': f(e.argument, certain); return;
    case 'select':
      conditionParts(e.test).forEach((t) => f(t, certain));
      f(e.then, false);
      f(e.otherwise, false);
  }
}

/** e with each of its parts mapped. */
export function mapParts(e: Scalar, walk: (e: Scalar) => Scalar): Scalar {
  switch (e.kind) {
    case 'literal': case 'local': case 'load': case 'index': return e;
    case 'add': return addScalars(e.terms.map(walk));
    case 'multiply': return multiplyScalars(e.factors.map(walk));
    case 'divide': return divideScalars(walk(e.numerator), walk(e.denominator));
    case 'math': return { ...e, arguments: e.arguments.map(walk) };
    case 'helper': return { ...e, argument: walk(e.argument) };
    case 'select': return { ...e, test: rebuildCondition(e.test, walk), then: walk(e.then), otherwise: walk(e.otherwise) };
  }
}

function rebuildCondition(test: Condition, walk: (e: Scalar) => Scalar): Condition {
  switch (test.kind) {
    case 'index': return test;
    case 'compare': return { ...test, left: walk(test.left), right: walk(test.right) };
    case 'and': case 'or': return { ...test, tests: test.tests.map((t) => rebuildCondition(t, walk)) };
    case 'not': return { ...test, test: rebuildCondition(test.test, walk) };
  }
}
