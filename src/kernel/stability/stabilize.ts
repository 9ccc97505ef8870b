// Named rewrites of a system before a kernel is made of it: the same values, without overflow, underflow and cancellation.

import { type Expression, tensorKey } from '../../algebra/expression.ts';
import type { Activation, Equation, System } from '../../spec/network.ts';
import { keyOf } from '../key.ts';
import { extractExponential } from './exponentials.ts';
import { stableFunctions } from './functions.ts';
import type { Defining } from './definitions.ts';
import { logarithmsByParts } from './logarithms.ts';
import { shiftTensor } from './shift.ts';
import { withoutPlaces } from './unstored.ts';

export interface Stable {
  /** The system as it was where nothing is rewritten. */
  readonly system: System;
  /** What derivatives are taken of: shifts are given there. */
  readonly differentiated: System;
  /** What has been done to which equation, by tensorKey. */
  readonly remarks: ReadonlyMap<string, readonly string[]>;
}

/** @param visible keys of tensors whose values are seen from outside: their equations keep their values */
export function stabilize(given: System, visible: ReadonlySet<string>): Stable {
  const remarks = new Map<string, readonly string[]>();
  const remark = (key: string, text: string): void => {
    const known = remarks.get(key) ?? [];
    if (!known.includes(text)) remarks.set(key, [...known, text]);
  };
  let system = withStableSlots(given);
  system = withEquations(system, (e, defining) => logarithmsByParts(e, given, defining), (key) => { remark(key, 'logarithm by parts'); });
  system = withEquations(system, (e) => stableFunctions(e.value), (key) => { remark(key, 'without overflow'); });
  const constants = new Set<string>();
  const shift = (from: System, tensor: Equation['tensor']): boolean => {
    const shifted = shiftTensor(from, tensor, visible);
    if (shifted === null) return false;
    system = shifted.system;
    for (const t of shifted.constants) constants.add(tensorKey(t));
    for (const key of shifted.changed) remark(key, 'softmax shift');
    return true;
  };
  for (const { tensor } of system.equations) shift(system, tensor);
  const refused = new Set<string>();
  for (let next = extractExponential(system, refused); next !== null; next = extractExponential(system, refused)) {
    if (!shift(next.system, next.tensor)) refused.add(next.key);
  }
  system = withoutPlaces(system);
  return { system, differentiated: withGiven(system, constants), remarks };
}

function withStableSlots(system: System): System {
  const slots = new Map<string, Activation>();
  let changed = false;
  for (const [key, activation] of system.slots) {
    const body = unlessEqual(activation.body, stableFunctions(activation.body));
    changed ||= body !== activation.body;
    slots.set(key, body === activation.body ? activation : { ...activation, body });
  }
  return changed ? { ...system, slots } : system;
}

const unlessEqual = (before: Expression, after: Expression): Expression => (keyOf(before) === keyOf(after) ? before : after);

function withEquations(system: System, f: (e: Equation, defining: Defining) => Expression, done: (key: string) => void): System {
  const defining: Defining = new Map(system.equations.map((e) => [tensorKey(e.tensor), e]));
  const equations = system.equations.map((e): Equation => {
    const value = unlessEqual(e.value, f(e, defining));
    if (value === e.value) return e;
    done(tensorKey(e.tensor));
    return { ...e, value };
  });
  return equations.every((e, n) => e === system.equations[n]) ? system : { ...system, equations };
}

/** Some tensors as inputs: nothing is asked of what they are computed from. */
function withGiven(system: System, keys: ReadonlySet<string>): System {
  if (keys.size === 0) return system;
  const declarations = new Map([...system.declarations].map(([key, d]) => [key, keys.has(key) ? { ...d, role: 'input' as const } : d]));
  return { ...system, declarations, equations: system.equations.filter((e) => !keys.has(tensorKey(e.tensor))) };
}
