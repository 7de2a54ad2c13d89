import type { NamedTensor } from '../learner.js';
import { readTensors, writeSafetensors } from '../safetensors.js';
import { decodeOnnx, encodeOnnx, type OnnxGraph } from './onnx-model.js';
import { readPytorch, writePytorch } from './pytorch/pytorch-file.js';
import { pythonName, referenceModule } from './pytorch/reference-module.js';

/** A kind of file that a served network can be taken away in. */
export interface ExportFormat {
  /** Endings of file names that mean it, without the dot. */
  readonly extensions: readonly string[];
  readonly write: (graph: OnnxGraph) => Uint8Array;
  /** The parameters of such a file under the names of the graph, read on a way of its own, so that a file can be checked as it will be found. */
  readonly read: (file: Uint8Array, graph: OnnxGraph) => readonly NamedTensor[];
  /** What belongs beside the file, which is called `file`. */
  readonly companion?: (graph: OnnxGraph, title: string, file: string) => { readonly extension: string; readonly text: string };
}

/** Every format by name. To add one, a line here and whatever it needs. */
export const exportFormats = {
  onnx: {
    extensions: ['onnx'],
    write: encodeOnnx,
    read: (file) => decodeOnnx(file).weights,
  },
  safetensors: {
    extensions: ['safetensors'],
    write: ({ weights }) => writeSafetensors(weights),
    read: readTensors,
  },
  pt: {
    extensions: ['pt', 'pth'],
    write: ({ weights }) => writePytorch(weights.map((tensor) => ({ ...tensor, name: pythonName(tensor.name) }))),
    read(file, { weights }) {
      const tensors = new Map(readPytorch(file).map((tensor) => [tensor.name, tensor]));
      return weights.flatMap(({ name }) => {
        const tensor = tensors.get(pythonName(name));
        return tensor === undefined ? [] : [{ ...tensor, name }];
      });
    },
    companion: (graph, title, file) => ({ extension: 'py', text: referenceModule(graph, title, file) }),
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof exportFormats;
export const exportFormatNames = ['onnx', 'safetensors', 'pt'] as const satisfies readonly ExportFormatName[];

/** The format that a file's name ends with, or `pt`. */
export const formatOfFile = (name: string): ExportFormatName => {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return exportFormatNames.find((format) => exportFormats[format].extensions.some((known) => known === extension)) ?? 'pt';
};
