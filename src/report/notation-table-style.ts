// How the page of all notations looks: a first column that stays, light and dark as the reader has it, black on white on paper.

export const tableStyle = `:root {
  color-scheme: light dark;
  --page: #fbfaf7; --ink: #1d1d1f; --faint: #6a6862; --line: #dedad0; --band: #f1eee6; --link: #1f5fa8;
}
@media (prefers-color-scheme: dark) {
  :root { --page: #16171a; --ink: #e8e6e1; --faint: #9b9890; --line: #34353a; --band: #202226; --link: #86b7f2; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; padding: 1.5rem clamp(.8rem, 3vw, 2.5rem) 4rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .6rem; font-size: clamp(1.5rem, 4vw, 2.2rem); line-height: 1.15; }
h2 { margin: 2.5rem 0 .4rem; font-size: 1.3rem; }
p { max-width: 46rem; margin: .5rem 0; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin-top: 1rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; margin-top: .8rem; }
table { border-collapse: separate; border-spacing: 0; font-size: .92rem; }
th, td { padding: .55rem .8rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); border-right: 1px solid var(--line); }
tr > :last-child { border-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
thead th, thead td { background: var(--band); vertical-align: bottom; }
thead small { display: block; max-width: 14rem; color: var(--faint); font-weight: normal; line-height: 1.25; }
tbody th, thead td { position: sticky; left: 0; z-index: 1; background: var(--band); }
tbody th { width: 8.5rem; min-width: 8.5rem; font-weight: 600; }
#choices td { min-width: 8rem; max-width: 15rem; }
#choices .same { color: var(--faint); opacity: .75; }
.formulas td { white-space: nowrap; }
.formulas .components > div, .formulas .vectors > div { padding: .18rem 0; }
.formulas .components + .vectors { margin-top: .45rem; padding-top: .45rem; border-top: 1px dotted var(--line); }
.why { min-width: 11rem; max-width: 15rem; margin: .2rem 0; color: var(--faint); font-size: .88rem; white-space: normal; }
math { font-size: 1.08em; }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: .2rem 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); scroll-margin-top: 1rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { padding-top: 1rem; }
  th, td { padding: .45rem .6rem; }
  tbody th { width: 6rem; min-width: 6rem; font-size: .85rem; overflow-wrap: anywhere; }
  dl > div { grid-template-columns: 1fr; }
}
@media print {
  @page { size: A3 landscape; margin: 1cm; }
  :root { --page: #fff; --ink: #000; --faint: #444; --line: #bbb; --band: #f4f4f4; --link: #000; }
  body { padding: 0; font-size: 9pt; }
  nav { display: none; }
  .scroll { overflow: visible; border: 0; }
  tbody th, thead td { position: static; }
  tr, dl > div { break-inside: avoid; }
}
`;
