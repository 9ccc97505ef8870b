// The letters that indices have in the title of a step: `the same at j = 0` speaks of an index of the formula before.

import { plainIndex } from '../algebra/affine.ts';
import { tensorKey } from '../algebra/expression.ts';
import type { Step } from '../derive/derivation.ts';
import type { Letters } from '../notation/indices.ts';
import { latexStep } from '../notation/latex.ts';
import type { Writing } from './writing.ts';

/** Those of the step, with those of the step that it is a special case of. */
export function titleLetters(step: Step, { derivation, options }: Writing): Letters {
  const own = latexStep(step, options).letters;
  const entry = entryOf(step);
  if (entry === null || entry.indices.every((a) => plainIndex(a) !== null)) return own;
  const general = derivation.steps.findLast((s) => s.number < step.number && s.section === step.section && isGeneral(s, tensorKey(entry.tensor)));
  return general === undefined ? own : new Map([...latexStep(general, options).letters, ...own]);
}

const entryOf = ({ left }: Step): { readonly tensor: Parameters<typeof tensorKey>[0]; readonly indices: readonly Parameters<typeof plainIndex>[0][] } | null =>
  (left.kind === 'expression' && left.value.kind === 'ref' ? left.value : left.kind === 'partial' && left.by.kind === 'ref' ? left.by : null);

function isGeneral(step: Step, key: string): boolean {
  const entry = entryOf(step);
  return entry !== null && tensorKey(entry.tensor) === key && entry.indices.every((a) => plainIndex(a) !== null);
}
