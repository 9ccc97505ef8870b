// generated/ holds what emit writes today: `node scripts/generated.mjs` rewrites it.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';

const networks = readdirSync('specs/networks').filter((f) => f.endsWith('.yaml'));

describe('generated/', () => {
  it('has one module a network', () => {
    expect(readdirSync('generated').sort()).toEqual(networks.map((f) => f.replace('.yaml', '.ts')).sort());
  });

  it.each(networks)('%s', (name) => {
    const file = `specs/networks/${name}`;
    const kernel = emitKernel(readNetwork({ file, text: readFileSync(file, 'utf8') }, shippedLibrary));
    expect(kernel.typescript).toBe(readFileSync(`generated/${kernel.fileName}`, 'utf8'));
  });
});
