// backproof notation table: the same formulas in every notation, as Markdown or as a page for a browser.

import { extname } from 'node:path';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { shippedNotations } from '../notation/shipped-notations.ts';
import { notationTable, type NotationTable } from '../report/notation-table.ts';
import { proveTable } from '../report/notation-proved.ts';
import { print, writeFiles } from './output.ts';
import { type CommonOptions, reportErrorsAs } from './run.ts';

export type TableCommandOptions = CommonOptions;

export async function table(options: TableCommandOptions): Promise<void> {
  reportErrorsAs(options);
  const { output } = options;
  const write = await writerFor(output ?? 'table.md');
  const shown = notationTable(shippedNotations());
  proveTable(shown);
  const text = write(shown);
  if (output === undefined) print(text);
  else writeFiles([{ path: output, text }]);
}

async function writerFor(path: string): Promise<(table: NotationTable) => string> {
  const ending = extname(path);
  if (ending === '.md') return (await import('../report/notation-table-markdown.ts')).notationTableMarkdown;
  if (ending === '.html') return (await import('../report/notation-table-html.ts')).notationTableHtml;
  throw new DiagnosticError([diagnostic('bad-usage', null, {
    message: `the table is written as Markdown or HTML, and ${path} is neither`, help: 'End the name of the file in .md or .html.',
  })]);
}
