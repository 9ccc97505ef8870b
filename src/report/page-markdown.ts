// A page in Markdown, formulas between dollars.

import type { Block, Phrase } from './phrase.ts';

export const pageMarkdown = (blocks: readonly Block[]): string => `${blocks.map(blockMarkdown).join('\n\n')}\n`;

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading': return `${'#'.repeat(block.level)} ${phrase(block.text)}`;
    case 'paragraph': return phrase(block.text);
    case 'list': return block.items.map((item) => `- ${phrase(item)}`).join('\n');
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
      return [
        row(block.head.map((h) => phrase(h, true))), row(block.head.map(() => '---')),
        ...block.rows.map((cells) => row(cells.map((lines) => lines.map((l) => phrase(l, true)).join('<br>')))),
      ].join('\n');
    }
  }
}

/** A bar would end a cell; LaTeX has a word for it. */
const phrase = (text: Phrase, inTable = false): string => text.map((part) => {
  if (typeof part === 'string') return escaped(part);
  if (part.kind === 'link') return part.text === part.url ? `<${part.url}>` : `[${escaped(part.text)}](${part.url})`;
  return `$${inTable ? part.latex.replaceAll('|', '\\vert ') : part.latex}$`;
}).join('');

const escaped = (text: string): string => text.replace(/[\\*_`|[\]<$]/g, (c) => `\\${c}`);
