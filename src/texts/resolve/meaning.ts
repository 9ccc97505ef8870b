// What a name with its scripts stands for in a known notation: a tensor, a function, a number, an index.

import { type Affine, index, size } from '../../algebra/affine.ts';
import { type Expression, symbol, tensor, type Tensor } from '../../algebra/expression.ts';
import { type Layer, showLayer } from '../../algebra/layer.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import type { Convention } from '../../notation/convention.ts';
import { SAMPLES } from '../../spec/names.ts';
import type { Declaration } from '../../spec/network.ts';
import type { SupPart, Term, TermOf } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import { isGeneral, isSignal, type ReadingContext } from './context.ts';
import { declarationFor } from '../../notation/declared.ts';
import { type Binding, bindingOf, type Env } from './env.ts';
import { layerOf } from './layers.ts';

/** A name with all that stands on it. */
export interface Named extends Span {
  readonly name: TermOf<'name'>;
  readonly below: readonly Term[];
  readonly above: readonly SupPart[];
  /** (y)_o: in brackets of its own, it has no layer. */
  readonly unmarked: boolean;
}

/** What is left above once the layer is taken off: primes, transposes, powers. */
type Rest = readonly SupPart[];

export type Meaning =
  | { readonly kind: 'tensor'; readonly declared: Declaration; readonly adjoint: boolean; readonly below: readonly Term[]; readonly rest: Rest }
  | { readonly kind: 'function'; readonly name: string; readonly layer: Layer | null; readonly rest: Rest }
  | { readonly kind: 'number'; readonly value: Expression; readonly affine: Affine | null; readonly rest: Rest }
  | { readonly kind: 'index'; readonly binding: Binding; readonly rest: Rest }
  | { readonly kind: 'total'; readonly tensor: Tensor; readonly rest: Rest };

/** The name that scripts stand on, one layer of them or two: {W_ij}^(k). */
export function namedOf(term: Term): Named | null {
  if (term.kind === 'name') return { name: term, below: [], above: [], unmarked: false, start: term.start, end: term.end };
  if (term.kind !== 'scripts') return null;
  const [inside] = term.base.kind === 'fenced' && term.base.items.length === 1 ? term.base.items : [];
  if (inside?.kind === 'name') {
    return { name: inside, below: term.sub?.parts ?? [], above: term.sup?.parts ?? [], unmarked: true, start: term.start, end: term.end };
  }
  const inner = namedOf(term.base);
  if (inner === null || (inner.below.length > 0 && term.sub !== null)) return null;
  return { ...inner, below: term.sub?.parts ?? inner.below, above: [...inner.above, ...(term.sup?.parts ?? [])], start: term.start, end: term.end };
}

/** p, and p′ for an index that no letter was left for. */
export function letterIn({ name, below, above }: Named): string | null {
  const primes = above.reduce((n, part) => (part.kind === 'primes' ? n + part.count : NaN), 0);
  return name.accents.length > 0 || below.length > 0 || Number.isNaN(primes) ? null : name.text + '′'.repeat(primes);
}

/** @throws Refusal where nothing is written so, or several things are */
export function meaningOf(named: Named, env: Env): Meaning {
  const found = meaningsOf(named, env);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const text = shownName(named);
  return found.length > 1 ? refuse('ambiguous-symbol', named, { text, meanings: found.map(described) }) : unknown(named, text, env);
}

/** What it may be: nothing where it is unknown, one thing where it is clear. */
export function meaningsOf(named: Named, env: Env): readonly Meaning[] {
  const letter = letterIn(named);
  const binding = letter === null ? null : bindingOf(letter, env);
  if (binding !== null) return [{ kind: 'index', binding, rest: [] }];
  const spelled = spellings(named, env);
  // A mark is preferred to an index, or the other way round; an accent that may be an adjoint is not preferred to a name.
  const signal = firstOf(signals, spelled, named, env);
  for (const look of [tensors, functions, numbers, totals]) {
    const other = firstOf(look, spelled, named, env);
    if (other.found.length === 0) continue;
    // z_max by that name is no z with an index.
    return other.at < signal.at ? other.found : signal.at < other.at ? signal.found : [...signal.found, ...other.found];
  }
  return signal.found;
}

interface Found {
  readonly found: readonly Meaning[];
  /** The place of its spelling in the order of preference. */
  readonly at: number;
}

function firstOf(look: Look, spelled: readonly Spelling[], named: Named, env: Env): Found {
  const found: Meaning[] = [];
  let at = Infinity;
  for (const adjoint of [true, false]) {
    for (const [n, spelling] of spelled.filter((s) => s.adjoint === adjoint).entries()) {
      const meanings = look(spelling, named, env);
      if (meanings.length === 0) continue;
      found.push(...meanings);
      if (!adjoint) at = n;
      break;
    }
  }
  return { found, at };
}

type Look = (spelling: Spelling, named: Named, env: Env) => readonly Meaning[];

/** A name in the words of the program, and what then still stands below it. */
interface Spelling {
  readonly name: string;
  readonly below: readonly Term[];
  /** Whether an accent says that it is an adjoint. */
  readonly adjoint: boolean;
}

/** `\hat{x}_{\mathrm{1},i}` is x_1_hat with the index i; marks come before indices. */
function spellings({ name, below }: Named, { reading: { context: { convention } } }: Env): readonly Spelling[] {
  const [first, ...rest] = below;
  const mark = first === undefined ? null : markText(first);
  const last = name.accents.at(-1);
  const isAdjoint = convention.derivative === 'bar' && (last === 'bar' || last === 'overline');
  const ends = [...(isAdjoint ? [{ accents: name.accents.slice(0, -1), adjoint: true }] : []), { accents: name.accents, adjoint: false }];
  return ends.flatMap(({ accents, adjoint }): Spelling[] => {
    const ending = accents.map((a) => endingOf(a, convention)).join('');
    const plain = { name: name.text + ending, below, adjoint };
    if (mark === null) return [plain];
    // A word is a mark before it is anything else, a letter is an index.
    const withMark = { name: `${name.text}_${mark}${ending}`, below: rest, adjoint };
    return first?.kind === 'name' && first.word ? [withMark, plain] : [plain, withMark];
  });
}

const endingOf = (accent: string, { accents }: Convention): string =>
  accents.find((a) => a.latex === `\\${accent}` || (accent === 'overline' && a.latex === '\\bar'))?.ending ?? `_${accent}`;

function markText(term: Term): string | null {
  if (term.kind === 'number' && !term.cut) return term.digits;
  if (term.kind === 'name' && term.accents.length === 0) return term.text;
  return null;
}

/** The layer that is marked on a name, and what else stands on it; null where a mark is needed and there is none. */
interface Marked {
  readonly layer: Layer | null;
  readonly below: readonly Term[];
  readonly rest: Rest;
}

function marked(below: readonly Term[], { above, unmarked }: Named, convention: Convention): Marked {
  const { kind, open } = convention.layer;
  if (unmarked) return { layer: null, below, rest: above };
  switch (kind) {
    case 'none': return { layer: null, below, rest: above };
    case 'subscript': {
      const [first, ...rest] = below;
      const body = first === undefined || open === '' ? first : first.kind === 'fenced' && first.open === open ? first : undefined;
      const layer = body === undefined ? null : layerOf(body, convention);
      return layer === null ? { layer, below, rest: above } : { layer, below: rest, rest: above };
    }
    case 'superscript': {
      const at = above.findIndex((part) => (open === '' ? part.kind === 'value' : part.kind === 'mark' && part.open === open));
      const part = above[at];
      const layer = part?.kind === 'mark' ? layerOf(part.body, convention) : part?.kind === 'value' ? layerOf(part.term, convention) : null;
      return layer === null ? { layer, below, rest: above } : { layer, below, rest: above.filter((_, n) => n !== at) };
    }
  }
}

function signals(spelling: Spelling, named: Named, { reading: { context, knowledge } }: Env): readonly Meaning[] {
  const { convention } = context;
  const own = context.signals.filter((s) => (s.name ?? convention.signal[s.symbol]) === spelling.name);
  if (own.length === 0 || spelling.adjoint) return [];
  const { layer, below, rest } = marked(spelling.below, named, convention);
  if (convention.layer.kind === 'none' && context.units !== undefined) {
    const declared = own.flatMap(({ tensor: t }) => (knowledge.tensors.get(t.name) ?? []).filter((d) => isSignal(d.tensor, context)));
    return byUnits([...new Set(declared)], below, context).map((d) => ({ kind: 'tensor', declared: d, adjoint: true, below, rest }));
  }
  const found = own.filter(({ tensor: t }) => (isGeneral(t.layer) ? isGeneral(layer) : showLayer(t.layer) === showLayer(layer)
    || (convention.layer.kind === 'none' && t.layer !== null)));
  const distinct = new Map(found.map(({ tensor: t }) => [`${t.name}@${convention.layer.kind === 'none' ? showLayer(t.layer) : ''}`, t]));
  return [...distinct.values()].flatMap((t): readonly Meaning[] => {
    const declared = declarationFor(tensor(t.name, convention.layer.kind === 'none' ? t.layer : layer), knowledge.tensors.get(t.name) ?? []);
    return declared === null ? [] : [{ kind: 'tensor', declared, adjoint: true, below, rest }];
  });
}

function tensors(spelling: Spelling, named: Named, { reading: { context, knowledge } }: Env): readonly Meaning[] {
  const namesakes = knowledge.tensors.get(spelling.name);
  if (namesakes === undefined) return [];
  const { convention } = context;
  const { adjoint } = spelling;
  const unmarked = namesakes.find((d) => d.tensor.layer === null);
  const { layer, below, rest } = marked(spelling.below, named, convention);
  if (convention.layer.kind === 'none') return byUnits(namesakes, below, context).map((declared) => ({ kind: 'tensor', declared, adjoint, below, rest }));
  if (layer === null) return unmarked === undefined ? [] : [{ kind: 'tensor', declared: unmarked, adjoint, below, rest }];
  const declared = declarationFor(tensor(spelling.name, layer), namesakes);
  const withLayer: readonly Meaning[] = declared === null ? [] : [{ kind: 'tensor', declared, adjoint, below, rest }];
  const bare: readonly Meaning[] = unmarked === undefined ? [] : [{ kind: 'tensor', declared: unmarked, adjoint, below: spelling.below, rest: named.above }];
  return withLayer.length > 0 ? withLayer : bare;
}

/** Those whose axes have the letters that are written for their units. */
function byUnits(namesakes: readonly Declaration[], below: readonly Term[], { units }: ReadingContext): readonly Declaration[] {
  if (units === undefined) return namesakes;
  const letters = below.flatMap(lettersOf);
  return namesakes.filter(({ tensor: t, axes }) => {
    if (t.layer !== null && t.layer.symbol !== units.of) return false;
    const ahead = letters.length - axes.length;
    return ahead < 0 || ahead > 1 || axes.every((axis, n) => {
      const letter = letters[n + ahead] ?? null;
      const own = units.letterOf(axis.range);
      return letter === null || own === null || !units.letters.includes(letter) || own === letter;
    });
  });
}

/** The letters of indices, their primes left out; null for any other index. */
function lettersOf(term: Term): readonly (string | null)[] {
  if (term.kind === 'product' && term.factors.every((f) => f.sign === '')) return term.factors.flatMap((f) => lettersOf(f.term));
  const named = namedOf(term);
  return [named === null ? null : letterIn(named)?.replaceAll('′', '') ?? null];
}

function functions(spelling: Spelling, named: Named, { reading: { context, knowledge } }: Env): readonly Meaning[] {
  if (!knowledge.functions.has(spelling.name) || spelling.adjoint) return [];
  const { layer, below, rest } = knowledge.layered.has(spelling.name) ? marked(spelling.below, named, context.convention)
    : { layer: null, below: spelling.below, rest: named.above };
  return below.length > 0 ? [] : [{ kind: 'function', name: spelling.name, layer, rest }];
}

function numbers(spelling: Spelling, named: Named, { reading: { context, knowledge } }: Env): readonly Meaning[] {
  if (spelling.adjoint) return [];
  const { layer, below, rest } = knowledge.layered.has(spelling.name) ? marked(spelling.below, named, context.convention)
    : { layer: null, below: spelling.below, rest: named.above };
  if (below.length > 0) return [];
  const name = spelling.name === context.convention.samples ? SAMPLES : spelling.name;
  if (knowledge.sizes.has(name)) {
    const affine = size(name, layer);
    return [{ kind: 'number', value: { kind: 'affine', value: affine }, affine, rest }];
  }
  if (knowledge.scalars.has(spelling.name)) return [{ kind: 'number', value: symbol(spelling.name, layer), affine: null, rest }];
  return spelling.name === 'pi' ? [{ kind: 'number', value: { kind: 'constant', name: 'pi' }, affine: null, rest: named.above }] : [];
}

function totals(spelling: Spelling, { above }: Named, { reading: { context } }: Env): readonly Meaning[] {
  return spelling.name === context.convention.total && spelling.below.length === 0 && !spelling.adjoint ? [{ kind: 'total', tensor: tensor(spelling.name), rest: above }] : [];
}

/** Whether a term is the scalar that is differentiated. */
export function isTotal(term: Term, env: Env): boolean {
  const named = namedOf(term);
  return named?.above.length === 0 && spellings(named, env).some((s) => totals(s, named, env).length > 0);
}

export const indexValue = (binding: Binding): Affine => index(binding.name);

function described(m: Meaning): string {
  switch (m.kind) {
    case 'tensor': return `${m.adjoint ? '∂E/∂' : ''}${m.declared.tensor.name} ${showLayer(m.declared.tensor.layer)}`.trim();
    case 'function': return m.name;
    case 'number': return 'a number';
    case 'index': return 'an index';
    case 'total': return 'the total';
  }
}

export const shownName = ({ name }: Named): string => name.text + name.accents.map((a) => `_${a}`).join('');

function unknown(named: Named, text: string, { reading: { context, knowledge } }: Env): never {
  const layered = spellingsOf(text, knowledge.tensors);
  if (layered && context.convention.layer.kind !== 'none') {
    const { open, close, letter, last } = context.convention.layer;
    const mark = named.above.find((part) => part.kind === 'mark');
    if (mark !== undefined) refuse('not-a-layer', mark, { text: 'this', letters: [letter, last] });
    refuse('layer-missing', named, { text, example: `${text}${context.convention.layer.kind === 'subscript' ? '_' : '^'}{${open}${letter}${close}}` });
  }
  const { signal, total } = context.convention;
  const names = [...knowledge.tensors.keys(), ...knowledge.functions, ...knowledge.scalars, ...knowledge.sizes, signal.a, signal.z, total].filter((n) => n !== null);
  return refuse('unknown-formula-symbol', named, { text, suggestion: nearest(text, names), known: [...new Set(names)] });
}

const spellingsOf = (name: string, tensors: ReadonlyMap<string, readonly Declaration[]>): boolean =>
  tensors.get(name)?.every((d) => d.tensor.layer !== null) ?? false;

export const primesIn = (rest: Rest): number => rest.reduce((n, part) => (part.kind === 'primes' ? n + part.count : n), 0);
export const withoutPrimes = (rest: Rest): Rest => rest.filter((part) => part.kind !== 'primes');
