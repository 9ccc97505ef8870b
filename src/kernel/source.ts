// An equation of the kernel, forward or adjoint, its slots filled.

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Schedulable } from '../spec/schedule.ts';

export interface Source extends Schedulable {
  readonly adjoint: boolean;
  readonly place: Place | null;
  /** The lines that say where it comes from. */
  readonly comment: readonly string[];
}
