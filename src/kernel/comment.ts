// Text of a spec inside comments of a module: nothing in it can end the comment or begin a line.

/** The text on one line, without control characters, line separators or a comment's end. */
export const commentText = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]+/gu, ' ').replaceAll('*/', '* /').trimEnd();
