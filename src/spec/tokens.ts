// Cuts an expression into tokens, and refuses what the language does not have before any parser sees it.

export interface Token {
  readonly kind: 'name' | 'number' | 'symbol';
  readonly text: string;
  /** Offsets into the expression; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export type Slip =
  | { readonly kind: 'too-long'; readonly start: number; readonly end: number }
  | { readonly kind: 'too-deep'; readonly start: number; readonly end: number }
  | { readonly kind: 'not-allowed'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'implicit-product'; readonly start: number; readonly end: number; readonly before: string; readonly after: string }
  | { readonly kind: 'unbalanced'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'equals'; readonly start: number; readonly end: number }
  | { readonly kind: 'unexpected'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'empty'; readonly start: number; readonly end: number };

export const LONGEST_EXPRESSION = 10_000;
export const DEEPEST_NESTING = 100;

const SPACE = /[ \t\r\n]+/y;
const NAME = /\p{L}[\p{L}\p{M}\p{N}_]*|_[\p{L}\p{M}\p{N}_]*/uy;
// `1..n` is a range: a dot belongs to a number only when no second dot follows.
const NUMBER = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /\.\.|<=|>=|==|!=|[-+*/^()[\],<>=?:]/y;

export const words = new Set(['and', 'or', 'not']);

/** The tokens of an expression, or everything that is wrong with its letters. */
export function tokenise(text: string): { readonly tokens: readonly Token[]; readonly slips: readonly Slip[] } {
  if (text.length > LONGEST_EXPRESSION) return { tokens: [], slips: [{ kind: 'too-long', start: 0, end: text.length }] };
  const tokens: Token[] = [];
  const slips: Slip[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const name = matchAt(NAME, text, at);
    const number = name === null ? matchAt(NUMBER, text, at) : null;
    const symbol = name === null && number === null ? matchAt(SYMBOL, text, at) : null;
    const found = name ?? number ?? symbol;
    if (found === null) {
      const wrong = String.fromCodePoint(text.codePointAt(at) ?? 0);
      slips.push({ kind: 'not-allowed', start: at, end: at + wrong.length, text: wrong });
      at += wrong.length;
      continue;
    }
    const kind = name !== null && !words.has(name) ? 'name' : number !== null ? 'number' : 'symbol';
    tokens.push({ kind, text: found, start: at, end: at + found.length });
    at += found.length;
  }
  if (slips.length > 0) return { tokens, slips: joined(slips) };
  if (tokens.length === 0) return { tokens, slips: [{ kind: 'empty', start: 0, end: text.length }] };
  const structure = [...neighbourSlips(tokens), ...nestingSlips(tokens)];
  return { tokens, slips: structure.sort((a, b) => a.start - b.start) };
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** One slip for a run of characters that are not allowed. */
function joined(slips: readonly Slip[]): readonly Slip[] {
  const result: Slip[] = [];
  for (const slip of slips) {
    const last = result.at(-1);
    if (slip.kind === 'not-allowed' && last?.kind === 'not-allowed' && last.end === slip.start) {
      result[result.length - 1] = { ...last, end: slip.end, text: last.text + slip.text };
    } else result.push(slip);
  }
  return result.slice(0, 8);
}

const endsOperand = (t: Token): boolean => t.kind !== 'symbol' || t.text === ')' || t.text === ']';
const beginsOperand = (t: Token): boolean => t.kind !== 'symbol' || t.text === '(' || t.text === '[';

/** `2 x`, `(a) (b)`, `x[i] [j]`: products must be written. A name before a bracket is a call or a reference. */
function neighbourSlips(tokens: readonly Token[]): Slip[] {
  return tokens.flatMap((after, n): Slip[] => {
    const before = tokens[n - 1];
    const alone = (after.text === 'and' || after.text === 'or') && (before === undefined || !endsOperand(before));
    const emptyBracket = after.text === ']' && before?.text === '[' && tokens[n - 2]?.kind !== 'name';
    if (alone || emptyBracket) return [{ kind: 'unexpected', start: after.start, end: after.end, text: after.text }];
    if (before === undefined || !endsOperand(before) || !beginsOperand(after)) return [];
    if (before.kind === 'name' && after.kind === 'symbol') return [];
    return [{ kind: 'implicit-product', start: before.start, end: after.end, before: before.text, after: after.text }];
  });
}

const closing = new Map([['(', ')'], ['[', ']']]);

/** Brackets that match, and what nests in other ways (`?`, `^`, signs in a row): the parser recurses on all of it. */
function nestingSlips(tokens: readonly Token[]): Slip[] {
  const open: { token: Token | null; conditionals: number; run: number }[] = [{ token: null, conditionals: 0, run: 0 }];
  let depth = 0;
  for (const [n, token] of tokens.entries()) {
    const level = open.at(-1)!;
    if (token.kind !== 'symbol') continue;
    const prefix = (token.text === '-' || token.text === '+' || token.text === 'not') && !endsBefore(tokens, n);
    if (closing.has(token.text)) {
      open.push({ token, conditionals: 0, run: 0 });
      depth += 1;
    } else if (token.text === ')' || token.text === ']') {
      if (level.token === null || closing.get(level.token.text) !== token.text) {
        return [{ kind: 'unbalanced', start: token.start, end: token.end, text: token.text }];
      }
      open.pop();
      depth -= 1 + level.conditionals + level.run;
    } else if (token.text === '?') {
      level.conditionals += 1;
      depth += 1 - level.run;
      level.run = 0;
    } else if (token.text === '^' || prefix) {
      level.run += 1;
      depth += 1;
    } else {
      depth -= level.run;
      level.run = 0;
      if (token.text === ',') {
        depth -= level.conditionals;
        level.conditionals = 0;
      }
    }
    if (depth > DEEPEST_NESTING) return [{ kind: 'too-deep', start: token.start, end: token.end }];
  }
  const unclosed = open.at(-1)!.token;
  return unclosed === null ? [] : [{ kind: 'unbalanced', start: unclosed.start, end: unclosed.end, text: unclosed.text }];
}

function endsBefore(tokens: readonly Token[], n: number): boolean {
  const before = tokens[n - 1];
  return before !== undefined && endsOperand(before);
}
