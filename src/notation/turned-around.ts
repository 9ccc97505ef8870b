// The transpose of an arrangement, with the transposes as far inside as they go.

import type { Arrangement } from './arrangement.ts';

export function turnedAround(a: Arrangement): Arrangement {
  switch (a.kind) {
    case 'tensor': case 'ones': return { ...a, transposed: !a.transposed, shape: { rows: a.shape.columns, columns: a.shape.rows } };
    case 'product': return { ...a, factors: a.factors.map(turnedAround).reverse() };
    // (A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ.
    case 'kronecker': return { ...a, factors: a.factors.map(turnedAround) };
    case 'scaled': return a.of === null ? a : { ...a, of: turnedAround(a.of) };
    case 'add': return { ...a, terms: a.terms.map(turnedAround) };
    case 'transpose': return a.of;
    case 'scalar': case 'identity': case 'diag': case 'square': return a;
    case 'apply': return { ...a, transposed: !a.transposed };
    case 'by-vec': return { ...a, lies: a.lies === 'across' ? 'down' : 'across' };
    case 'hadamard': case 'vec': case 'power': case 'chosen': case 'over': return { kind: 'transpose', of: a };
  }
}
