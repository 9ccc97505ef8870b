// A range in the source of one formula, by offsets in UTF-16 units.

export interface Span {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
}

export const spanOf = ({ start, end }: Span): Span => ({ start, end });

/** From the first to the last of several ranges; `otherwise` where there is none. */
export function spanning(spans: readonly Span[], otherwise: Span): Span {
  if (spans.length === 0) return spanOf(otherwise);
  return { start: Math.min(...spans.map((s) => s.start)), end: Math.max(...spans.map((s) => s.end)) };
}
