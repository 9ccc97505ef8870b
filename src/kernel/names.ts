// Identifiers of a module: unique by construction, never a reserved word, and nothing of a spec but letters and digits.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import type { System } from '../spec/network.ts';

/** Words that JavaScript keeps, and names that every emitted module uses itself. */
const reserved: readonly string[] = [
  'abstract', 'arguments', 'as', 'async', 'await', 'boolean', 'break', 'byte', 'case', 'catch', 'char', 'class', 'const',
  'continue', 'debugger', 'default', 'delete', 'do', 'double', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'final',
  'finally', 'float', 'for', 'from', 'function', 'get', 'goto', 'if', 'implements', 'import', 'in', 'instanceof', 'int',
  'interface', 'let', 'long', 'native', 'new', 'null', 'of', 'package', 'private', 'protected', 'public', 'return', 'set',
  'short', 'static', 'super', 'switch', 'synchronized', 'this', 'throw', 'throws', 'transient', 'true', 'try', 'type', 'typeof',
  'undefined', 'NaN', 'Infinity', 'var', 'void', 'volatile', 'while', 'with', 'yield', 'constructor', 'prototype', '__proto__',
  'Array', 'Float32Array', 'Float64Array', 'Map', 'Math', 'Number', 'Object', 'RangeError', 'String', 'globalThis',
  'Kernel', 'KernelModule', 'Floats', 'State', 'name', 'precision', 'layout', 'stages', 'createKernel', 'allocate', 'forward',
  'backward', 'checkIntegers', 'parameters', 'gradient', 'input', 'target', 'output', 'samples', 'state', 'total', 'tensors', 'erf', 'number', 'string',
];

/** Hands out identifiers, each once. */
export interface Namer {
  /** `wanted` made an identifier, with a number behind it where it is taken. */
  readonly fresh: (wanted: string) => string;
  /** A namer that starts with everything that is taken here, for a scope of its own. */
  readonly scope: () => Namer;
}

/** A namer that knows the reserved words, and whatever else is taken. */
export const newNamer = (taken: (name: string) => boolean = () => false): Namer =>
  namerUnder((name) => fixed.has(name) || taken(name));

const fixed: ReadonlySet<string> = new Set(reserved);

function namerUnder(takenAbove: (name: string) => boolean): Namer {
  const used = new Set<string>();
  const next = new Map<string, number>();
  const taken = (name: string): boolean => used.has(name) || takenAbove(name);
  return {
    fresh: (wanted) => {
      const stem = identifier(wanted);
      let candidate = stem;
      for (let n = next.get(stem) ?? 2; taken(candidate); n += 1) {
        candidate = `${stem}_${String(n)}`;
        next.set(stem, n + 1);
      }
      used.add(candidate);
      return candidate;
    },
    scope: () => namerUnder(taken),
  };
}

/** The text with every character that cannot stand in an identifier replaced by `_`. */
export function identifier(text: string): string {
  const safe = text.normalize('NFC').replaceAll(/[^\p{ID_Continue}]/gu, '_');
  return /^[\p{ID_Start}]/u.test(safe) ? safe : `_${safe}`;
}

/** The network's name as a file's: no separator, no leading dot. */
export const fileNameOf = (name: string): string =>
  `${name.replaceAll(/[^\p{L}\p{N}._-]/gu, '-').replace(/^\.+/, '') || 'kernel'}.ts`;

/** `W_1`, `x`: the tensor's name with its layer number. */
export const tensorName = (t: Tensor): string => {
  const layer = showLayer(t.layer);
  return layer === '' ? t.name : `${t.name}_${layer}`;
};

/** The name of a tensor's adjoint: `delta_3` where the tensor is the one pre-activation of its layer, else `d_z_3`. */
export function adjointName(t: Tensor, system: System): string {
  const key = tensorKey(t);
  const owner = system.instances.find((i) => i.preActivations.some((p) => tensorKey(p) === key));
  return owner?.preActivations.length === 1 ? tensorName({ ...t, name: 'delta' }) : `d_${tensorName(t)}`;
}
