import type { RandomStream } from '../../domain/ports.js';
import { openOnnxNetwork } from '../inference/onnx-network.js';
import { computeGraph } from './compute-graph.js';
import type { ExportFormat } from './formats.js';
import { decodeOnnx } from './onnx-model.js';

/** A file would say something else than the model that it was made from. */
export class ExportDiffers extends Error {
  override readonly name = 'ExportDiffers';
}

export interface ExportNetworkOptions {
  /** The graph as it is served. */
  readonly onnx: Uint8Array;
  readonly format: ExportFormat;
  /** Where the states come from that both are asked about. */
  readonly random: RandomStream;
  /** Says in the companion whose network it is. */
  readonly title: string;
  /** Name of the file, for the companion. */
  readonly file: string;
}

export interface ExportedNetwork {
  readonly bytes: Uint8Array;
  /** What belongs beside the file; null for nothing. */
  readonly companion: { readonly extension: string; readonly text: string } | null;
  /** States that both answered. */
  readonly states: number;
  /** Largest difference of a Q-value from the live model's, as a share of the largest Q-value, or of 1 where all are smaller. */
  readonly largestDifference: number;
}

const STATES = 256;
/** Of Q-values, as the agent's specification promises. */
const TOLERANCE = 1e-5;

/**
 * The served network in another format, checked before it is handed out: its parameters are read back from the bytes and computed in TensorFlow.js,
 * and their Q-values must be those that ONNX Runtime gives for the live graph. Throws `ExportDiffers`, and `UnsuitableModel` for a graph that cannot be served.
 */
export const exportNetwork = async ({ onnx, format, random, title, file }: ExportNetworkOptions): Promise<ExportedNetwork> => {
  const graph = decodeOnnx(onnx);
  const width = (of: string): number => [...graph.inputs, ...graph.outputs].find((value) => value.name === of)?.width ?? 0;
  const [observationSize, bins] = [width('observation'), { price: width('price'), quantity: width('quantity') }];
  const states = Float32Array.from({ length: STATES * observationSize }, () => random.normal());
  const live = await openOnnxNetwork({ onnx, observationSize, bins });
  try {
    const bytes = format.write(graph);
    const expected = await live.answer(states, STATES);
    const actual = computeGraph(graph, format.read(bytes, graph), states, STATES);
    const largestDifference = Math.max(...(['price', 'quantity'] as const).map((branch) => difference(expected[branch], actual[branch])));
    if (!(largestDifference <= TOLERANCE))
      throw new ExportDiffers(
        `${file} would give Q-values that differ by ${largestDifference} from the live model's: expected at most ${TOLERANCE}; nothing was written, report this`,
      );
    return { bytes, companion: format.companion?.(graph, title, file) ?? null, states: STATES, largestDifference };
  } finally {
    await live.release();
  }
};

/** Largest |a - b| over the largest |a|, or over 1 where that is smaller; not a number where anything is not. */
const difference = (a: Float32Array, b: Float32Array = new Float32Array(a.length).fill(NaN)): number => {
  let [gap, scale] = [0, 1];
  for (let i = 0; i < a.length; i++) {
    gap = Math.max(gap, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(a[i]!));
  }
  return gap / scale;
};
