// "Did you mean …": the known word nearest to a misspelt one.

/** The nearest of the known words, or null when none is near: at most a third of the letters may differ, and two. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.min(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = candidate.toLowerCase() === word.toLowerCase() ? 0 : editDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  // Of one-letter words every pair is one edit apart: only another case is a likely slip.
  return best !== null && word.length < 2 && least > 0 ? null : best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length]!;
}

/** `a, b or c`, each between backticks; long lists are cut. */
export function listed(words: Iterable<string>, last = 'or'): string {
  const all = [...words].map((w) => `\`${w}\``);
  if (all.length > MOST_LISTED) return `${all.slice(0, MOST_LISTED).join(', ')}, …`;
  const tail = all.pop();
  return tail === undefined ? 'nothing' : all.length === 0 ? tail : `${all.join(', ')} ${last} ${tail}`;
}

const MOST_LISTED = 24;
