import { test } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { readNetwork, readLayer, readActivation, readLoss, readPenalty } from '../../src/spec/read.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
const show = (x: unknown) => JSON.stringify(x, (_k, v) => typeof v === 'bigint' ? Number(v) : v instanceof Map ? Object.fromEntries(v) : v);
test('try', () => {
  const load = (p: string) => ({ file: p, text: readFileSync(p, 'utf8') });
  const safe = (f: () => unknown, what: string) => { try { const r = show(f()); console.log(what, 'ok', r.length); } catch (e) { if (e instanceof DiagnosticError) console.log(what, show(e.diagnostics)); else throw e; } };
  const w = (d: unknown) => console.log('WARN', show(d));
  for (const f of readdirSync('specs/layers')) safe(() => readLayer(load('specs/layers/' + f), shippedLibrary, w), f);
  for (const f of readdirSync('specs/activations')) safe(() => readActivation(load('specs/activations/' + f), w), f);
  for (const f of readdirSync('specs/losses')) safe(() => readLoss(load('specs/losses/' + f), w), f);
  for (const f of readdirSync('specs/penalties')) safe(() => readPenalty(load('specs/penalties/' + f), w), f);
  for (const f of readdirSync('specs/networks')) for (const bias of ['separate', 'augmented'] as const) safe(() => readNetwork(load('specs/networks/' + f), shippedLibrary, { bias }, w), f);
  try { console.log(show(readNetwork(load('specs/networks/article.yaml'), shippedLibrary, {bias: 'augmented'}))) } catch (e) { console.log(String(e)) }
});
