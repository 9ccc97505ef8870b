// Loops that store zeros side by side become one fill.

import { addAffine, type Affine, coefficientOf, constantOf, index, scaleAffine, subtractAffine } from '../algebra/affine.ts';
import { isLiteral, type Statement, type StatementOf } from './program.ts';
import { mapBodies } from './rebuild.ts';

/** Fewer entries are stored one by one: a call costs more. */
const LEAST_ENTRIES = 32;

export function zeroFills(statements: readonly Statement[]): readonly Statement[] {
  return statements.map((st): Statement => {
    switch (st.kind) {
      case 'comment': case 'let': case 'set': case 'store': case 'fill': case 'pin': return st;
      case 'if': return mapBodies(st, zeroFills);
      case 'loop': {
        const run = runOf(st);
        return run !== null && run.length >= LEAST_ENTRIES
          ? { kind: 'fill', buffer: run.buffer, from: run.from, length: run.length } : { ...st, body: zeroFills(st.body) };
      }
    }
  });
}

/** Entries from..from + length - 1 of a buffer. */
interface Run {
  readonly buffer: string;
  readonly from: Affine;
  readonly length: number;
}

function runOf(st: Statement): Run | null {
  if (st.kind === 'store') return st.operator === '=' && isLiteral(st.value, 0) ? { buffer: st.buffer, from: st.at, length: 1 } : null;
  if (st.kind !== 'loop') return null;
  const [only, ...others] = st.body;
  const inner = only === undefined || others.length > 0 ? null : runOf(only);
  const trips = tripsOf(st);
  if (inner === null || trips === null) return null;
  const stride = coefficientOf(inner.from, { kind: 'index', name: st.index });
  const [first] = st.from;
  if (stride !== inner.length || first === undefined) return null;
  const from = addAffine(subtractAffine(inner.from, scaleAffine(index(st.index), stride)), scaleAffine(first, stride));
  return { buffer: inner.buffer, from, length: inner.length * trips };
}

/** How often the loop runs, where that is a number. */
function tripsOf(loop: StatementOf<'loop'>): number | null {
  const [from] = loop.from;
  const [to] = loop.to;
  if (from === undefined || to === undefined || loop.from.length > 1 || loop.to.length > 1) return null;
  const length = constantOf(subtractAffine(to, from));
  return length === null || length < 0 ? null : length + 1;
}
