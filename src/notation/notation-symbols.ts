// Symbols of a notation: all that formulas need have one, each reads as a name, and none stands for two things.

import type { Path } from '../spec/document.ts';
import { whyNoTensorOfLayer } from '../spec/names.ts';
import type { NotationReading } from './notation-reading.ts';
import { roleNames } from './notation-schema.ts';
import type { NotationSpec, SymbolRole, Symbols } from './notation-spec.ts';

/** A symbol of a file. */
export interface SymbolUse {
  readonly name: string;
  readonly role: SymbolRole;
  /** The layer whose own symbol it is. */
  readonly layer: number | null;
  /** Whether it is that of a matrix of all samples. */
  readonly batch: boolean;
  readonly path: Path;
}

/** All symbols of a notation. */
export function symbolUses({ symbols, layers, samples }: NotationSpec): readonly SymbolUse[] {
  const usesOf = (of: Symbols, path: Path, layer: number | null, batch: boolean): readonly SymbolUse[] =>
    (Object.entries(of) as [SymbolRole, string][]).map(([role, name]) => ({ name, role, layer, batch, path: [...path, role] }));
  return [
    ...usesOf(symbols, ['symbols'], null, false),
    ...[...layers.symbols].flatMap(([layer, own]) => usesOf(own, ['layers', 'symbols', String(layer)], layer, false)),
    ...usesOf(samples.symbols, ['samples', 'symbols'], null, true),
  ];
}

/** What a symbol stands for, in words. */
export const roleOf = ({ role, layer, batch }: SymbolUse): string =>
  `${roleNames[role]}${layer === null ? '' : ` of layer ${layer}`}${batch ? ' of all samples' : ''}`;

/** Whether the bias is a column of the weights. */
export const isFolded = ({ bias }: Pick<NotationSpec, 'bias'>): boolean => bias === 'first' || bias === 'last';

export function checkSymbols(reading: NotationReading): void {
  const { spec, document, report } = reading;
  const uses = symbolUses(spec);
  for (const { name, path } of uses) {
    const why = whyNoTensorOfLayer(name);
    if (why !== null) report.add('bad-name', document.place(path), { name, why });
  }
  checkMissing(reading);
  uses.forEach((second, n) => {
    for (const first of uses.slice(0, n)) if (first.name === second.name) checkPair(first, second, reading);
  });
  checkDerivatives(uses, reading);
}

/** What forward formulas and their derivatives are made of. */
function checkMissing({ spec, document, report }: NotationReading): void {
  const { symbols, layers, bias } = spec;
  const needed: readonly SymbolRole[] = [
    'weights', ...(isFolded({ bias }) ? [] : ['bias' as const]), 'pre-activation', 'activation', 'activation-function', 'loss', 'target',
  ];
  for (const role of needed) {
    if (symbols[role] !== undefined) continue;
    const key = role;
    const lacking = [...layers.symbols].filter(([, own]) => own[role] === undefined);
    if (layers.symbols.size === 0 || !mayBelongToLayers(role)) {
      report.add('notation-symbol-missing', document.keyPlace(['symbols']), { role: roleNames[role], key, under: 'symbols' });
    }
    for (const [number] of mayBelongToLayers(role) ? lacking : []) {
      report.add('notation-symbol-missing', document.keyPlace(['layers', 'symbols', String(number)]), {
        role: `${roleNames[role]} of layer ${number}`, key, under: `layers.symbols.${number}`,
      });
    }
  }
}

const mayBelongToLayers = (role: SymbolRole): boolean => role !== 'loss' && role !== 'target';

/** Two uses of one symbol, in the order of the file. */
function checkPair(first: SymbolUse, second: SymbolUse, reading: NotationReading): void {
  const { spec, document, report } = reading;
  const place = document.place(second.path);
  const { line } = document.place(first.path);
  const roles = [first.role, second.role];
  if (first.role === second.role) {
    if (first.batch !== second.batch || !sameMark(first, second, spec)) return;
    report.add('notation-layers-alike', place, {
      name: second.name, role: roleNames[second.role], first: layerOf(first), second: layerOf(second), line,
    });
  } else if (isOneThing(first, second, spec)) {
    return;
  } else if (roles.includes('input') && roles.includes('activation')) {
    report.add('notation-input-twice', place, { name: second.name, line });
  } else {
    report.add('notation-symbol-twice', place, { name: second.name, first: roleOf(first), second: roleOf(second), line });
  }
}

const layerOf = ({ layer }: SymbolUse): string => (layer === null ? 'all layers' : `layer ${layer}`);

/** Whether neither a number nor a letter of the units says which of two layers is meant. */
function sameMark(first: SymbolUse, second: SymbolUse, { layers, letters }: NotationSpec): boolean {
  if (letters.layers.length > 0) return false;
  // A symbol for all layers carries their numbers; a layer's own carries none.
  return layers.mark === 'letters' || (first.layer !== null && second.layer !== null);
}

/** Pairs of roles that mean the same where they have one symbol. */
function isOneThing(first: SymbolUse, second: SymbolUse, spec: NotationSpec): boolean {
  const uses = new Map([first, second].map((use) => [use.role, use]));
  const has = (role: SymbolRole): boolean => uses.has(role);
  if (isFolded(spec)) {
    if (has('weights') && has('augmented-weights')) return true;
    if (has('augmented-input') && (has('activation') || has('input'))) return true;
  }
  // y = a^(L), and what the last layer has of its own.
  const of = uses.get('activation') ?? uses.get('pre-activation');
  const last = Math.max(...spec.layers.symbols.keys());
  return has('output') && of !== undefined && (of.layer === last || (of.layer === null && of.role === 'activation'));
}

/** Symbols that derivatives would be mistaken for: dz, and z with a bar. */
function checkDerivatives(uses: readonly SymbolUse[], { spec: { derivative }, document, report }: NotationReading): void {
  if (derivative !== 'd' && derivative !== 'bar') return;
  for (const of of uses.filter(({ role }) => role !== 'activation-function' && role !== 'target')) {
    const made = derivative === 'd' ? `d${of.name}` : `${of.name}_bar`;
    for (const use of uses.filter(({ name }) => name === made)) {
      report.add('notation-derivative-alike', document.place(use.path), {
        name: of.name, made, derivative, is: roleOf(use), line: document.place(of.path).line,
      });
    }
  }
  for (const use of derivative === 'd' ? uses.filter(({ name }) => name === 'd') : []) {
    report.add('notation-derivative-letter', document.place(use.path), { is: `the symbol of ${roleOf(use)}`, line: document.keyPlace(['derivative']).line });
  }
}
