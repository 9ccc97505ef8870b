// How large a network may be: every axis has entries, and the numbers of entries stay within what a machine holds.

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { extentOf } from './port-sizes.ts';
import type { Declaration } from './network.ts';
import { showRange } from './show.ts';
import { LARGEST_SIZE, sizeValue } from './sizes.ts';

export const MOST_LAYERS = 10_000;
export const MOST_PARAMETERS = 100_000_000;

export function checkLimits(declarations: readonly Declaration[], sizes: ReadonlyMap<string, number>, place: Place, report: Report): void {
  let parameters = 0;
  let empty = false;
  for (const { tensor, axes, role, place: declared } of declarations) {
    let entries = 1;
    for (const [n, { range }] of axes.entries()) {
      const extent = sizeValue(extentOf(range), sizes);
      if (extent === null) continue;
      // What is bound to an empty axis is empty too: the first one is the reason.
      if (extent < 1 && !empty) {
        empty = true;
        const values = `${sizeValue(range.lo, sizes) ?? ''}..${sizeValue(range.hi, sizes) ?? ''}`;
        report.add('empty-axis', declared, { name: tensor.name, position: n + 1, range: showRange(range), values });
      }
      // An index that begins at 0 has one entry more.
      if (extent > LARGEST_SIZE + 1) report.add('too-many-entries', declared, { name: tensor.name, count: extent, most: LARGEST_SIZE });
      entries *= Math.max(extent, 0);
    }
    if (role === 'parameter') parameters += entries;
    else if (entries > MOST_PARAMETERS) report.add('too-many-entries', declared, { name: tensor.name, count: entries, most: MOST_PARAMETERS });
  }
  if (parameters > MOST_PARAMETERS) report.add('too-many-parameters', place, { count: parameters, most: MOST_PARAMETERS });
}
