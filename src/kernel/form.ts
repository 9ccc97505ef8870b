// Which form a kernel takes: straight-line code for small networks, loops for the others.

import { constantOf, subtractAffine } from '../algebra/affine.ts';
import type { Statement } from './program.ts';
import { statementScalars, visitScalar } from './rebuild.ts';

/**
 * V8 never optimises a function of more than 61,440 bytes of bytecode: one step above, straight-line code is 10 to 20
 * times slower than loops; below, it is as fast as loops or up to twice as fast (node test/bench/straight-line-switch.mjs
 * measures both). One operation of backward() takes 9 to 12 bytes (Node 20), so this many stay below the limit.
 */
export const MOST_STRAIGHT_OPERATIONS = 4400;

/** The scalar operations and accesses that statements execute for one sample. */
export function operationsOf(statements: readonly Statement[]): number {
  let total = 0;
  for (const st of statements) {
    switch (st.kind) {
      case 'comment': break;
      case 'fill': total += st.length; break;
      case 'loop': total += trips(st) * operationsOf(st.body); break;
      case 'if': total += 1 + operationsOf(st.body) + operationsOf(st.otherwise); break;
      case 'let': case 'set': case 'store': case 'pin':
        total += st.kind === 'store' ? 1 : 0;
        for (const e of statementScalars(st)) {
          visitScalar(e, (x) => {
            if (x.kind === 'load' || x.kind === 'divide' || x.kind === 'math' || x.kind === 'helper' || x.kind === 'select') total += 1;
            if (x.kind === 'add') total += x.terms.length - 1;
            if (x.kind === 'multiply') total += x.factors.length - 1;
          });
        }
    }
  }
  return total;
}

/** How often a loop runs; a loop over the samples counts as one. */
function trips(loop: Extract<Statement, { kind: 'loop' }>): number {
  const lengths = loop.to.flatMap((to) => loop.from.flatMap((from) => {
    const length = constantOf(subtractAffine(to, from));
    return length === null ? [] : [length + 1];
  }));
  return lengths.length === 0 ? 1 : Math.max(0, Math.min(...lengths));
}
