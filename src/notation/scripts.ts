// Unicode's superscripts and subscripts: which characters have one. There is no subscript b, q, w, nor a comma.

const superscripts: ReadonlyMap<string, string> = new Map(pairs(
  '0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ',
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ'));

const subscripts: ReadonlyMap<string, string> = new Map(pairs(
  '0123456789+-=()aehijklmnoprstuvxβγρφχ',
  '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ'));

function pairs(plain: string, small: string): readonly (readonly [string, string])[] {
  const raised = Array.from(small);
  return Array.from(plain).map((character, n) => [character, raised[n] ?? character] as const);
}

/** The text in superscripts, or null where Unicode lacks one of its characters. */
export const superscript = (text: string): string | null => translate(text, superscripts);
export const subscript = (text: string): string | null => translate(text, subscripts);

function translate(text: string, table: ReadonlyMap<string, string>): string | null {
  let result = '';
  for (const character of text) {
    const small = table.get(character);
    if (small === undefined) return null;
    result += small;
  }
  return result;
}

/** Fractions that are one character. */
export const vulgarFractions: ReadonlyMap<string, string> = new Map([
  ['1/2', '½'], ['1/3', '⅓'], ['2/3', '⅔'], ['1/4', '¼'], ['3/4', '¾'], ['1/6', '⅙'], ['1/8', '⅛'],
]);
