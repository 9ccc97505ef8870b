import { test } from 'vitest';
import { derivationText } from '../../src/report/derivation-text.ts';
import { derivationMarkdown } from '../../src/report/derivation-markdown.ts';
import { derivationLatex } from '../../src/report/derivation-latex.ts';
import { derivationJson } from '../../src/report/derivation-json.ts';
import { dense } from './fixture.ts';
test('x', () => { console.log(derivationText(dense)); console.log(derivationMarkdown(dense)); console.log(derivationLatex(dense)); console.log(JSON.stringify(derivationJson(dense), null, 1).slice(0, 1500)); });
