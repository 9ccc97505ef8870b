// Other names throughout an expression: each entry, constant and activation function once, whatever becomes of what stands
// around it.

import { call, type Expression, type ExpressionOf, type FunctionName, type Reference } from '../algebra/expression.ts';
import { mapChildren } from '../algebra/traverse.ts';

export interface Names {
  readonly entry: (e: Reference) => Expression;
  readonly symbol: (e: ExpressionOf<'symbol'>) => Expression;
  /** @param argument with other names already */
  readonly slot: (fn: Extract<FunctionName, { kind: 'slot' }>, argument: Expression) => FunctionName;
}

export function throughout(e: Expression, names: Names): Expression {
  const walk = (x: Expression): Expression => {
    switch (x.kind) {
      case 'ref': return names.entry(x);
      case 'symbol': return names.symbol(x);
      case 'call': {
        const argument = walk(x.argument);
        return call(x.fn.kind === 'slot' ? names.slot(x.fn, argument) : x.fn, argument);
      }
      case 'number': case 'constant': case 'affine': case 'bracket': case 'sum': case 'product': case 'argmax': case 'add': case 'multiply': case 'power':
      case 'piecewise': return mapChildren(x, walk);
    }
  };
  return walk(e);
}
