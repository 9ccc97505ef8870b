// Chains of whole-tensor partial derivatives from E down to a parameter: the picture that explains why δ is remembered.

import { sameTensor, type Tensor, tensorKey } from '../algebra/expression.ts';
import { sameLayer } from '../algebra/layer.ts';
import { references } from '../algebra/traverse.ts';
import type { Instance, System } from '../spec/network.ts';
import type { ChainFactor } from './derivation.ts';

/** A path of tensors, later ones first: each is an argument of the one before it. */
export type Path = readonly Tensor[];

const MOST_PATHS = 16;

/** All paths from `from` down to `to` through the system's equations; null beyond 16, and where a recurrence has no end of them. */
export function pathsBetween(system: System, from: Tensor, to: Tensor): readonly Path[] | null {
  const equations = new Map(system.equations.map((e) => [tensorKey(e.tensor), e]));
  const target = tensorKey(to);
  const reaches = reachingTensors(system, target);
  const found: Path[] = [];
  const walk = (path: Path): boolean => {
    const last = path.at(-1);
    if (last === undefined) return true;
    if (tensorKey(last) === target) {
      found.push(path);
      return found.length <= MOST_PATHS;
    }
    const equation = equations.get(tensorKey(last));
    if (equation === undefined) return true;
    const next = new Map(references(equation.value).map((r) => [tensorKey(r.tensor), r.tensor]));
    return [...next.values()].every((t) => !reaches.has(tensorKey(t)) || (!path.some((p) => sameTensor(p, t)) && walk([...path, t])));
  };
  return walk([from]) ? found : null;
}

/** The tensors that depend on the target, and itself. */
function reachingTensors(system: System, target: string): ReadonlySet<string> {
  const reaching = new Set([target]);
  for (const equation of system.equations) {
    if (references(equation.value).some((r) => reaching.has(tensorKey(r.tensor)))) reaching.add(tensorKey(equation.tensor));
  }
  return reaching;
}

/** ∂E/∂p0 · ∂p0/∂p1 · … · ∂p(n-1)/∂pn for a path p; a factor that `known` chains hold is shared. */
export function chainOf(path: Path, known: ReadonlySet<string>): readonly ChainFactor[] {
  return path.map((by, n): ChainFactor => {
    const of = n === 0 ? null : (path[n - 1] ?? null);
    return { of, by, shared: known.has(factorKey(of, by)) };
  });
}

const factorKey = (of: Tensor | null, by: Tensor): string => `${of === null ? 'E' : tensorKey(of)}/${tensorKey(by)}`;

export const factorKeys = (chains: readonly (readonly ChainFactor[])[]): ReadonlySet<string> =>
  new Set(chains.flat().map((f) => factorKey(f.of, f.by)));

/** How long the chains of a layer are: what the count of shared factors rests on. */
export interface ChainCount {
  /** Factors that one layer adds on the way from its output to its input. */
  readonly perLayer: number;
  /** Factors from the layer's output to the parameter. */
  readonly toParameter: number;
}

/** Counted on the layer's own equations; null where more than one path leads through it. */
export function countChain(system: System, instance: Instance, parameter: Tensor): ChainCount | null {
  const output = [...instance.outputs.values()][0];
  const input = [...instance.inputs.values()][0];
  if (output === undefined || input === undefined) return null;
  const own: System = { ...system, equations: system.equations.filter((e) => sameLayer(e.tensor.layer, instance.layer)) };
  const through = pathsBetween(own, output, input);
  const down = pathsBetween(own, output, parameter);
  if (through?.length !== 1 || down?.length !== 1) return null;
  return { perLayer: (through[0]?.length ?? 1) - 1, toParameter: (down[0]?.length ?? 1) - 1 };
}

/** How many factors two chains share from the left. */
export function commonPrefix(a: readonly ChainFactor[], b: readonly ChainFactor[]): number {
  let length = 0;
  while (length < a.length && length < b.length && sameFactor(a[length], b[length])) length += 1;
  return length;
}

const sameFactor = (a: ChainFactor | undefined, b: ChainFactor | undefined): boolean =>
  a !== undefined && b !== undefined && sameTensor(a.by, b.by) && (a.of === null ? b.of === null : b.of !== null && sameTensor(a.of, b.of));
