// Sentences with formulas in them, and pages of such sentences and tables: what the writers of text, Markdown and HTML share.

export interface Maths {
  readonly kind: 'maths';
  readonly unicode: string;
  readonly latex: string;
}

export interface Link {
  readonly kind: 'link';
  readonly text: string;
  readonly url: string;
}

/** Words, formulas and addresses, one after the other. */
export type Phrase = readonly (string | Maths | Link)[];

export type Block =
  | { readonly kind: 'heading'; readonly text: Phrase; readonly level: 1 | 2 | 3 }
  | { readonly kind: 'paragraph'; readonly text: Phrase }
  | { readonly kind: 'list'; readonly items: readonly Phrase[] }
  | Table;

export interface Table {
  readonly kind: 'table';
  readonly head: readonly Phrase[];
  /** A cell has a line for each of its phrases. */
  readonly rows: readonly (readonly (readonly Phrase[])[])[];
}

export const heading = (level: 1 | 2 | 3, ...text: Phrase): Block => ({ kind: 'heading', level, text });
export const paragraph = (...text: Phrase): Block => ({ kind: 'paragraph', text });

/** `a, b and c`. */
export function joined(phrases: readonly Phrase[], last = ' and '): Phrase {
  return phrases.flatMap((p, n) => (n === 0 ? p : [n === phrases.length - 1 ? last : ', ', ...p]));
}

/** Without formulas: the words that a phrase would be searched by. */
export const plainPhrase = (phrase: Phrase): string =>
  phrase.map((part) => (typeof part === 'string' ? part : part.kind === 'maths' ? part.unicode : part.text)).join('');
