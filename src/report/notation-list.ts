// The notations that come with the program, a row each.

import type { NotationSpec } from '../notation/notation-spec.ts';
import { specialWords } from './notation-choices.ts';
import { type Block, plainPhrase } from './phrase.ts';

export const notationList = (specs: readonly NotationSpec[]): readonly Block[] => [{
  kind: 'table', head: [['name'], ['title'], ['special'], ['source']],
  rows: specs.map((spec) => [[[spec.name]], [[spec.title]], [specialWords(spec)], [[spec.source.text], [spec.source.place]]]),
}];

export const notationListJson = (specs: readonly NotationSpec[]): unknown =>
  ({ notations: specs.map((spec) => ({ name: spec.name, title: spec.title, special: plainPhrase(specialWords(spec)), source: spec.source })) });
