// Writes src/spec/shipped.ts: the text of every specs/**/*.yaml, for the parts of the program that also run in a
// browser and therefore cannot read files. Whatever compiles or runs src calls it first, so the module is never stale.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, root } from './files.mjs'

export const embedded = 'src/spec/shipped.ts'

export function embedSpecs() {
  const entries = filesBelow('specs')
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')
      return `  ${JSON.stringify(file.slice('specs/'.length))}: ${JSON.stringify(text)},\n`
    })
  writeIfDifferent(
    join(root, embedded),
    '// Written by scripts/embed-specs.mjs from specs/**/*.yaml. Edit those.\n\n' +
      '/** The text of every shipped spec by its path below specs/, such as `layers/dense.yaml`. */\n' +
      `export const shippedSpecs: Readonly<Record<string, string>> = {\n${entries.join('')}}\n`,
  )
}

/** By renaming, since two scripts may run at the same time, and neither may read half a file. */
function writeIfDifferent(path, text) {
  try {
    if (readFileSync(path, 'utf8') === text) return
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    mkdirSync(join(path, '..'), { recursive: true })
  }
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, text)
  renameSync(unfinished, path)
}

/** vitest's globalSetup. */
export const setup = embedSpecs

if (process.argv[1] === import.meta.filename) embedSpecs()
