// Tensors that other tensors are read by, E[token[t], d]: what is given for them must be integers of their range.

import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { System } from '../spec/network.ts';
import { type Block, entryName } from './block.ts';
import { type Domain, EvaluationError } from './domain.ts';

/** Thrown where an entry that counts something is no integer of its range. */
export class GatherIndexError extends EvaluationError {
  readonly diagnostic: Diagnostic;

  constructor(entry: string, value: number, { lo, hi }: { readonly lo: number; readonly hi: number }, place: Place) {
    const found = diagnostic('gather-index-out-of-range', place, { entry, value, lo, hi });
    super(`${found.code}: ${found.message}`);
    this.diagnostic = found;
  }
}

/** Looks at every given integer that has a value. @throws GatherIndexError */
export function checkIntegers<T>(system: System, blocks: ReadonlyMap<string, Block<T>>, domain: Pick<Domain<T>, 'whole'>): void {
  for (const [key, { role, place }] of system.declarations) {
    const block = role === 'variable' ? undefined : blocks.get(key);
    if (block?.integer === undefined) continue;
    const { integer } = block;
    block.entries.forEach((entry, at) => {
      if (entry === undefined) return;
      const value = domain.whole(entry);
      if (!(Number.isInteger(value) && value >= integer.lo && value <= integer.hi)) throw new GatherIndexError(entryName(block, at), value, integer, place);
    });
  }
}
