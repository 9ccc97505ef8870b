// What a terminal is given and a pipe is not: colours and a line of progress.

import { createColors } from 'picocolors';

/** NO_COLOR and --no-color are obeyed; a pipe gets none unless FORCE_COLOR asks. */
export function colorOn(stream: { readonly isTTY?: boolean }, wanted: boolean): boolean {
  const { NO_COLOR: never, FORCE_COLOR: always, TERM: terminal } = process.env;
  if (!wanted || (never !== undefined && never !== '')) return false;
  // A pipe has no isTTY at all, and `undefined` would let picocolors decide by itself (it colours in CI).
  return always !== undefined && always !== '' && always !== '0' ? true : stream.isTTY === true && terminal !== 'dumb';
}

/** How wide the output may be: as the terminal is, 100 in a pipe. */
export const columnsFor = (stream: NodeJS.WriteStream): number => (stream.isTTY && stream.columns > 0 ? stream.columns : 100);

export const paintFor = (wanted: boolean): ReturnType<typeof createColors> => createColors(colorOn(process.stdout, wanted));

export interface Progress {
  /** Shows a text in place of the last one. */
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** A line on the error stream of a terminal; nothing in a pipe or in CI. */
export function newProgress(): Progress {
  const shown = process.stderr.isTTY && (process.env['CI'] ?? '') === '';
  if (!shown) return { say: () => undefined, end: () => undefined };
  return {
    say: (text) => process.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, process.stderr.columns - 1))}`),
    end: () => process.stderr.write('\r\u001b[K'),
  };
}
