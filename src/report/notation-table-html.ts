// The notations side by side as a page of its own: formulas in MathML, nothing to load, readable on a phone and on paper.

import { escapedHtml, mathsHtml, phraseHtml } from './page-html.ts';
import { differences } from './notation-differences.ts';
import type { Cell } from './notation-cell.ts';
import { sourceLines } from './notation-show.ts';
import type { NotationTable, TableGroup } from './notation-table.ts';
import { tableStyle } from './notation-table-style.ts';
import type { Maths } from './phrase.ts';

export function notationTableHtml(table: NotationTable): string {
  const { notations } = table;
  const names = notations.map(({ spec }) => `<th scope="col"><a href="#${spec.name}">${spec.name}</a><small>${escapedHtml(shortTitle(spec.title))}</small></th>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapedHtml(table.title)}</title>
<style>
${tableStyle}</style>
</head>
<body>
<header>
<h1>${escapedHtml(table.title)}</h1>
${table.intro.map((text) => `<p>${phraseHtml(text)}</p>`).join('\n')}
<nav>${[['choices', 'What they choose'], ...table.groups.map((g) => [g.id, g.title]), ['sources', 'Sources']].map(([id, title]) => `<a href="#${id ?? ''}">${escapedHtml(title ?? '')}</a>`).join(' ')}</nav>
</header>
<section id="choices">
<h2>What they choose</h2>
<div class="scroll" tabindex="0"><table>
<thead><tr><td></td>${names}</tr></thead>
<tbody>
${differences(notations.map((n) => n.spec)).map(({ title, cells }) => `<tr><th scope="row">${escapedHtml(title)}</th>${cells.map(({ words, same }, n) => `<td${same && n > 0 ? ' class="same"' : ''}>${phraseHtml(words)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table></div>
</section>
${table.groups.map((group) => groupHtml(group, names)).join('\n')}
<section id="sources">
<h2>Sources</h2>
<dl>
${notations.map(({ spec, special }) => `<div id="${spec.name}"><dt>${spec.name}</dt><dd><b>${escapedHtml(spec.title)}</b> (${phraseHtml(special)}).<br>${sourceLines(spec).map(phraseHtml).join('<br>')}</dd></div>`).join('\n')}
</dl>
</section>
</body>
</html>
`;
}

const groupHtml = ({ id, title, remark, rows }: TableGroup, names: string): string => `<section id="${id}">
<h2>${escapedHtml(title)}</h2>
<p>${phraseHtml(remark)}</p>
<div class="scroll" tabindex="0"><table class="formulas">
<thead><tr><td></td>${names}</tr></thead>
<tbody>
${rows.map((row) => `<tr><th scope="row">${escapedHtml(row.title)}</th>${row.cells.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table></div>
</section>`;

const cellHtml = ({ components, vectors, why }: Cell): string => [
  ...lines('components', components), ...lines('vectors', vectors), ...(why === null ? [] : [`<p class="why">${phraseHtml(why)}</p>`]),
].join('');

const lines = (kind: string, formulas: readonly Maths[]): readonly string[] =>
  (formulas.length === 0 ? [] : [`<div class="${kind}">${formulas.map((f) => `<div>${mathsHtml(f.latex)}</div>`).join('')}</div>`]);

/** Without what stands in brackets. */
const shortTitle = (title: string): string => title.replace(/ \([^()]*\)$/, '');

