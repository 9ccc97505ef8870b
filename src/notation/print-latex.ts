// Boxes to LaTeX (amsmath); plain ASCII, so that any engine reads it, and none of the commands that Markdown renderers
// refuse (\operatorname) or swallow (\{).

import type { Range } from '../algebra/affine.ts';
import type { ElementaryName } from '../algebra/expression.ts';
import { affineBox } from './affine-box.ts';
import { type Box, type Letter, letterOf, type Operator, parts, type Relation } from './box.ts';
import type { Convention } from './convention.ts';
import { latexLetter } from './latex-letter.ts';
import { factorLevel, hasSuperscript, isBareBase, isTall, type Joint, joint, level, type Level, levelOf } from './precedence.ts';

export function printLatex(m: Box, convention: Convention): string {
  const print = (box: Box): string => printLatex(box, convention);
  const at = (box: Box, least: Level): string => (levelOf(box, false) < least ? enclosed(box, print) : print(box));
  switch (m.kind) {
    case 'integer': return String(m.value);
    case 'decimal': return m.digits + (m.cut ? '\\dots' : '');
    case 'letter': return letter(m, convention);
    case 'plus': case 'times': return partsOf(m, convention).map((p) => p.sign + at(p.body, p.least)).join('');
    case 'fraction': return `\\frac{${print(m.top)}}{${print(m.bottom)}}`;
    case 'power': return powerBase(m.base, convention) + raised(`${m.elementwise ? `${elementwise[convention.elementwise]} ` : ''}${print(m.exponent)}`);
    case 'root': return `\\sqrt${m.degree === 2 ? '' : `[${String(m.degree)}]`}{${print(m.body)}}`;
    case 'elementary': return elementary(m, print);
    case 'apply': return letter(m.fn, convention) + enclosed(m.argument, print);
    case 'over': return `${operators[m.operator]}${limits(m.index, m.range, convention)} ${at(m.body, level.sum)}`;
    case 'bracket': return `[${relation(m.test, print)}]`;
    case 'cases': return `\\begin{cases} ${[
      ...m.branches.map((b) => `${print(b.then)} & \\text{if } ${relation(b.when, print)}`),
      `${print(m.otherwise)} & \\text{otherwise}`,
    ].join(' \\\\ ')} \\end{cases}`;
    case 'partial': return `\\frac{\\partial ${at(m.of, level.atom)}}{\\partial ${at(m.by, level.atom)}}`;
    case 'diag': return `\\mathrm{diag}\\left\\lbrace ${print(m.body)} \\right\\rbrace`;
    case 'nabla': return `\\nabla${lowered(print(m.by))} ${at(m.of, level.atom)}`;
    case 'transpose': return `${m.body.kind === 'letter' && hasSuperscript(m.body, convention) ? enclosed(m.body, print) : at(m.body, level.atom)}${transposes[convention.transpose]}`;
    case 'ones': return '\\mathbf{1}';
    case 'identity': return `I_{${print(m.size)}}`;
    case 'vec': return `\\mathrm{vec}${enclosed(m.body, print)}`;
    case 'shaped': return `\\underset{${print(m.rows)} \\times ${print(m.columns)}}{${print(m.body)}}`;
    // The letters are one word, set close, and apart from the operands.
    case 'einsum': return `\\mathrm{einsum}(\\mathtt{${m.letters.join('{,}')}{\\to}${m.result}},\\; ${m.operands.map(print).join(', ')})`;
    case 'norm': return `\\left\\lVert ${print(m.body)} \\right\\rVert`;
    case 'absolute': return `\\left\\lvert ${print(m.body)} \\right\\rvert`;
    case 'group': return enclosed(m.body, print);
    case 'brace': return `\\underbrace{${print(m.body)}}_{\\text{${m.note}}}`;
  }
}

interface PrintedPart {
  readonly sign: string;
  readonly body: Box;
  readonly least: Level;
}

/** Terms or factors, each with the sign before it. */
function partsOf(m: Extract<Box, { kind: 'plus' | 'times' }>, convention: Convention): readonly PrintedPart[] {
  if (m.kind === 'plus') {
    return m.terms.map((t, n) => ({ sign: t.negative ? (n === 0 ? '-' : ' - ') : n === 0 ? '' : ' + ', body: t.body, least: level.sum }));
  }
  return m.factors.map((body, n) => {
    const least = factorLevel(m, n);
    const left = m.factors[n - 1];
    return { sign: left === undefined ? '' : between(joint(left, body, levelOf(body, false) < least, m.sign), convention), body, least };
  });
}

/** A formula in rows of about `columns` signs: cut before terms, and in long ones before factors, also within brackets. */
export const latexRows = (m: Box, convention: Convention, columns: number): readonly string[] =>
  rowsIn(m, convention, columns).map((r) => r.text.trim());

interface Row {
  readonly text: string;
  readonly columns: number;
}

function rowsIn(m: Box, convention: Convention, columns: number): readonly Row[] {
  const whole: readonly Row[] = [{ text: printLatex(m, convention), columns: breadth(m) }];
  if (breadth(m) <= columns) return whole;
  if (m.kind === 'over' && levelOf(m.body, false) >= level.sum) {
    return behind(`${operators[m.operator]}${limits(m.index, m.range, convention)} `, 2, rowsIn(m.body, convention, columns));
  }
  if (m.kind !== 'plus' && m.kind !== 'times') return whole;
  let rows: readonly Row[] = [];
  let open = true;
  for (const { sign, body, least } of partsOf(m, convention)) {
    const inner = rowsIn(body, convention, columns);
    const all = behind(sign, sign.length, levelOf(body, false) < least ? inBrackets(inner, isTall(body)) : inner);
    const [last, first] = [rows.at(-1), all[0]];
    // A row that began without a sign would look like another formula.
    const joined = last !== undefined && first !== undefined
      && (sign === ' ' || (open && all.length === 1 && last.columns + first.columns <= columns));
    rows = joined ? [...rows.slice(0, -1), { text: last.text + first.text, columns: last.columns + first.columns }, ...all.slice(1)] : [...rows, ...all];
    open = all.length === 1;
  }
  return rows;
}

/** Brackets that open in one row and close in another cannot grow by themselves. */
function inBrackets(inner: readonly Row[], tall: boolean): readonly Row[] {
  const one = inner.length === 1;
  const [open, close] = tall ? (one ? ['\\left(', '\\right)'] : ['\\Bigl(', '\\Bigr)']) : (one ? ['(', ')'] : ['\\bigl(', '\\bigr)']);
  return behind(open, 1, inner.map((p, n) => (n === inner.length - 1 ? { text: p.text + close, columns: p.columns + 1 } : p)));
}

const behind = (text: string, columns: number, rows: readonly Row[]): readonly Row[] =>
  rows.map((r, n) => (n === 0 ? { text: text + r.text, columns: columns + r.columns } : r));

/** About how many signs stand side by side. */
function breadth(m: Box): number {
  const total = (all: readonly Box[]): number => all.reduce((n, part) => n + breadth(part), 0);
  switch (m.kind) {
    case 'integer': return String(m.value).length;
    case 'decimal': return m.digits.length;
    case 'letter': return 1 + (m.layer === null ? 0 : 2) + m.indices.length;
    case 'ones': return 1;
    case 'identity': return 2;
    case 'shaped': return Math.max(breadth(m.body), 3 + breadth(m.rows) + breadth(m.columns));
    case 'plus': case 'times': return total(parts(m)) + 2 * (parts(m).length - 1);
    case 'fraction': case 'partial': return Math.max(...parts(m).map(breadth)) + 1;
    case 'cases': return Math.max(...parts(m).map(breadth)) + 14;
    case 'power': case 'root': case 'elementary': case 'apply': case 'over': case 'bracket': case 'diag': case 'vec': case 'transpose': case 'norm': case 'absolute':
    case 'group': case 'brace': case 'nabla': return total(parts(m)) + 2;
    case 'einsum': return total(parts(m)) + m.letters.join().length + m.result.length + 2 * m.operands.length + 10;
  }
}

const operators: Readonly<Record<Operator, string>> = {
  sum: '\\sum', product: '\\prod', max: '\\max', min: '\\min', argmax: '\\arg\\max', argmin: '\\arg\\min',
};

const elementwise = { '⊙': '\\odot', '∘': '\\circ', '*': '*', '•': '\\bullet', '.*': '.*' } as const;

function between(sign: Joint, convention: Convention): string {
  switch (sign) {
    case 'space': return ' ';
    case 'dot': return ' \\cdot ';
    case 'otimes': return ' \\otimes ';
    case 'odot': return ` ${elementwise[convention.elementwise]} `;
  }
}

const transposes = { T: '^T', '⊤': '^\\top', "'": "'" } as const;

function enclosed(m: Box, print: (box: Box) => string): string {
  return isTall(m) ? `\\left(${print(m)}\\right)` : `(${print(m)})`;
}

const raised = (text: string): string => (/^.$/.test(text) ? `^${text}` : `^{${text}}`);
const lowered = (text: string): string => (/^.$/.test(text) ? `_${text}` : `_{${text}}`);

/** A base that carries no superscript of its own, else in brackets. */
function powerBase(base: Box, convention: Convention): string {
  const print = (box: Box): string => printLatex(box, convention);
  return isBareBase(base, convention) ? print(base) : enclosed(base, print);
}

const names: Readonly<Record<ElementaryName, string>> = {
  exp: '\\exp', log: '\\log', sin: '\\sin', cos: '\\cos', atan: '\\arctan', erf: '\\mathrm{erf}', tan: '\\tan',
  sinh: '\\sinh', cosh: '\\cosh', tanh: '\\tanh', log1p: '\\mathrm{log1p}', expm1: '\\mathrm{expm1}',
};

function elementary(m: Extract<Box, { kind: 'elementary' }>, print: (box: Box) => string): string {
  if (m.name === 'exp' && m.power === 1 && m.spelled !== true && !isTall(m.argument)) return `e${raised(print(m.argument))}`;
  return `${names[m.name]}${m.power === 1 ? '' : raised(String(m.power))}${enclosed(m.argument, print)}`;
}

const letter = (m: Letter, convention: Convention): string =>
  latexLetter(m, m.indices.map((index) => indexText(index, convention)), convention);

function indexText(index: Box, convention: Convention): string {
  return printLatex(index, convention).replaceAll(' ', '').replaceAll('′', "'");
}

function limits(index: string, range: Range | null, convention: Convention): string {
  const name = indexText(letterOf(index), convention);
  if (range === null) return name.length === 1 ? `_${name}` : `_{${name}}`;
  return `_{${name}=${indexText(affineBox(range.lo), convention)}}^{${indexText(affineBox(range.hi), convention)}}`;
}

const signs = { '=': '=', '≠': '\\neq', '<': '<', '≤': '\\leq', '>': '>', '≥': '\\geq' } as const;

function relation(r: Relation, print: (box: Box) => string): string {
  switch (r.kind) {
    case 'compare': return `${print(r.left)} ${signs[r.sign]} ${print(r.right)}`;
    case 'between': return `${print(r.low)} \\leq ${print(r.middle)} \\leq ${print(r.high)}`;
    case 'and': return r.parts.map((p) => nested(p, print)).join(' \\land ');
    case 'or': return r.parts.map((p) => nested(p, print)).join(' \\lor ');
    case 'not': return `\\lnot (${relation(r.part, print)})`;
  }
}

const nested = (r: Relation, print: (box: Box) => string): string =>
  r.kind === 'and' || r.kind === 'or' ? `(${relation(r, print)})` : relation(r, print);
