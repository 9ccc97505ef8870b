// The command as people run it: bundled once, started as a process of its own.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

export const root = join(import.meta.dirname, '..', '..');

export interface Command {
  readonly cli: string;
  readonly metafile: Metafile;
  run(args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): { status: number | null; out: string; err: string };
  remove(): void;
}

export async function bundle(): Promise<Command> {
  const folder = mkdtempSync(join(tmpdir(), 'backproof-cli-'));
  const { metafile } = await build({
    absWorkingDir: root, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', metafile: true,
    entryPoints: { cli: 'src/cli/main.ts' }, outdir: join(folder, 'dist'), logLevel: 'warning',
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const cli = join(folder, 'dist', 'cli.js');
  return {
    cli, metafile,
    run: (args, options = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        cwd: options.cwd ?? root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '', ...options.env },
      });
      return { status, out: stdout, err: stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A folder of files, by their paths; taken away by `remove`. */
export function workspace(files: Readonly<Record<string, string | Uint8Array>>): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'backproof-specs-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const tiny = (name: string, activation = 'tanh'): string =>
  `network: ${name}\ninput: 2\nlayers:\n  - 3 ${activation}\n  - 1 identity\nloss: half-squared-error\n`;
