// Elementary functions and their derivatives to 80 digits, as the yardstick of the double-precision ones.

import { all, type BigNumber, create, type MathJsInstance } from 'mathjs';
import type { ElementaryName } from '../../src/algebra/expression.ts';
import { fromNumber } from '../../src/algebra/rational.ts';

export const big: MathJsInstance = create(all ?? {}, { number: 'BigNumber', precision: 80 });

/** The double itself, not its shortest decimal. */
export function exactly(x: number): BigNumber {
  const { n, d } = fromNumber(x);
  return big.divide(big.bignumber(n.toString()), big.bignumber(d.toString())) as BigNumber;
}

/** erf by its Maclaurin series, with digits to spare for what cancels up to |x| = 6. */
function erf(x: BigNumber): BigNumber {
  let term = x;
  let total = x;
  for (let n = 1; n < 400; n += 1) {
    term = big.divide(big.multiply(term, big.multiply(x, x)), -n) as BigNumber;
    total = big.add(total, big.divide(term, 2 * n + 1) as BigNumber);
  }
  return big.multiply(total, big.divide(2, big.sqrt(big.bignumber(String(big.evaluate('pi')))))) as BigNumber;
}

const of = (formula: string): ((x: BigNumber) => BigNumber) => {
  const compiled = big.compile(formula);
  return (x) => compiled.evaluate({ x }) as BigNumber;
};

export const values: Readonly<Record<ElementaryName, (x: BigNumber) => BigNumber>> = {
  exp: of('exp(x)'), log: of('log(x)'), sin: of('sin(x)'), cos: of('cos(x)'), atan: of('atan(x)'), erf,
  tan: of('tan(x)'), sinh: of('(exp(x)-exp(-x))/2'), cosh: of('(exp(x)+exp(-x))/2'),
  tanh: of('1-2/(exp(2x)+1)'), log1p: of('log(1+x)'), expm1: of('exp(x)-1'),
};

export const slopes: Readonly<Record<ElementaryName, (x: BigNumber) => BigNumber>> = {
  exp: of('exp(x)'), log: of('1/x'), sin: of('cos(x)'), cos: of('-sin(x)'), atan: of('1/(1+x^2)'),
  erf: of('2/sqrt(pi)*exp(-x^2)'), tan: of('1+tan(x)^2'), sinh: values.cosh, cosh: values.sinh,
  tanh: of('4/(exp(x)+exp(-x))^2'), log1p: of('1/(1+x)'), expm1: of('exp(x)'),
};

/** |computed - exact| in units in the last place of the exact value. */
export function ulps(computed: number, exact: BigNumber): number {
  const nearest = Math.abs(exact.toNumber());
  const ulp = nearest < 2 ** -1022 ? 2 ** -1074 : 2 ** (Math.floor(Math.log2(nearest)) - 52);
  return (big.divide(big.abs(big.subtract(exactly(computed), exact)), exactly(ulp)) as BigNumber).toNumber();
}
