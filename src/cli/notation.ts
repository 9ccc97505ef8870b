// backproof notation: the ways of writing that textbooks have: which there are, what each chooses, and what differs between two.

import { pageMarkdown } from '../report/page-markdown.ts';
import { pageText } from '../report/page-text.ts';
import { notationList, notationListJson } from '../report/notation-list.ts';
import { notationShow, notationShowJson } from '../report/notation-show.ts';
import { notationDiff, notationDiffJson } from '../report/notation-diff.ts';
import type { Block } from '../report/phrase.ts';
import { shippedNotations } from '../notation/shipped-notations.ts';
import { notationNamed } from './notations.ts';
import { forEach } from './each.ts';
import { print } from './output.ts';
import { type CommonOptions, reportErrorsAs } from './run.ts';
import { columnsFor } from './terminal.ts';

export interface NotationCommandOptions extends CommonOptions {
  readonly format: 'text' | 'markdown' | 'json';
}

export function list(options: NotationCommandOptions): void {
  reportErrorsAs(options);
  const specs = shippedNotations();
  write(options, () => notationList(specs), () => notationListJson(specs));
}

export function show(name: string, options: NotationCommandOptions): void {
  reportErrorsAs(options);
  const spec = notationNamed(name);
  write(options, () => notationShow(spec), () => notationShowJson(spec));
}

export function diff(names: readonly [string, string], options: NotationCommandOptions): void {
  reportErrorsAs(options);
  const [a, b] = forEach(names, notationNamed);
  if (a === undefined || b === undefined) return;
  write(options, () => notationDiff(a, b), () => notationDiffJson(a, b));
}

function write({ format }: NotationCommandOptions, page: () => readonly Block[], json: () => unknown): void {
  switch (format) {
    case 'text':
      print(pageText(page(), columnsFor(process.stdout)));
      return;
    case 'markdown':
      print(pageMarkdown(page()));
      return;
    case 'json':
      print(JSON.stringify(json(), null, 2));
      return;
  }
}
