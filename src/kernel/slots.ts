// Activation functions put in the place of their slots; a kernel needs one in every slot.

import { asKnown } from '../derive/as-known.ts';
import { type SlotResolver, slotResolver as resolverOf } from '../derive/slots.ts';
import type { System } from '../spec/network.ts';
import { unsupported } from './unsupported.ts';

export type { SlotResolver };

export function slotResolver(system: System): SlotResolver {
  const resolve = resolverOf(system, (slot) => {
    throw unsupported(`the activation function ${slot} is not given`, 'a kernel needs an activation function in every slot', null);
  });
  // What reads stored outputs is written as people know it: z - t has no 0/0 where its quotients have.
  return (e, stored) => (stored ? asKnown(resolve(e, stored)) : resolve(e, stored));
}
