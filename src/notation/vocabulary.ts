// What a system's tensors are called in a notation, and back: the renaming, with everything that goes with a name: the
// shift of its layer number, the order of its indices, its sign. Names that a notation says nothing about are kept.

import { type Affine, substituteAffine } from '../algebra/affine.ts';
import { functionKey, type Reference, type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, layerNumber, shiftLayer } from '../algebra/layer.ts';
import { visit } from '../algebra/traverse.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { TOTAL } from '../spec/names.ts';
import type { System } from '../spec/network.ts';
import type { NotationSpec, SymbolRole } from './notation-spec.ts';
import { isOneFunction } from './one-function.ts';
import { rolesOf } from './roles.ts';

/** How one tensor is written. */
export interface Word {
  readonly shown: Tensor;
  readonly role: SymbolRole | null;
  /** The last two indices change places. */
  readonly turned: boolean;
  /** The tensor is `sign` times what is written. */
  readonly sign: 1 | -1;
}

export interface Vocabulary {
  readonly spec: NotationSpec;
  readonly wordOf: (t: Tensor) => Word;
  /** What an entry of a pre-activation holds in the program's own words, and not in the notation's: the bias, which stands in the function's argument. */
  readonly addedTo: (e: Reference) => Reference | null;
  /** How the layer number of everything but tensors is written: sizes, constants, activation functions. */
  readonly layerOf: (layer: Layer) => Layer;
  readonly slotOf: (name: string, layer: Layer | null) => string;
  readonly symbolOf: (name: string) => string;
  /** What a name of the program's own stands for. */
  readonly names: ReadonlyMap<string, 'tensor' | 'slot' | 'symbol'>;
  /** Kept names that had to make room for a symbol of the notation: [name, what is written]. */
  readonly moved: readonly (readonly [string, string])[];
}

/** What the program itself calls each role: a symbol that makes room for another goes there first. */
const own: Readonly<Record<SymbolRole, string>> = {
  weights: 'W', bias: 'b', 'pre-activation': 'a', activation: 'z', 'activation-function': 'h', loss: 'E', 'sample-loss': 'L', signal: 'delta', 'output-signal': 'zeta',
  input: 'x', target: 't', output: 'y', 'augmented-weights': 'W_tilde', 'augmented-input': 'z_tilde',
};
const spare = ['u', 'v', 'q', 'r', 's', 'c', 'd', 'f', 'g', 'p', 'o', 'e', 'A', 'B', 'C', 'D', 'F', 'G', 'H', 'P', 'Q', 'R', 'S', 'U', 'V', 'X', 'Y', 'Z'];

/**
 * @param names further names that formulas hold beside those of the system: the arguments of activation functions
 * @throws DiagnosticError where the notation has no names for that many layers, or for layer k in general
 */
export function vocabularyOf(system: System, spec: NotationSpec, names: readonly string[] = []): Vocabulary {
  const roles = rolesOf(system);
  const generic = new Map([...roles.tensors].flatMap(([key, role]) => {
    const declared = system.declarations.get(key);
    return declared === undefined || declared.tensor.layer === null ? [] : [[declared.tensor.name, role] as const];
  }));
  const roleOf = (t: Tensor): SymbolRole | null =>
    roles.tensors.get(tensorKey(t)) ?? (t.layer === null || (t.layer.symbol === null && system.declarations.has(tensorKey(t))) ? null : generic.get(t.name) ?? null);
  const used = symbolsIn(spec, new Set([...roles.tensors.values()]), roles.slots.size > 0);
  const kept = new Set([...keptNames(system, roleOf, roles.slots), ...names]);
  const renamed = makeRoom(kept, used, spec);
  const base = spec.layers.input;
  const shifted = (layer: Layer, by: number): Layer => shiftLayer(layer, layer.symbol === 'N' ? by - base : by);
  const parameters = new Set([...system.declarations.values()].filter((d) => d.role === 'parameter').map((d) => d.tensor.name));
  const shiftOf = (t: Tensor, role: SymbolRole | null): number => {
    if (role === 'augmented-input') return base - 1;
    const isParameter = role === 'weights' || role === 'augmented-weights' || role === 'bias' || (role === null && parameters.has(t.name));
    return isParameter && spec.layers.weights === 'out-of' ? base - 1 : base;
  };
  const wordOf = (t: Tensor): Word => {
    const role = roleOf(t);
    const rank = (system.declarations.get(tensorKey(t)) ?? [...system.declarations.values()].find((d) => d.tensor.name === t.name))?.axes.length;
    return {
      shown: shownTensor(t, role, spec, renamed, (layer) => shifted(layer, shiftOf(t, role)), base), role,
      turned: (role === 'weights' || role === 'augmented-weights') && spec.weights === 'from-to' && rank === 2,
      sign: role === 'bias' && spec.bias === 'threshold' ? -1 : 1,
    };
  };
  const onlySlots = new Set([...roles.slots].map((key) => key.replace(/@.*/, '')));
  const known = new Map<string, Word>();
  const vocabulary: Vocabulary = {
    spec,
    wordOf: (t) => {
      const key = tensorKey(t);
      const word = known.get(key) ?? wordOf(t);
      known.set(key, word);
      return word;
    },
    addedTo: (e) => (spec.biasIn === 'function' && !e.adjoint && roleOf(e.tensor) === 'pre-activation' ? biasOf(e, system, roleOf) : null),
    layerOf: (layer) => shifted(layer, base),
    slotOf: (name, layer) => {
      const isOnly = roles.slots.has(slotKeyOf(name, layer)) || (layer?.symbol !== null && onlySlots.has(name));
      if (!isOnly) return renamed.get(name) ?? name;
      const symbol = spec.symbols['activation-function'] ?? name;
      // Where no layer is marked, different functions have different names.
      return spec.layers.mark === 'letters' && layer?.symbol === null && !isOneFunction(system) ? `${symbol}_${String(layer.offset + base)}` : symbol;
    },
    symbolOf: (name) => renamed.get(name) ?? name,
    names: namesOf(system, names),
    moved: [...renamed].filter(([from, to]) => from !== to),
  };
  refuseClashes(system, vocabulary);
  return vocabulary;
}

/**
 * What the equation of a pre-activation adds to this entry of it: the entry of the bias with the indices that it has there. A
 * layer in general adds what any layer does.
 */
function biasOf(e: Reference, { equations }: System, roleOf: (t: Tensor) => SymbolRole | null): Reference | null {
  const own = equations.find((q) => tensorKey(q.tensor) === tensorKey(e.tensor))
    ?? ((e.tensor.layer?.symbol ?? null) === null ? undefined : equations.find((q) => q.tensor.name === e.tensor.name));
  if (own === undefined) return null;
  const added = (own.value.kind === 'add' ? own.value.terms : [own.value]).find((t): t is Reference => t.kind === 'ref' && !t.adjoint && roleOf(t.tensor) === 'bias');
  if (added === undefined) return null;
  // All samples at once: the entry has one index more, in front.
  const ahead = e.indices.length - own.axes.length;
  const at = (a: Affine): Affine => substituteAffine(a, (s) => {
    const n = s.kind === 'index' ? own.axes.findIndex((axis) => axis.index === s.name) : -1;
    return n < 0 ? null : e.indices[n + ahead] ?? null;
  });
  return { ...added, tensor: { ...added.tensor, layer: e.tensor.layer }, indices: added.indices.map(at) };
}

const slotKeyOf = (name: string, layer: Layer | null): string => functionKey({ kind: 'slot', name, layer, order: 0 });

/** The symbols that stand in formulas of a system with these roles, each with the role that needs it. */
function symbolsIn(spec: NotationSpec, roles: ReadonlySet<SymbolRole>, slots: boolean): ReadonlyMap<string, SymbolRole> {
  // Signals may be of tensors that play no other part.
  const all: readonly SymbolRole[] = ['loss', 'signal', 'output-signal', ...roles, ...(slots ? ['activation-function' as const] : [])];
  const tables = [spec.symbols, ...spec.layers.symbols.values()];
  return new Map(tables.flatMap((table) => all.flatMap((role) => {
    const symbol = table[role] ?? (table === spec.symbols ? defaultSymbol(role, spec) : undefined);
    return symbol === undefined ? [] : [[symbol, role] as const];
  })));
}

/** What is written where a notation has no symbol of its own: null where something else stands for it. */
function defaultSymbol(role: SymbolRole, spec: NotationSpec): string | undefined {
  switch (role) {
    case 'augmented-weights': return `${spec.symbols.weights ?? own.weights}_tilde`;
    case 'augmented-input': return `${spec.symbols.activation ?? own.activation}_tilde`;
    case 'signal': case 'output-signal': case 'input': case 'output': return undefined;
    // L is a frequent letter for the last layer, and for the loss.
    case 'sample-loss': return isTaken(own[role], spec) ? 'loss' : own[role];
    case 'weights': case 'bias': case 'pre-activation': case 'activation': case 'activation-function': case 'loss': case 'target': return own[role];
  }
}

const isTaken = (symbol: string, { letters, symbols, layers }: NotationSpec): boolean =>
  [letters.layer, letters.last, letters.samples, ...[symbols, ...layers.symbols.values()].flatMap((table) => Object.values(table))].includes(symbol);

/** Names of tensors, constants and activation functions that keep their names as far as possible. */
function keptNames(system: System, roleOf: (t: Tensor) => SymbolRole | null, only: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set([...system.declarations.values()].filter((d) => d.tensor.name !== TOTAL && roleOf(d.tensor) === null).map((d) => d.tensor.name));
  const others = new Set([...system.declarations.values()].filter((d) => roleOf(d.tensor) !== null).map((d) => d.tensor.name));
  for (const { value } of system.equations) {
    visit(value, (e) => {
      if (e.kind === 'symbol') names.add(e.name);
      else if (e.kind === 'ref' && !system.declarations.has(tensorKey(e.tensor)) && !others.has(e.tensor.name)) names.add(e.tensor.name);
      else if (e.kind === 'call' && e.fn.kind === 'slot' && !only.has(slotKeyOf(e.fn.name, e.fn.layer))) names.add(e.fn.name);
    });
  }
  return names;
}

/** Kept names that are symbols of the notation get another letter: first that of the role which took theirs. */
function makeRoom(kept: ReadonlySet<string>, used: ReadonlyMap<string, SymbolRole>, { letters, derivative }: NotationSpec): ReadonlyMap<string, string> {
  // dz is a derivative where d is nothing else.
  const signs = derivative === 'd' ? ['d'] : [];
  const taken = new Set([...kept, ...used.keys(), ...signs, ...letters.units, ...letters.layers, letters.layer, letters.last, letters.sample, letters.samples]);
  const renamed = new Map<string, string>();
  for (const name of kept) {
    const role = used.get(name);
    if (role === undefined && name !== letters.layer && name !== letters.last && !signs.includes(name)) continue;
    const free = [...(role === undefined ? [] : [own[role]]), ...spare].find((s) => !taken.has(s)) ?? `${name}_bar`;
    taken.add(free);
    renamed.set(name, free);
  }
  return renamed;
}

function shownTensor(
  t: Tensor, role: SymbolRole | null, spec: NotationSpec, renamed: ReadonlyMap<string, string>, shift: (layer: Layer) => Layer, base: 0 | 1,
): Tensor {
  if (t.layer === null) {
    if (role === 'input' && spec.symbols.input === undefined) return ofLayer('activation', layerNumber(base), layerNumber(base), spec, renamed, t.name);
    const symbol = t.name === TOTAL ? spec.symbols.loss ?? own.loss : role === null ? renamed.get(t.name) ?? t.name : spec.symbols[role] ?? defaultSymbol(role, spec) ?? own[role];
    return tensor(symbol);
  }
  return ofLayer(role, shift(t.layer), shiftLayer(t.layer, base), spec, renamed, t.name);
}

/** @param at the number under which symbols of its layer are listed */
function ofLayer(
  role: SymbolRole | null, shown: Layer, at: Layer, spec: NotationSpec, renamed: ReadonlyMap<string, string>, name: string,
): Tensor {
  const layers = [...spec.layers.symbols.keys()];
  const special = role === null || at.symbol !== null ? undefined : spec.layers.symbols.get(at.offset)?.[role];
  if (special !== undefined) return tensor(special);
  if (spec.layers.mark !== 'letters' || layers.length === 0) {
    return tensor(role === null ? renamed.get(name) ?? name : spec.symbols[role] ?? defaultSymbol(role, spec) ?? own[role], shown);
  }
  if (at.symbol !== null) throw new DiagnosticError([diagnostic('notation-without-general-layer', null, { notation: spec.name, layers })]);
  const table = spec.layers.symbols.get(at.offset);
  if (table === undefined) throw new DiagnosticError([diagnostic('notation-without-layer', null, { notation: spec.name, layer: at.offset, layers })]);
  if (role === null) return tensor(`${name}_${String(at.offset)}`);
  throw new DiagnosticError([diagnostic('notation-without-symbol', null, { notation: spec.name, role, layer: at.offset })]);
}

function namesOf(system: System, symbols: readonly string[]): Vocabulary['names'] {
  const names = new Map<string, 'tensor' | 'slot' | 'symbol'>(symbols.map((name) => [name, 'symbol']));
  for (const { value } of system.equations) {
    visit(value, (e) => {
      if (e.kind === 'symbol') names.set(e.name, 'symbol');
      else if (e.kind === 'call' && e.fn.kind === 'slot') names.set(e.fn.name, 'slot');
    });
  }
  for (const { tensor: t } of system.declarations.values()) names.set(t.name, 'tensor');
  return names;
}

/** Two tensors that would be written alike. */
function refuseClashes(system: System, vocabulary: Vocabulary): void {
  const total = tensor(TOTAL);
  const seen = new Map([[tensorKey(vocabulary.wordOf(total).shown), total]]);
  for (const { tensor: t } of system.declarations.values()) {
    const { shown } = vocabulary.wordOf(t);
    const other = seen.get(tensorKey(shown));
    if (other !== undefined && tensorKey(other) !== tensorKey(t)) {
      throw new DiagnosticError([diagnostic('notation-ambiguous', null, {
        notation: vocabulary.spec.name, symbol: shown.name, first: tensorKey(other), second: tensorKey(t),
      })]);
    }
    seen.set(tensorKey(shown), t);
  }
}
