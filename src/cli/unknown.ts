// A word that is no command: perhaps a misspelt one, perhaps a file without its command.

import { nearest } from '../diagnostics/suggest.ts';

export function unknownCommand(word: string, commands: readonly string[], under = ''): Promise<{ message: string; help: string }> {
  const suggestion = nearest(word, commands);
  const help = suggestion !== null ? `Did you mean \`backproof ${under}${suggestion}\`?`
    : /\.ya?ml$|\//.test(word) ? `Say what to do with it: \`backproof derive ${word}\`, or emit, or check.`
      : 'The commands are derive, emit, check, translate and notation; backproof --help says more.';
  return Promise.resolve({ message: `there is no command \`${word}\``, help });
}
