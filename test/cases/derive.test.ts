// Golden derivations. A case file begins with the command that prints it; UPDATE=1 rewrites the files.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { derivationText } from '../../src/report/derivation-text.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Bias, Signal } from '../../src/spec/network.ts';

const folder = 'test/cases/derive';

/** `$ backproof derive FILE [--signal a|z] [--bias separate|augmented]` */
function run(command: string): string {
  const match = /^\$ backproof derive (\S+)((?: --\w+ \w+)*)$/.exec(command);
  if (match === null) throw new Error(`a case begins with its command, not with: ${command}`);
  const [, file = '', flags = ''] = match;
  const flag = (name: string): string | undefined => new RegExp(`--${name} (\\w+)`).exec(flags)?.[1];
  const signal = flag('signal') as Signal | undefined;
  const bias = flag('bias') as Bias | undefined;
  return derivationText(deriveSpec({ file, text: readFileSync(file, 'utf8') }, shippedLibrary, {
    ...(signal === undefined ? {} : { signal }), ...(bias === undefined ? {} : { bias }),
  }));
}

describe('derivations as printed', () => {
  it.each(readdirSync(folder).filter((f) => f.endsWith('.txt')))('%s', (name) => {
    const path = `${folder}/${name}`;
    const text = readFileSync(path, 'utf8');
    const command = text.slice(0, text.indexOf('\n'));
    const printed = `${command}\n\n${run(command).trimEnd()}\n`;
    if (process.env['UPDATE'] === '1') writeFileSync(path, printed);
    else expect(printed).toBe(text);
  });
});
