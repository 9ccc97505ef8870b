// How the page of all notations looks: light and dark as the reader has it, black on white on paper.

export const tableStyle = `:root {
  color-scheme: light dark;
  --page: #fbfaf7; --ink: #1d1d1f; --faint: #6a6862; --line: #dedad0; --band: #f1eee6; --link: #1f5fa8;
}
@media (prefers-color-scheme: dark) {
  :root { --page: #16171a; --ink: #e8e6e1; --faint: #9b9890; --line: #34353a; --band: #202226; --link: #86b7f2; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.6rem; -webkit-text-size-adjust: 100%; }
body { max-width: 86rem; margin: 0 auto; padding: 1.5rem clamp(.8rem, 3vw, 2.5rem) 4rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .6rem; font-size: clamp(1.5rem, 4vw, 2.2rem); line-height: 1.15; }
h2 { margin: 3rem 0 .4rem; font-size: 1.4rem; }
h3 { margin: 1.8rem 0 .5rem; font-size: 1.05rem; }
h3::first-letter { text-transform: uppercase; }
p { max-width: 46rem; margin: .5rem 0; }
a { color: var(--link); }
nav ul { margin: 1rem 0; padding: 0; list-style: none; }
nav li { margin: .15rem 0; }
nav li > a:first-child { font-weight: 600; }
.shown {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .1rem .9rem; align-items: baseline;
  padding: .45rem 0; border-bottom: 1px solid var(--line); background: var(--page); font-size: .9rem;
}
.shown span { color: var(--faint); }
.shown label { white-space: nowrap; cursor: pointer; }
.shown input { margin: 0 .3rem 0 0; vertical-align: -.1em; accent-color: var(--link); }
.shown button { padding: 0 .6rem; border: 1px solid var(--line); border-radius: 4px; background: var(--band); color: inherit; font: inherit; cursor: pointer; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: .92rem; }
th, td { padding: .4rem .8rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--faint); font-size: .85rem; font-weight: 600; white-space: nowrap; }
tbody th, thead td { position: sticky; left: 0; z-index: 1; width: 9.5rem; min-width: 8.2rem; background: var(--band); border-right: 1px solid var(--line); }
tbody th { font-weight: 600; }
tbody th a { color: inherit; text-decoration: none; }
tbody th a:hover { text-decoration: underline; }
.legend { font-size: .88rem; line-height: 1.35; }
.legend th, .legend td { padding: .4rem .5rem; }
.legend tbody th, .legend thead td { width: 7.6rem; min-width: 7.6rem; }
.legend .same { color: var(--faint); opacity: .7; }
#symbols td { white-space: nowrap; }
#symbols td:last-child { min-width: 17rem; color: var(--faint); font-size: .84rem; white-space: normal; }
#choices th { white-space: normal; }
#choices td { min-width: 5rem; }
#choices td:nth-child(4) { min-width: 7rem; }
#choices td:nth-child(6) { min-width: 11.5rem; }
.formulas tbody td { width: 45%; vertical-align: middle; }
.formulas tbody th { vertical-align: middle; }
.formulas td > div { display: inline-block; margin: .15rem 2rem .15rem 0; vertical-align: middle; white-space: nowrap; }
.why { margin: .1rem 0; color: var(--faint); font-size: .88rem; }
.unsaid td { color: var(--faint); font-size: .88rem; }
.unsaid b { margin-left: .5rem; font-weight: 600; }
math { font-size: 1.1em; }
dl > div { display: grid; grid-template-columns: 9.5rem 1fr; gap: .2rem 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 46rem) {
  body { padding-top: 1rem; }
  th, td { padding: .4rem .55rem; }
  tbody th, thead td { width: 6rem; min-width: 6rem; font-size: .82rem; overflow-wrap: anywhere; }
  .shown { position: static; }
  .formulas thead { display: none; }
  .formulas tr { display: grid; grid-template-columns: 6rem 1fr; border-bottom: 1px solid var(--line); }
  .formulas tbody th, .formulas tbody td { width: auto; border-bottom: 0; }
  .formulas tbody th { grid-row: span 2; align-content: center; }
  .formulas tbody td { grid-column: 2; overflow-x: auto; }
  .formulas td > div { display: block; margin: .4rem 0; }
  .formulas .unsaid { display: block; }
  dl > div { grid-template-columns: 1fr; }
}
@media print {
  @page { size: A4 landscape; margin: 1.2cm; }
  :root { --page: #fff; --ink: #000; --faint: #444; --line: #bbb; --band: #f4f4f4; --link: #000; }
  body { max-width: none; padding: 0; font-size: 8.5pt; }
  nav, .shown { display: none; }
  .scroll { overflow: visible; border: 0; }
  table { font-size: inherit; }
  tbody th, thead td { position: static; }
  #symbols td:last-child { min-width: 0; }
  th, td { padding: .25rem .4rem; }
  h2, h3 { break-after: avoid; }
  tr, dl > div { break-inside: avoid; }
}
`;
