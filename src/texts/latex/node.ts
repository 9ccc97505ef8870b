// The tree of one formula in LaTeX: what stands beside, above and below what, each part with its place in the source.

import type { Span } from '../span.ts';

export type Style = 'plain' | 'bold' | 'upright' | 'script' | 'blackboard' | 'mono' | 'sans';

export type LatexNode = Span & (
  /** A letter, or a command that stands for a sign by itself: `a`, `theta`, `partial`; `command` tells `theta` from no command. */
  | { readonly kind: 'symbol'; readonly text: string; readonly command: boolean; readonly style: Style }
  /** Letters set as one word; `operator` where it is certainly one, \log or \operatorname{diag}, and not \mathrm{log}. */
  | { readonly kind: 'word'; readonly text: string; readonly style: Style; readonly operator: boolean }
  | { readonly kind: 'number'; readonly digits: string; readonly style: Style }
  /** What stands between others: `+`, `=`, `leq`, `,`, `ldots`. */
  | { readonly kind: 'sign'; readonly text: string; readonly family: SignFamily }
  /** A large operator: `sum`, `prod`, `max`, `argmax`. */
  | { readonly kind: 'operator'; readonly name: string }
  /** In brackets; '' for none (\left.). */
  | { readonly kind: 'fenced'; readonly open: string; readonly close: string; readonly body: readonly LatexNode[] }
  | { readonly kind: 'group'; readonly body: readonly LatexNode[] }
  | {
    readonly kind: 'scripts'; readonly base: LatexNode | null; readonly sub: readonly LatexNode[] | null;
    readonly sup: readonly LatexNode[] | null; readonly primes: number;
  }
  | { readonly kind: 'fraction'; readonly top: readonly LatexNode[]; readonly bottom: readonly LatexNode[] }
  | { readonly kind: 'root'; readonly degree: readonly LatexNode[] | null; readonly body: readonly LatexNode[] }
  /** `tilde`, `hat`, `bar`, … */
  | { readonly kind: 'accent'; readonly accent: string; readonly body: readonly LatexNode[] }
  | { readonly kind: 'text'; readonly text: string }
  /** \underbrace, \overbrace; the remark is its script. */
  | { readonly kind: 'brace'; readonly over: boolean; readonly body: readonly LatexNode[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly LatexNode[])[])[] }
  | { readonly kind: 'space'; readonly width: number }
);

export type SignFamily = 'binary' | 'relation' | 'punctuation' | 'inner' | 'ordinary';
export type NodeOf<K extends LatexNode['kind']> = Extract<LatexNode, { kind: K }>;
