// The same network with other names of tensors.

import { type Expression, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { rewrite } from '../../src/algebra/traverse.ts';
import type { Network } from '../../src/spec/network.ts';

export function substituteTensorNames(network: Network, to: (name: string) => string): Network {
  const tensor = (t: Tensor): Tensor => ({ ...t, name: to(t.name) });
  const expression = (e: Expression): Expression => rewrite(e, (x) => (x.kind === 'ref' ? { ...x, tensor: tensor(x.tensor) } : null));
  const { system } = network;
  const ports = (all: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> => new Map([...all].map(([port, t]) => [port, tensor(t)]));
  return {
    ...network, inputs: network.inputs.map(tensor), targets: network.targets.map(tensor), outputs: network.outputs.map(tensor),
    loss: tensor(network.loss), penalty: expression(network.penalty),
    system: {
      ...system,
      declarations: new Map([...system.declarations.values()].map((d) => [tensorKey(tensor(d.tensor)), { ...d, tensor: tensor(d.tensor) }])),
      equations: system.equations.map((e) => ({ ...e, tensor: tensor(e.tensor), value: expression(e.value) })),
      instances: system.instances.map((i) => ({
        ...i, inputs: ports(i.inputs), outputs: ports(i.outputs), parameters: i.parameters.map(tensor), preActivations: i.preActivations.map(tensor),
      })),
    },
  };
}
