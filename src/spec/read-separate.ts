// How the entries of a layer's separate form are named in its augmented form: "b[i]": "W_tilde[i, 0]".

import { type Affine, index } from '../algebra/affine.ts';
import type { Report } from '../diagnostics/report.ts';
import { affineOf, type Letter } from './affine-syntax.ts';
import type { Path, SpecDocument } from './document.ts';
import type { LayerSpec, SeparateEntry, SeparateForm } from './layer-spec.ts';
import type { Meaning } from './meaning.ts';
import { readKeySyntax, readSyntax } from './read-expression.ts';

export function readSeparate(
  document: SpecDocument, path: Path, file: { readonly layer: string; readonly parameters: Readonly<Record<string, string>> },
  spec: LayerSpec, report: Report,
): SeparateForm {
  const sizes = new Map(spec.sizes.map((name): [string, Meaning] => [name, { kind: 'size' }]));
  const parameters = Object.keys(file.parameters).flatMap((key) => {
    const entry = readEntry(document, [...path, 'parameters', key], spec, sizes, report);
    return entry === null ? [] : [entry];
  });
  return { layer: file.layer, parameters, place: document.place([...path, 'layer']) };
}

function readEntry(
  document: SpecDocument, path: Path, spec: LayerSpec, sizes: ReadonlyMap<string, Meaning>, report: Report,
): SeparateEntry | null {
  const left = readKeySyntax(document, path, report)?.syntax;
  const right = readSyntax(document, path, report)?.syntax;
  if (left === undefined || right === undefined) return null;
  const bad = (): null => {
    report.add('bad-correspondence', document.pairPlace(path), { text: `${String(path.at(-1))}: ${document.written(path)}` });
    return null;
  };
  const of = left.kind === 'entry' ? left : left.kind === 'name' ? { of: left, indices: [] } : null;
  const to = right.kind === 'entry' ? right : right.kind === 'name' ? { of: right, indices: [] } : null;
  if (of === null || to === null || !spec.parameters.includes(to.of.name)) return bad();
  const letters = of.indices.flatMap((i) => (i.kind === 'name' ? [i.name] : []));
  if (letters.length < of.indices.length || new Set(letters).size < letters.length) return bad();
  if (to.indices.length !== spec.tensors.get(to.of.name)?.axes.length) return bad();
  const scope = new Map(letters.map((name): [string, Letter] => [name, { index: name, range: { lo: index(name), hi: index(name) } }]));
  const entry: Affine[] = [];
  for (const part of to.indices) {
    const result = affineOf(part, sizes, scope);
    if (!result.ok) return bad();
    entry.push(result.value);
  }
  return { name: of.of.name, letters, augmented: to.of.name, entry, place: document.pairPlace(path) };
}
