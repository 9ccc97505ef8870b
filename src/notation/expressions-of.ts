// The expressions of a formula.

import type { Expression } from '../algebra/expression.ts';
import type { Formula } from '../derive/derivation.ts';

export function expressionsOf(f: Formula): readonly Expression[] {
  switch (f.kind) {
    case 'expression': return [f.value];
    case 'partial': return f.of === null ? [f.by] : [f.of, f.by];
    case 'chain': return [];
    case 'chain-rule': return f.terms.flatMap((term) => term.factors.flatMap((x) => (x.of === null ? [x.by] : [x.of, x.by])));
    case 'multiple': return [f.factor, ...expressionsOf(f.of)];
  }
}
