// Activation functions put in the place of their slots; a kernel needs one in every slot.

import { type SlotResolver, slotResolver as resolverOf } from '../derive/slots.ts';
import type { System } from '../spec/network.ts';
import { unsupported } from './unsupported.ts';

export type { SlotResolver };

export const slotResolver = (system: System): SlotResolver => resolverOf(system, (slot) => {
  throw unsupported(`the activation function ${slot} is not given`, 'a kernel needs an activation function in every slot', null);
});
