// Which words may name something in a spec: identifiers for what formulas mention, kebab-case for what files define.

import { elementaryNames } from '../algebra/functions.ts';

export const LONGEST_NAME = 40;
export const LONGEST_SPEC_NAME = 60;

/** A letter of any script, then letters, ASCII digits and underscores; in Unicode's composed form. */
export const IDENTIFIER = /^(?=\p{L})\p{ID_Start}(?:(?=\p{L})\p{ID_Continue}|[0-9_])*$/u;
export const SPEC_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Functions that the translation writes out in the algebra's own terms. */
export const translatedFunctions = ['sqrt', 'abs', 'sign', 'min', 'max', 'square'] as const;
/** What runs over an index letter. The words are free as names of tensors; `sum`, `max` and `min` alone are reserved. */
export const reductionNames = ['sum', 'mean', 'prod', 'max', 'min', 'argmax', 'argmin', 'logsumexp'] as const;
export type ReductionName = (typeof reductionNames)[number];
export const isReduction = (name: string): name is ReductionName => (reductionNames as readonly string[]).includes(name);
export const functionNames: readonly string[] = [...elementaryNames, ...translatedFunctions];

/** The one reserved word that a layer's tensor may have as its name: E⁽¹⁾ and the loss E of all samples are told apart. */
export const TOTAL = 'E';

/** The number of samples, a size that every layer may name. */
export const SAMPLES = 'samples';

/** Members that every JavaScript object has. */
const objectMembers = [
  'constructor', 'prototype', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'toLocaleString', 'toString', 'valueOf',
];

/** Words that mean something in the language or would be trouble in the code that is printed. */
export const reserved: ReadonlySet<string> = new Set([
  ...functionNames, 'sum', 'pi', 'and', 'or', 'not', TOTAL, SAMPLES,
  // Keys of the places where sizes, constants and activation functions are given by name.
  'layer', 'use', 'on', 'share',
  ...objectMembers,
  // Words of JavaScript and TypeScript, and its values.
  'abstract', 'any', 'arguments', 'as', 'async', 'await', 'boolean', 'break', 'case', 'catch', 'class', 'const', 'continue',
  'debugger', 'declare', 'default', 'delete', 'do', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for',
  'from', 'function', 'get', 'globalThis', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'module',
  'namespace', 'new', 'null', 'number', 'object', 'of', 'package', 'private', 'protected', 'public', 'require', 'return', 'set',
  'static', 'string', 'super', 'switch', 'symbol', 'this', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'void',
  'while', 'with', 'yield', 'NaN', 'Infinity',
]);

/** Whether every JavaScript object has a member of this name. */
export const isObjectMember = (name: string): boolean => name.startsWith('__') || objectMembers.includes(name);

/** Why a word cannot name a tensor of a layer; null when it can. */
export const whyNoTensorOfLayer = (name: string): string | null => (name === TOTAL ? null : whyNoIdentifier(name));

/** Why a word cannot name a tensor, an index, a size, a constant or a slot; null when it can. */
export function whyNoIdentifier(name: string): string | null {
  if (name === TOTAL) return 'it is the loss of all samples, and only tensors of layers may share its name';
  if (name.startsWith('__') || reserved.has(name)) return 'the word is reserved';
  if (name.length > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} characters`;
  if (name !== name.normalize('NFC')) return "it is not in Unicode's composed form (NFC)";
  if (!IDENTIFIER.test(name)) return 'it is made of something else than letters, digits and underscores after a first letter';
  return null;
}

/** Why a word cannot name a layer in its network, where formulas do not see it; null when it can. */
export function whyNoLabel(name: string): string | null {
  return reserved.has(name) && !isObjectMember(name) ? null : whyNoIdentifier(name);
}

/** Why a word cannot name a layer, an activation, a loss, a penalty or a network; null when it can. */
export function whyNoSpecName(name: string): string | null {
  if (isObjectMember(name)) return 'the word is reserved';
  if (name.length > LONGEST_SPEC_NAME) return `it is longer than ${LONGEST_SPEC_NAME} characters`;
  if (!SPEC_NAME.test(name)) return 'it is made of something else than small letters a-z, digits and single hyphens between them';
  return null;
}
