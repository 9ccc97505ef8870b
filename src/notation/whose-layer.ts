// Whether a symbol says whose layer it belongs to when it has no indices: without numbers the units' letters do, and a
// vector or a matrix has none.

import type { NotationSpec } from './notation-spec.ts';

export const tellsLayers = ({ layers }: NotationSpec): boolean => layers.mark !== 'letters' || layers.symbols.size > 0;
