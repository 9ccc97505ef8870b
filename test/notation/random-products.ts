// Random layer files that are products: of matrices with each other and with vectors, outer products, products entry by entry, sums of
// rows, functions of all these; factors with their axes in any order, so that transposes are needed everywhere.

import fc from 'fast-check';

/** A size, and the letters of indices up to it. */
const KINDS = [['n', 'i'], ['m', 'j'], ['q', 'k'], ['r', 'l']] as const;

interface Building {
  readonly pick: (below: number) => number;
  /** Tensors with their sizes: what is made up on the way is a parameter, or an input. */
  readonly tensors: Map<string, readonly string[]>;
  readonly letters: Map<string, string>;
  readonly sizes: Set<string>;
}

type Index = readonly [size: string, letter: string];

export const productFiles = (): fc.Arbitrary<string> => fc.array(fc.nat(1_000_000), { maxLength: 80, size: 'max' }).map((choices) => {
  let used = 0;
  const pick = (below: number): number => {
    used += 1;
    return (choices[used - 1] ?? 0) % below;
  };
  return build({ pick, tensors: new Map(), letters: new Map(), sizes: new Set() });
});

function build(building: Building): string {
  const { pick, tensors, letters, sizes } = building;
  const output = indices(building, 1 + pick(2));
  const hidden = indices(building, 1 + pick(2));
  const y = expression(building, hidden, 3);
  tensors.set('y', hidden.map(([size]) => size));
  const z = expression(building, output, 3);
  tensors.delete('y');
  const of = (name: string, all: readonly Index[]): string => `${name}[${all.map(([, letter]) => letter).join(', ')}]`;
  const shape = (all: readonly string[]): string => `[${all.join(', ')}]`;
  const extents: Readonly<Record<string, number>> = { n: 2, m: 3, q: 4, r: 5 };
  const inputs = [...tensors].filter(([name]) => name.startsWith('x'));
  const parameters = [...tensors].filter(([name]) => name.startsWith('W'));
  const shown = inputs.length > 0 ? inputs : [['x0', ['n']] as const];
  shown.flatMap(([, all]) => all).forEach((size) => sizes.add(size));
  const outputSizes = output.map(([size]) => size);
  const lossLetters = output.map(([, letter]) => letter);
  return [
    'network: drawn', `inputs: { ${shown.map(([name, all]) => `${name}: ${shape(all.map((s) => String(extents[s])))}`).join(', ')} }`,
    'instances:', `  one: { layer: products, in: { ${shown.map(([name]) => `${name}: ${name}`).join(', ')} }, ${[...sizes].map((s) => `${s}: ${String(extents[s])}`).join(', ')} }`,
    'loss: { use: squares, p: one.z }', 'define:', '  layers:', '    - layer: products',
    `      axes: { ${[...letters].map(([letter, size]) => `${letter}: ${size}`).join(', ')} }`,
    `      input: { ${shown.map(([name, all]) => `${name}: ${shape(all)}`).join(', ')} }`, `      output: { z: ${shape(outputSizes)} }`,
    ...(parameters.length === 0 ? [] : [`      parameters: { ${parameters.map(([name, all]) => `${name}: ${shape(all)}`).join(', ')} }`]),
    '      equations:', `        ${of('y', hidden)}: '${y}'`, `        ${of('z', output)}: '${z}'`,
    '  losses:', '    - loss: squares', `      axes: { ${output.map(([size, letter]) => `${letter}: ${size}`).join(', ')} }`,
    `      input: { p: ${shape(outputSizes)} }`, `      target: { t: ${shape(outputSizes)} }`,
    `      expression: sum(${lossLetters.join(', ')}, (p[${lossLetters.join(', ')}] - t[${lossLetters.join(', ')}])^2)`, '',
  ].join('\n');
}

/** Different ones, of different sizes. */
function indices(building: Building, count: number, without: readonly Index[] = []): readonly Index[] {
  const free = KINDS.filter(([, letter]) => !without.some(([, other]) => other === letter));
  return Array.from({ length: count }, (_, n) => (n + building.pick(free.length)) % free.length)
    .filter((at, n, all) => all.indexOf(at) === n).flatMap((at) => free.slice(at, at + 1)).map((index) => declared(index, building));
}

function declared(index: Index, { letters, sizes }: Building): Index {
  letters.set(index[1], index[0]);
  sizes.add(index[0]);
  return index;
}

function expression(building: Building, open: readonly Index[], depth: number): string {
  const { pick } = building;
  const below = (of: readonly Index[]): string => expression(building, of, depth - 1);
  if (depth === 0) return entry(building, open);
  const [first, second] = open;
  switch (pick(8)) {
    case 0: return entry(building, open);
    case 1: return `(${below(open)} + ${below(open)})`;
    case 2: return `(${below(open)} * ${below(open)})`;
    case 3: return `tanh(${below(open)})`;
    case 4: return first !== undefined && second !== undefined ? `(${below([first])} * ${below([second])})` : `(${below(open)} - ${entry(building, open)} / 3)`;
    case 5: return first !== undefined && second !== undefined ? `(${below([pick(2) === 0 ? first : second])} * ${below(open)})` : `(${below(open)})^2`;
    default: {
      const [over] = indices(building, 1, open);
      if (over === undefined) return entry(building, open);
      const [left, right] = [first === undefined ? [over] : [first, over], second === undefined ? [over] : [over, second]];
      return `sum(${over[1]}, ${below(left)} * ${below(right)})`;
    }
  }
}

/** An entry of a tensor with these indices, in either order. */
function entry({ pick, tensors }: Building, open: readonly Index[]): string {
  const inOrder = pick(2) === 0 ? open : [...open].reverse();
  const sizes = inOrder.map(([size]) => size);
  const known = [...tensors].filter(([, all]) => all.join() === sizes.join()).map(([name]) => name);
  const kind = pick(3) === 0 ? 'x' : 'W';
  const name = known.length > 0 && pick(2) === 0 ? known[pick(known.length)] ?? '' : `${kind}${String(tensors.size)}`;
  tensors.set(name, sizes);
  return sizes.length === 0 ? name : `${name}[${inOrder.map(([, letter]) => letter).join(', ')}]`;
}
