// The published JSON Schemas, as an editor uses them: they accept what the reader accepts, and refuse plain slips.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { shippedNames } from '../../src/spec/library.ts';
import { readAny } from './read-any.ts';
import { fits, type Json } from './schema-check.ts';

const schema = (kind: string): Json => JSON.parse(readFileSync(`specs/schema/${kind}.schema.json`, 'utf8')) as Json;
const schemas = new Map(['network', 'layer', 'activation', 'loss', 'penalty'].map((kind) => [kind, schema(kind)]));
const accepted = (kind: string, text: string): boolean => fits(schemas.get(kind)!, parse(text) as Json);

const kinds = { layers: 'layer', activations: 'activation', losses: 'loss', penalties: 'penalty', networks: 'network' } as const;
const shipped = Object.entries(kinds).flatMap(([folder, kind]) => readdirSync(`specs/${folder}`).map((name) => [kind, `specs/${folder}/${name}`] as const));

test.each(shipped)('%s %s is accepted', (kind, file) => {
  expect(accepted(kind, readFileSync(file, 'utf8'))).toBe(true);
});

describe('networks', () => {
  const network = (rest: string, layers = '[4 tanh]'): string => `network: example\ninput: 3\nlayers: ${layers}\nloss: absolute\n${rest}`;

  test.each([
    network(''), network('', '[dense 4 tanh]'), network('', '["4 leaky-relu( alpha = 0.2 )"]'), network('', '[{ layer: dense, units: 4, h: tanh }]'),
    network('', '["4 own-thing(a=-1e-3, b=.5)"]'), network('penalties: [{ use: l2, lambda: 0.1, on: [W] }]'),
    'network: a\ninputs: { x: [2, 3], ä: 1 }\ninstances: { layer: { layer: dense, units: 2, h: { use: elu, alpha: 2 }, in: x } }\nloss: { use: huber, delta: 2, y: layer.z }\n',
  ])('accepted: %j', (text) => {
    expect(accepted('network', text)).toBe(true);
  });

  test.each([
    ['a size of 0', network('').replace('input: 3', 'input: 0')], ['half a unit', network('').replace('input: 3', 'input: 2.5')],
    ['too large a size', network('').replace('input: 3', 'input: 1000001')], ['a size in a list', network('').replace('input: 3', 'input: [3, 0]')],
    ['a missing space', network('', '[4tanh]')], ['an unnamed constant', network('', '[4 leaky-relu(0.2)]')], ['too much', network('', '[4 tanh tanh]')],
    ['no layer', network('', '[]')], ['text for a list', network('', '4 tanh')], ['an underscore', network('').replace('absolute', 'half_squared_error')],
    ['a capital', network('').replace('example', 'Example')], ['an unknown key', network('batch: 3\n')],
    ['both inputs', network('inputs: { x: 3 }\n')], ['both forms of layers', network('instances: { a: { layer: dense } }\n')],
    ['no input', network('').replace('input: 3\n', '')], ['no layers', 'network: a\ninput: 3\nloss: absolute\n'],
    ['a reserved input', 'network: a\ninputs: { E: 3 }\ninstances: { a: { layer: dense } }\nloss: absolute\n'],
  ])('refused, by the reader too: %s', (_, text) => {
    expect(accepted('network', text)).toBe(false);
    expect(readAny({ file: 'f.yaml', text })).not.toEqual([]);
  });
});

describe('layers, losses and functions', () => {
  const layer = (left: string, name = 'x'): string =>
    `layer: example\naxes: { i: n }\ninput: { ${name}: [n] }\noutput: { z: [n] }\nequations:\n  "${left}": 1\n`;

  test.each(['z[i]', 'z', ' z [ i , j ] ', 'ζ[i]'])('the left side %j is accepted', (left) => {
    expect(accepted('layer', layer(left))).toBe(true);
  });

  test.each(['z[i + 1]', 'z[1]', 'z(i)', '2z', 'z[]', 'z[i', ''])('the left side %j is refused', (left) => {
    expect(accepted('layer', layer(left))).toBe(false);
  });

  test.each(['samples', 'sum', 'class', 'a-b', '1x', 'x'.repeat(41)])('the name %s is refused', (name) => {
    expect(accepted('layer', layer('z[i]', name))).toBe(false);
    expect(accepted('activation', `activation: a\nargument: ${name}\nexpression: 1\n`)).toBe(false);
  });

  test('E is a name for tensors of layers alone', () => {
    expect(accepted('layer', layer('z[i]', 'E'))).toBe(true);
    expect(accepted('layer', layer('z[i]').replace('{ i: n }', '{ E: n }'))).toBe(false);
    expect(accepted('loss', 'loss: example\ninput: { E: [n] }\nexpression: 1\n')).toBe(false);
    expect(accepted('activation', 'activation: a\nargument: E\nexpression: 1\n')).toBe(false);
  });

  test('a loss has a formula or equations, not both', () => {
    const loss = 'loss: example\ninput: { y: [n] }\ntarget: { t: [n] }\n';
    expect([loss, `${loss}expression: 1\n`, `${loss}equations: { L: 1 }\n`, `${loss}expression: 1\nequations: { L: 1 }\n`].map((text) => accepted('loss', text)))
      .toEqual([false, true, true, false]);
  });
});

test('editors are offered the names that come with the program', () => {
  const definitions = (schemas.get('network') as { definitions: Record<string, { anyOf: [{ enum: readonly string[] }, Json] }> }).definitions;
  for (const kind of ['layers', 'activations', 'losses', 'penalties'] as const) {
    expect(definitions[`one-of-${kind}`]!.anyOf[0].enum).toEqual(shippedNames(kind));
  }
});
