// Text that knows where it may be broken: a formula that is too long for a line is cut at its signs and cases, outer ones
// first, and goes on below the place where the part that was cut begins.

export type Layout =
  /** `broken` stands in its place at the beginning of a line. */
  | { readonly kind: 'text'; readonly text: string; readonly broken?: string }
  | { readonly kind: 'row'; readonly parts: readonly Layout[] }
  /** A line may end before each part but the first; where `each`, it ends before all of them or none. */
  | { readonly kind: 'breakable'; readonly parts: readonly Layout[]; readonly each: boolean }
  /** A part with a remark below it. */
  | { readonly kind: 'marked'; readonly body: Layout; readonly note: string };

export interface Mark {
  /** The first column, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly note: string;
}

export interface Line {
  readonly text: string;
  readonly marks: readonly Mark[];
}

export const textOf = (text: string): Layout => ({ kind: 'text', text });

export const rowOf = (...parts: readonly (Layout | string)[]): Layout =>
  ({ kind: 'row', parts: parts.map((p) => (typeof p === 'string' ? textOf(p) : p)) });

/** How many columns a text takes: combining marks take none. */
export const columnsOf = (text: string): number =>
  Array.from(text.replace(/\p{M}/gu, '')).reduce((columns, character) => columns + (wide.test(character) ? 2 : 1), 0);

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** All of it in one line. */
export function flat(layout: Layout): string {
  switch (layout.kind) {
    case 'text': return layout.text;
    case 'row': case 'breakable': return layout.parts.map(flat).join('');
    case 'marked': return flat(layout.body);
  }
}

/** In lines of at most `width` columns, where it can be cut so. */
export function linesOf(layout: Layout, width: number): readonly Line[] {
  return written(layout, [{ text: '', marks: [] }], { width, margin: 0 });
}

interface Page {
  readonly width: number;
  /** Where the lines begin of the part around. */
  readonly margin: number;
}

/** The lines with the layout behind the last of them. */
function written(layout: Layout, lines: readonly Line[], page: Page): readonly Line[] {
  const last = lines.at(-1) ?? { text: '', marks: [] };
  const column = columnsOf(last.text);
  switch (layout.kind) {
    case 'text': return [...lines.slice(0, -1), { ...last, text: last.text + layout.text }];
    case 'row': return layout.parts.reduce((before, part) => written(part, before, page), lines);
    case 'breakable': {
      if (fits(layout, column, page.width)) return written(textOf(flat(layout)), withMarks(layout, lines), page);
      const here = broken(layout, lines, { ...page, margin: column });
      const low = page.margin + 2;
      if (column <= low || last.text.trim() === '' || breadth(here.slice(lines.length - 1)) <= page.width) return here;
      // Too far to the right: it begins in a line of its own.
      const below = broken(layout, [...lines, { text: ' '.repeat(low), marks: [] }], { ...page, margin: low });
      return breadth(below.slice(lines.length)) < breadth(here.slice(lines.length - 1)) ? below : here;
    }
    case 'marked': {
      const all = written(layout.body, lines, page);
      // What was broken has its remark below every line.
      return all.map((line, n) => {
        const from = n === lines.length - 1 ? column : columnsOf(line.text) - columnsOf(line.text.trimStart());
        return n < lines.length - 1 ? line : { ...line, marks: [...line.marks, { from, to: columnsOf(line.text.trimEnd()), note: layout.note }] };
      });
    }
  }
}

/** A part behind the other, or where it has no room, below it in the margin. */
function broken(layout: Extract<Layout, { kind: 'breakable' }>, lines: readonly Line[], page: Page): readonly Line[] {
  return layout.parts.reduce((before, part, n) => {
    const at = columnsOf(before.at(-1)?.text ?? '');
    if (n === 0 || (!layout.each && fits(part, at, page.width))) return written(part, before, page);
    return written(trimmed(part), [...before, { text: ' '.repeat(page.margin), marks: [] }], page);
  }, lines);
}

const breadth = (lines: readonly Line[]): number => Math.max(...lines.map((l) => columnsOf(l.text.trimEnd())));

const fits = (layout: Layout, column: number, width: number): boolean => column + columnsOf(flat(layout).trimEnd()) <= width;

/** The marks that a layout brings along when it is written into the last line as a whole. */
function withMarks(layout: Layout, lines: readonly Line[]): readonly Line[] {
  const last = lines.at(-1) ?? { text: '', marks: [] };
  return [...lines.slice(0, -1), { ...last, marks: [...last.marks, ...marksIn(layout, columnsOf(last.text))] }];
}

function marksIn(layout: Layout, column: number): readonly Mark[] {
  switch (layout.kind) {
    case 'text': return [];
    case 'row': case 'breakable': {
      let at = column;
      return layout.parts.flatMap((part) => {
        const marks = marksIn(part, at);
        at += columnsOf(flat(part));
        return marks;
      });
    }
    case 'marked':
      return [...marksIn(layout.body, column), { from: column, to: column + columnsOf(flat(layout.body)), note: layout.note }];
  }
}

/** A line does not begin with the space before a sign. */
function trimmed(layout: Layout): Layout {
  switch (layout.kind) {
    case 'text': return textOf(layout.broken ?? layout.text.trimStart());
    case 'row': case 'breakable': return { ...layout, parts: layout.parts.map((p, n) => (n === 0 ? trimmed(p) : p)) };
    case 'marked': return { ...layout, body: trimmed(layout.body) };
  }
}
