import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkNetwork } from '../../src/check/check.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { otherForms, type Overrides, shippedText } from './setup.ts';

const names = readdirSync('specs/networks').filter((file) => file.endsWith('.yaml')).map((file) => file.replace(/\.yaml$/, ''));

describe('every shipped network', () => {
  for (const name of names) {
    it(`${name}: holds on every road that applies, its other forms included`, async () => {
      const read = (overrides: Overrides = {}): ReturnType<typeof readNetwork> => readNetwork(shippedText(name), shippedLibrary, overrides);
      const report = await checkNetwork(read(), { samples: 3, seed: 1, variants: otherForms(read, read()) });
      expect(report.roads.filter((r) => r.status === 'fails')).toEqual([]);
      expect(report.holds).toBe(true);
      expect(report.kinks.oneSided).toEqual([]);
      for (const road of report.roads) if (road.status === 'n/a') expect(road.reason).not.toBeNull();
    });
  }
});
