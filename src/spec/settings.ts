// What a use of a layer chooses: values of sizes, activation functions for slots, and other values of hyperparameters.

import type { Rational } from '../algebra/rational.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { SpecDocument } from './document.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { Activation } from './network.ts';
import { readDecimal } from './read-layer.ts';
import type { Resolver } from './resolve.ts';
import { LARGEST_SIZE } from './sizes.ts';
import { activationFromSetting, activationFromText, type LayerUse, type Setting } from './use.ts';

/** The settings of one use of a layer. A size that is given wrongly is NaN: it has been reported, and is not missing. */
export interface Settings {
  readonly sizes: ReadonlyMap<string, number>;
  readonly slots: ReadonlyMap<string, Activation>;
  readonly constants: ReadonlyMap<string, Rational>;
}

export function readSettings(use: LayerUse, spec: LayerSpec, document: SpecDocument, resolver: Resolver, report: Report): Settings {
  const sizes = new Map<string, number>();
  const slots = new Map<string, Activation>();
  const constants = new Map(spec.constants);
  for (const [key, setting] of use.settings) {
    if (spec.sizes.includes(key)) {
      sizes.set(key, readSize(document, key, setting, report));
    } else if (spec.slots.has(key)) {
      const activation = activationFromSetting(document, setting, resolver, report);
      if (activation !== null) slots.set(key, activation);
    } else if (spec.constants.has(key)) {
      const value = readDecimal(document, setting.path, report);
      if (value !== null) constants.set(key, value);
    } else {
      const known = [...spec.sizes, ...spec.slots.keys(), ...spec.constants.keys(), 'layer', 'in'];
      report.add('unknown-key', setting.keyPlace, { name: key, suggestion: nearest(key, known), known });
    }
  }
  const [slot, ...others] = spec.slots.keys();
  if (use.activation !== null) {
    if (slot === undefined || others.length > 0) report.add('bad-layer-line', use.activation.place, { text: use.activation.text });
    else {
      const activation = activationFromText(use.activation.text, use.activation.place, resolver, report);
      if (activation !== null) slots.set(slot, activation);
    }
  }
  for (const [name, fallback] of spec.slots) {
    const asked = slots.has(name) || use.settings.has(name) || (use.activation !== null && name === slot);
    if (asked) continue;
    const activation = fallback === null ? null : activationFromText(fallback, spec.place, resolver, report);
    if (activation !== null) slots.set(name, activation);
    else if (fallback === null) report.add('missing-slot', use.place, { name, layer: spec.name });
  }
  return { sizes, slots, constants };
}

/** A size as a file gives it; NaN when it is none (reported). */
export function readSize(document: SpecDocument, name: string, setting: Pick<Setting, 'path' | 'place'>, report: Report): number {
  const text = document.written(setting.path);
  const value = sizeFrom(text);
  if (value === null) report.add('bad-size', setting.place, { name, text: text === '' ? 'no number' : text, most: LARGEST_SIZE });
  return value ?? NaN;
}

/** The size that a text says, or null. */
export const sizeFrom = (text: string): number | null => {
  const value = /^[0-9]{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= 1 && value <= LARGEST_SIZE ? value : null;
};
