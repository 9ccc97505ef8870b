// The yardstick for convolutions: 3×3, padding 1, half the squared error, in loops written by hand for these sizes.

/** `filters` filters over `channels` images of size × size; the layout of the kernels: W, then b. */
export function plainConvolution({ channels, filters, size, samples }) {
  const area = size * size
  const weights = filters * channels * 9
  const parameters = new Float64Array(weights + filters)
  const gradient = new Float64Array(weights + filters)
  const input = new Float64Array(samples * channels * area)
  const target = new Float64Array(samples * filters * area)
  const a = new Float64Array(samples * filters * area)
  const delta = new Float64Array(samples * filters * area)

  function backward() {
    for (let s = 0; s < samples; s += 1) {
      for (let o = 0; o < filters; o += 1) {
        const to = (s * filters + o) * area
        a.fill(parameters[weights + o], to, to + area)
        for (let c = 0; c < channels; c += 1) {
          const from = (s * channels + c) * area
          for (let u = 0; u < 3; u += 1) {
            const top = u === 0 ? 1 : 0
            const bottom = u === 2 ? size - 1 : size
            for (let v = 0; v < 3; v += 1) {
              const w = parameters[(o * channels + c) * 9 + u * 3 + v]
              const left = v === 0 ? 1 : 0
              const right = v === 2 ? size - 1 : size
              const shift = (u - 1) * size + v - 1
              for (let m = top; m < bottom; m += 1) {
                const row = m * size
                for (let n = left; n < right; n += 1) a[to + row + n] += w * input[from + row + n + shift]
              }
            }
          }
        }
      }
    }
    let E = 0
    for (let n = 0; n < a.length; n += 1) {
      const d = a[n] - target[n]
      delta[n] = d
      E += d * d
    }
    gradient.fill(0)
    for (let s = 0; s < samples; s += 1) {
      for (let o = 0; o < filters; o += 1) {
        const to = (s * filters + o) * area
        let total = 0
        for (let n = 0; n < area; n += 1) total += delta[to + n]
        gradient[weights + o] += total
        for (let c = 0; c < channels; c += 1) {
          const from = (s * channels + c) * area
          for (let u = 0; u < 3; u += 1) {
            const top = u === 0 ? 1 : 0
            const bottom = u === 2 ? size - 1 : size
            for (let v = 0; v < 3; v += 1) {
              const left = v === 0 ? 1 : 0
              const right = v === 2 ? size - 1 : size
              const shift = (u - 1) * size + v - 1
              let sum = 0
              for (let m = top; m < bottom; m += 1) {
                const row = m * size
                for (let n = left; n < right; n += 1) sum += delta[to + row + n] * input[from + row + n + shift]
              }
              gradient[(o * channels + c) * 9 + u * 3 + v] += sum
            }
          }
        }
      }
    }
    return E / 2
  }
  return { parameters, gradient, input, target, backward }
}
