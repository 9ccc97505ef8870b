// Builds dist/: the command (its libraries bundled, those loaded on demand as chunks of their own), the library (the
// packages that it uses left to be imported), and the library's types.
// With --if-stale it builds only when a source is newer than dist/.

import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { embedded, embedSpecs } from './embed-specs.mjs'
import { changed, filesBelow, root } from './files.mjs'

const products = ['cli.js', 'index.js', 'node.js', 'types/index.d.ts', 'types/node.d.ts']

/** Everything is built here and moved in one go: a build that fails or still runs leaves the last good dist alone. */
const workshop = `dist.${process.pid}`

const shared = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  outdir: workshop,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
}

if (!process.argv.includes('--if-stale') || isStale()) await buildAll()

function isStale() {
  const sources = ['src', 'specs', 'scripts'].flatMap((folder) => filesBelow(folder))
  const newest = Math.max(...[...sources, 'package.json'].filter((file) => file !== embedded).map(changed))
  return Math.min(...products.map((product) => changed(`dist/${product}`))) < newest
}

async function buildAll() {
  const began = new Date()
  embedSpecs()
  try {
    await proveBrowserSafe()
    await buildLibrary()
    await buildCommand()
    declareTypes()
    // As old as the beginning of the build: a source saved while it ran has to count as newer.
    for (const product of products) utimesSync(join(root, workshop, product), began, began)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(join(root, workshop), join(root, 'dist'))
  } catch (error) {
    const saidAlready = 'errors' in error || 'status' in error
    if (!saidAlready) throw error
    process.exitCode = 1
  } finally {
    rmSync(join(root, workshop), { recursive: true, force: true })
  }
}

/** Bundles the library with all that it imports for a browser, where no builtin of Node can be resolved. */
async function proveBrowserSafe() {
  await build({ ...shared, entryPoints: { index: 'src/index.ts' }, platform: 'browser', write: false })
}

async function buildLibrary() {
  await build({
    ...shared,
    entryPoints: { index: 'src/index.ts', node: 'src/node.ts' },
    chunkNames: 'library/[name]-[hash]',
    platform: 'neutral',
    packages: 'external',
    external: ['node:*'],
  })
}

async function buildCommand() {
  await build({
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts' },
    chunkNames: 'command/[name]-[hash]',
    platform: 'node',
    target: 'node20',
    // CommonJS packages that end up in an ES module still call require for Node's builtins.
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  })
  const file = join(root, workshop, 'cli.js')
  const code = readFileSync(file, 'utf8')
  if (!code.startsWith('#!')) writeFileSync(file, `#!/usr/bin/env node\n${code}`)
  chmodSync(file, 0o755)
}

function declareTypes() {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', `${workshop}/types`], {
    cwd: root,
    stdio: 'inherit',
  })
}
