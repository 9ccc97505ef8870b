// generated/ holds what emit writes today: `node scripts/generated.mjs` rewrites it.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import { shippedNotations } from '../../src/notation/shipped-notations.ts';
import { notationTable } from '../../src/report/notation-table.ts';
import { notationTableHtml } from '../../src/report/notation-table-html.ts';
import { notationTableMarkdown } from '../../src/report/notation-table-markdown.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';

const networks = readdirSync('specs/networks').filter((f) => f.endsWith('.yaml'));

describe('generated/', () => {
  it('has one module a network, and the page of all notations', () => {
    expect(readdirSync('generated').sort()).toEqual([...networks.map((f) => f.replace('.yaml', '.ts')), 'notations.html', 'notations.md'].sort());
  });

  it.each(networks)('%s', (name) => {
    const file = `specs/networks/${name}`;
    const kernel = emitKernel(readNetwork({ file, text: readFileSync(file, 'utf8') }, shippedLibrary));
    expect(kernel.typescript).toBe(readFileSync(`generated/${kernel.fileName}`, 'utf8'));
  });

  it('the page of all notations, as Markdown and for a browser', () => {
    const table = notationTable(shippedNotations());
    expect(notationTableMarkdown(table)).toBe(readFileSync('generated/notations.md', 'utf8'));
    expect(notationTableHtml(table)).toBe(readFileSync('generated/notations.html', 'utf8'));
  });
});
