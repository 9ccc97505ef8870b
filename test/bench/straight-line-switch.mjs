// Where straight-line code stops paying: times of backward() in both forms, and the bytecode of the straight-line one,
// for dense networks of growing size. Run `npm run build` first, then `node test/bench/straight-line-switch.mjs`.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emitKernel, readNetwork, shippedLibrary } from '../../dist/index.js'

const SHAPES = ['1-1-1', '2-3-1', '4-8-3', '8-8-8', '12-16-10', '16-16-16', '16-20-16', '16-24-16', '20-32-20']
const LIMIT = 61_440
const BURST = 40 // milliseconds
const BURSTS = 15

const columns = ['network', 'weights', 'samples', 'loops', 'straight', 'gain', 'bytecode', 'bytes a weight']
console.log(columns.map((c) => c.padStart(14)).join(''))
for (const shape of process.argv.length > 2 ? process.argv.slice(2) : SHAPES) {
  for (const samples of [1, 32]) await measure(shape, samples)
}

async function measure(shape, samples) {
  const network = dense(shape.split('-').map(Number))
  const emitted = ['loops', 'straight-line'].map((form) => emitKernel(network, { form }))
  const kernels = await Promise.all(emitted.map(async ({ javascript }) => filled(await load(javascript), samples)))
  const weights = kernels[0].parameters.length
  for (const kernel of kernels) burst(kernel, 10 * BURST)
  // Bursts of both forms alternate, so that whatever else the machine does meets both.
  const times = kernels.map(() => [])
  for (let n = 0; n < BURSTS; n += 1) kernels.forEach((kernel, form) => times[form].push(burst(kernel, BURST)))
  const [loops, straight] = times.map((all) => all.sort((a, b) => a - b)[Math.floor(BURSTS / 4)] / samples)
  const bytes = bytecode(emitted[1].javascript)
  const row = [
    shape, weights, samples, `${loops.toFixed(0)} ns`, `${straight.toFixed(0)} ns`, (loops / straight).toFixed(2),
    `${bytes}${bytes > LIMIT ? '!' : ''}`, (bytes / weights).toFixed(0),
  ]
  console.log(row.map((c) => String(c).padStart(14)).join(''))
}

function dense([input, ...units]) {
  const layers = units.map((n) => `  - ${n} tanh`).join('\n')
  return readNetwork({ file: 'bench.yaml', text: `network: bench\ninput: ${input}\nlayers:\n${layers}\nloss: half-squared-error\n` }, shippedLibrary)
}

function load(javascript) {
  return import(`data:text/javascript,${encodeURIComponent(javascript)}`)
}

function filled(module, samples) {
  const kernel = module.createKernel({ samples })
  for (const array of [kernel.parameters, kernel.input, kernel.target]) array.forEach((_, n) => (array[n] = Math.sin(1.7 * n)))
  return kernel
}

/** Nanoseconds of one backward(). */
function burst(kernel, milliseconds) {
  const begin = performance.now()
  let runs = 0
  do {
    for (let n = 0; n < 10; n += 1) kernel.backward()
    runs += 10
  } while (performance.now() - begin < milliseconds)
  return ((performance.now() - begin) / runs) * 1e6
}

/** The bytes of bytecode of the function that computes all derivatives. */
function bytecode(javascript) {
  const folder = mkdtempSync(join(tmpdir(), 'backproof-'))
  try {
    const text = `${javascript}\ncreateKernel({ samples: 1 }).backward();\n`
    writeFileSync(join(folder, 'kernel.mjs'), text)
    const name = /backward: \(\) => (\w+)\(/.exec(javascript)[1]
    const flags = ['--print-bytecode', `--print-bytecode-filter=${name}`]
    const said = execFileSync(process.execPath, [...flags, join(folder, 'kernel.mjs')], { encoding: 'utf8', maxBuffer: 2 ** 30 })
    return Number(/Bytecode length: (\d+)/.exec(said)[1])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
