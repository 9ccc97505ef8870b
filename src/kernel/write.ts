// Loop programs as source text: statements and scalars, once for TypeScript and once for JavaScript.

import type { Affine } from '../algebra/affine.ts';
import { samplesSize } from '../spec/samples.ts';
import { commentText } from './comment.ts';
import type { Namer } from './names.ts';
import type { Buffer, Condition, Scalar, Statement } from './program.ts';

export type Language = 'typescript' | 'javascript';

export interface Writer {
  readonly language: Language;
  /** How a buffer's entry is addressed: its array's name, and the entries before it. */
  readonly array: (buffer: string) => { readonly name: string; readonly offset: number };
  /** The identifier of an index variable. */
  readonly index: (name: string) => string;
}

/** A writer for one routine; index variables get identifiers of their own from the namer. */
export function newWriter(language: Language, buffers: ReadonlyMap<string, Buffer>, flat: boolean, namer: Namer): Writer {
  const indices = new Map<string, string>();
  return {
    language,
    array: (name) => {
      const buffer = buffers.get(name);
      return flat && buffer?.within ? { name: buffer.within.array, offset: buffer.within.offset } : { name, offset: 0 };
    },
    index: (name) => {
      const known = indices.get(name) ?? namer.fresh(name);
      indices.set(name, known);
      return known;
    },
  };
}

export function writeStatements(statements: readonly Statement[], indent: string, writer: Writer): readonly string[] {
  return statements.flatMap((st): readonly string[] => {
    switch (st.kind) {
      case 'comment': return st.lines.map((line) => `${indent}// ${commentText(line)}`);
      case 'loop': {
        const i = writer.index(st.index);
        const [from, to] = [bound(st.from, 'max', 0, writer), bound(st.to, 'min', 0, writer)];
        const head = st.descending
          ? `for (let ${i} = ${to}; ${i} >= ${from}; ${i} -= 1)`
          : `for (let ${i} = ${from}; ${i} < ${bound(st.to, 'min', 1, writer)}; ${i} += 1)`;
        return [`${indent}${head} {`, ...writeStatements(st.body, `${indent}  `, writer), `${indent}}`];
      }
      case 'if': return [
        `${indent}if (${writeCondition(st.test, writer)}) {`, ...writeStatements(st.body, `${indent}  `, writer),
        ...(st.otherwise.length === 0 ? [] : [`${indent}} else {`, ...writeStatements(st.otherwise, `${indent}  `, writer)]),
        `${indent}}`,
      ];
      case 'pin': return [`${indent}const ${writer.index(st.index)} = ${writeScalar(st.value, writer)};`];
      case 'let': return [`${indent}${st.mutable ? 'let' : 'const'} ${st.name} = ${writeScalar(st.value, writer)};`];
      case 'set': return [`${indent}${st.name} ${st.operator} ${writeScalar(st.value, writer)};`];
      case 'fill': {
        const array = writer.array(st.buffer);
        const from = { ...st.from, constant: st.from.constant + array.offset };
        const bounds = [from, { ...from, constant: from.constant + st.length }].map((b) => writeAffine(b, writer));
        return [`${indent}${array.name}.fill(0, ${bounds.join(', ')});`];
      }
      case 'store': {
        const assertion = writer.language === 'typescript' && st.operator === '+=' ? '!' : '';
        return [`${indent}${entry(st.buffer, st.at, writer)}${assertion} ${st.operator} ${writeScalar(st.value, writer)};`];
      }
    }
  });
}

/** max or min of affine bounds, plus a number. */
function bound(bounds: readonly Affine[], choose: 'max' | 'min', plus: number, writer: Writer): string {
  const shown = bounds.map((b) => writeAffine({ ...b, constant: b.constant + plus }, writer));
  return shown.length === 1 ? shown.join() : `Math.${choose}(${shown.join(', ')})`;
}

function entry(buffer: string, at: Affine, writer: Writer): string {
  const array = writer.array(buffer);
  return `${array.name}[${writeAffine({ ...at, constant: at.constant + array.offset }, writer)}]`;
}

/** `s * 4 + i + 2`: positive terms first. */
export function writeAffine(a: Affine, writer: Writer): string {
  const samples = samplesSize.terms[0]?.symbol.name;
  const terms = [...a.terms].sort((x, y) => Math.sign(y.coefficient) - Math.sign(x.coefficient) || Math.abs(y.coefficient) - Math.abs(x.coefficient));
  const written = terms.map((t, n): string => {
    const name = t.symbol.kind === 'size' && t.symbol.name === samples ? 'samples' : writer.index(t.symbol.name);
    const size = Math.abs(t.coefficient);
    const product = size === 1 ? name : `${name} * ${String(size)}`;
    return t.coefficient < 0 ? (n === 0 ? `-${product}` : ` - ${product}`) : n === 0 ? product : ` + ${product}`;
  }).join('');
  if (written === '') return String(a.constant);
  if (a.constant === 0) return written;
  if (written.startsWith('-') && a.constant > 0) return `${String(a.constant)} - ${written.slice(1)}`;
  return `${written} ${a.constant < 0 ? '-' : '+'} ${String(Math.abs(a.constant))}`;
}

/** How tightly text binds, loosest first. */
const SELECT = 0;
const SUM = 2;
const PRODUCT = 3;
const UNARY = 4;
const ATOM = 5;

interface Written {
  readonly text: string;
  readonly level: number;
}

export const writeScalar = (e: Scalar, writer: Writer): string => write(e, writer).text;

function inside(e: Scalar, level: number, writer: Writer): string {
  const { text, level: own } = write(e, writer);
  return own < level ? `(${text})` : text;
}

function write(e: Scalar, writer: Writer): Written {
  switch (e.kind) {
    case 'literal': return { text: numberText(e.value), level: e.value < 0 || Object.is(e.value, -0) ? UNARY : ATOM };
    case 'local': return { text: e.name, level: ATOM };
    case 'load': return { text: entry(e.buffer, e.at, writer) + (writer.language === 'typescript' ? '!' : ''), level: ATOM };
    case 'index': return { text: writeAffine(e.value, writer), level: indexLevel(e.value) };
    case 'add': return { text: e.terms.map((t, n) => addend(t, n === 0, writer)).join(''), level: SUM };
    case 'multiply': {
      const [head, ...rest] = e.factors;
      if (head?.kind === 'literal' && head.value === -1 && rest.length > 0) {
        return { text: `-${rest.length === 1 ? rest.map((f) => inside(f, ATOM, writer)).join('') : `(${factors(rest, writer)})`}`, level: UNARY };
      }
      return { text: factors(e.factors, writer), level: PRODUCT };
    }
    case 'divide': return { text: `${inside(e.numerator, PRODUCT, writer)} / ${inside(e.denominator, UNARY, writer)}`, level: PRODUCT };
    case 'math': return { text: `Math.${e.name}(${e.arguments.map((a) => writeScalar(a, writer)).join(', ')})`, level: ATOM };
    case 'helper': return { text: `${e.name}(${writeScalar(e.argument, writer)})`, level: ATOM };
    case 'select': return {
      text: `${writeCondition(e.test, writer)} ? ${inside(e.then, SELECT + 1, writer)} : ${writeScalar(e.otherwise, writer)}`, level: SELECT,
    };
  }
}

function indexLevel({ terms: [term, ...others], constant }: Affine): number {
  if (term === undefined || others.length > 0 || constant !== 0) return SUM;
  return term.coefficient === 1 ? ATOM : PRODUCT;
}

/** Factors in order; one that is itself a product after the first keeps its parentheses, as it was meant. */
const factors = (all: readonly Scalar[], writer: Writer): string =>
  all.map((f, n) => inside(f, n === 0 ? PRODUCT : UNARY, writer)).join(' * ');

function addend(e: Scalar, first: boolean, writer: Writer): string {
  const opposite = withoutSign(e);
  const text = inside(opposite ?? e, opposite === null ? SUM : PRODUCT, writer);
  if (first) return opposite === null ? text : `-${text}`;
  return opposite === null ? ` + ${text}` : ` - ${text}`;
}

/** -e for a product, quotient or literal that begins with a negative number, else null. */
function withoutSign(e: Scalar): Scalar | null {
  if (e.kind === 'literal') return e.value < 0 ? { kind: 'literal', value: -e.value } : null;
  if (e.kind === 'divide') {
    const numerator = withoutSign(e.numerator);
    return numerator === null ? null : { ...e, numerator };
  }
  if (e.kind !== 'multiply') return null;
  const [head, ...rest] = e.factors;
  if (head?.kind !== 'literal' || head.value >= 0) return null;
  const [only] = rest;
  if (head.value !== -1) return { kind: 'multiply', factors: [{ kind: 'literal', value: -head.value }, ...rest] };
  return only !== undefined && rest.length === 1 ? only : { kind: 'multiply', factors: rest };
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return String(value);
}

export function writeCondition(test: Condition, writer: Writer): string {
  switch (test.kind) {
    case 'index': {
      const left = test.value.terms.filter((t) => t.coefficient > 0);
      const right = test.value.terms.filter((t) => t.coefficient < 0).map((t) => ({ ...t, coefficient: -t.coefficient }));
      const l = writeAffine({ terms: left, constant: Math.max(test.value.constant, 0) }, writer);
      const r = writeAffine({ terms: right, constant: Math.max(-test.value.constant, 0) }, writer);
      return `${l} ${test.relation === '=' ? '===' : '>='} ${r}`;
    }
    case 'compare': {
      if (test.left.kind === 'literal' && test.right.kind !== 'literal' && test.relation !== '=') {
        // 0 > x reads better as x < 0.
        return `${inside(test.right, SUM, writer)} ${test.relation === '>' ? '<' : '<='} ${inside(test.left, SUM, writer)}`;
      }
      const relation = test.relation === '=' ? '===' : test.relation;
      return `${inside(test.left, SUM, writer)} ${relation} ${inside(test.right, SUM, writer)}`;
    }
    case 'and': case 'or': return test.tests
      .map((t) => (t.kind === 'and' || t.kind === 'or' ? `(${writeCondition(t, writer)})` : writeCondition(t, writer)))
      .join(test.kind === 'and' ? ' && ' : ' || ');
    case 'not': return `!(${writeCondition(test.test, writer)})`;
  }
}

