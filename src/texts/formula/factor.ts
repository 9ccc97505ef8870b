// One factor: a name with its scripts, a number, brackets, a fraction, a function with its argument, an operator with its body.

import * as Q from '../../algebra/rational.ts';
import { operatorNames } from '../latex/names.ts';
import type { LatexNode, NodeOf } from '../latex/node.ts';
import { refuse } from '../problem.ts';
import { type Span, spanOf } from '../span.ts';
import type { BigOperator, Term, TermOf } from './ast.ts';
import { casesOf, conditionOf, holdsRelation } from './condition.ts';
import type { Grammar } from './grammar.ts';
import { limitsOf } from './limits.ts';
import { accented, knownFunctions, nameOf } from './name.ts';
import { cutAt, isBlank, isComma } from './pieces.ts';
import { subscriptOf, superscriptOf } from './scripts.ts';
import { described, isSign, type Tokens } from './tokens.ts';

/** Takes one factor; the caller knows that one begins here. */
export function factorTerm(tokens: Tokens, grammar: Grammar): Term {
  const node = tokens.take();
  if (node === undefined) return refuse('formula-incomplete', tokens.here(), { wanted: 'a factor' });
  if (node.kind === 'scripts') return scriptedFactor(node, tokens, grammar);
  if (node.kind === 'operator') return operatorFactor(node, null, tokens, grammar);
  if (isFunction(node, tokens.peek())) return functionFactor(node.text, null, node, tokens, grammar);
  if (node.kind === 'symbol' && node.text === 'partial') return inlineDerivative(node, tokens, grammar);
  if (node.kind === 'fraction') return operatorDerivative(node, tokens, grammar) ?? atom(node, grammar);
  if (node.kind === 'number') return numberFactor(node, tokens);
  return atom(node, grammar);
}

/** A word that is no operator in LaTeX is a function where a bracket follows; else it may be a name. */
function isFunction(node: LatexNode, next: LatexNode | undefined): node is NodeOf<'word'> {
  if (node.kind !== 'word' || !knownFunctions.has(node.text)) return false;
  const bracket = next?.kind === 'scripts' ? next.base : next;
  return node.operator || (bracket?.kind === 'fenced' && isArgument(bracket));
}

function scriptedFactor(node: NodeOf<'scripts'>, tokens: Tokens, grammar: Grammar): Term {
  const { base } = node;
  if (base === null) return refuse('formula-incomplete', node, { wanted: 'what the scripts stand on' });
  if (base.kind === 'operator') return operatorFactor(base, node, tokens, grammar);
  if (base.kind === 'word' && operatorNames.has(base.text) && node.sub !== null && tokens.peek() !== undefined) {
    return operatorFactor({ ...base, kind: 'operator', name: base.text }, node, tokens, grammar);
  }
  if (isFunction(base, node.sub === null ? tokens.peek() : undefined)) return functionFactor(base.text, node, base, tokens, grammar);
  if (base.kind === 'symbol' && base.text === 'nabla' && node.sub !== null) return gradient(node, node.sub, tokens, grammar);
  if (base.kind === 'brace') return { ...atom(base, grammar), ...spanOf(node) };
  return scripted(atom(base, grammar), node, grammar);
}

/** A term with the scripts of a node. */
export function scripted(base: Term, node: NodeOf<'scripts'>, grammar: Grammar): Term {
  const sub = node.sub === null ? null : subscriptOf(node.sub, node, grammar);
  const sup = superscriptOf(node.sup, node.primes, node, grammar);
  return sub === null && sup === null ? base : { kind: 'scripts', base, sub, sup, ...spanOf(node) };
}

function numberFactor(node: NodeOf<'number'>, tokens: Tokens): Term {
  const isDecimal = node.digits.includes('.');
  const dots = isDecimal ? tokens.accept('…') : null;
  return numberTerm(node, dots);
}

function numberTerm({ digits, style, start, end }: NodeOf<'number'>, dots: LatexNode | null): TermOf<'number'> {
  const [whole = '', places = ''] = digits.split('.');
  const value = Q.rational(BigInt(`${whole}${places}` === '' ? '0' : `${whole}${places}`), 10n ** BigInt(places.length));
  return { kind: 'number', value, digits, cut: dots !== null, style, start, end: dots?.end ?? end };
}

/** \log x, \tanh^2(a), \mathrm{diag}\{v\}^{-1}: scripts behind the brackets belong to the value. */
function functionFactor(name: string, scripts: NodeOf<'scripts'> | null, place: Span, tokens: Tokens, grammar: Grammar): Term {
  const own = scripts === null ? null : scripted(nameOf(name, true, 'upright', place), scripts, grammar);
  const mine = own?.kind === 'scripts' ? { sub: own.sub, sup: own.sup } : null;
  const next = tokens.peek();
  if (next === undefined) return refuse('formula-incomplete', tokens.here(), { wanted: `the argument of ${name}` });
  const outer = next.kind === 'scripts' && next.base?.kind === 'fenced' && isArgument(next.base) ? next : null;
  const bracket = outer?.base ?? next;
  const bracketed = bracket.kind === 'fenced' && isArgument(bracket);
  if (bracketed) tokens.take();
  const argument = bracketed ? atom(bracket, grammar) : factorTerm(tokens, grammar);
  const applied: Term = { kind: 'apply', name, scripts: mine, argument, bracketed, start: place.start, end: argument.end };
  return outer === null ? applied : scripted(applied, { ...outer, start: place.start }, grammar);
}

const isArgument = (n: NodeOf<'fenced'>): boolean => ['(', '[', '{'].includes(n.open);

/** \sum_{j=0}^n and what follows; \max(a, b). */
function operatorFactor(node: NodeOf<'operator'>, scripts: NodeOf<'scripts'> | null, tokens: Tokens, grammar: Grammar): Term {
  let { name } = node;
  let own = scripts;
  if (name === 'arg') {
    const next = tokens.take();
    const inner = next?.kind === 'scripts' ? next.base : next;
    if (inner?.kind !== 'operator' || (inner.name !== 'max' && inner.name !== 'min')) return refuse('formula-incomplete', node, { wanted: 'max or min behind arg' });
    name = `arg${inner.name}`;
    own = next?.kind === 'scripts' ? next : own;
  }
  const next = tokens.peek();
  const below = own?.sub ?? null;
  if (below === null && next !== undefined && (name === 'max' || name === 'min')) return functionFactor(name, own, node, tokens, grammar);
  const operator = bigOperators.get(name);
  if (operator === undefined) return refuse('formula-construct', node, { text: name, type: 'operator' });
  if (below === null || own === null) return refuse('formula-incomplete', node, { wanted: `the index of ${name}` });
  const limits = limitsOf(below, own.sup, own, grammar);
  const body = grammar.product(tokens);
  return { kind: 'over', operator, limits, body, start: node.start, end: body.end };
}

const bigOperators: ReadonlyMap<string, BigOperator> = new Map([
  ['sum', 'sum'], ['prod', 'prod'], ['max', 'max'], ['min', 'min'], ['argmax', 'argmax'], ['argmin', 'argmin'],
]);

/** ∇_W E */
function gradient(node: NodeOf<'scripts'>, sub: readonly LatexNode[], tokens: Tokens, grammar: Grammar): Term {
  const by = grammar.expression(sub, node);
  const of = factorTerm(tokens, grammar);
  return { kind: 'derivative', letter: '∇', of, by, start: node.start, end: of.end };
}

/** ∂E/∂W in one line. */
function inlineDerivative(partial: LatexNode, tokens: Tokens, grammar: Grammar): Term {
  const of = factorTerm(tokens, grammar);
  const slash = tokens.accept('/');
  const second = tokens.take();
  if (slash === null || second?.kind !== 'symbol' || second.text !== 'partial') return refuse('formula-incomplete', partial, { wanted: '∂…/∂…' });
  const by = factorTerm(tokens, grammar);
  return { kind: 'derivative', letter: '∂', of, by, start: partial.start, end: by.end };
}

/** A node that says by itself what it is. */
export function atom(node: LatexNode, grammar: Grammar): Term {
  const place = spanOf(node);
  switch (node.kind) {
    case 'symbol': return nameOf(node.text, false, node.style, node);
    case 'word': return node.style === 'mono' ? lettersOf(node) : nameOf(node.text, true, node.style, node);
    case 'number': return numberTerm(node, null);
    case 'fraction': return fraction(node, grammar);
    case 'root': return {
      kind: 'root', degree: node.degree === null ? null : grammar.expression(node.degree, node), body: grammar.expression(node.body, node), ...place,
    };
    case 'group': return grammar.expression(node.body, node);
    case 'accent': return accented(node.accent, grammar.expression(node.body, node), node);
    case 'brace': return { kind: 'brace', body: grammar.expression(node.body, node), note: '', ...place };
    case 'fenced': return fencedTerm(node, grammar);
    case 'table': return { kind: 'matrix', rows: node.rows.map((row) => row.map((cell) => grammar.expression(cell, node))), ...place };
    case 'scripts': return node.base === null ? refuse('formula-incomplete', node, { wanted: 'what the scripts stand on' }) : scripted(atom(node.base, grammar), node, grammar);
    case 'sign':
      if (node.text === ':') return { kind: 'colon', ...place };
      return node.text === '…' ? { kind: 'dots', ...place } : refuse('formula-unexpected', node, { what: node.text });
    case 'operator': case 'text': case 'space': return refuse('formula-unexpected', node, { what: described(node) });
  }
}

function fraction({ top, bottom, ...rest }: NodeOf<'fraction'>, grammar: Grammar): Term {
  const place = spanOf(rest);
  const [above, below] = [withoutPartial(top), withoutPartial(bottom)];
  if (above !== null && below !== null && below.length > 0) {
    const by = grammar.expression(below, place);
    if (above.length > 0) return { kind: 'derivative', letter: '∂', of: grammar.expression(above, place), by, ...place };
  }
  return { kind: 'fraction', top: grammar.expression(top, place), bottom: grammar.expression(bottom, place), ...place };
}

/** (∂/∂W) J(W, b): what follows is differentiated, a function with its argument. */
function operatorDerivative({ top, bottom, ...rest }: NodeOf<'fraction'>, tokens: Tokens, grammar: Grammar): Term | null {
  const [above, below] = [withoutPartial(top), withoutPartial(bottom)];
  if (above?.length !== 0 || below === null || below.length === 0) return null;
  const by = grammar.expression(below, rest);
  const name = factorTerm(tokens, grammar);
  const next = tokens.peek();
  const argument = next?.kind === 'fenced' && next.open === '(' ? factorTerm(tokens, grammar) : null;
  const of: Term = argument === null ? name
    : { kind: 'product', factors: [{ sign: '', term: name }, { sign: '', term: argument }], start: name.start, end: argument.end };
  return { kind: 'derivative', letter: '∂', of, by, start: rest.start, end: of.end };
}

/** What stands behind ∂; null where none leads. */
function withoutPartial(nodes: readonly LatexNode[]): readonly LatexNode[] | null {
  const [first, ...rest] = nodes.filter((n) => n.kind !== 'space');
  return first?.kind === 'symbol' && first.text === 'partial' ? rest : null;
}

function fencedTerm(node: NodeOf<'fenced'>, grammar: Grammar): Term {
  const place = spanOf(node);
  const body = node.body.filter((n) => n.kind !== 'space');
  const [only] = body;
  if (only?.kind === 'table' && body.length === 1) {
    return node.open === '{' && node.close === '' ? { kind: 'cases', branches: casesOf(only.rows, node, grammar), ...place } : atom(only, grammar);
  }
  if (node.open === '[' && node.close === ']' && holdsRelation(node.body)) return { kind: 'bracket', condition: conditionOf(node.body, node, grammar), ...place };
  if (node.open === '|') return { kind: 'absolute', body: grammar.expression(node.body, node), ...place };
  if (node.open === '‖') return { kind: 'norm', body: grammar.expression(node.body, node), ...place };
  if (!['(', '[', '{', ''].includes(node.open)) return refuse('formula-construct', node, { text: `${node.open}…${node.close}`, type: 'brackets' });
  // h(·)
  if (only !== undefined && body.length === 1 && isSign(only, '·')) return { kind: 'fenced', open: node.open, close: node.close, items: [{ kind: 'dots', ...spanOf(only) }], ...place };
  const parts = isBlank(node.body) ? [] : cutAt(node.body, isComma);
  return { kind: 'fenced', open: node.open, close: node.close, items: parts.map((p) => grammar.expression(p, node)), ...place };
}

/** ij,j->i */
function lettersOf(node: NodeOf<'word'>): Term {
  const [, operands, result] = /^([A-Za-z,]*)->([A-Za-z]*)$/.exec(node.text) ?? [];
  if (operands === undefined || result === undefined) return refuse('formula-construct', node, { text: node.text, type: 'letters' });
  return { kind: 'letters', operands: operands.split(','), result, ...spanOf(node) };
}
