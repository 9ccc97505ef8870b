// One string for one structure, to find equal parts.

/** Equal for structurally equal values of the algebra and of the loop program. */
export const keyOf = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${String(v)}n` : v));
