// Functions that Math has not, printed into a module where they are used.

import type { Language } from './write.ts';
import type { HelperName } from './program.ts';

/** The source of a helper in the language. */
export const helperText = (name: HelperName, language: Language): string => texts[name](language);

const texts: Readonly<Record<HelperName, (language: Language) => string>> = { erf: erfText };

/**
 * erf after W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969) 631-637, with the
 * coefficients of his CALERF; relative error below 1e-15 (2 to 3 units in the last place) in double precision.
 */
function erfText(language: Language): string {
  const type = language === 'typescript' ? ': number' : '';
  const numeric = (coefficients: readonly number[], variable: string): string =>
    coefficients.map(String).reduce((inner, c, n) => (n === 1 ? `${inner === '1' ? '' : `${inner} * `}${variable} + ${c}` : `(${inner}) * ${variable} + ${c}`));
  return [
    '// erf after W. J. Cody, Math. Comp. 23 (1969) 631-637: relative error below 1e-15.',
    `function erf(x${type})${type} {`,
    '  const y = Math.abs(x);',
    '  if (y <= 0.46875) {',
    '    const z = y * y;',
    `    return x * (${numeric(small.above, 'z')}) / (${numeric(small.below, 'z')});`,
    '  }',
    '  if (!(y < 6)) return y === y ? Math.sign(x) : y;',
    '  // exp(-y²) with y = head + tail, so that the square loses nothing.',
    '  const head = Math.trunc(y * 16) / 16;',
    '  const decay = Math.exp(-head * head) * Math.exp(-(y - head) * (y + head));',
    '  let rest = 0;',
    '  if (y <= 4) {',
    `    rest = decay * (${numeric(middle.above, 'y')}) / (${numeric(middle.below, 'y')});`,
    '  } else {',
    '    const z = 1 / (y * y);',
    `    const r = z * (${numeric(large.above, 'z')}) / (${numeric(large.below, 'z')});`,
    '    rest = decay * (0.5641895835477563 - r) / y;',
    '  }',
    '  return x > 0 ? 1 - rest : rest - 1;',
    '}',
  ].join('\n');
}

/** Highest power first. |x| ≤ 0.46875: erf(x) = x·above(x²)/below(x²). */
const small = {
  above: [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3],
  below: [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3],
};

/** 0.46875 < y ≤ 4: erfc(y) = exp(-y²)·above(y)/below(y). */
const middle = {
  above: [
    2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
    8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
  ],
  below: [
    1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
    4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
  ],
};

/** y > 4: erfc(y) = exp(-y²)/y·(1/√π - z·above(z)/below(z)), z = 1/y². */
const large = {
  above: [
    1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2,
    6.58749161529837803e-4,
  ],
  below: [
    1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3,
  ],
};
