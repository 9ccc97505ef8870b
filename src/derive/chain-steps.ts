// The steps that write chains out, and say how much of them neighbouring layers share.

import type { Tensor } from '../algebra/expression.ts';
import type { Instance, System } from '../spec/network.ts';
import { type Draft, tensorWords, UnverifiedStepError } from './adjoint-steps.ts';
import { chainOf, commonPrefix, countChain, factorKeys, pathsBetween } from './chains.ts';
import type { ChainFactor } from './derivation.ts';

/** The chains from the output to an upper and a lower layer's parameters; what the second ones share with the first is marked. */
export function chainDrafts(system: System, output: Tensor, upper: readonly Tensor[], lower: readonly Tensor[]): readonly Draft[] {
  const chainsTo = (parameter: Tensor, known: ReadonlySet<string>): readonly (readonly ChainFactor[])[] =>
    (pathsBetween(system, output, parameter) ?? []).map((path) => chainOf(path, known));
  const known = factorKeys(upper.flatMap((p) => chainsTo(p, new Set())));
  return [...upper, ...lower].flatMap((parameter): Draft[] => {
    const paths = chainsTo(parameter, upper.includes(parameter) ? new Set() : known);
    return paths.length === 0 ? [] : [{
      section: 'chains',
      role: 'result',
      rule: 'chain-rule',
      title: `The chain from E to ${tensorWords(parameter)}`,
      left: { kind: 'chain', paths: [[{ of: null, by: parameter, shared: false }]] },
      relation: '=',
      right: [{ formula: { kind: 'chain', paths }, rule: 'chain-rule' }],
      axes: [],
      layers: null,
      sources: [],
      remarks: paths.length > 1 ? [`E depends on \`${tensorWords(parameter)}\` in ${String(paths.length)} ways, which add up.`] : [],
      verified: 'counted',
    }];
  });
}

/** The chains of one layer and of the one below it, for general k, with the count of what they share. */
export function genericChainDrafts(system: System, upper: Instance, lower: Instance): readonly Draft[] {
  const output = [...upper.outputs.values()][0];
  if (output === undefined) return [];
  const drafts = chainDrafts(system, output, upper.parameters, lower.parameters);
  const remarks = countRemarks(system, lower, upper);
  return [...drafts.slice(0, -1), ...drafts.slice(-1).map((last) => ({ ...last, remarks: [...last.remarks, ...remarks] }))];
}

/** How many factors the chains of neighbouring layers share, for general k, counted on the layer's equations. */
function countRemarks(system: System, lower: Instance, upper: Instance): readonly string[] {
  const output = [...upper.outputs.values()][0];
  return upper.parameters.flatMap((parameter, n): string[] => {
    const below = lower.parameters[n];
    const count = countChain(system, upper, parameter);
    if (below === undefined || count === null || output === undefined) return [];
    const [long] = pathsBetween(system, output, below) ?? [];
    const [short] = pathsBetween(system, output, parameter) ?? [];
    if (long === undefined || short === undefined) return [];
    const [longChain, shortChain] = [chainOf(long, new Set()), chainOf(short, new Set())];
    const shared = commonPrefix(longChain, shortChain);
    const counted = 1 + count.toParameter === shortChain.length && 1 + count.perLayer + count.toParameter === longChain.length;
    if (!counted) throw new UnverifiedStepError(`the chains to ${tensorWords(parameter)} were counted wrongly`);
    const lost = shortChain.length - shared;
    const rest = lost === 1 ? 'all but the last one' : `all but the last ${String(lost)}`;
    return [`The chain to \`${parameter.name}^(k)\` has ${lengthFormula(count.perLayer, 1 + count.toParameter)} factors; ${rest} also stand in the chain to \`${parameter.name}^(k-1)\`, `
      + `which has ${lengthFormula(count.perLayer, 1 + count.perLayer + count.toParameter)}. Computed once and remembered, they are what the signal carries from layer k to layer k-1.`];
  });
}

const lengthFormula = (perLayer: number, constant: number): string => `${perLayer === 1 ? '' : String(perLayer)}(N-k)+${String(constant)}`;
