import { test } from 'vitest';
import { parseSyntax } from '../../src/spec/syntax.ts';
test('try', () => {
  for (const s of ['sum(j, W[i, j] * x[j]) + b[i]','sum(j = 1..n, x[j])', '[1 <= j and j = n]*x[2*j-1]', 'a > 0 ? a : alpha*a', '[i]', 'sum()', 'a +', 'a + * b', '(a', 'a; b', '`x`', 'x = 3', '2 x', 'a ? b', '[i,j]', 'x[]', 'x[1:3]', '[]', 'a..b','a?b:c:d', '1..2', 'x[i=j]', 'sum(j=1..2..3, x)', 'a : b','f(a)(b)','-'.repeat(200)+'x', 'x'+'^x'.repeat(200), '('.repeat(200), 'x^2+'.repeat(200)+'1', 'a?b:'.repeat(200)+'c', 'a+'.repeat(4900)+'a','v0 v1', 'and', 'a and', 'not', ',', 'a,b', '1e5', '1.e', '.5.5', "x'", 'x.y', '2x', 'min(a,b)', 'sum(j = 1:3, x[j])', 'x!','x%2', 'a==b==c', '5(3)', '(5)(3)', 'e', 'i','mod','a to b', 'a in b', 'x[i][j]', 'not i = j', '[not (i=j)]']) {
    const p = parseSyntax(s); console.log(s.slice(0,40), '=>', JSON.stringify(p).slice(0, 260));
  }
});
