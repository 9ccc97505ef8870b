// Declarations of tensors of any layer, as vector forms have them.

export { declarationFor, declaredIn } from '../../notation/declared.ts';
