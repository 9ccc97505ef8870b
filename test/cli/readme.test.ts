// What the README shows is what the program prints: its commands are run on its own specs. ⋮ marks what is left out.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, type Command, root, workspace } from './command.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((m) => m[1] ?? '');

/** Specs by the name in their first line, `# net.yaml`; the others are numbered. */
const specs = new Map(blocks('yaml').map((text, n) => [/^# (\w+\.yaml)$/m.exec(text)?.[1] ?? `spec-${String(n)}.yaml`, text]));
const kindOf = (text: string): string => /^(network|layer|notation): /m.exec(text)?.[1] ?? '';

let command: Command;
let folder: ReturnType<typeof workspace>;
beforeAll(async () => {
  command = await bundle();
  folder = workspace(Object.fromEntries(specs));
});
afterAll(() => {
  command.remove();
  folder.remove();
});

describe('the README', () => {
  test('has outputs and specs to compare', () => {
    expect(blocks('console').length).toBeGreaterThanOrEqual(3);
    expect([...specs.values()].map(kindOf).sort()).toEqual(['layer', 'layer', 'network', 'network', 'network', 'notation']);
  });
  test.each(blocks('console').map((text) => [text.split('\n')[0] ?? '', text] as const))('%s', (line, text) => {
    expect(line).toMatch(/^\$ backproof /);
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '').slice(2);
    const { out, err } = command.run(args, specs.has(args.at(-1) ?? '') ? { cwd: folder.path } : {});
    const shown = text.slice(line.length + 1).split('⋮').map((part) => part.replace(/^\n/, '')).filter((part) => part !== '');
    let rest = out + err;
    for (const part of shown) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
  });
  test('shows networks that hold, and one with errors', () => {
    const networks = [...specs].filter(([, text]) => kindOf(text) === 'network');
    expect(networks.map(([name]) => [name, command.run(['check', name], { cwd: folder.path }).status]))
      .toEqual(networks.map(([name]) => [name, name === 'net.yaml' ? 2 : 0]));
  });
  test('shows a notation that derivations are written in', () => {
    for (const [notation] of [...specs].filter(([, text]) => kindOf(text) === 'notation')) {
      const { status, out } = command.run(['derive', join(root, 'specs/layers/dense.yaml'), '--notation', notation], { cwd: folder.path });
      expect(status).toBe(0);
      expect(out).toContain('∂J/∂Θᵢⱼ^[k] = δᵢ^[k+1] · aⱼ^[k]');
    }
  });
  test('shows layers that derive', () => {
    for (const [layer] of [...specs].filter(([, text]) => kindOf(text) === 'layer')) {
      expect(command.run(['derive', layer], { cwd: folder.path })).toMatchObject({ status: 0, err: '' });
    }
  });
});
