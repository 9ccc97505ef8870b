// The samples axis where a file names it itself (batch statistics): axes: { s: samples }. It stands first, and once.

import type { Report } from '../diagnostics/report.ts';
import type { LayerSpec, LayerTensor } from './layer-spec.ts';
import type { Axis } from './network.ts';
import { oddSamplesAxis } from './sample-pairs.ts';
import { isSamplesAxis } from './samples.ts';

/** Whether a tensor has an entry for each sample by an axis of its own. */
export const namesSamples = (tensor: { readonly axes: readonly Axis[] } | undefined): boolean => isSamplesAxis(tensor?.axes[0]);

/** Whether a layer's equations name the samples: then no sample can be looked at alone. */
export const isCoupled = (spec: Pick<LayerSpec, 'tensors'>): boolean => [...spec.tensors.values()].some(namesSamples);

export function checkSamplesAxes(tensors: ReadonlyMap<string, LayerTensor>, key: 'layer' | 'loss', report: Report): void {
  const coupled = isCoupled({ tensors });
  for (const tensor of tensors.values()) {
    const { name, axes, role, place } = tensor;
    const at = role === 'parameter' && namesSamples(tensor) ? 0 : oddSamplesAxis(axes);
    if (at >= 0) report.add('samples-axis', place, { name, position: at + 1, is: role === 'parameter' ? 'a parameter' : 'a tensor' });
    else if (coupled && role === 'target' && !namesSamples(tensor)) report.add('samples-missing', place, { name, is: 'the target', form: shape(name, axes) });
    else if (coupled && key === 'loss' && role === 'variable' && axes.length === 0 && isOutput(tensor)) {
      report.add('samples-missing', place, { name, is: 'the loss', form: shape(name, axes) });
    }
  }
  function isOutput(tensor: LayerTensor): boolean {
    return tensor.name === [...tensors.values()].find((t) => t.role === 'variable')?.name;
  }
}

const shape = (name: string, axes: readonly Axis[]): string => `${name}: [${['samples', ...axes.map((a) => a.index)].join(', ')}]`;
