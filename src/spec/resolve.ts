// Finds the layers, activations, losses and penalties that a network names: its own definitions first, then the library.

import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { newReport, type Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type Path, readDocument, type SpecDocument } from './document.ts';
import type { LayerSpec } from './layer-spec.ts';
import { shippedNames, type SpecKind, type SpecSource } from './library.ts';
import { noNumbers, type Numbers, showChanges } from './numbers.ts';
import { type FunctionSpec, functionFrom } from './read-function.ts';
import { layerFrom, lossFrom } from './read-layer.ts';
import { usableFunction, usableLayer, usableLoss } from './parts.ts';
import { activationSchema, layerSchema, lossSchema, penaltySchema } from './schema.ts';
import { validate, valueAt } from './validate.ts';

/** Each finds a spec by name, or reports that there is none, or what is wrong with it, and gives null. */
export interface Resolver {
  layer(name: string, place: Place, numbers?: Numbers): LayerSpec | null;
  loss(name: string, place: Place, numbers?: Numbers): LayerSpec | null;
  activation(name: string, place: Place): FunctionSpec | null;
  penalty(name: string, place: Place): FunctionSpec | null;
  /** Whether there is a spec of a name, whatever is wrong with it. */
  has(kind: SpecKind, name: string): boolean;
  /** The names that are known of a kind, for suggestions. */
  names(kind: SpecKind): readonly string[];
}

type Reader<T> = (document: SpecDocument, path: Path, report: Report, numbers?: Numbers) => T | null;

const readLayerAt: Reader<LayerSpec> = (document, path, report, numbers) => {
  const usable = usableLayer(validate(layerSchema, document, path, report));
  return layerFrom(document, path, usable, report, numbers);
};
const readLossAt: Reader<LayerSpec> = (document, path, report, numbers) => {
  const usable = usableLoss(validate(lossSchema, document, path, report));
  return lossFrom(document, path, usable, report, numbers);
};
const readActivationAt: Reader<FunctionSpec> = (document, path, report) => {
  const usable = usableFunction(validate(activationSchema, document, path, report), 'activation');
  return usable === null ? null : functionFrom(document, path, usable, report);
};
const readPenaltyAt: Reader<FunctionSpec> = (document, path, report) => {
  const usable = usableFunction(validate(penaltySchema, document, path, report), 'penalty');
  return usable === null ? null : functionFrom(document, path, usable, report);
};

/** What a whole file describes, or null with the reasons reported. */
export const readers = { layer: readLayerAt, loss: readLossAt, activation: readActivationAt, penalty: readPenaltyAt };

const singular: Readonly<Record<SpecKind, keyof typeof readers>> =
  { layers: 'layer', losses: 'loss', activations: 'activation', penalties: 'penalty' };

/** All definitions in place are read, used or not, even where the file around them is not well-formed. */
export function newResolver(document: SpecDocument, library: SpecSource, report: Report): Resolver {
  const finder = <T extends Found>(kind: SpecKind, read: Reader<T>): ((name: string, place: Place, numbers?: Numbers) => T | null) => {
    const found = new Map<string, T | null>();
    /** Where each stands, to be read again with other numbers. */
    const where = new Map<string, { readonly document: SpecDocument; readonly path: Path }>();
    for (const n of definitions(document, kind).keys()) {
      const path = ['define', kind, n];
      const own = newReport();
      const spec = read(document, path, own);
      report.include(own.all());
      const name = valueAt(document.value, [...path, singular[kind]]);
      if (typeof name !== 'string') continue;
      if (found.has(name)) {
        report.add('duplicate-name', document.place([...path, singular[kind]]), {
          name, first: `one ${singular[kind]}`, second: `another ${singular[kind]}`,
        });
      }
      found.set(name, own.hasErrors() ? null : spec);
      where.set(name, { document, path });
    }
    const defined = [...found.keys()];
    const usual = (name: string, place: Place): T | null => {
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
      where.set(name, { document: other, path: [] });
      return usable;
    };
    const again = new Map<string, T | null>();
    return (name, place, numbers = noNumbers) => {
      const spec = usual(name, place);
      const at = where.get(name);
      const changed = spec === null ? '' : showChanges(spec, numbers);
      if (spec === null || at === undefined || changed === '') return spec;
      const key = `${name}: ${changed}`;
      let known = again.get(key);
      if (known === undefined) {
        const own = newReport();
        known = read(at.document, at.path, own, numbers);
        // Warnings do not depend on numbers, and have been given.
        if (own.hasErrors()) {
          report.include(own.all());
          known = null;
        }
        again.set(key, known);
      }
      return known;
    };
  };
  const defined = (kind: SpecKind): readonly string[] => definitions(document, kind).flatMap((_, n) => {
    const name = valueAt(document.value, ['define', kind, n, singular[kind]]);
    return typeof name === 'string' ? [name] : [];
  });
  return {
    has: (kind, name) => defined(kind).includes(name) || library(kind, name) !== null,
    names: (kind) => [...defined(kind), ...shippedNames(kind)],
    layer: finder('layers', readLayerAt), loss: finder('losses', readLossAt),
    activation: finder('activations', readActivationAt), penalty: finder('penalties', readPenaltyAt),
  };
}

/** What there is to find. */
interface Found {
  readonly name: string;
  readonly constants: ReadonlyMap<string, Rational>;
}

/** What stands under `define` of one kind, of whatever form. */
function definitions(document: SpecDocument, kind: SpecKind): readonly unknown[] {
  const found = valueAt(document.value, ['define', kind]);
  return Array.isArray(found) ? found : [];
}
