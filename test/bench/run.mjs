// npm run bench: ratios, measured side by side in one run. Needs `npm run build`.
//   kernels      emitted code against plain nested loops written by hand (plain*.mjs), same network, same numbers
//   derivation   time against depth (should double with it) and width (should not change)
//   processes    whole commands, in multiples of an empty Node process

import { execFileSync } from 'node:child_process'
import { emitKernel, deriveNetwork, readNetwork, shippedLibrary } from '../../dist/index.js'
import { plainAttention } from './plain-attention.mjs'
import { plainConvolution } from './plain-conv.mjs'
import { plainDense } from './plain.mjs'

const BURSTS = 15
const BURST = 30 // milliseconds
const lowerQuartile = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 4)]

function network(widths) {
  const [input, ...units] = widths
  const layers = units.map((n, k) => `  - ${n} ${k === units.length - 1 ? 'identity' : 'tanh'}`).join('\n')
  const text = `network: bench\ninput: ${input}\nlayers:\n${layers}\nloss: half-squared-error\n`
  return readNetwork({ file: 'bench.yaml', text }, shippedLibrary)
}

function burst(run) {
  const begin = performance.now()
  let runs = 0
  do {
    run()
    runs += 1
  } while (performance.now() - begin < BURST)
  return (performance.now() - begin) / runs
}

/** Lower quartiles of interleaved bursts: whatever else the machine does meets all of them. */
function sideBySide(runs) {
  const times = runs.map(() => [])
  for (const run of runs) for (let n = 0; n < 8; n += 1) burst(run)
  for (let n = 0; n < BURSTS; n += 1) runs.forEach((run, at) => times[at].push(burst(run)))
  return times.map(lowerQuartile)
}

const squares = (rank) => {
  const letters = ['i', 'j', 'k'].slice(0, rank).join(', ')
  const shape = ['rows', 'columns', 'layers'].slice(0, rank)
  return `define:
  losses:
    - loss: squares
      axes: { ${shape.map((size, n) => `${letters.split(', ')[n]}: ${size}`).join(', ')} }
      input: { y: [${shape.join(', ')}] }
      target: { t: [${shape.join(', ')}] }
      expression: sum(${letters}, (y[${letters}] - t[${letters}])^2) / 2
`
}

function layerAlone(input, layer, rank) {
  const text = `network: bench\ninput: [${input.join(', ')}]\nlayers:\n  - ${layer}\nloss: squares\n${squares(rank)}`
  return readNetwork({ file: 'bench.yaml', text }, shippedLibrary)
}

const dense = (widths, samples) => [network(widths), plainDense(widths, samples), samples]
const cases = [
  ['2-3-1', ...dense([2, 3, 1], 1)], ['4-8-3', ...dense([4, 8, 3], 1)], ['4-8-3 × 32', ...dense([4, 8, 3], 32)],
  ['16-32-32-4', ...dense([16, 32, 32, 4], 1)], ['16-32-32-4 × 32', ...dense([16, 32, 32, 4], 32)],
  ['784-128-10', ...dense([784, 128, 10], 1)], ['784-128-10 × 32', ...dense([784, 128, 10], 32)],
  ['conv 3×3, 8→16 × 8', layerAlone([8, 16, 16], '{ layer: conv2d, filters: 16, kernel_rows: 3, kernel_columns: 3, padding: 1, h: identity }', 3),
    plainConvolution({ channels: 8, filters: 16, size: 16, samples: 8 }), 8],
  ['attention, 4 heads × 8', layerAlone([32, 64], '{ layer: multi-head-attention, heads: 4, width: 16 }', 2),
    plainAttention({ heads: 4, time: 32, model: 64, width: 16, samples: 8 }), 8],
]

console.log(`${process.version}, ${process.arch}\n\nkernels                 plain loops       emitted   ratio  form`)
for (const [name, of, plain, samples] of cases) {
  const emitted = emitKernel(of)
  const module = await import(`data:text/javascript,${encodeURIComponent(emitted.javascript)}`)
  const kernel = module.createKernel({ samples })
  for (const key of ['parameters', 'input', 'target']) {
    for (let n = 0; n < kernel[key].length; n += 1) kernel[key][n] = plain[key][n] = 0.3 * Math.sin(1.7 * n + 0.4)
  }
  const [a, b] = [kernel.backward(), plain.backward()]
  const worst = kernel.gradient.reduce((most, g, n) => Math.max(most, Math.abs(g - plain.gradient[n])), Math.abs(a - b))
  if (!(worst <= 1e-9 * Math.max(1, Math.abs(b)))) throw new Error(`${name}: the two disagree by ${worst}`)
  const [loops, ours] = sideBySide([() => plain.backward(), () => kernel.backward()])
  const ns = (ms) => `${((ms * 1e6) / samples).toFixed(0)} ns`.padStart(12)
  console.log(`${name.padEnd(22)}${ns(loops)}  ${ns(ours)}  ${(loops / ours).toFixed(2).padStart(6)}  ${emitted.form}`)
}

console.log('\nderivation')
const tower = (depth, width) => [4, ...Array.from({ length: depth }, (_, n) => width + (n % 3))]
const derived = (depth, width) => () => deriveNetwork(network(tower(depth, width)))
const [shallow, deep, wide] = sideBySide([derived(40, 3), derived(80, 3), derived(40, 300)])
console.log(`twice as deep takes ${(deep / shallow).toFixed(2)} times as long, a hundred times as wide ${(wide / shallow).toFixed(2)}`)

console.log('\nprocesses, in empty Node processes')
const cli = new URL('../../dist/cli.js', import.meta.url).pathname
const process_ = (args) => () => execFileSync(process.execPath, args, { stdio: 'ignore' })
const commands = [['derive', 'specs/networks/xor.yaml'], ['emit', 'specs/networks/xor.yaml'], ['check', 'specs/networks/xor.yaml']]
const [empty, ...rest] = sideBySide([process_(['-e', '0']), ...commands.map((c) => process_([cli, ...c]))])
commands.forEach((c, n) => console.log(`${c[0].padEnd(8)}${(rest[n] / empty).toFixed(1)}`))
