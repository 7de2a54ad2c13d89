import { z } from 'zod';
import type { Column } from './columns.js';
import type { NamedTensor } from './learner.js';

/** An array with its name and shape; row-major. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Column;
}

/** Bytes that are not a safetensors file as this product writes them. */
export class TensorFileInvalid extends Error {
  override readonly name = 'TensorFileInvalid';
  constructor(reason: string) {
    super(`tensor file is damaged or of another kind: ${reason}; restore it, or go on from an older one`);
  }
}

const kinds = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

const entry = z.object({
  dtype: z.enum(['F64', 'F32', 'I32', 'U8']),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
const header = z.looseObject({ __metadata__: z.record(z.string(), z.string()).optional() });

/** Bytes before the header, which hold its length. */
const PREFIX = 8;
const SPACE = 0x20;

/** Arrays as a safetensors file (huggingface/safetensors, format 1), wide types first so that each array is aligned. Equal arrays give equal bytes. */
export const writeSafetensors = (arrays: readonly NamedArray[]): Uint8Array => {
  const ordered = [...arrays].sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1));
  let end = 0;
  const entries = ordered.map(({ name, shape, values }) => {
    const from = end;
    end += values.byteLength;
    return [name, { dtype: kindOf(values), shape, data_offsets: [from, end] }] as const;
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const head = new Uint8Array(Math.ceil(text.length / PREFIX) * PREFIX).fill(SPACE);
  head.set(text);
  const file = new Uint8Array(PREFIX + head.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, PREFIX);
  let at = PREFIX + head.length;
  for (const { values } of ordered) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
};

/** The arrays of a safetensors file, copied out of it. Throws `TensorFileInvalid` on anything that is not whole and exact. */
export const readSafetensors = (file: Uint8Array): NamedArray[] => {
  const { head, data } = splitFile(file);
  const parsed = header.safeParse(head);
  if (!parsed.success) throw new TensorFileInvalid('its header is not an object');
  const arrays = Object.entries(parsed.data).filter(([name]) => name !== '__metadata__');
  return arrays.map(([name, described]) => {
    const { success, data: known } = entry.safeParse(described);
    if (!success)
      throw new TensorFileInvalid(`array ${JSON.stringify(name)} is not described as F64, F32, I32 or U8 with a shape and offsets`);
    const [from, to] = known.data_offsets;
    const kind = kinds[known.dtype];
    const elements = known.shape.reduce((product, size) => product * size, 1);
    if (from > to || to > data.length || to - from !== elements * kind.BYTES_PER_ELEMENT)
      throw new TensorFileInvalid(`array ${JSON.stringify(name)} claims bytes ${from} to ${to} of ${data.length} for ${elements} elements`);
    const bytes = new Uint8Array(to - from); // aligned, and of its own: slicing a Buffer would only look into it
    bytes.set(data.subarray(from, to));
    return { name, shape: known.shape, values: new kind(bytes.buffer) };
  });
};

/** The same of a file that holds 32-bit floats alone, as a network's does. Throws `TensorFileInvalid`. */
export const readTensors = (file: Uint8Array): NamedTensor[] =>
  readSafetensors(file).map(({ name, shape, values }) => {
    if (!(values instanceof Float32Array)) throw new TensorFileInvalid(`tensor ${name} is not of 32-bit floats`);
    return { name, shape, values };
  });

const splitFile = (file: Uint8Array): { head: unknown; data: Uint8Array } => {
  if (file.length < PREFIX) throw new TensorFileInvalid(`it has ${file.length} bytes`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > file.length - PREFIX) throw new TensorFileInvalid(`its header claims ${length} bytes of ${file.length}`);
  try {
    const head: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(PREFIX, PREFIX + length)));
    return { head, data: file.subarray(PREFIX + length) };
  } catch {
    throw new TensorFileInvalid('its header is not JSON');
  }
};

const kindOf = (values: Column): keyof typeof kinds =>
  values instanceof Float64Array ? 'F64' : values instanceof Float32Array ? 'F32' : values instanceof Int32Array ? 'I32' : 'U8';
