// Activations and penalties: an expression of one variable, its hyperparameters put in with their values.

import type { Expression } from '../algebra/expression.ts';
import type { Rational } from '../algebra/rational.ts';
import { newReport, type Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Path, SpecDocument } from './document.ts';
import { whyNoSpecName } from './names.ts';
import { showChanges } from './numbers.ts';
import { evaluateNames, readSyntax } from './read-expression.ts';
import { readConstants } from './read-layer.ts';
import { type usableFunction, withoutEchoes } from './parts.ts';
import { newVocabulary } from './vocabulary.ts';

/** A function of one variable as its file has it: the constants may still be given other values. */
export interface FunctionSpec {
  readonly name: string;
  readonly argument: string;
  readonly constants: ReadonlyMap<string, Rational>;
  readonly place: Place;
  /** Where the formula stands. */
  readonly formula: Place;
  /** The body with the constants' values; what is wrong with it for these is reported. */
  readonly body: (constants: ReadonlyMap<string, Rational>, report: Report) => Expression;
}

type Usable = NonNullable<ReturnType<typeof usableFunction>>;

export function functionFrom(document: SpecDocument, path: Path, { file, gaps }: Usable, report: Report): FunctionSpec {
  const { name, kind: key } = file;
  const why = name === '' ? null : whyNoSpecName(name);
  if (why !== null) report.add('bad-spec-name', document.place([...path, key]), { name, why });
  const constants = readConstants(document, [...path, 'constants'], file.constants ?? {}, report);
  const body = (values: ReadonlyMap<string, Rational>, loud: Report): Expression => {
    const to = withoutEchoes(loud, gaps);
    const vocabulary = newVocabulary(to, gaps.names, 'other');
    vocabulary.add(file.argument, { kind: 'argument' }, 'the variable', document.place([...path, 'argument']));
    for (const [constant, value] of constants) {
      const at = document.keyPlace([...path, 'constants', constant]);
      vocabulary.add(constant, { kind: 'constant', value: values.get(constant) ?? value, symbol: false }, 'a constant', at);
    }
    const written = readSyntax(document, [...path, 'expression'], to);
    if (written === null) return { kind: 'number', value: { n: 0n, d: 1n } };
    return evaluateNames(written, vocabulary.names, [], {
      ...to,
      // Any other name is a second variable, and that is what to say of it.
      add: (code, place, data) => {
        const unknown = code === 'unknown-name' ? data as { name: string; role: string } : null;
        if (unknown?.role !== 'name') { to.add(code, place, data); return; }
        to.add('second-variable', place, {
          name: unknown.name, argument: file.argument, constants: [...constants.keys()],
          suggestion: nearest(unknown.name, vocabulary.names.keys()),
        });
      },
    });
  };
  body(constants, report);
  return {
    name, argument: file.argument, constants, place: document.place([...path, key]), formula: document.pairPlace([...path, 'expression']),
    body,
  };
}

/** The body for one use, whose constants stand at `place`. */
export function bodyWith(spec: FunctionSpec, constants: ReadonlyMap<string, Rational>, place: Place, report: Report): Expression {
  const own = newReport();
  const body = spec.body(constants, own);
  if (own.hasErrors()) {
    report.include(own.all());
    report.add('numbers-do-not-fit', place, { layer: spec.name, numbers: showChanges(spec, { integers: new Map(), constants }) });
  }
  return body;
}
