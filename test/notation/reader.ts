// Reads a line of Unicode mathematics as a person would, and gives its value. It shares nothing with the writer.

import { entryValue, functionValue, UndefinedError } from './values.ts';

const small = new Map(Array.from('₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵏᴺ').map((c, n) =>
  [c, Array.from('0123456789+-=aehijklmnoprstuvx0123456789+-()kN')[n] ?? ''] as const));
const fractions = new Map([['½', 1 / 2], ['⅓', 1 / 3], ['⅔', 2 / 3], ['¼', 1 / 4], ['¾', 3 / 4], ['⅕', 1 / 5], ['⅙', 1 / 6], ['⅛', 1 / 8]]);
/** Names with one index, whose subscript 2i - 1 is that index; for others, subscripts side by side are one index each. */
const vectors = new Set(['z', 'q']);
const greek = new Map([['α', 'alpha'], ['β', 'beta']]);

export function read(line: string, indices: ReadonlyMap<string, number> = new Map()): number {
  const characters = Array.from(line);
  let at = 0;
  const scope = new Map(indices);

  const peek = (text: string): boolean => characters.slice(at, at + Array.from(text).length).join('') === text;
  const accept = (text: string): boolean => {
    const there = peek(text);
    if (there) at += Array.from(text).length;
    return there;
  };
  const fail = (wanted: string): never => {
    throw new Error(`expected ${wanted} at ${at} of ${line}`);
  };
  const expect = (text: string): void => {
    if (!accept(text)) fail(text);
  };
  const takeWhile = (test: (character: string) => boolean): string => {
    let taken = '';
    while (at < characters.length && test(characters[at] ?? '')) {
      taken += characters[at] ?? '';
      at += 1;
    }
    return taken;
  };

  function expression(): number {
    let total = accept('-') ? -term() : term();
    for (;;) {
      if (accept(' + ')) total += term();
      else if (accept(' - ')) total -= term();
      else return total;
    }
  }

  function term(): number {
    let total = factor();
    for (;;) {
      if (accept(' · ')) total *= factor();
      else if (accept(' / ')) {
        const divisor = factor();
        if (divisor === 0) throw new UndefinedError();
        return total / divisor;
      }
      else if (peek(' ') && startsFactor(characters[at + 1] ?? '')) {
        at += 1;
        total *= factor();
      } else return total;
    }
  }

  const startsFactor = (character: string): boolean => /[\p{L}0-9(|Σ∂√∛[½⅓⅔¼¾⅕⅙⅛]/u.test(character) && !peek(' if ') && !peek(' otherwise');

  function factor(): number {
    const operator = ['Σ', 'Π', 'argmax', 'argmin', 'max', 'min'].find((o) => peek(o) && /[_ₐ-ₜᵢⱼᵣᵤᵥ]/.test(characters[at + o.length] ?? ''));
    if (operator !== undefined && accept(operator)) return over(operator);
    let value = atom();
    for (;;) {
      const raised = takeWhile((c) => /[⁰¹²³⁴⁵⁶⁷⁸⁹]/.test(c));
      if (raised !== '') value **= Number(plain(raised));
      else if (accept('^(')) {
        value **= expression();
        expect(')');
      } else return value;
    }
  }

  /** `Σᵢ₌₁³`, with everything up to the next + or - below it; so Π and max. */
  function over(operator: string): number {
    const head = accept('_{') ? takeWhile((c) => c !== '}') : takeWhile((c) => c !== ' ');
    accept('}');
    const text = head.includes('..') ? head : plain(head).replace(/=(\d)/, '=$1..');
    const [, name, from, to] = /^(.+)=(\d+)\.\.(\d+)$/.exec(text) ?? fail('limits');
    expect(' ');
    const begin = at;
    const values: number[] = [];
    for (let n = Number(from); n <= Number(to); n += 1) {
      at = begin;
      const outer = scope.get(name ?? '');
      if (outer !== undefined) fail('an index that is not in use');
      scope.set(name ?? '', n);
      values.push(term());
      scope.delete(name ?? '');
    }
    if (operator === 'Σ') return values.reduce((total, value) => total + value, 0);
    if (operator === 'Π') return values.reduce((total, value) => total * value, 1);
    if (values.some(Number.isNaN)) throw new UndefinedError();
    const extreme = operator.endsWith('max') ? Math.max(...values) : Math.min(...values);
    return operator.startsWith('arg') ? Number(from) + values.indexOf(extreme) : extreme;
  }

  function atom(): number {
    const character = characters[at] ?? '';
    const fraction = fractions.get(character);
    if (fraction !== undefined) {
      at += 1;
      return fraction;
    }
    if (accept('(')) return closed(')');
    if (accept('|')) return Math.abs(closed('|'));
    if (accept('√')) return atom() ** 0.5;
    if (accept('∛')) return atom() ** (1 / 3);
    if (accept('[')) {
      const truth = relation();
      expect(']');
      return truth ? 1 : 0;
    }
    if (accept('{ ')) return cases();
    if (/[0-9]/.test(character)) {
      const digits = takeWhile((c) => /[0-9.]/.test(c));
      accept('…');
      return peek('/') ? Number(digits) / (accept('/') ? Number(takeWhile((c) => /[0-9]/.test(c))) : 1) : Number(digits);
    }
    if (accept('∂E/∂')) return entry('∂E/∂');
    return entry('');
  }

  const closed = (bracket: string): number => {
    const value = expression();
    expect(bracket);
    return value;
  };

  function cases(): number {
    let result: number | null = null;
    for (;;) {
      const value = expression();
      if (accept(' otherwise }')) return result ?? value;
      expect(' if ');
      if (relation()) result ??= value;
      expect('; ');
    }
  }

  function relation(): boolean {
    const left = expression();
    if (accept(' ≤ ')) {
      const middle = expression();
      const high = accept(' ≤ ') ? expression() : Infinity;
      if (Number.isNaN(left) || Number.isNaN(middle) || Number.isNaN(high)) throw new UndefinedError();
      return left <= middle && middle <= high;
    }
    const sign = [' = ', ' ≠ ', ' ≥ ', ' > ', ' < '].find(accept);
    const right = expression();
    if (Number.isNaN(left) || Number.isNaN(right)) throw new UndefinedError();
    if (sign === ' = ') return left === right;
    if (sign === ' ≠ ') return left !== right;
    if (sign === ' ≥ ') return left >= right;
    return sign === ' > ' ? left > right : sign === ' < ' ? left < right : fail('a relation');
  }

  function entry(before: string): number {
    const name = takeWhile((c) => /[A-Za-zαβ]/.test(c));
    if (name === '') fail('a name');
    const word = before + (greek.get(name) ?? name);
    const below = takeWhile((c) => /[₀-₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ]/.test(c));
    const bracketed = below === '' && accept('[') ? indicesInBrackets() : [];
    const texts = below === '' ? [] : vectors.has(name) ? [plain(below)] : Array.from(plain(below));
    const layer = accept('⁽') ? plain(takeWhile((c) => c !== '⁾')) : '';
    if (layer !== '') expect('⁾');
    const primes = "'".repeat(takeWhile((c) => c === '′').length);
    if (accept('(')) {
      const argument = closed(')');
      return functionValue(['exp', 'log', 'tanh', 'sin', 'sgn'].includes(word) ? word : `${word}@${layer}${primes}`, argument);
    }
    const power = ['exp', 'log', 'tanh', 'sin'].includes(word) ? takeWhile((c) => /[⁰¹²³⁴⁵⁶⁷⁸⁹]/.test(c)) : '';
    if (power !== '') {
      expect('(');
      return functionValue(word, closed(')')) ** Number(plain(power));
    }
    if (layer === '' && texts.length === 0 && scope.has(word)) return scope.get(word) ?? NaN;
    return entryValue(word, layer, [...bracketed, ...texts.map(indexValue)]);
  }

  function indicesInBrackets(): readonly number[] {
    const values: number[] = [];
    do {
      let total = 0;
      do {
        const sign = accept('-') ? -1 : accept('+') ? 1 : 1;
        const digits = takeWhile((c) => /[0-9]/.test(c));
        const factor = sign * (digits === '' ? 1 : Number(digits));
        total += /[\p{L}′]/u.test(characters[at] ?? '') ? factor * entry('') : factor;
      } while (peek('+') || peek('-'));
      values.push(total);
    } while (accept(','));
    expect(']');
    return values;
  }

  const plain = (text: string): string => Array.from(text).map((c) => small.get(c) ?? fail(`a script instead of ${c}`)).join('');

  function indexValue(text: string): number {
    return [...text.matchAll(/([+-]?)(\d*)([a-z]?)/g)].reduce((total, [all, sign, digits, letter]) => {
      if (all === '') return total;
      const factor = (sign === '-' ? -1 : 1) * (digits === '' ? 1 : Number(digits));
      return total + factor * (letter === undefined || letter === '' ? 1 : scope.get(letter) ?? NaN);
    }, 0);
  }

  const value = expression();
  if (at < characters.length) fail('the end');
  return value;
}
