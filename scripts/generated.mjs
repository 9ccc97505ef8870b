// Writes generated/: the kernels of all example networks, and the page of all notations. With --check it writes them
// elsewhere and compares.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesBelow, root } from './files.mjs'

const networks = filesBelow('specs/networks').filter((file) => file.endsWith('.yaml'))
const notations = filesBelow('specs/notations').filter((file) => file.endsWith('.yaml'))

execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: root, stdio: 'inherit' })
if (process.argv.includes('--check')) check()
else {
  rmSync(join(root, 'generated'), { recursive: true, force: true })
  write(join(root, 'generated'))
}

function write(folder) {
  if (networks.length > 0) run('emit', ...networks, '--output', folder)
  if (notations.length === 0) return
  for (const page of ['notations.md', 'notations.html']) run('notation', 'table', '--output', join(folder, page))
}

function run(...args) {
  execFileSync(process.execPath, ['dist/cli.js', ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}

function check() {
  const elsewhere = mkdtempSync(join(tmpdir(), 'backproof-'))
  try {
    write(join(elsewhere, 'generated'))
    const files = new Set([...filesBelow('generated'), ...filesBelow('generated', elsewhere)])
    const different = [...files].filter((file) => textOf(root, file) !== textOf(elsewhere, file))
    for (const file of different) console.error(`${file} is not what its specs give now`)
    if (different.length > 0) console.error('node scripts/generated.mjs writes it anew')
    else console.log(`${files.size} files of ${networks.length} networks and ${notations.length} notations are as they should be`)
    process.exitCode = different.length > 0 ? 1 : 0
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
}

function textOf(folder, file) {
  const path = join(folder, file)
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : undefined
}
