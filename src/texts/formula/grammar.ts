// What the parts of the grammar need of the whole: brackets, scripts and conditions hold sums again.

import type { LatexNode } from '../latex/node.ts';
import type { Span } from '../span.ts';
import type { Term } from './ast.ts';
import type { Tokens } from './tokens.ts';

export interface Grammar {
  /** All of the nodes as one expression. */
  expression(nodes: readonly LatexNode[], within: Span): Term;
  /** As far as a sum reaches. */
  sum(tokens: Tokens): Term;
  /** As far as a product reaches. */
  product(tokens: Tokens): Term;
}
