// Walking loop programs: rebuild scalars, conditions and statements from mapped parts, and visit what they read.

import { type Affine, type AffineSymbol, substituteAffine } from '../algebra/affine.ts';
import {
  addScalars, type Condition, decideCondition, divideScalars, literal, multiplyScalars, type Scalar, select, type Statement,
} from './program.ts';

/** How a mapping treats the leaves of a scalar; what a function is missing for stays as it is. */
export interface Mapping {
  readonly affine?: (value: Affine) => Affine;
  /** Called on every scalar after its parts have been mapped. */
  readonly scalar?: (e: Scalar) => Scalar;
}

const same = <T>(x: T): T => x;

export function mapScalar(e: Scalar, mapping: Mapping): Scalar {
  const affine = mapping.affine ?? same;
  const after = mapping.scalar ?? same;
  const below = (x: Scalar): Scalar => mapScalar(x, mapping);
  switch (e.kind) {
    case 'literal': case 'local': return after(e);
    case 'load': return after({ ...e, at: affine(e.at) });
    case 'index': {
      const value = affine(e.value);
      return after(value.terms.length === 0 ? literal(value.constant) : { kind: 'index', value });
    }
    case 'add': return after(addScalars(e.terms.map(below)));
    case 'multiply': return after(multiplyScalars(e.factors.map(below)));
    case 'divide': return after(divideScalars(below(e.numerator), below(e.denominator)));
    case 'math': return after({ ...e, arguments: e.arguments.map(below) });
    case 'helper': return after({ ...e, argument: below(e.argument) });
    case 'select': {
      const test = mapCondition(e.test, mapping);
      // Decided first: the branch that is not taken may lie outside its buffer.
      const truth = decideCondition(test);
      if (truth !== null) return below(truth ? e.then : e.otherwise);
      return after(select(test, below(e.then), below(e.otherwise)));
    }
  }
}

export function mapCondition(test: Condition, mapping: Mapping): Condition {
  switch (test.kind) {
    case 'index': return { ...test, value: (mapping.affine ?? same)(test.value) };
    case 'compare': return { ...test, left: mapScalar(test.left, mapping), right: mapScalar(test.right, mapping) };
    case 'and': case 'or': return { ...test, tests: test.tests.map((t) => mapCondition(t, mapping)) };
    case 'not': return { ...test, test: mapCondition(test.test, mapping) };
  }
}

/** Maps every scalar, condition and subscript of statements. */
export function mapStatements(statements: readonly Statement[], mapping: Mapping): readonly Statement[] {
  const affine = mapping.affine ?? same;
  return statements.map((st): Statement => {
    switch (st.kind) {
      case 'comment': return st;
      case 'loop': return { ...st, from: st.from.map(affine), to: st.to.map(affine), body: mapStatements(st.body, mapping) };
      case 'if': return { ...st, test: mapCondition(st.test, mapping), body: mapStatements(st.body, mapping), otherwise: mapStatements(st.otherwise, mapping) };
      case 'let': case 'set': case 'pin': return { ...st, value: mapScalar(st.value, mapping) };
      case 'store': return { ...st, at: affine(st.at), value: mapScalar(st.value, mapping) };
      case 'fill': return { ...st, from: affine(st.from) };
    }
  });
}

/** Puts affine expressions in the place of index variables. */
export const replaceIndices = (to: ReadonlyMap<string, Affine>): Mapping => ({
  affine: (value) => substituteAffine(value, (s: AffineSymbol) => (s.kind === 'index' ? (to.get(s.name) ?? null) : null)),
});

/** The scalars directly below e; those in a test's comparisons come first. */
export function parts(e: Scalar): readonly Scalar[] {
  switch (e.kind) {
    case 'literal': case 'local': case 'load': case 'index': return [];
    case 'add': return e.terms;
    case 'multiply': return e.factors;
    case 'divide': return [e.numerator, e.denominator];
    case 'math': return e.arguments;
    case 'helper': return [e.argument];
    case 'select': return [...conditionParts(e.test), e.then, e.otherwise];
  }
}

export function conditionParts(test: Condition): readonly Scalar[] {
  switch (test.kind) {
    case 'index': return [];
    case 'compare': return [test.left, test.right];
    case 'and': case 'or': return test.tests.flatMap(conditionParts);
    case 'not': return conditionParts(test.test);
  }
}

/** The affine expressions in a test's index conditions, those inside compared scalars left out. */
export function conditionAffines(test: Condition): readonly Affine[] {
  switch (test.kind) {
    case 'index': return [test.value];
    case 'compare': return [];
    case 'and': case 'or': return test.tests.flatMap(conditionAffines);
    case 'not': return conditionAffines(test.test);
  }
}

/** The affine expressions that stand in e itself, not below it. */
export function ownAffines(e: Scalar): readonly Affine[] {
  switch (e.kind) {
    case 'load': return [e.at];
    case 'index': return [e.value];
    case 'select': return conditionAffines(e.test);
    case 'literal': case 'local': case 'add': case 'multiply': case 'divide': case 'math': case 'helper': return [];
  }
}

/** Calls f on e and everything below it. */
export function visitScalar(e: Scalar, f: (e: Scalar) => void): void {
  f(e);
  for (const part of parts(e)) visitScalar(part, f);
}

/** The scalars that a statement evaluates itself, not in its body. */
export function statementScalars(st: Statement): readonly Scalar[] {
  switch (st.kind) {
    case 'comment': case 'loop': case 'fill': return [];
    case 'if': return conditionParts(st.test);
    case 'let': case 'set': case 'store': case 'pin': return [st.value];
  }
}

/** The blocks inside a statement. */
export function bodiesOf(st: Statement): readonly (readonly Statement[])[] {
  switch (st.kind) {
    case 'loop': return [st.body];
    case 'if': return st.otherwise.length === 0 ? [st.body] : [st.body, st.otherwise];
    case 'comment': case 'let': case 'set': case 'store': case 'fill': case 'pin': return [];
  }
}

/** The statement with each block inside it mapped. */
export function mapBodies(st: Statement, f: (body: readonly Statement[]) => readonly Statement[]): Statement {
  switch (st.kind) {
    case 'loop': return { ...st, body: f(st.body) };
    case 'if': return { ...st, body: f(st.body), otherwise: st.otherwise.length === 0 ? [] : f(st.otherwise) };
    case 'comment': case 'let': case 'set': case 'store': case 'fill': case 'pin': return st;
  }
}

/** Calls f on every statement, those in bodies included, in order. */
export function visitStatements(statements: readonly Statement[], f: (st: Statement) => void): void {
  for (const st of statements) {
    f(st);
    for (const body of bodiesOf(st)) visitStatements(body, f);
  }
}

/** Calls f on every scalar that the statements evaluate. */
export function visitScalars(statements: readonly Statement[], f: (e: Scalar) => void): void {
  visitStatements(statements, (st) => {
    for (const e of statementScalars(st)) visitScalar(e, f);
  });
}

/** Resources (`b:` buffer or entry, `l:` local) that statements read and write. */
export interface Effects {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

/** @param entrywise buffers whose subscripts are all numbers: each entry is a resource of its own. */
export function effects(statements: readonly Statement[], entrywise: ReadonlySet<string> = new Set()): Effects {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const entry = (buffer: string, at: Affine): string =>
    entrywise.has(buffer) ? `b:${buffer}[${String(at.constant)}]` : `b:${buffer}`;
  visitStatements(statements, (st) => {
    if (st.kind === 'let' || st.kind === 'set') writes.add(`l:${st.name}`);
    if (st.kind === 'set' && st.operator === '+=') reads.add(`l:${st.name}`);
    if (st.kind === 'fill') writes.add(`b:${st.buffer}`);
    if (st.kind === 'store') writes.add(entry(st.buffer, st.at));
    if (st.kind === 'store' && st.operator === '+=') reads.add(entry(st.buffer, st.at));
  });
  visitScalars(statements, (e) => {
    if (e.kind === 'load') reads.add(entry(e.buffer, e.at));
    if (e.kind === 'local') reads.add(`l:${e.name}`);
  });
  return { reads, writes };
}

/** The buffers that statements access only at numbers. */
export function numberedBuffers(statements: readonly Statement[]): ReadonlySet<string> {
  const numbered = new Map<string, boolean>();
  const look = (buffer: string, at: Affine): void => {
    numbered.set(buffer, numbered.get(buffer) !== false && at.terms.length === 0);
  };
  visitStatements(statements, (st) => {
    if (st.kind === 'store') look(st.buffer, st.at);
  });
  visitScalars(statements, (e) => {
    if (e.kind === 'load') look(e.buffer, e.at);
  });
  return new Set([...numbered].filter(([, only]) => only).map(([name]) => name));
}
