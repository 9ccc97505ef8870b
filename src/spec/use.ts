// How a network's file says which layers it uses: a line, or a mapping with sizes, activation functions and constants.

import { parseDecimal, type Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Path, SpecDocument } from './document.ts';
import { readDecimal } from './read-layer.ts';
import { bodyWith } from './read-function.ts';
import type { Resolver } from './resolve.ts';
import type { Activation } from './network.ts';

/** A setting of a layer: a size, an activation function, or a constant, as the layer will tell. */
export interface Setting {
  readonly path: Path;
  readonly place: Place;
  /** The place of its name. */
  readonly keyPlace: Place;
  readonly value: number | string | Readonly<Record<string, unknown>>;
}

/** One use of a layer. */
export interface LayerUse {
  /** The name in the long form. */
  readonly name: string | null;
  readonly layer: string;
  readonly place: Place;
  readonly layerPlace: Place;
  readonly settings: ReadonlyMap<string, Setting>;
  /** The size and the activation function of a line, which do not say their names. */
  readonly size: { readonly text: string; readonly place: Place } | null;
  readonly activation: { readonly text: string; readonly place: Place } | null;
  /** What its ports are bound to: one source, or one for each port; null for what stands in front of it. */
  readonly from: string | Readonly<Record<string, string>> | null;
  readonly fromPath: Path;
  /** Which of its parameters are those of other layers: W: encode.W. */
  readonly share: Readonly<Record<string, string>>;
  readonly sharePath: Path;
}

const WORD = /[^\s()]+(?:\s*\([^()]*\))?/g;
const NUMERIC = /^[-+]?(?:\d|\.\d)[\w.+-]*$/;

/** `4 tanh`, `dense 4 leaky-relu(alpha=0.2)`, `my-layer` */
export function readLine(document: SpecDocument, path: Path, text: string, resolver: Resolver, report: Report): LayerUse | null {
  const place = document.place(path);
  const words = [...text.matchAll(WORD)].map((m) => ({
    text: m[0], place: document.placeIn(path, { start: m.index, end: m.index + m[0].length }),
  }));
  const rest = text.replace(WORD, '').trim();
  if (rest === '' && isMisspelt(words, resolver, report)) return null;
  const layer = words[0] !== undefined && !NUMERIC.test(words[0].text) ? words.shift() : undefined;
  const size = words[0] !== undefined && NUMERIC.test(words[0].text) ? words.shift() : undefined;
  const activation = words.shift();
  if (rest !== '' || words.length > 0 || (layer === undefined && size === undefined) || layer?.text.includes('(') === true) {
    report.add('bad-layer-line', place, { text });
    return null;
  }
  return {
    name: null, layer: layer?.text ?? 'dense', place, layerPlace: layer?.place ?? place, settings: new Map(),
    size: size ?? null, activation: activation ?? null, from: null, fromPath: path,
    share: {}, sharePath: path,
  };
}

interface Word {
  readonly text: string;
  readonly place: Place;
}

/** `4tanh`, and `tanh 4` where no layer has that name: says so, and what is wrong with the activation function besides. */
function isMisspelt([first, second, ...more]: readonly Word[], resolver: Resolver, report: Report): boolean {
  if (first === undefined) return false;
  const stuck = /^(\d+)(\p{L}.*)$/su.exec(first.text);
  const name = functionName(stuck?.[2] ?? first.text);
  if (stuck !== null) {
    const [, units = '', activation = ''] = stuck;
    if (!resolver.has('activations', name) && nearest(name, resolver.names('activations')) === null) return false;
    report.add('missing-space', first.place, { text: first.text, written: `${units} ${activation}` });
    activationFromText(activation, first.place, resolver, report);
    return true;
  }
  if (resolver.has('layers', name) || !resolver.has('activations', name) || more.length > 0) return false;
  const units = second !== undefined && NUMERIC.test(second.text) ? second.text : null;
  if (second !== undefined && units === null) return false;
  report.add('activation-first', first.place, { name, written: `${units ?? '4'} ${first.text}` });
  activationFromText(first.text, first.place, resolver, report);
  return true;
}

/** `leaky-relu` of `leaky-relu(alpha=0.2)` */
const functionName = (text: string): string => text.replace(/\s*\(.*$/su, '');

/** { layer: dense, units: 4, h: tanh, in: x } */
export function readMapping(
  document: SpecDocument, path: Path, name: string | null, mapping: Readonly<Record<string, unknown>>,
): LayerUse {
  const settings = new Map<string, Setting>();
  for (const [key, value] of Object.entries(mapping)) {
    if (key === 'layer' || key === 'in' || key === 'share') continue;
    const at = [...path, key];
    settings.set(key, { path: at, place: document.place(at), keyPlace: document.keyPlace(at), value: value as Setting['value'] });
  }
  return {
    name, layer: String(mapping['layer']), place: name === null ? document.place(path) : document.keyPlace(path),
    layerPlace: document.place([...path, 'layer']), settings, size: null, activation: null,
    from: (mapping['in'] as LayerUse['from'] | undefined) ?? null, fromPath: [...path, 'in'],
    share: (mapping['share'] as LayerUse['share'] | undefined) ?? {}, sharePath: [...path, 'share'],
  };
}

/** The activation function that `tanh`, `leaky-relu(alpha=0.2)` names. */
export function activationFromText(text: string, place: Place, resolver: Resolver, report: Report): Activation | null {
  const match = /^\s*([^\s()]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text);
  if (match === null) {
    report.add('bad-activation', place, { text });
    return null;
  }
  const constants = new Map<string, Rational>();
  for (const part of (match[2] ?? '').split(',')) {
    if (part.trim() === '' && match[2]?.trim() === '') continue;
    if (part.trim() === '' && match[2] === undefined) continue;
    const setting = /^\s*([^\s=]+)\s*=\s*(\S+)\s*$/.exec(part);
    if (setting === null && parseDecimal(part.trim()) !== null) {
      const name = match[1] ?? '';
      const spec = resolver.activation(name, place);
      if (spec !== null) report.add('unnamed-constant', place, { name, value: part.trim(), known: [...spec.constants.keys()] });
      return null;
    }
    const value = setting?.[2] === undefined || setting[2].length > 60 ? null : parseDecimal(setting[2]);
    if (setting?.[1] === undefined || value === null) {
      report.add('bad-activation', place, { text });
      return null;
    }
    constants.set(setting[1], value);
  }
  return activationOf(match[1] ?? '', constants, () => place, place, resolver, report);
}

/** The activation function of a setting: a text, or { use: leaky-relu, alpha: 0.2 }. */
export function activationFromSetting(document: SpecDocument, setting: Setting, resolver: Resolver, report: Report): Activation | null {
  const { value, path, place } = setting;
  if (typeof value === 'string') return activationFromText(value, place, resolver, report);
  if (typeof value === 'number') {
    report.add('bad-activation', place, { text: document.written(path) });
    return null;
  }
  const constants = new Map<string, Rational>();
  for (const key of Object.keys(value)) {
    const decimal = key === 'use' ? null : readDecimal(document, [...path, key], report);
    if (decimal !== null) constants.set(key, decimal);
  }
  const keyPlace = (key: string): Place => document.keyPlace([...path, key]);
  return activationOf(String(value['use']), constants, keyPlace, document.place([...path, 'use']), resolver, report);
}

function activationOf(
  name: string, constants: ReadonlyMap<string, Rational>, keyPlace: (key: string) => Place, place: Place, resolver: Resolver, report: Report,
): Activation | null {
  const spec = resolver.activation(name, place);
  if (spec === null) return null;
  const known = [...spec.constants.keys()];
  for (const key of constants.keys()) {
    if (!spec.constants.has(key)) report.add('unknown-key', keyPlace(key), { name: key, suggestion: nearest(key, known), known });
  }
  // Two uses with different constants are two functions, and are told apart by their names.
  const settings = [...constants].map(([key, value]) => `${key}=${value.d === 1n ? String(value.n) : `${String(value.n)}/${String(value.d)}`}`);
  const title = settings.length === 0 ? spec.name : `${spec.name}(${settings.join(', ')})`;
  return { name: title, argument: spec.argument, body: bodyWith(spec, constants, place, report), place: spec.place };
}
