// Random layer files as YAML text: equations over one to three axes, affine indices with strides and offsets behind their
// conditions, cases, reductions, gathers, recurrences, normalisations, several inputs and outputs, shared parameters. Every
// file is right by construction: what the reader refuses, or two roads disagree on, is a defect.

import fc from 'fast-check';

/** What a file may hold besides sums, products and functions. */
export type Feature = 'mean' | 'prod' | 'max' | 'logsumexp' | 'gather' | 'recurrence' | 'share' | 'outside';

/** The next of a stream of choices, below a limit; 0, the simplest, when the stream has come to its end. */
type Pick = (below: number) => number;

/** A kind of range: 1..n and 0..n are two. */
interface Kind {
  readonly text: string;
  readonly lo: string;
  readonly hi: string;
  readonly letters: readonly string[];
  /** Its size, where it runs from 1. */
  readonly size: 'n' | 'm' | 'q';
}

const KINDS: readonly Kind[] = [
  { text: 'n', lo: '1', hi: 'n', letters: ['i', 'i1', 'i2', 'i3'], size: 'n' },
  { text: 'm', lo: '1', hi: 'm', letters: ['j', 'j1', 'j2', 'j3'], size: 'm' },
  { text: 'q', lo: '1', hi: 'q', letters: ['k', 'k1', 'k2', 'k3'], size: 'q' },
  { text: '0..n', lo: '0', hi: 'n', letters: ['o', 'o1', 'o2', 'o3'], size: 'n' },
];
const [first] = KINDS as [Kind, ...Kind[]];

interface Letter {
  readonly name: string;
  readonly kind: Kind;
}

interface Known {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** The kind of the integers that its entries are. */
  readonly counts?: Kind;
}

interface Building {
  readonly pick: Pick;
  readonly features: ReadonlySet<Feature>;
  readonly known: Known[];
  readonly letters: Map<string, Kind>;
  readonly outside: Set<string>;
}

/** Files from streams of choices: a shorter stream, and smaller numbers, make a smaller file. */
export const layerFiles = (features: readonly Feature[]): fc.Arbitrary<string> =>
  fc.array(fc.nat(1_000_000), { maxLength: 120, size: 'max' }).map((choices) => {
    let used = 0;
    const pick: Pick = (below) => {
      const chosen = choices[used] ?? 0;
      used += 1;
      return chosen % below;
    };
    return build(pick, new Set(features));
  });

function build(pick: Pick, features: ReadonlySet<Feature>): string {
  const sizes = { n: [2, 3, 4, 1][pick(4)], m: [3, 2, 1, 4][pick(4)], q: [2, 4, 3, 1][pick(4)] };
  const building: Building = { pick, features, known: [], letters: new Map(), outside: new Set() };
  const has = (feature: Feature, below: number): boolean => features.has(feature) && pick(below) === 1;
  const inputs: Known[] = [{ name: 'x', kinds: someKinds(pick, 1) }];
  if (pick(3) === 1) inputs.push({ name: 'u', kinds: someKinds(pick, 1) });
  const tokens: Known[] = has('gather', 2) ? [{ name: 'token', kinds: someKinds(pick, 1).slice(0, 1), counts: KINDS[pick(KINDS.length)]! }] : [];
  const parameters: Known[] = [{ name: 'W', kinds: someKinds(pick, 2) }, { name: 'b', kinds: someKinds(pick, 1).slice(0, 1) }];
  building.known.push(...parameters, ...inputs, ...tokens);
  const equations: string[] = [];
  const made: Known[] = [];
  const count = 1 + pick(3);
  for (let n = 0; n < count; n += 1) {
    for (const { left, value, tensor } of group(building, n === count - 1 ? 'z' : `y${n}`)) {
      equations.push(`${left}: '${value}'`);
      made.push(tensor);
    }
  }
  const last = made.at(-1)!;
  const second = made.length > 1 && pick(2) === 1 ? made[pick(made.length - 1)]! : null;
  const outputs = second === null ? [last] : [last, second];
  const twice = has('share', 3);
  const given = sizesText(sizes, [...building.letters.values(), ...[...inputs, ...parameters, ...outputs, ...made].flatMap((t) => t.kinds), ...tokens.flatMap((t) => [...t.kinds, t.counts!])]);
  const instance = (name: string, share: string): string => `  ${name}: { layer: random, in: { ${[...inputs, ...tokens].map((t) => `${t.name}: ${t.name}`).join(', ')} }${given}${share} }`;
  return [
    'network: drawn',
    `inputs: { ${[...inputs, ...tokens].map((t) => `${t.name}: [${t.kinds.map((k) => extent(k, sizes)).join(', ')}]`).join(', ')} }`,
    'instances:',
    instance('one', ''),
    ...(twice ? [instance('two', ', share: { W: one.W }')] : []),
    `loss: { use: squares, ${outputs.map((t, n) => `p${n}: one.${t.name}`).join(', ')}${twice ? `, r: two.${last.name}` : ''} }`,
    ...(pick(2) === 1 ? ['samples: mean'] : []), ...(pick(2) === 1 ? ['signal: z'] : []),
    'define:', '  layers:', '    - layer: random',
    ...braces('axes', [...building.letters].map(([name, kind]) => `${name}: ${kind.text}`)),
    ...braces('input', [...inputs, ...tokens].map(shapeText)),
    ...braces('output', outputs.map(shapeText)),
    ...braces('parameters', parameters.map(shapeText)),
    ...(tokens.length > 0 ? braces('values', tokens.map((t) => `${t.name}: ${t.counts!.text}`)) : []),
    ...(building.outside.size > 0 ? braces('outside', [...building.outside].map((name) => `${name}: ${['0', '1', '-0.5'][pick(3)]!}`)) : []),
    '      equations:', ...equations.map((e) => `        ${e}`),
    '  losses:', '    - loss: squares',
    ...lossText(outputs, twice ? last : null),
    '',
  ].join('\n');
}

const braces = (key: string, items: readonly string[]): readonly string[] => (items.length === 0 ? [] : [`      ${key}: { ${items.join(', ')} }`]);
const shapeText = ({ name, kinds }: Known): string => `${name}: [${kinds.map((k) => k.text).join(', ')}]`;
/** The sizes that a layer mentions. */
const sizesText = (sizes: Readonly<Record<string, number | undefined>>, kinds: readonly Kind[]): string =>
  ['n', 'm', 'q'].map((size) => (kinds.some((k) => k.size === size) ? `, ${size}: ${String(sizes[size])}` : '')).join('');
const extent = (kind: Kind, sizes: Readonly<Record<string, number | undefined>>): number => sizes[kind.size]! + (kind.lo === '0' ? 1 : 0);

function lossText(outputs: readonly Known[], third: Known | null): readonly string[] {
  const compared = [...outputs.map((t, n) => ({ ...t, name: `p${n}` })), ...(third === null ? [] : [{ ...third, name: 'r' }])];
  const letters = new Map<string, Kind>();
  const term = ({ name, kinds }: Known): string => {
    const own = kinds.map((kind, n) => ({ kind, name: kind.letters[kinds.slice(0, n).filter((k) => k === kind).length]! }));
    for (const letter of own) letters.set(letter.name, letter.kind);
    const entry = (of: string): string => (own.length === 0 ? of : `${of}[${own.map((l) => l.name).join(', ')}]`);
    const square = `(${entry(name)} - ${entry(`t_${name}`)})^2`;
    return own.length === 0 ? square : `sum(${own.map((l) => l.name).join(', ')}, ${square})`;
  };
  const terms = compared.map(term);
  return [
    ...braces('axes', [...letters].map(([name, kind]) => `${name}: ${kind.text}`)),
    ...braces('input', compared.map(shapeText)),
    ...braces('target', compared.map((t) => shapeText({ ...t, name: `t_${t.name}` }))),
    `      expression: (${terms.join(' + ')}) / 2`,
  ];
}

const someKinds = (pick: Pick, least: number): readonly Kind[] => Array.from({ length: least + pick(3 - least + 1) }, () => KINDS[pick(KINDS.length)]!);

interface Made {
  readonly left: string;
  readonly value: string;
  readonly tensor: Known;
}

/** One equation; or two that need each other along an axis, or two of a normalisation. */
function group(building: Building, name: string): readonly Made[] {
  const { pick, known, features } = building;
  const scope = someKinds(pick, 0).map((kind, n, kinds): Letter => take(building, kind, kinds.slice(0, n).filter((k) => k === kind).length));
  const kinds = scope.map((l) => l.kind);
  const entryOf = (tensor: string): string => (scope.length === 0 ? tensor : `${tensor}[${scope.map((l) => l.name).join(', ')}]`);
  const one = (value: string): readonly Made[] => {
    known.push({ name, kinds });
    return [{ left: entryOf(name), value, tensor: { name, kinds } }];
  };
  if (features.has('recurrence') && scope.length > 0 && pick(3) === 1) return recurrence(building, name, scope);
  const along = scope.at(-1);
  if (along !== undefined && pick(5) === 1) {
    const weights = `${name}e`;
    const value = `exp(${bounded(building, expression(building, scope, 2))})`;
    const other = fresh(building, along.kind, scope);
    known.push({ name: weights, kinds });
    const whole = `${weights}[${[...scope.slice(0, -1), other].map((l) => l.name).join(', ')}]`;
    return [{ left: entryOf(weights), value, tensor: { name: weights, kinds } }, ...one(`${entryOf(weights)} / sum(${other.name}, ${whole})`)];
  }
  return one(expression(building, scope, 3));
}

/** h[t] from h[t - 1] (or from h[t + 1]), alone or through a second tensor. */
function recurrence(building: Building, name: string, scope: readonly Letter[]): readonly Made[] {
  const { pick, known } = building;
  const at = pick(scope.length);
  const along = scope[at]!;
  const up = pick(3) !== 1;
  const kinds = scope.map((l) => l.kind);
  const entry = (tensor: string, shift: string): string => `${tensor}[${scope.map((l, n) => (n === at ? `${l.name}${shift}` : l.name)).join(', ')}]`;
  const guard = up ? `[${along.name} > ${along.kind.lo}]` : `[${along.name} < ${along.kind.hi}]`;
  const shift = up ? ' - 1' : ' + 1';
  const step = expression(building, scope, 2);
  const mutual = pick(2) === 1;
  const other = mutual ? `${name}g` : name;
  const factor = leaf(building, scope);
  const own = { left: entry(name, ''), value: `tanh(${step} + ${guard} * ${entry(other, shift)})`, tensor: { name, kinds } };
  known.push({ name, kinds });
  if (!mutual) return [own];
  known.push({ name: other, kinds });
  return [own, { left: entry(other, ''), value: `${entry(name, '')} * ${factor} + ${guard} * ${entry(other, shift)} / 2`, tensor: { name: other, kinds } }];
}

/** The n-th letter of a kind, declared. */
function take(building: Building, kind: Kind, n: number): Letter {
  const name = kind.letters[n] ?? kind.letters[0]!;
  building.letters.set(name, kind);
  return { name, kind };
}

const fresh = (building: Building, kind: Kind, scope: readonly Letter[]): Letter =>
  take(building, kind, kind.letters.findIndex((name) => !scope.some((l) => l.name === name)));

/** Something between -1 and 1: what is below never leaves the range of numbers. */
function bounded({ pick }: Building, e: string): string {
  return `${['tanh', 'sin', 'atan'][pick(3)]!}(${e})`;
}

function expression(building: Building, scope: readonly Letter[], depth: number): string {
  const { pick, features } = building;
  if (depth === 0) return leaf(building, scope);
  const below = (inner: readonly Letter[] = scope): string => expression(building, inner, depth - 1);
  switch (pick(12)) {
    case 0: return leaf(building, scope);
    case 1: return `(${below()} + ${below()})`;
    case 2: return `${leaf(building, scope)} * ${leaf(building, scope)}`;
    case 3: return `(${below()} - ${leaf(building, scope)} / 3)`;
    case 4: case 5: return reduction(building, scope, depth);
    case 6: case 7: return reduction({ ...building, features: new Set() }, scope, depth);
    case 8: return pick(3) === 0 || scope.length === 0 ? bounded(building, below()) : `([${equality(building, scope)}] * ${leaf(building, scope)} + ${below()})`;
    case 9: return [`1 / (1 + (${below()})^2)`, `sqrt(1 + (${below()})^2)`, `log(2 + sin(${below()}))`, `(${below()})^2`][pick(4)]!;
    case 10: {
      const condition = pick(2) === 1 && scope.length > 0 ? indexCondition(building, scope) : `${leaf(building, scope)} > ${leaf(building, scope)}`;
      return `(${condition} ? ${below()} : ${below()})`;
    }
    default: return features.has('max') ? `max(${below()}, ${leaf(building, scope)})` : `abs(${below()})`;
  }
}

function reduction(building: Building, scope: readonly Letter[], depth: number): string {
  const { pick, features } = building;
  const letter = fresh(building, KINDS[pick(KINDS.length)]!, scope);
  const inner = [...scope, letter];
  const body = pick(2) === 1 ? `${leaf(building, inner)} * ${leaf(building, inner)}` : expression(building, inner, depth - 1);
  const outer = scope.find((l) => l.kind === letter.kind);
  const forms = [
    `sum(${letter.name}, ${body})`,
    ...(outer === undefined ? [] : [`sum(${letter.name}, [${letter.name} <= ${outer.name}] * (${body}))`]),
    ...(features.has('mean') ? [`mean(${letter.name}, ${body})`] : []),
    ...(features.has('prod') ? [`prod(${letter.name}, ${body})`] : []),
    ...(features.has('max') ? [`max(${letter.name}, ${body})`, `min(${letter.name}, ${body})`] : []),
    ...(features.has('logsumexp') ? [`logsumexp(${letter.name}, ${bounded(building, body)})`] : []),
  ];
  return forms[pick(forms.length)]!;
}

const indexCondition = ({ pick }: Building, scope: readonly Letter[]): string => {
  const l = scope[pick(scope.length)]!;
  const other = scope[pick(scope.length)]!;
  return [`${l.name} <= ${l.kind.lo}`, `${l.name} < ${l.kind.hi}`, `${l.name} >= ${other.name}`, `2 * ${l.name} - ${other.name} <= 2`][pick(4)]!;
};

const equality = ({ pick }: Building, scope: readonly Letter[]): string => {
  const l = scope[pick(scope.length)]!;
  const other = scope[pick(scope.length)]!;
  return [`${l.name} = ${l.kind.lo}`, `${l.name} = ${other.name}`, `2 * ${l.name} = ${other.name} + 1`][pick(3)]!;
};

/** An entry of a known tensor behind the conditions under which it exists; a number, or an index, now and then. */
function leaf(building: Building, scope: readonly Letter[]): string {
  const { pick, known, features } = building;
  if (pick(9) === 8) return ['0.5', '2', '(-0.75)'][pick(3)]!;
  if (pick(11) === 10 && scope.length > 0) return `${scope[0]!.name} / 4`;
  const tensors = known.filter((t) => t.counts === undefined);
  const chosen = tensors[pick(tensors.length)]!;
  const guards: string[] = [];
  const free = features.has('outside') && pick(4) === 1;
  const indices = chosen.kinds.map((kind) => indexOf(building, kind, scope, guards));
  const entry = indices.length === 0 ? chosen.name : `${chosen.name}[${indices.join(', ')}]`;
  if (guards.length === 0) return entry;
  if (free && !['W', 'b'].includes(chosen.name)) {
    building.outside.add(chosen.name);
    return entry;
  }
  return `${guards.join(' * ')} * ${entry}`;
}

function indexOf(building: Building, kind: Kind, scope: readonly Letter[], guards: string[]): string {
  const { pick, known } = building;
  const same = scope.filter((l) => l.kind === kind);
  const tokens = known.filter((t) => t.counts === kind && t.kinds.every((k) => scope.some((l) => l.kind === k)));
  const [token] = tokens;
  if (token !== undefined && pick(2) === 0) return `${token.name}[${token.kinds.map((k) => scope.find((l) => l.kind === k)!.name).join(', ')}]`;
  if (same.length > 0 && pick(4) !== 3) return same[pick(same.length)]!.name;
  if (scope.length === 0 || pick(3) === 0) return pick(2) === 0 ? kind.hi : kind === first ? '1' : kind.lo;
  const l = scope[pick(scope.length)]!;
  const other = scope[pick(scope.length)]!;
  const value = [l.name, `${l.name} + 1`, `${l.name} - 1`, `2 * ${l.name} - 1`, `${l.name} + ${other.name} - 1`, `2 * ${l.name} - ${other.name}`, `${kind.hi} + 1 - ${l.name}`][pick(7)]!;
  guards.push(`[${kind.lo} <= ${value} <= ${kind.hi}]`);
  return value;
}
