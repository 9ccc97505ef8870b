// nerdamer as a third opinion on derivatives: `diff` only, one short expression at a time, its memory emptied after each.

import type { MathNode } from 'mathjs';
import type { System } from './second-system.ts';

/** Its own limit by the clock would make results depend on the load: far above what the lengths admitted here take. */
const MILLISECONDS = 20_000;

/** @param parse reads its answers. */
export async function nerdamer(parse: (text: string) => MathNode): Promise<System> {
  const { default: system } = await import('nerdamer/all');
  system.set('TIMEOUT', MILLISECONDS);
  return {
    road: 'nerdamer',
    limit: 400,
    budget: 1e5,
    whole: 0,
    parse,
    derive: (text, name) => {
      try {
        return parse(system.diff(text, name).text('fractions'));
      } finally {
        system.flush();
      }
    },
  };
}
