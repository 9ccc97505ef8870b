// Whether one symbol can stand for the activation functions of all layers.

import { writing } from '../algebra/print.ts';
import type { System } from '../spec/network.ts';

/** Whether all activation functions that are known are the same. */
export function isOneFunction({ slots }: System): boolean {
  return new Set([...slots.values()].map((a) => `${a.argument} ${writing(a.body)}`)).size <= 1;
}
