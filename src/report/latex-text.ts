// Sentences in LaTeX: special characters escaped, formulas between backticks set as mathematics, Unicode as commands.

import { greek } from '../notation/convention.ts';

const commands: ReadonlyMap<string, string> = new Map([
  ...[...greek].map(([name, letter]) => [letter, `\\${name === 'epsilon' ? 'varepsilon' : name === 'phi' ? 'varphi' : name}`] as const),
  ['∂', '\\partial'], ['∑', '\\sum'], ['Σ', '\\sum'], ['·', '\\cdot'], ['⊙', '\\odot'], ['≥', '\\geq'], ['≤', '\\leq'], ['≠', '\\neq'],
  ['→', '\\to'], ['∀', '\\forall'], ['′', "'"], ['−', '-'], ['ᵀ', '^T'], ['√', '\\surd'], ['𝟏', '\\mathbf{1}'], ['…', '\\dots'],
  ['½', '\\tfrac12'], ['×', '\\times'], ['∞', '\\infty'], ['∧', '\\land'], ['∨', '\\lor'], ['¬', '\\lnot'], ['‖', '\\|'], ['∈', '\\in'],
]);
const raised = new Map(zip('⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴺ', '0123456789+-=()abcdefghijklmnoprstuvwxyzN'));
const lowered = new Map(zip('₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ', '0123456789+-=aehijklmnoprstuvx'));
const accents = new Map([['\u0303', '\\tilde'], ['\u0302', '\\hat'], ['\u0304', '\\bar']]);

function zip(from: string, to: string): readonly (readonly [string, string])[] {
  const targets = Array.from(to);
  return Array.from(from).map((c, n) => [c, targets[n] ?? ''] as const);
}

/** A sentence of a step, for a LaTeX document or for Markdown with mathematics. */
export function latexText(text: string): string {
  return text.split(/(`[^`]*`)/).map((part) => {
    if (!part.startsWith('`')) return prose(part);
    const inner = part.slice(1, -1);
    // Words and paths are no formulas.
    return /^[\x20-\x7e]*[A-Za-z]{2}[\x20-\x7e]*$/.test(inner) ? `\\texttt{${escaped(inner)}}` : `$${formula(inner)}$`;
  }).join('');
}

/** Prose: whatever is not ASCII and no known letter becomes mathematics by itself. */
function prose(text: string): string {
  return escaped(text.replaceAll('–', '--').replaceAll('—', '---').replaceAll('’', "'"))
    .replace(/[^\x00-\x7f]+/g, (run) => `$${formula(run)}$`);
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '#': '\\#', '%': '\\%', '_': '\\_', '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
export const escaped = (text: string): string => text.replace(/[\\{}$&#%_~^]/g, (c) => special[c] ?? c);

/** A line of Unicode mathematics. */
function formula(text: string): string {
  let out = '';
  let open: '^' | '_' | null = null;
  // A remark may write scripts in ASCII: a^(k-1), W_(k-1).
  const braced = text.replace(/([\^_])\(([^()]*)\)/g, (_, mark: string, inner: string) => `${mark}\u0001${mark === '^' ? `(${inner})` : inner}\u0002`);
  for (const c of Array.from(braced)) {
    const up = raised.get(c);
    const down = lowered.get(c);
    const kind = up !== undefined ? '^' : down !== undefined ? '_' : null;
    if (kind !== open) out += `${open === null ? '' : '}'}${kind === null ? '' : `${kind}{`}`;
    open = kind;
    const accent = accents.get(c);
    if (accent !== undefined) out = out.replace(/(\\[A-Za-z]+ |.)$/, (letter) => `${accent}{${letter}}`);
    else out += up ?? down ?? symbol(c);
  }
  return out + (open === null ? '' : '}');
}

function symbol(c: string): string {
  if (c === '\u0001' || c === '\u0002') return c === '\u0001' ? '{' : '}';
  if (c === '^' || c === '_') return c;
  const command = commands.get(c);
  if (command !== undefined) return /[A-Za-z]$/.test(command) ? `${command} ` : command;
  if (/^[\x20-\x7e]$/.test(c)) return special[c] ?? c;
  // A letter that LaTeX would not know is left out rather than breaking the document.
  return '?';
}
