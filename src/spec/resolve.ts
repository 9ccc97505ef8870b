// Finds the layers, activations, losses and penalties that a network names: its own definitions first, then the library.

import type { Place } from '../diagnostics/diagnostic.ts';
import { newReport, type Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type Path, readDocument, type SpecDocument } from './document.ts';
import type { LayerSpec } from './layer-spec.ts';
import { shippedNames, type SpecKind, type SpecSource } from './library.ts';
import { type FunctionSpec, functionFrom } from './read-function.ts';
import { layerFrom, lossFrom } from './read-layer.ts';
import { activationSchema, layerSchema, lossSchema, penaltySchema } from './schema.ts';
import { validate, valueAt } from './validate.ts';

/** Each finds a spec by name, or reports that there is none, or what is wrong with it, and gives null. */
export interface Resolver {
  layer(name: string, place: Place): LayerSpec | null;
  loss(name: string, place: Place): LayerSpec | null;
  activation(name: string, place: Place): FunctionSpec | null;
  penalty(name: string, place: Place): FunctionSpec | null;
}

type Reader<T> = (document: SpecDocument, path: Path, report: Report) => T | null;

const readLayerAt: Reader<LayerSpec> = (document, path, report) => {
  const file = validate(layerSchema, document, path, report);
  return file === null ? null : layerFrom(document, path, file, report);
};
const readLossAt: Reader<LayerSpec> = (document, path, report) => {
  const file = validate(lossSchema, document, path, report);
  return file === null ? null : lossFrom(document, path, file, report);
};
const readActivationAt: Reader<FunctionSpec> = (document, path, report) => {
  const file = validate(activationSchema, document, path, report);
  return file === null ? null : functionFrom(document, path, file, report);
};
const readPenaltyAt: Reader<FunctionSpec> = (document, path, report) => {
  const file = validate(penaltySchema, document, path, report);
  return file === null ? null : functionFrom(document, path, file, report);
};

/** What a whole file describes, or null with the reasons reported. */
export const readers = { layer: readLayerAt, loss: readLossAt, activation: readActivationAt, penalty: readPenaltyAt };

const singular: Readonly<Record<SpecKind, keyof typeof readers>> =
  { layers: 'layer', losses: 'loss', activations: 'activation', penalties: 'penalty' };

/** All definitions in place are read, used or not, even where the file around them is not well-formed. */
export function newResolver(document: SpecDocument, library: SpecSource, report: Report): Resolver {
  const finder = <T extends { readonly name: string }>(kind: SpecKind, read: Reader<T>): ((name: string, place: Place) => T | null) => {
    const found = new Map<string, T | null>();
    for (const n of definitions(document, kind).keys()) {
      const path = ['define', kind, n];
      const own = newReport();
      const spec = read(document, path, own);
      report.include(own.all());
      if (spec === null) continue;
      if (found.has(spec.name)) {
        report.add('duplicate-name', document.place([...path, singular[kind]]), {
          name: spec.name, first: `one ${singular[kind]}`, second: `another ${singular[kind]}`,
        });
      }
      found.set(spec.name, own.hasErrors() ? null : spec);
    }
    const defined = [...found.keys()];
    return (name, place) => {
      const known = found.get(name);
      if (known !== undefined) return known;
      const source = library(kind, name);
      if (source === null) {
        const names = [...defined, ...shippedNames(kind)];
        report.add('unknown-spec', place, { name, kind: singular[kind], suggestion: nearest(name, names), known: names });
        return null;
      }
      const own = newReport();
      const other = readDocument(source, own);
      const spec = own.hasErrors() ? null : read(other, [], own);
      report.include(own.all());
      const usable = own.hasErrors() ? null : spec;
      found.set(name, usable);
      return usable;
    };
  };
  return {
    layer: finder('layers', readLayerAt), loss: finder('losses', readLossAt),
    activation: finder('activations', readActivationAt), penalty: finder('penalties', readPenaltyAt),
  };
}

/** What stands under `define` of one kind, of whatever form. */
function definitions(document: SpecDocument, kind: SpecKind): readonly unknown[] {
  const found = valueAt(document.value, ['define', kind]);
  return Array.isArray(found) ? found : [];
}
