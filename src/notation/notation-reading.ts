// A notation file in the course of being read: what the checks of the whole look at.

import type { Report } from '../diagnostics/report.ts';
import type { Path, SpecDocument } from '../spec/document.ts';
import type { NotationSpec } from './notation-spec.ts';

export interface NotationReading {
  readonly spec: NotationSpec;
  readonly document: SpecDocument;
  readonly report: Report;
  /** The line of what stands at a path; null when the file has nothing there, and the spec what that means. */
  readonly line: (path: Path) => number | null;
}
