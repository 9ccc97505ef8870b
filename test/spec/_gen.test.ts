import { test } from 'vitest';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { readAny, line } from './read-any.ts';
test('gen', () => {
  const dir = '/tmp/s/cases', out = 'test/cases/errors';
  for (const f of readdirSync(dir)) {
    const body = readFileSync(`${dir}/${f}`, 'utf8');
    let header = '';
    for (let k = 0; k < 4; k += 1) {
      const found = readAny({ file: f, text: header + body });
      const next = found.map((d) => `# expect ${line(d, f)}\n`).join('');
      if (next === header) break;
      header = next;
    }
    if (header === '') console.log('NOTHING EXPECTED', f);
    writeFileSync(`${out}/${f}`, header + body);
  }
});
