// The notations side by side as a page of its own: a table for each formula, a row for each notation; formulas in MathML,
// nothing to load, readable on a phone and on paper. Which notations are shown is chosen without any script.

import { escapedHtml, formulaHtml, phraseHtml } from './page-html.ts';
import { type Cell, isSaid, unsaidIn } from './notation-cell.ts';
import { choiceLegend, type Legend, symbolLegend } from './notation-legend.ts';
import { sourceLines } from './notation-show.ts';
import type { NotationTable, TableGroup } from './notation-table.ts';
import { tableStyle } from './notation-table-style.ts';
import type { Maths, Phrase } from './phrase.ts';

export function notationTableHtml(table: NotationTable): string {
  const { notations, groups } = table;
  const specs = notations.map((n) => n.spec);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapedHtml(table.title)}</title>
<style>
${tableStyle}${specs.map(({ name }) => `body:has(#show-${name}:not(:checked)) .of-${name} { display: none; }`).join('\n')}
</style>
</head>
<body>
<header>
<h1>${escapedHtml(table.title)}</h1>
${table.intro.map((text) => `<p>${phraseHtml(text)}</p>`).join('\n')}
</header>
<nav>
<ul>
<li><a href="#symbols">What the symbols stand for</a></li>
<li><a href="#choices">What they choose</a></li>
${groups.map((g) => `<li><a href="#${g.id}">${escapedHtml(g.title)}</a>: ${g.rows.map((r) => `<a href="#${g.id}-${r.part}">${escapedHtml(r.title)}</a>`).join(', ')}</li>`).join('\n')}
<li><a href="#sources">Sources</a></li>
</ul>
</nav>
<form class="shown"><span>Show</span>
${specs.map(({ name, title }) => `<label title="${escapedHtml(title)}"><input type="checkbox" id="show-${name}" checked autocomplete="off">${name}</label>`).join('\n')}
<button type="reset">all</button></form>
<section id="symbols">
<h2>What the symbols stand for</h2>
${legendHtml(symbolLegend(specs))}
</section>
<section id="choices">
<h2>What they choose</h2>
${legendHtml(choiceLegend(specs))}
</section>
${groups.map((group) => groupHtml(group, table)).join('\n')}
<section id="sources">
<h2>Sources</h2>
<dl>
${notations.map(({ spec, special }) => `<div id="${spec.name}" class="of-${spec.name}"><dt>${spec.name}</dt><dd><b>${escapedHtml(spec.title)}</b> (${phraseHtml(special)}).<br>${sourceLines(spec).map(phraseHtml).join('<br>')}</dd></div>`).join('\n')}
</dl>
</section>
</body>
</html>
`;
}

const nameCell = (name: string): string => `<th scope="row"><a href="#${name}">${name}</a></th>`;

const legendHtml = ({ titles, rows }: Legend): string => `<div class="scroll" tabindex="0"><table class="legend">
<thead><tr><td></td>${titles.map((t) => `<th scope="col">${escapedHtml(t)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(({ spec, cells }) => `<tr class="of-${spec.name}">${nameCell(spec.name)}${cells.map(({ words, same }) => `<td${same ? ' class="same"' : ''}>${phraseHtml(words)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`;

const groupHtml = ({ id, title, remark, rows }: TableGroup, { notations }: NotationTable): string => `<section id="${id}">
<h2>${escapedHtml(title)}</h2>
<p>${phraseHtml(remark)}</p>
${rows.map((row) => {
    const cells = row.cells.map((cell, n) => ({ name: notations[n]?.spec.name ?? '', cell }));
    return `<h3 id="${id}-${row.part}">${escapedHtml(row.title)}</h3>
<div class="scroll" tabindex="0"><table class="formulas">
<thead><tr><td></td><th scope="col">in components</th><th scope="col">in matrices and vectors</th></tr></thead>
<tbody>
${[...cells.filter((c) => isSaid(c.cell)).map(rowHtml), ...unsaidIn(cells).map(unsaidHtml)].join('\n')}
</tbody>
</table></div>`;
  }).join('\n')}
</section>`;

const rowHtml = ({ name, cell: { components, vectors, why } }: { readonly name: string; readonly cell: Cell }): string =>
  `<tr class="of-${name}">${nameCell(name)}<td>${formulasHtml(components)}</td><td>${formulasHtml(vectors)}${why === null ? '' : `<p class="why">${phraseHtml(why)}</p>`}</td></tr>`;

/** Several that have none for the same reason. */
const unsaidHtml = ({ why, names }: { readonly why: Phrase; readonly names: readonly string[] }): string =>
  `<tr class="unsaid"><td colspan="3">${phraseHtml(why)}${names.map((name) => ` <b class="of-${name}">${name}</b>`).join('')}</td></tr>`;

const formulasHtml = (formulas: readonly Maths[]): string => formulas.map((f) => `<div>${formulaHtml(f.latex)}</div>`).join('');
