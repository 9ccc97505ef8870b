// The yardstick: a dense network's gradient in plain nested loops, as anybody would write them by hand.

/** Tanh layers, identity in the last one, half the squared error summed over the samples; the layout of the kernels. */
export function plainDense(widths, samples) {
  const layers = widths.length - 1
  const offsets = []
  let size = 0
  for (let k = 1; k <= layers; k += 1) {
    offsets.push({ W: size, b: size + widths[k] * widths[k - 1] })
    size += widths[k] * (widths[k - 1] + 1)
  }
  const parameters = new Float64Array(size)
  const gradient = new Float64Array(size)
  const input = new Float64Array(samples * widths[0])
  const target = new Float64Array(samples * widths[layers])
  const z = widths.map((n) => new Float64Array(n))
  const delta = widths.map((n) => new Float64Array(n))

  function backward() {
    gradient.fill(0)
    let E = 0
    for (let s = 0; s < samples; s += 1) {
      for (let j = 0; j < widths[0]; j += 1) z[0][j] = input[s * widths[0] + j]
      for (let k = 1; k <= layers; k += 1) {
        const { W, b } = offsets[k - 1]
        for (let i = 0; i < widths[k]; i += 1) {
          let a = parameters[b + i]
          for (let j = 0; j < widths[k - 1]; j += 1) a += parameters[W + i * widths[k - 1] + j] * z[k - 1][j]
          z[k][i] = k === layers ? a : Math.tanh(a)
        }
      }
      for (let i = 0; i < widths[layers]; i += 1) {
        const d = z[layers][i] - target[s * widths[layers] + i]
        delta[layers][i] = d
        E += 0.5 * d * d
      }
      for (let k = layers; k >= 1; k -= 1) {
        const { W, b } = offsets[k - 1]
        for (let i = 0; i < widths[k]; i += 1) {
          gradient[b + i] += delta[k][i]
          for (let j = 0; j < widths[k - 1]; j += 1) gradient[W + i * widths[k - 1] + j] += delta[k][i] * z[k - 1][j]
        }
        if (k === 1) continue
        for (let j = 0; j < widths[k - 1]; j += 1) {
          let sum = 0
          for (let i = 0; i < widths[k]; i += 1) sum += delta[k][i] * parameters[W + i * widths[k - 1] + j]
          delta[k - 1][j] = sum * (1 - z[k - 1][j] * z[k - 1][j])
        }
      }
    }
    return E
  }
  return { parameters, gradient, input, target, backward }
}
