// How far correctly derived and correctly emitted numbers may lie apart at a point: running rounding errors of the forward
// and the adjoint equations. A derivation that is wrong gets bounds of the same tiny size, so it cannot excuse itself.

import { differentiateBySymbol } from '../algebra/differentiate.ts';
import { type Expression } from '../algebra/expression.ts';
import { rewrite } from '../algebra/traverse.ts';
import { throughOutput } from '../derive/through-output.ts';
import { evaluateAdjoints } from '../evaluate/adjoints.ts';
import { EvaluationError } from '../evaluate/domain.ts';
import { represented, rounding, type Rounded, UNIT_F64, widest } from '../evaluate/rounding.ts';
import { activationOf, functionOf, type SlotFunctions, slotFunctions } from '../evaluate/slots.ts';
import { fillBlocks, type Subject, type Values } from './subject.ts';

export interface Bounds {
  /** Of the forward pass: |computed E - E|. */
  readonly E: number;
  /** Of every entry of the forward tensors, by tensor key. */
  readonly forward: (key: string, entry: number) => number;
  /** Of every entry of an adjoint, by tensor key; NaN where there is no adjoint of that name or no finite bound. */
  readonly adjoint: (key: string, entry: number) => number;
}

export interface Bounding {
  /** For numbers in the kernel's own precision. */
  readonly at: (values: Values) => Bounds;
}

export function bounding(subject: Subject, unit: number = Math.max(subject.unit, UNIT_F64)): Bounding {
  const options = { sizes: subject.sizes, slots: allForms(subject) };
  const pass = evaluateAdjoints(subject.backward, rounding(unit), options);
  return {
    at: (values) => {
      fillBlocks(pass.forward.blocks, values, represented);
      pass.run();
      const forward = new Map([...pass.forward.blocks].map(([key, block]) => [key, errors(block.entries)]));
      const adjoints = new Map([...pass.adjoints].map(([key, block]) => [key, errors(block.entries)]));
      return {
        E: pass.forward.total().error,
        forward: (key, entry) => forward.get(key)?.[entry] ?? NaN,
        adjoint: (key, entry) => adjoints.get(key)?.[entry] ?? NaN,
      };
    },
  };
}

const errors = (entries: readonly (Rounded | undefined)[]): Float64Array =>
  Float64Array.from(entries, (entry) => entry?.error ?? NaN);

/**
 * Activations' derivatives are charged with the larger error of the two ways in which a kernel may compute them: from
 * the pre-activation, and through the output (1 - z² near |z| = 1 loses digits that the other way keeps).
 */
function allForms(subject: Subject): SlotFunctions<Rounded> {
  const plain = slotFunctions<Rounded>(subject.system.slots);
  const compiled = new Map<string, (argument: Rounded) => Rounded>();
  return (fn, setting) => {
    if (fn.order !== 1) return plain(fn, setting);
    const activation = activationOf(fn, subject.system.slots);
    const known = compiled.get(activation.name);
    if (known !== undefined) return known;
    const { argument, body } = activation;
    const direct = functionOf(differentiateBySymbol(body, argument), argument, setting);
    const { through } = throughOutput(activation);
    const other = through === null ? null : functionOf(withOutput(through, body), argument, setting);
    const made = other === null ? direct : (u: Rounded): Rounded => either(direct(u), other(u));
    compiled.set(activation.name, made);
    return made;
  };
}

const withOutput = (through: Expression, body: Expression): Expression =>
  rewrite(through, (e) => (e.kind === 'symbol' && e.name === 'z' && e.layer === null ? body : null));

const either = (a: Rounded, b: Rounded): Rounded =>
  Number.isFinite(a.value) && Number.isFinite(a.error) ? (Number.isFinite(b.value) && Number.isFinite(b.error) ? widest(a, b) : a) : b;

/** Why the derived equations cannot be interpreted, or null: said once, instead of a crash in every road. */
export function cannotInterpret(build: () => unknown): string | null {
  try {
    build();
    return null;
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}
