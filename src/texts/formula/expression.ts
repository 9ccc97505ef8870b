// Sums and products: signs between terms, signs and spaces between factors, operators that reach over the product behind them.

import type { LatexNode } from '../latex/node.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import type { Factor, ProductSign, SignedTerm, Term } from './ast.ts';
import { factorTerm } from './factor.ts';
import type { Grammar } from './grammar.ts';
import { described, expectEnd, isSign, type Tokens, tokensOf } from './tokens.ts';

const grammar: Grammar = { expression: expressionOf, sum: parseSum, product: parseProduct };

/** All of the nodes as one expression. */
export function expressionOf(nodes: readonly LatexNode[], within: Span): Term {
  const tokens = tokensOf(nodes, within);
  if (tokens.peek() === undefined) refuse('formula-incomplete', within, { wanted: 'a formula' });
  const term = parseSum(tokens);
  expectEnd(tokens);
  return term;
}

/** As far as a sum reaches. */
export function parseSum(tokens: Tokens): Term {
  const start = tokens.here().start;
  const terms: SignedTerm[] = [];
  let sign = tokens.accept('+', '-');
  for (;;) {
    terms.push({ negative: isSign(sign ?? undefined, '-'), term: parseProduct(tokens) });
    sign = tokens.accept('+', '-');
    if (sign === null) break;
  }
  const [only] = terms;
  return only !== undefined && terms.length === 1 && !only.negative ? only.term : { kind: 'sum', terms, start, end: tokens.before().end };
}

const productSigns: ReadonlyMap<string, ProductSign> = new Map([
  ['·', '·'], ['×', '×'], ['⊙', '⊙'], ['∘', '∘'], ['*', '*'], ['•', '•'], ['.*', '.*'], ['⊗', '⊗'], ['/', '/'],
]);

/** As far as a product reaches. */
function parseProduct(tokens: Tokens): Term {
  const start = tokens.here().start;
  const factors: Factor[] = [];
  for (;;) {
    const node = tokens.peek();
    // .* is two signs in LaTeX.
    const isDotted = isSign(node, '.') && isSign(tokens.peek(1), '*');
    const sign = isDotted ? '.*' : node?.kind === 'sign' ? productSigns.get(node.text) : undefined;
    if (sign !== undefined) {
      if (factors.length === 0) refuse('formula-unexpected', node ?? tokens.here(), { what: sign });
      tokens.take();
      if (isDotted) tokens.take();
      factors.push({ sign, term: signedFactor(tokens) });
    } else if (startsFactor(node, tokens.peek(1))) factors.push({ sign: '', term: factorTerm(tokens, grammar) });
    else break;
  }
  const [only] = factors;
  if (only === undefined) {
    const next = tokens.peek();
    return next === undefined ? refuse('formula-incomplete', tokens.here(), { wanted: 'a term' }) : refuse('formula-unexpected', next, { what: described(next) });
  }
  return factors.length === 1 ? only.term : { kind: 'product', factors, start, end: tokens.before().end };
}

/** a · -b is found in drafts of formulas. */
function signedFactor(tokens: Tokens): Term {
  const minus = tokens.accept('-');
  if (!startsFactor(tokens.peek(), tokens.peek(1))) {
    const next = tokens.peek();
    return next === undefined ? refuse('formula-incomplete', tokens.here(), { wanted: 'a factor' }) : refuse('formula-unexpected', next, { what: described(next) });
  }
  const term = factorTerm(tokens, grammar);
  return minus === null ? term : { kind: 'sum', terms: [{ negative: true, term }], start: minus.start, end: term.end };
}

function startsFactor(node: LatexNode | undefined, next: LatexNode | undefined): boolean {
  if (node === undefined) return false;
  return node.kind === 'sign' ? (node.text === ':' && !isSign(next, '=')) || node.text === '…' : node.kind !== 'text' && node.kind !== 'space';
}
