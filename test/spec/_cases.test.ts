import { test } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { readNetwork, readLayer, readActivation, readLoss, readPenalty, kindOf } from '../../src/spec/read.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { DiagnosticError, type Diagnostic } from '../../src/diagnostics/diagnostic.ts';
test('cases', () => {
  const dir = process.env['CASES'] ?? '/tmp/s/cases';
  for (const f of readdirSync(dir)) {
    const source = { file: f, text: readFileSync(dir + '/' + f, 'utf8') };
    const found: Diagnostic[] = [];
    const w = (d: Diagnostic) => { found.push(d) };
    const t = performance.now();
    try {
      switch (kindOf(source)) {
        case 'network': readNetwork(source, shippedLibrary, {}, w); break;
        case 'layer': readLayer(source, shippedLibrary, w); break;
        case 'activation': readActivation(source, w); break;
        case 'loss': readLoss(source, w); break;
        case 'penalty': readPenalty(source, w); break;
      }
    } catch (e) { if (e instanceof DiagnosticError) found.push(...e.diagnostics); else { console.log('CRASH', f, e); } }
    console.log('== ' + f, Math.round(performance.now() - t) + 'ms');
    const lines = source.text.split('\n');
    for (const d of found) { const p = d.place; console.log(`${p ? `${p.file === f ? '' : p.file + ' '}${p.line}:${p.column}-${p.endLine === p.line ? '' : p.endLine + ':'}${p.endColumn}` : '-'} ${d.severity[0]} ${d.code}: ${d.message} | ${d.help.slice(0, 90)} <<${p && p.file === f ? lines[p.line-1]!.slice(p.column-1, p.endLine === p.line ? p.endColumn-1 : 99) : ''}>>`); }
  }
});
