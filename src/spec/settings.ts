// What a use of a layer chooses: values of sizes, activation functions for slots, and other values of hyperparameters.

import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { SpecDocument } from './document.ts';
import type { LayerSpec, WholeNumber } from './layer-spec.ts';
import type { Activation } from './network.ts';
import { readDecimal } from './read-layer.ts';
import { LARGEST_WHOLE, wholeFrom } from './read-sizes.ts';
import type { Resolver } from './resolve.ts';
import { isSizeName } from './size-names.ts';
import { LARGEST_SIZE } from './sizes.ts';
import { activationFromSetting, activationFromText, type LayerUse, type Setting } from './use.ts';

/** The settings of one use of a layer. A size that is given wrongly is NaN: it has been reported, and is not missing. */
export interface Settings {
  readonly sizes: ReadonlyMap<string, number>;
  readonly slots: ReadonlyMap<string, Activation>;
  readonly constants: ReadonlyMap<string, Rational>;
  /** Whole numbers that stand in indices, ranges and sizes. */
  readonly integers: ReadonlyMap<string, number>;
  /** Sizes and whole numbers that are given by the name of a size. */
  readonly named: ReadonlyMap<string, { readonly text: string; readonly place: Place }>;
}

export function readSettings(use: LayerUse, spec: LayerSpec, document: SpecDocument, resolver: Resolver, report: Report): Settings {
  const sizes = new Map<string, number>();
  const slots = new Map<string, Activation>();
  const constants = new Map(spec.constants);
  const integers = new Map<string, number>();
  const named = new Map<string, { readonly text: string; readonly place: Place }>();
  for (const [key, setting] of use.settings) {
    const text = document.written(setting.path);
    const whole = spec.integers.get(key);
    if ((spec.sizes.includes(key) || whole !== undefined) && isSizeName(text)) {
      named.set(key, { text, place: setting.place });
    } else if (whole !== undefined) {
      const value = readInteger(document, key, spec, setting, report);
      if (value !== null) integers.set(key, value);
    } else if (spec.sizes.includes(key)) {
      sizes.set(key, readSize(document, key, setting, report));
    } else if (spec.slots.has(key)) {
      const activation = activationFromSetting(document, setting, resolver, report);
      if (activation !== null) slots.set(key, activation);
    } else if (spec.constants.has(key)) {
      const value = readDecimal(document, setting.path, report);
      if (value !== null) constants.set(key, value);
    } else {
      const known = [...spec.sizes, ...spec.integers.keys(), ...spec.slots.keys(), ...spec.constants.keys(), 'layer', 'in', 'share'];
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
  return { sizes, slots, constants, integers, named };
}

/** A whole number as a file gives it; null when it is none, or beyond its bounds (reported). */
export function readInteger(
  document: SpecDocument, name: string, spec: LayerSpec, setting: Pick<Setting, 'path' | 'place'>, report: Report,
): number | null {
  const text = document.written(setting.path);
  const value = wholeFrom(text);
  const bounds = spec.integers.get(name);
  if (value === null) report.add('not-whole', setting.place, { name, text: text === '' ? 'no number' : text, most: LARGEST_WHOLE });
  return value !== null && bounds !== undefined && isWithin(name, value, bounds, setting.place, report) ? value : null;
}

/** Whether a whole number lies within its bounds; reports it where it does not. */
export function isWithin(name: string, value: number, { least, most }: WholeNumber, place: Place, report: Report): boolean {
  if (value >= least && value <= most) return true;
  report.add('integer-out-of-range', place, { name, value, least, most });
  return false;
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
