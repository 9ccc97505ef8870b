// A formula as statements and the values that they hold for: pieces between commas and wide spaces, rows of a table.

import type { LatexNode } from '../latex/node.ts';
import { latexTree } from '../latex/read-latex.ts';
import type { Macros } from '../latex/katex.ts';
import { attempt, type Outcome, refuse } from '../problem.ts';
import { type Span, spanning, spanOf } from '../span.ts';
import type { ParsedFormula, Quantifier, RelationSign, Statement, Term } from './ast.ts';
import { parseSum } from './expression.ts';
import { cutAt, isBlank, isComma } from './pieces.ts';
import { acceptRelation, isRelation } from './relations.ts';
import { expectEnd, isSign, tokensOf } from './tokens.ts';

export const parseFormula = (source: string, macros: Macros = {}): Outcome<ParsedFormula> =>
  attempt({ start: 0, end: source.length }, () => formulaOf(source, macros));

/** @throws Refusal */
export function formulaOf(source: string, macros: Macros = {}): ParsedFormula {
  const whole = { start: 0, end: source.length };
  const rows = rowsOf(withoutStop(withoutNumber(latexTree(source, macros))));
  const pieces = rows.flatMap((row) => cutAt(row, (n) => isComma(n) || (n.kind === 'space' && n.width >= 1))).filter((p) => !isBlank(p));
  const { statements, quantifiers } = gathered(pieces, whole);
  if (statements.length === 0) refuse('formula-incomplete', whole, { wanted: 'a statement' });
  return { statements, quantifiers };
}

/** A full stop ends a sentence, not a formula. */
function withoutStop(nodes: readonly LatexNode[]): readonly LatexNode[] {
  const last = nodes.findLastIndex((n) => n.kind !== 'space');
  const node = nodes[last];
  return node !== undefined && (isSign(node, '.') || isComma(node)) ? nodes.slice(0, last) : nodes;
}

/** (5) behind a wide space numbers a formula. */
function withoutNumber(nodes: readonly LatexNode[]): readonly LatexNode[] {
  const last = nodes.findLastIndex((n) => n.kind !== 'space');
  const [node, space] = [nodes[last], nodes[last - 1]];
  const inside = node?.kind === 'fenced' && node.open === '(' && node.body.length === 1 ? node.body[0] : undefined;
  return inside?.kind === 'number' && space?.kind === 'space' && space.width >= 1 ? nodes.slice(0, last - 1) : nodes;
}

/** Rows of a table of statements; one that begins with a relation goes on with the row above. */
function rowsOf(nodes: readonly LatexNode[]): readonly (readonly LatexNode[])[] {
  const body = nodes.filter((n) => n.kind !== 'space');
  const [only] = body;
  const inner = only?.kind === 'fenced' && body.length === 1 && only.open === '{' && only.close === '' ? only.body.filter((n) => n.kind !== 'space') : body;
  const [table] = inner;
  if (table?.kind !== 'table' || inner.length !== 1 || !table.rows.every(isStated)) return [nodes];
  const rows: LatexNode[][] = [];
  for (const row of table.rows) {
    const flat = row.flat();
    const first = flat.find((n) => n.kind !== 'space');
    const above = rows.at(-1);
    if (above !== undefined && first !== undefined && (isRelation(first) || isSign(first, ':', '+', '-', '·', '⊙'))) above.push(...flat);
    else rows.push([...flat]);
  }
  return rows;
}

/** A row of statements has its relation in the first cell, or begins with it in the second; a case has neither. */
function isStated([first = [], second = []]: readonly (readonly LatexNode[])[]): boolean {
  const leads = second.find((n) => n.kind !== 'space');
  return first.some(isRelation) || (leads !== undefined && (isRelation(leads) || isSign(leads, ':')));
}

interface Gathered {
  readonly statements: readonly Statement[];
  readonly quantifiers: readonly Quantifier[];
}

function gathered(pieces: readonly (readonly LatexNode[])[], whole: Span): Gathered {
  const statements: Statement[] = [];
  const quantifiers: Quantifier[] = [];
  let quantified = false;
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = (pieces[at] ?? []).filter((n) => n.kind !== 'space');
    const [first, ...rest] = piece;
    const isForAll = first !== undefined && isSign(first, '∀');
    const statement = statementOf(isForAll ? rest : piece, spanning(piece, whole));
    const to = isDots(pieces[at + 1]) ? pieces[at + 2] : undefined;
    const [left, from] = statement.sides;
    if (left !== undefined && from !== undefined && to !== undefined && statement.sides.length === 2 && (isForAll || quantified || left.kind === 'name')) {
      const end = statementOf(to, spanning(to, whole)).sides[0];
      if (end === undefined) return refuse('formula-incomplete', whole, { wanted: 'the end of a range' });
      quantifiers.push({ variable: left, range: { from, to: end }, ...spanning([statement, end], whole) });
      at += 2;
    } else if (isForAll || (quantified && statement.sides.length === 1)) {
      if (left === undefined) return refuse('formula-incomplete', whole, { wanted: 'a variable behind ∀' });
      quantifiers.push({ variable: left, range: from === undefined || statement.signs[0] !== '=' ? null : { from, to: from }, ...spanOf(statement) });
    } else statements.push(statement);
    quantified ||= isForAll;
  }
  return { statements, quantifiers };
}

const isDots = (piece: readonly LatexNode[] | undefined): boolean => {
  const body = (piece ?? []).filter((n) => n.kind !== 'space');
  return body.length === 1 && isSign(body[0], '…');
};

function statementOf(nodes: readonly LatexNode[], place: Span): Statement {
  const tokens = tokensOf(nodes, place);
  const sides: Term[] = [parseSum(tokens)];
  const signs: RelationSign[] = [];
  for (let sign = acceptRelation(tokens); sign !== null; sign = acceptRelation(tokens)) {
    signs.push(sign);
    sides.push(parseSum(tokens));
  }
  expectEnd(tokens);
  return { sides, signs, ...spanning(nodes, place) };
}
