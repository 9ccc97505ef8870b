// One notation: where it is from, and every choice in words, with a formula that shows it.

import type { NotationSpec } from '../notation/notation-spec.ts';
import { type Choice, choices } from './notation-choices.ts';
import { formulaPhrases } from './notation-maths.ts';
import { type Block, heading, type Phrase, plainPhrase } from './phrase.ts';

export function notationShow(spec: NotationSpec): readonly Block[] {
  return [
    heading(1, `${spec.title} (${spec.name})`),
    ...sourceLines(spec).map((text): Block => ({ kind: 'paragraph', text })),
    {
      kind: 'table', head: [['choice'], ['here'], ['example']],
      rows: choices.map((choice) => {
        const example = exampleOf(choice, spec);
        return [[[choice.title]], [choice.words(spec)], example === null ? [] : [example]];
      }),
    },
  ];
}

/** Text, place, address, and where it was read. */
export function sourceLines({ source: { text, place, url, quoted } }: NotationSpec): readonly Phrase[] {
  const linked = (words: string): Phrase => words.split(/(https?:\/\/[^\s;)]+)/).map((part, n): Phrase[number] => (n % 2 === 1 ? { kind: 'link', text: part, url: part } : part)).filter((p) => p !== '');
  return [
    [text, ': ', ...linked(place), ...(url === null ? [] : [', ', ...linked(url)])],
    ...(quoted === null ? [] : [['Seen in: ', ...linked(quoted)]]),
  ];
}

/** The first formula of the part that the choice shows in. */
export function exampleOf({ example }: Choice, spec: NotationSpec): Phrase | null {
  if (example === null) return null;
  const { group, part, form } = example;
  return formulaPhrases(spec, group, part, form)[0] ?? formulaPhrases(spec, group, part, 'component')[0] ?? null;
}

export const notationShowJson = (spec: NotationSpec): unknown => ({
  name: spec.name, title: spec.title, source: spec.source,
  choices: choices.map((choice) => {
    const example = exampleOf(choice, spec);
    const [maths] = example ?? [];
    return {
      choice: choice.id, title: choice.title, value: choice.value(spec), words: plainPhrase(choice.words(spec)),
      example: typeof maths === 'object' && maths.kind === 'maths' ? { unicode: maths.unicode, latex: maths.latex } : null,
    };
  }),
});
