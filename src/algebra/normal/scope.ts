// What every operation on normal forms needs.

import type { Context } from '../bounds.ts';
import type { Budget } from './polynomial.ts';

/** What is known of the free indices, and how many steps are left. */
export interface Scope {
  readonly context: Context;
  readonly budget: Budget;
}
