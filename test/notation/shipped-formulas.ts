// The formulas of everything that is shipped: forward equations, signals, recursions and gradients, of one sample and of all.

import { readdirSync, readFileSync } from 'node:fs';
import type { ComponentFormula } from '../../src/notation/arrangement.ts';
import { liftSamples } from '../../src/spec/samples.ts';
import { ofAllSamples } from '../../src/notation/samples-form.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { componentsOf } from '../../src/notation/components.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { System } from '../../src/spec/network.ts';

export interface ShippedFormula {
  readonly where: string;
  readonly formula: ComponentFormula;
  readonly system: System;
  /** The same for all samples, where that is another formula. */
  readonly batch: { readonly formula: ComponentFormula; readonly system: System } | null;
}

/** Those of folders of specs; formulas that differ in their layer number alone are one. */
export function shippedFormulas(...folders: readonly string[]): readonly ShippedFormula[] {
  const seen = new Set<string>();
  return folders.flatMap((folder) => formulasIn(folder, seen));
}

function formulasIn(folder: string, seen: Set<string>): readonly ShippedFormula[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).flatMap((name) => {
    const file = `${folder}/${name}`;
    const derivation = deriveSpec({ file, text: readFileSync(file, 'utf8') }, shippedLibrary);
    return derivation.steps.flatMap((step): readonly ShippedFormula[] => {
      const formula = componentsOf(step);
      if (formula === null || seen.has(keyOf(formula))) return [];
      seen.add(keyOf(formula));
      // With E and its penalties, where there is a network.
      const system = derivation.backward?.system ?? derivation.system;
      const lifted = ofAllSamples(formula, system);
      const batch = lifted === null ? null : { formula: lifted, system: liftSamples(system).system };
      return [{ where: `${file}: ${step.title}`, formula, system, batch }];
    });
  });
}

/** Layer numbers are counted from the formula's own; layer N is declared nowhere. */
function keyOf(formula: ComponentFormula): string {
  const { layer } = formula.tensor;
  return JSON.stringify(formula, (_name, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null || !('offset' in value) || !('symbol' in value)) return value;
    return layer !== null && value.symbol === layer.symbol && typeof value.offset === 'number' ? `${layer.symbol === 'N' ? 'last' : 'own'} ${String(value.offset - layer.offset)}` : value;
  });
}
