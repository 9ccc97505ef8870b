// The way in: the text of a spec becomes a layer or a network, or an error that holds everything wrong with it.

import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { newReport, type Report, throwErrors } from '../diagnostics/report.ts';
import { readDocument, type Source, type SpecDocument } from './document.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { SpecSource } from './library.ts';
import type { Activation, Bias, Network, Signal } from './network.ts';
import { buildNetwork } from './build-network.ts';
import { usableNetwork } from './parts.ts';
import { newResolver, readers } from './resolve.ts';
import { networkSchema } from './schema.ts';
import { validate } from './validate.ts';

export type { SpecSource } from './library.ts';

export const kinds = ['network', 'layer', 'activation', 'loss', 'penalty'] as const;
export type Kind = (typeof kinds)[number];

/** Receives the warnings of a reading that found no error. */
export type OnWarning = (warning: Diagnostic) => void;

/** What a file describes. @throws DiagnosticError when it is no YAML or says nothing of the kind */
export function kindOf(source: Source): Kind {
  const report = newReport();
  const kind = kindIn(readDocument(source, report), report);
  if (kind === null) throw new DiagnosticError(report.all());
  return kind;
}

function kindIn(document: SpecDocument, report: Report): Kind | null {
  const { value } = document;
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const found = kinds.find((kind) => keys.includes(kind));
  if (found === undefined && !report.hasErrors()) report.add('unknown-kind', document.place([]), { kinds });
  return found ?? null;
}

function open(source: Source, wanted: Kind, report: Report): SpecDocument {
  const document = readDocument(source, report);
  const found = kindIn(document, report);
  if (found !== null && found !== wanted) report.add('wrong-kind', document.keyPlace([found]), { found, wanted });
  throwErrors(report);
  return document;
}

function finish(report: Report, onWarning: OnWarning | undefined): void {
  throwErrors(report);
  report.all().forEach((warning) => onWarning?.(warning));
}

/** The network of a file. @throws DiagnosticError with all errors of the file */
export function readNetwork(
  source: Source, library: SpecSource, overrides: { readonly signal?: Signal; readonly bias?: Bias } = {}, onWarning?: OnWarning,
): Network {
  const report = newReport();
  const document = open(source, 'network', report);
  const file = usableNetwork(validate(networkSchema, document, [], report));
  const resolver = newResolver(document, library, report);
  const network = buildNetwork(document, file, resolver, overrides, report);
  finish(report, onWarning);
  if (network === null) throw new Error('a network that could not be built without an error reported');
  return network;
}

/** The layer of a file, for itself. @throws DiagnosticError with all errors of the file */
export function readLayer(source: Source, _library: SpecSource, onWarning?: OnWarning): LayerSpec {
  const report = newReport();
  const spec = readers.layer(open(source, 'layer', report), [], report);
  return finished(spec, report, onWarning);
}

/** The loss of a file: a layer with targets. @throws DiagnosticError with all errors of the file */
export function readLoss(source: Source, onWarning?: OnWarning): LayerSpec {
  const report = newReport();
  const spec = readers.loss(open(source, 'loss', report), [], report);
  return finished(spec, report, onWarning);
}

/** The activation function of a file, its constants as they stand there. @throws DiagnosticError with all errors of the file */
export function readActivation(source: Source, onWarning?: OnWarning): Activation {
  const report = newReport();
  const spec = readers.activation(open(source, 'activation', report), [], report);
  const { name, argument, place, body, constants } = finished(spec, report, onWarning);
  return { name, argument, place, body: body(constants, report) };
}

/** The penalty of a file, as a function of one entry of a parameter. @throws DiagnosticError with all errors of the file */
export function readPenalty(source: Source, onWarning?: OnWarning): Activation {
  const report = newReport();
  const spec = readers.penalty(open(source, 'penalty', report), [], report);
  const { name, argument, place, body, constants } = finished(spec, report, onWarning);
  return { name, argument, place, body: body(constants, report) };
}

function finished<T>(spec: T | null, report: Report, onWarning: OnWarning | undefined): T {
  finish(report, onWarning);
  if (spec === null) throw new Error('a spec that could not be read without an error reported');
  return spec;
}
