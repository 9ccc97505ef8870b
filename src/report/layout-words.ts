// What a layout of vectors, derivatives and samples says, in words.

import type { MatrixLayout } from '../notation/matrix-layout.ts';

/** @param inSamples whether anything is said of all samples at once */
export function layoutInWords({ vectors, derivatives, samples }: MatrixLayout, inSamples: boolean): string {
  const [line, turned] = vectors === 'columns' ? ['column', 'row'] : ['row', 'column'];
  const own = 'a derivative has the shape of what it is taken by';
  const derivative = ((): string => {
    switch (derivatives) {
      case 'denominator': return own;
      case 'numerator': return `a derivative by a ${line} is a ${turned}, one by a matrix has the shape of its transpose`;
      case 'mixed': return `a derivative by a ${line} is a ${turned}, but one by a parameter has the shape of the parameter`;
    }
  })();
  const all = inSamples && samples !== 'sum' ? ` In samples: each is a ${samples === 'columns' ? 'column' : 'row'} of one matrix.` : '';
  return `In vectors: a vector is a ${line}; ${derivative}.${all}`;
}
