// The walker over the differentiation rules.

import { type DefinedName, definition } from './functions.ts';
import { type ElementaryName, elementary, type Expression, type Reference, symbol, tensorKey } from './expression.ts';
import { shortenDerivative } from './ansatz.ts';
import { rewrite } from './traverse.ts';
import { affineIndices } from './affine.ts';
import { type RuleContext, rules, type Variable } from './rules.ts';

/** ∂e/∂entry: the entry's indices are compared with those in e by Kronecker deltas, which are left as they come. */
export function differentiate(e: Expression, by: Reference): Expression {
  const reserved = new Set(by.indices.flatMap(affineIndices));
  const opened = rewrite(e, () => null, reserved);
  return walk(opened, { kind: 'entry', tensor: tensorKey(by.tensor), adjoint: by.adjoint, indices: by.indices });
}

/** de/d(symbol), the symbol being one without a layer. */
export const differentiateBySymbol = (e: Expression, name: string): Expression => walk(e, { kind: 'symbol', name });

function walk(e: Expression, variable: Variable): Expression {
  const context: RuleContext = {
    variable,
    isVariable: (x) => x.kind === 'symbol'
      ? variable.kind === 'symbol' && x.name === variable.name && x.layer === null
      : variable.kind === 'entry' && x.adjoint === variable.adjoint && tensorKey(x.tensor) === variable.tensor,
    d: (x) => apply(x, context),
    defined: definedDerivative,
  };
  return apply(e, context);
}

function apply(e: Expression, context: RuleContext): Expression {
  switch (e.kind) {
    case 'number': return rules.number.derive(e, context);
    case 'constant': return rules.constant.derive(e, context);
    case 'symbol': return rules.symbol.derive(e, context);
    case 'affine': return rules.affine.derive(e, context);
    case 'ref': return rules.ref.derive(e, context);
    case 'bracket': return rules.bracket.derive(e, context);
    case 'sum': return rules.sum.derive(e, context);
    case 'product': return rules.product.derive(e, context);
    case 'argmax': return rules.argmax.derive(e, context);
    case 'add': return rules.add.derive(e, context);
    case 'multiply': return rules.multiply.derive(e, context);
    case 'power': return rules.power.derive(e, context);
    case 'call': return rules.call.derive(e, context);
    case 'piecewise': return rules.piecewise.derive(e, context);
  }
}

const found = new Map<DefinedName, Expression>();
const VARIABLE = 'u';

/**
 * The derivative of a function that is defined through the primitives: its definition is differentiated, and the
 * result written through the function itself (tanh' = 1 - tanh²) where an exact form is found and proved.
 */
export function definedDerivative(name: DefinedName, u: Expression): Expression {
  let derivative = found.get(name);
  if (derivative === undefined) {
    derivative = deriveDefinition(name);
    found.set(name, derivative);
  }
  return rewrite(derivative, (e) => (e.kind === 'symbol' && e.name === VARIABLE && e.layer === null ? u : null));
}

function deriveDefinition(name: DefinedName): Expression {
  const variable = symbol(VARIABLE);
  const meaning = definition(name, variable);
  if (meaning === null) throw new RangeError(`${name} is a primitive`);
  const names: readonly ElementaryName[] = [name, 'sinh', 'cosh'];
  return shortenDerivative(differentiateBySymbol(meaning, VARIABLE), names.map((n) => elementary(n, variable)));
}

