// Branches that compute something twice: `x > 0 ? f(exp(-x), exp(-x)) : …` becomes if and else, where each branch has
// room for a name of its own. What a branch computes is still computed in that branch only.

import { type Namer, newNamer } from './names.ts';
import { literal, local, type Scalar, type Statement, type StatementOf } from './program.ts';
import { mapBodies, parts, statementScalars, visitScalar } from './rebuild.ts';
import { mapParts, shareScalars } from './share.ts';

/** Opens every choice in which a branch would compute a function twice. Comes after sharing, which it completes. */
export function openBranches(statements: readonly Statement[], namer: Namer): readonly Statement[] {
  return statements.flatMap((st): readonly Statement[] => {
    switch (st.kind) {
      case 'comment': case 'fill': case 'pin': return [st];
      case 'loop': case 'if': return [mapBodies(st, (body) => openBranches(body, namer))];
      case 'let': case 'set': case 'store': return open(st, namer);
    }
  });
}

type Valued = StatementOf<'let' | 'set' | 'store'>;

function open(st: Valued, namer: Namer): readonly Statement[] {
  const found = choiceIn(st.value);
  if (found === null) return [st];
  const whole = found === st.value;
  if (st.kind === 'let' || !whole) {
    const name = st.kind === 'let' && whole ? st.name : namer.fresh('value');
    const declared: Statement = { kind: 'let', name, mutable: true, value: literal(0) };
    const chosen = branching(found, (value) => ({ kind: 'set', name, operator: '=', value }), namer);
    if (whole) return [declared, chosen];
    const put = (e: Scalar): Scalar => (e === found ? local(name) : mapParts(e, put));
    return [declared, chosen, ...open({ ...st, value: put(st.value) }, namer)];
  }
  return [branching(found, (value) => ({ ...st, value }), namer)];
}

function branching(e: Choice, into: (value: Scalar) => Statement, namer: Namer): Statement {
  const block = (value: Scalar): readonly Statement[] => openBranches(shareScalars([into(value)], namer), namer);
  return { kind: 'if', test: e.test, body: block(e.then), otherwise: block(e.otherwise) };
}

type Choice = Extract<Scalar, { kind: 'select' }>;

/** The first choice in e, not inside another one, that gains from being opened. */
function choiceIn(e: Scalar): Choice | null {
  if (e.kind === 'select') return [e.then, e.otherwise].some(repeats) ? e : null;
  for (const part of parts(e)) {
    const found = choiceIn(part);
    if (found !== null) return found;
  }
  return null;
}

/** Whether a branch computes a function twice, or holds a choice with such a branch. */
function repeats(branch: Scalar): boolean {
  const shared = shareScalars([{ kind: 'let', name: '', mutable: false, value: branch }], newNamer());
  return shared.slice(0, -1).some((st) => statementScalars(st).some(callsFunction)) || choiceIn(branch) !== null;
}

function callsFunction(e: Scalar): boolean {
  let calls = false;
  visitScalar(e, (x) => {
    calls ||= x.kind === 'helper' || (x.kind === 'math' && x.name !== 'abs' && x.name !== 'sqrt');
  });
  return calls;
}
