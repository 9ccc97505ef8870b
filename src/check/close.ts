// Whether a choice of the forward pass is too close to call: where two values tie but for rounding errors, two right programs
// may go different ways, and a point says nothing. Values that are equal without any error (zeros behind a ReLU) are no such tie.

import type { Outcome } from '../evaluate/compile.ts';
import type { Domain } from '../evaluate/domain.ts';
import { evaluation, type Evaluation } from '../evaluate/equations.ts';
import { noisy } from '../evaluate/noisy.ts';
import { real } from '../evaluate/real.ts';
import { randomFrom, seedOf } from './random.ts';
import { fillBlocks, type Subject, type Values } from './subject.ts';

/** Far above rounding errors of the forward pass, far below what separates values that are different. */
const DISTURBANCE = 2 ** -42;
const RUNS = 5;

/** Whether small disturbances of every operation change the way of some choice at a point. */
export function closeness(subject: Subject): (values: Values) => boolean {
  let outcomes: Outcome[] = [];
  const passOf = (domain: Domain<number>): Evaluation<number> => evaluation(subject.system, domain, {
    sizes: subject.sizes,
    watch: (_site, outcome) => {
      outcomes.push(outcome);
    },
  });
  const plain = passOf(real);
  if (plain.sites.length === 0) return () => false;
  const { between } = randomFrom(seedOf(subject.samples, plain.sites.length));
  const disturbance = Math.max(DISTURBANCE, subject.unit * 2 ** 5);
  const disturbed = passOf(noisy(disturbance, () => between(-1, 1)));
  const ways = (pass: Evaluation<number>, values: Values): readonly Outcome[] => {
    outcomes = [];
    fillBlocks(pass.blocks, values, (x) => x);
    pass.run();
    return outcomes;
  };
  return (values) => {
    const expected = ways(plain, values);
    return Array.from({ length: RUNS }, () => ways(disturbed, values))
      .some((own) => own.length !== expected.length || own.some((outcome, n) => outcome !== expected[n]));
  };
}
