import { graphOperator } from '../graph-operators.js';
import type { OnnxGraph } from '../onnx-model.js';

/** A name of the graph as Python allows it, which is also its key in the state dict. */
export const pythonName = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]/g, '_');

/** An `nn.Module` in Python that computes the graph, whose parameters are those of the state dict written beside it; `title` says whose it is. */
export const referenceModule = ({ nodes, weights, inputs, outputs }: OnnxGraph, title: string, file: string): string => {
  const parameters = new Set(weights.map(({ name }) => name));
  const expression = (name: string): string => `${parameters.has(name) ? 'self.' : ''}${pythonName(name)}`;
  const given = inputs.map(({ name }) => pythonName(name)).join(', ');
  return `"""${title}

    network = QNetwork()
    network.load_state_dict(torch.load(${JSON.stringify(file)}, weights_only=True))
    answers = network(${given})

${inputs.map(({ name, width }) => `${pythonName(name)}: float32 [n, ${width}]`).join('\n')}
answers: ${outputs.map(({ name, width }) => `${name} [n, ${width}]`).join(', ')}
"""

import torch
from torch import nn


class QNetwork(nn.Module):
    def __init__(self):
        super().__init__()
${weights.map(({ name, shape }) => `        self.${pythonName(name)} = nn.Parameter(torch.empty(${shape.join(', ')}))`).join('\n')}

    def forward(self, ${given}):
${nodes.map(({ operator, inputs: from, output, ...settings }) => `        ${pythonName(output)} = ${graphOperator(operator).python(from.map(expression), settings)}`).join('\n')}
        return {${outputs.map(({ name }) => `${JSON.stringify(name)}: ${pythonName(name)}`).join(', ')}}
`;
};
