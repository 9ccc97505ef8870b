// The yardstick for attention: causal, several heads, half the squared error, in loops written by hand.

/** The layout of the kernels: W_Q, W_K, W_V [heads, width, model], W_O [model, heads, width]. */
export function plainAttention({ heads, time, model, width, samples }) {
  const block = heads * width * model
  const parameters = new Float64Array(4 * block)
  const gradient = new Float64Array(4 * block)
  const input = new Float64Array(samples * time * model)
  const target = new Float64Array(samples * time * model)
  const rows = heads * width
  const [Q, K, V, O, dQ, dK, dV, dO] = Array.from({ length: 8 }, () => new Float64Array(time * rows))
  const P = new Float64Array(heads * time * time)
  const dY = new Float64Array(time * model)
  const p = new Float64Array(time)
  const scale = 1 / Math.sqrt(width)

  /** to[t, r] = Σ_i W[r, i] X[t, i] */
  function project(to, weights, x) {
    for (let t = 0; t < time; t += 1) {
      for (let r = 0; r < rows; r += 1) {
        let sum = 0
        for (let i = 0; i < model; i += 1) sum += parameters[weights + r * model + i] * input[x + t * model + i]
        to[t * rows + r] = sum
      }
    }
  }

  /** ∂W[r, i] += Σ_t d[t, r] X[t, i] */
  function collect(d, weights, x) {
    for (let t = 0; t < time; t += 1) {
      for (let r = 0; r < rows; r += 1) {
        const factor = d[t * rows + r]
        for (let i = 0; i < model; i += 1) gradient[weights + r * model + i] += factor * input[x + t * model + i]
      }
    }
  }

  function backward() {
    gradient.fill(0)
    let E = 0
    for (let s = 0; s < samples; s += 1) {
      const x = s * time * model
      project(Q, 0, x)
      project(K, block, x)
      project(V, 2 * block, x)
      O.fill(0)
      for (let h = 0; h < heads; h += 1) {
        for (let t = 0; t < time; t += 1) {
          const q = t * rows + h * width
          const at = (h * time + t) * time
          let most = -Infinity
          for (let r = 0; r <= t; r += 1) {
            let sum = 0
            for (let d = 0; d < width; d += 1) sum += Q[q + d] * K[r * rows + h * width + d]
            p[r] = sum * scale
            most = Math.max(most, p[r])
          }
          let total = 0
          for (let r = 0; r <= t; r += 1) {
            p[r] = Math.exp(p[r] - most)
            total += p[r]
          }
          for (let r = 0; r <= t; r += 1) {
            const weight = p[r] / total
            P[at + r] = weight
            for (let d = 0; d < width; d += 1) O[q + d] += weight * V[r * rows + h * width + d]
          }
        }
      }
      dO.fill(0)
      for (let t = 0; t < time; t += 1) {
        for (let i = 0; i < model; i += 1) {
          let sum = 0
          for (let r = 0; r < rows; r += 1) sum += parameters[3 * block + i * rows + r] * O[t * rows + r]
          const d = sum - target[x + t * model + i]
          E += d * d
          dY[t * model + i] = d
          for (let r = 0; r < rows; r += 1) {
            gradient[3 * block + i * rows + r] += d * O[t * rows + r]
            dO[t * rows + r] += d * parameters[3 * block + i * rows + r]
          }
        }
      }
      dQ.fill(0)
      dK.fill(0)
      dV.fill(0)
      for (let h = 0; h < heads; h += 1) {
        for (let t = 0; t < time; t += 1) {
          const q = t * rows + h * width
          const at = (h * time + t) * time
          let mean = 0
          for (let r = 0; r <= t; r += 1) {
            const k = r * rows + h * width
            let sum = 0
            for (let d = 0; d < width; d += 1) {
              sum += dO[q + d] * V[k + d]
              dV[k + d] += P[at + r] * dO[q + d]
            }
            p[r] = sum
            mean += P[at + r] * sum
          }
          for (let r = 0; r <= t; r += 1) {
            const k = r * rows + h * width
            const dS = P[at + r] * (p[r] - mean) * scale
            for (let d = 0; d < width; d += 1) {
              dQ[q + d] += dS * K[k + d]
              dK[k + d] += dS * Q[q + d]
            }
          }
        }
      }
      collect(dQ, 0, x)
      collect(dK, block, x)
      collect(dV, 2 * block, x)
    }
    return E / 2
  }
  return { parameters, gradient, input, target, backward }
}
