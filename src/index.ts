// The library, as it runs in browsers and in Node: networks from texts, derivations, kernels, checks, formulas.

export type { Floats, Kernel, KernelModule, Layout, Slot, Stage } from './kernel/kernel.ts';
export type { Affine, AffineSymbol, Range } from './algebra/affine.ts';
export type { Layer } from './algebra/layer.ts';
export type { Rational } from './algebra/rational.ts';
export type { Expression, FunctionName, Tensor, Test } from './algebra/expression.ts';
export type {
  Activation, Axis, Bias, Declaration, Equation, Instance, Network, Precision, Signal, System,
} from './spec/network.ts';
export type { LayerSpec } from './spec/layer-spec.ts';
export type { AdjointEquation, Backward } from './derive/backward.ts';
export type { Derivation, Formula, Step } from './derive/derivation.ts';
export type { CheckReport, RoadReport } from './check/report.ts';
export type { NotationOptions } from './notation/notation.ts';
export type { MatrixLayout, VectorForm } from './notation/vector.ts';
export type { DerivationJson, StepJson } from './report/derivation-json.ts';
export { articleConvention, type Convention } from './notation/convention.ts';
export type { WritingStyle } from './report/writing.ts';

export { type Diagnostic, DiagnosticError, type Place } from './diagnostics/diagnostic.ts';
export { kindOf, readLayer, readNetwork } from './spec/read.ts';
export { shippedLibrary, type SpecKind, type SpecSource } from './spec/library.ts';
export { allSamples, oneSample } from './spec/samples.ts';
export { deriveLayer, deriveNetwork } from './derive/derive.ts';
export { backward, signalsOf } from './derive/reverse.ts';
export { emitKernel, type EmitOptions, type EmittedKernel } from './kernel/emit.ts';
export { checkNetwork } from './check/check.ts';
export { latex, latexFormula, latexStep, latexVector } from './notation/latex.ts';
export { unicode, unicodeFormula, unicodeStep, unicodeVector } from './notation/unicode.ts';
export { vectorForm, vectorForms } from './notation/vector.ts';
export { batchForm, batchForms } from './notation/samples-form.ts';
export { derivativesByVec, gradientByVec, kroneckerForm } from './notation/kronecker.ts';
export { shapeOf } from './notation/shape.ts';
export { inColumns, inRows } from './notation/matrix-layout.ts';
export { deriveSpec } from './report/derive-spec.ts';
export { derivationText } from './report/derivation-text.ts';
export { derivationMarkdown } from './report/derivation-markdown.ts';
export { derivationLatex } from './report/derivation-latex.ts';
export { derivationJson } from './report/derivation-json.ts';
export { checkText } from './report/check-text.ts';
