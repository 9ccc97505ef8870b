// Boxes to one line of Unicode text: aᵢ⁽ᵏ⁾ = Σⱼ Wᵢⱼ⁽ᵏ⁾ zⱼ⁽ᵏ⁻¹⁾ + bᵢ⁽ᵏ⁾. Where Unicode lacks a subscript that a formula needs,
// all its indices are written in brackets: W[c,t+s-1]⁽ᵏ⁾.

import type { Affine, Range } from '../algebra/affine.ts';
import type { Layer } from '../algebra/layer.ts';
import { affineBox } from './affine-box.ts';
import { type Box, type Letter, type Operator, parts, type Relation } from './box.ts';
import { type Convention, greek, isBareMark, isRaised, shownName } from './convention.ts';
import { layerMarkText } from './layer-mark.ts';
import { flat, type Layout, rowOf, textOf } from './layout.ts';
import { factorLevel, hasSuperscript, isBareBase, isCoefficient, type Joint, joint, level, type Level, levelOf } from './precedence.ts';
import { subscript, superscript, vulgarFractions } from './scripts.ts';

/** How indices are written; one way for a whole formula. */
export type IndexStyle = 'subscripts' | 'brackets';

/** Brackets as soon as one index of the formulas has no subscript. */
export function indexStyle(formulas: readonly Box[], convention: Convention): IndexStyle {
  return formulas.every((f) => canSubscript(f, convention)) ? 'subscripts' : 'brackets';
}

function canSubscript(m: Box, convention: Convention): boolean {
  if (m.kind === 'letter') return m.indices.length === 0 || subscripted(m, convention) !== null;
  if (m.kind === 'over' && subscript(m.index) === null) return false;
  return parts(m).every((part) => canSubscript(part, convention));
}

/** In one line. */
export const printUnicode = (m: Box, convention: Convention, style: IndexStyle): string => flat(unicodeLayout(m, convention, style));

/** Broken, where it is too long for a line, at signs between terms and factors and between cases. */
export function unicodeLayout(m: Box, convention: Convention, style: IndexStyle): Layout {
  const print = (box: Box): Layout => unicodeLayout(box, convention, style);
  const inLine = (box: Box): string => flat(print(box));
  const at = (box: Box, least: Level): Layout => (levelOf(box, true) < least ? rowOf('(', print(box), ')') : print(box));
  switch (m.kind) {
    case 'integer': return textOf(String(m.value));
    case 'decimal': return textOf(m.digits + (m.cut ? '…' : ''));
    case 'letter': return textOf(letter(m, convention, style));
    case 'plus': return breakable(m.terms.map((t, n) => {
      const sign = t.negative ? (n === 0 ? '-' : ' - ') : n === 0 ? '' : ' + ';
      return rowOf(sign, at(t.body, level.sum));
    }));
    case 'times': return breakable(m.factors.reduce<readonly (readonly Layout[])[]>((before, factor, n) => {
      const least = Math.max(factorLevel(m, n), factor.kind === 'fraction' ? level.factor : 0) as Level;
      const left = m.factors[n - 1];
      const sign = left === undefined ? '' : between(joint(left, factor, levelOf(factor, true) < least, m.sign), convention);
      const last = before.at(-1);
      // A line that began without a sign would look like another formula: side by side are broken last, and get one.
      if (last !== undefined && left !== undefined && sign === ' ') {
        const next = isCoefficient(left) ? [...last.slice(0, -1), rowOf(...last.slice(-1), sign, at(factor, least))] : [...last, rowOf(beside, at(factor, least))];
        return [...before.slice(0, -1), next];
      }
      return [...before, [rowOf(sign, at(factor, least))]];
    }, []).map((group) => (group.length === 1 ? rowOf(...group) : breakable(group))));
    case 'fraction': return fraction(m, at);
    case 'power': return power(m, convention, print, at);
    case 'root': {
      const sign = m.degree === 2 ? '√' : m.degree === 3 ? '∛' : `${superscript(String(m.degree)) ?? ''}√`;
      return m.body.kind === 'integer' || m.body.kind === 'letter' ? rowOf(sign, print(m.body)) : rowOf(`${sign}(`, print(m.body), ')');
    }
    case 'elementary': return rowOf(`${m.name}${m.power === 1 ? '' : superscript(String(m.power)) ?? ''}(`, print(m.argument), ')');
    case 'apply': return rowOf(`${letter(m.fn, convention, style)}(`, print(m.argument), ')');
    case 'over': return rowOf(`${operators[m.operator]}${limits(m.index, m.range, style, inLine)} `, at(m.body, m.body.kind === 'fraction' ? level.factor : level.sum));
    case 'bracket': return m.test.kind !== 'and' ? textOf(`[${relation(m.test, inLine)}]`)
      : rowOf('[', breakable(m.test.parts.map((p, n) => textOf((n === 0 ? '' : ' ∧ ') + nested(p, inLine)))), ']');
    case 'cases': return rowOf('{ ', {
      kind: 'breakable', each: true,
      parts: [...m.branches.map((b) => rowOf(print(b.then), ` if ${relation(b.when, inLine)}; `)), rowOf(print(m.otherwise), ' otherwise }')],
    });
    case 'partial': return rowOf('∂', at(m.of, level.atom), '/∂', at(m.by, level.atom));
    case 'diag': return rowOf('diag{', print(m.body), '}');
    case 'nabla': {
      const by = inLine(m.by);
      return rowOf(`∇_${Array.from(by).length === 1 ? by : `{${by}}`} `, at(m.of, level.atom));
    }
    case 'transpose': return rowOf(m.body.kind === 'letter' && isBareMark(convention) && hasSuperscript(m.body, convention)
      ? rowOf('(', print(m.body), ')') : at(m.body, level.atom), transposes[convention.transpose]);
    case 'ones': return textOf('𝟏');
    case 'identity': return textOf(`I${subscript(inLine(m.size)) ?? `[${inLine(m.size)}]`}`);
    case 'vec': return rowOf('vec(', print(m.body), ')');
    case 'shaped': return rowOf(print(m.body), `⟨${inLine(m.rows)}×${inLine(m.columns)}⟩`);
    case 'einsum': return rowOf(`einsum('${m.letters.join(',')}->${m.result}', `, breakable(m.operands.map((o, n) => rowOf(n === 0 ? '' : ' ', print(o), n === m.operands.length - 1 ? '' : ','))), ')');
    case 'norm': return rowOf('‖', print(m.body), '‖');
    case 'absolute': return rowOf('|', print(m.body), '|');
    case 'group': return rowOf('(', print(m.body), ')');
    case 'brace': return { kind: 'marked', body: print(m.body), note: m.note };
  }
}

const beside: Layout = { kind: 'text', text: ' ', broken: '· ' };

const breakable = (parts: readonly Layout[]): Layout => ({ kind: 'breakable', parts, each: false });

const operators: Readonly<Record<Operator, string>> = { sum: 'Σ', product: 'Π', max: 'max', min: 'min', argmax: 'argmax', argmin: 'argmin' };

function between(sign: Joint, convention: Convention): string {
  switch (sign) {
    case 'space': return ' ';
    case 'dot': return ' · ';
    case 'otimes': return ' ⊗ ';
    case 'odot': return ` ${convention.elementwise} `;
  }
}

function fraction(m: Extract<Box, { kind: 'fraction' }>, at: (box: Box, least: Level) => Layout): Layout {
  if (m.top.kind === 'integer' && m.bottom.kind === 'integer') {
    const text = `${String(m.top.value)}/${String(m.bottom.value)}`;
    return textOf(vulgarFractions.get(text) ?? text);
  }
  const top = at(m.top, m.top.kind === 'partial' || m.top.kind === 'fraction' ? level.atom : level.product);
  const bottom = at(m.bottom, m.bottom.kind === 'partial' ? level.atom : level.factor);
  return breakable([top, rowOf(' / ', bottom)]);
}

function power(m: Extract<Box, { kind: 'power' }>, convention: Convention, print: (box: Box) => Layout, at: (box: Box, least: Level) => Layout): Layout {
  const base = isBareBase(m.base, convention) ? print(m.base) : rowOf('(', print(m.base), ')');
  const exponent = flat(print(m.exponent));
  const raised = superscript(exponent);
  if (m.elementwise) return rowOf(base, `^${convention.elementwise}`, at(m.exponent, level.atom));
  return rowOf(base, raised === null || !/^-?\d+$/.test(exponent) ? `^${inBrackets(exponent)}` : raised);
}

const inBrackets = (text: string): string => (/^\d+$/.test(text) ? text : `(${text})`);

const transposes = { T: 'ᵀ', '⊤': '^⊤', "'": "'" } as const;

function letter(m: Letter, convention: Convention, style: IndexStyle): string {
  const below = m.indices.length === 0 ? '' : (style === 'subscripts' ? subscripted(m, convention) : null)
    ?? `[${m.indices.map((a) => indexText(a, convention)).join(',')}]`;
  const layer = m.layer === null ? '' : layerText(m.layer, convention);
  const primes = '′'.repeat(m.primes);
  const head = marked(m, convention);
  const transposed = m.transposed ? transposes[convention.transpose] : '';
  if (!isRaised(convention)) return head + layer + below + primes + transposed;
  if (!isBareMark(convention) || layer === '') return head + below + layer + primes + transposed;
  return transposed === '' ? head + below + primes + layer : `(${head}${below}${layer})${transposed}`;
}

/** The indices as subscripts side by side, or null where that cannot be written or read. */
function subscripted(m: Letter, convention: Convention): string | null {
  // A layer number below would run into them, or they would be taken for one.
  if ((m.layer !== null || m.namesakes) && convention.layer.kind === 'subscript') return null;
  const texts = m.indices.map((a) => indexText(a, convention));
  if (texts.length > 1 && texts.some((t) => Array.from(t).length > 1)) return null;
  if (m.indices.some(holdsWord)) return null;
  // A name that ends in a digit or holds an underscore would run into them.
  return /[0-9_]/.test(named(m.name, convention)) ? null : subscript(texts.join(''));
}

/** A word would look like indices side by side. */
const holdsWord = (m: Box): boolean => (m.kind === 'letter' ? Array.from(m.name.replaceAll('′', '')).length > 1 : parts(m).some(holdsWord));

/** Raised or lowered where Unicode has that for all its characters; what is more than a letter stands in brackets otherwise. */
function layerText(l: Layer, convention: Convention): string {
  const text = layerMarkText(l, convention, (name) => named(name, convention));
  const short = Array.from(text).length === 1;
  switch (convention.layer.kind) {
    case 'superscript': return superscript(text) ?? (short || convention.layer.open !== '' ? `^${text}` : `^(${text})`);
    case 'subscript': return subscript(text) ?? (short ? `_${text}` : `_{${text}}`);
    case 'none': return '';
  }
}

/** The name with the sign of a derivative: dW, W̅. */
function marked({ name, derivative }: Letter, convention: Convention): string {
  const text = named(name, convention);
  switch (derivative) {
    case null: return text;
    case 'd': return `d${text}`;
    // Over the name, not over what stands behind an underscore.
    case 'bar': return text.replace(/^_?[^_]+/u, (head) => head.replace(/\P{M}\p{M}*/gu, '$&\u0305'));
  }
}

function named(meant: string, convention: Convention): string {
  const name = shownName(meant, convention);
  for (const accent of convention.accents) {
    if (!name.endsWith(accent.ending) || name.length === accent.ending.length) continue;
    return named(name.slice(0, -accent.ending.length), convention) + accent.unicode;
  }
  const at = name.indexOf('_', 1);
  const head = at < 0 ? name : name.slice(0, at);
  return (greek.get(head) ?? head) + name.slice(head.length);
}

const indexText = (index: Box, convention: Convention): string =>
  printUnicode(index, convention, 'brackets').replaceAll(' ', '');

function limits(index: string, range: Range | null, style: IndexStyle, print: (box: Box) => string): string {
  const bound = (value: Affine): string => print(affineBox(value)).replaceAll(' ', '');
  if (range === null) return (style === 'subscripts' ? subscript(index) : null) ?? `_${index}`;
  // A raised T would be read as a transpose.
  const [low, high] = [subscript(`${index}=${bound(range.lo)}`), superscript(bound(range.hi))];
  if (style === 'subscripts' && low !== null && high?.length === 1 && high !== 'ᵀ') return low + high;
  return `_{${index}=${bound(range.lo)}..${bound(range.hi)}}`;
}

function relation(r: Relation, print: (box: Box) => string): string {
  switch (r.kind) {
    case 'compare': return `${print(r.left)} ${r.sign} ${print(r.right)}`;
    case 'between': return `${print(r.low)} ≤ ${print(r.middle)} ≤ ${print(r.high)}`;
    case 'and': return r.parts.map((p) => nested(p, print)).join(' ∧ ');
    case 'or': return r.parts.map((p) => nested(p, print)).join(' ∨ ');
    case 'not': return `¬(${relation(r.part, print)})`;
  }
}

const nested = (r: Relation, print: (box: Box) => string): string =>
  r.kind === 'and' || r.kind === 'or' ? `(${relation(r, print)})` : relation(r, print);
