import { z } from 'zod';
import type { NamedTensor } from './learner.js';

export class TensorFileCorrupt extends Error {
  override readonly name = 'TensorFileCorrupt';
}

/**
 * Tensors as a safetensors file: the length of a JSON header (8 bytes, little-endian), the header, the float32 values in the order given.
 * The same tensors give the same bytes. Throws `RangeError` when a name appears twice or the values do not fill the shape.
 */
export const encodeTensors = (tensors: readonly NamedTensor[]): Uint8Array => {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }): [string, TensorEntry] => {
    if (values.length !== sizeOf(shape)) throw new RangeError(`${name} has ${values.length} values: expected shape [${shape.join(', ')}]`);
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: 'F32', shape: [...shape], data_offsets: [begin, end] }];
  });
  const header = Object.fromEntries(entries);
  if (Object.keys(header).length !== tensors.length)
    throw new RangeError(`a tensor name appears twice among ${tensors.map(({ name }) => name).join(', ')}`);
  const text = Buffer.from(JSON.stringify(header));
  const start = alignedTo8(PREFIX + text.length);
  const file = new Uint8Array(start + end).fill(SPACE, PREFIX, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - PREFIX), true);
  file.set(text, PREFIX);
  tensors.forEach(({ values }, i) => {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start + entries[i]![1].data_offsets[0]);
  });
  return file;
};

/** What `encodeTensors` wrote, in the same order, as copies. Throws `TensorFileCorrupt` on anything but whole float32 tensors without gaps. */
export const decodeTensors = (file: Uint8Array): NamedTensor[] => {
  const { header, data } = readHeader(file);
  let expected = 0;
  const byPlace = Object.entries(header).sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  const tensors = byPlace.map(
    ([
      name,
      {
        shape,
        data_offsets: [begin, end],
      },
    ]) => {
      if (begin !== expected || end - begin !== 4 * sizeOf(shape) || end > data.length)
        throw new TensorFileCorrupt(
          `${name} lies at bytes ${begin} to ${end} of ${data.length}: expected ${4 * sizeOf(shape)} bytes from ${expected} for shape [${shape.join(', ')}]`,
        );
      expected = end;
      const bytes = new Uint8Array(end - begin); // of its own, since the file's bytes need not be aligned
      bytes.set(data.subarray(begin, end));
      return { name, shape, values: new Float32Array(bytes.buffer) };
    },
  );
  if (expected !== data.length)
    throw new TensorFileCorrupt(`the tensors end at byte ${expected} of ${data.length}: expected no other data`);
  return tensors;
};

const PREFIX = 8;
const SPACE = 0x20;

const count = z.number().int().nonnegative();
const tensorEntry = z.strictObject({ dtype: z.literal('F32'), shape: z.array(count), data_offsets: z.tuple([count, count]) });
type TensorEntry = z.infer<typeof tensorEntry>;
const tensorHeader = z.record(z.string(), tensorEntry);

const readHeader = (file: Uint8Array): { header: Record<string, TensorEntry>; data: Uint8Array } => {
  const size = file.length < PREFIX ? -1 : Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (size < 0 || PREFIX + size > file.length) throw new TensorFileCorrupt(`the file has ${file.length} bytes: its header is cut off`);
  const text = Buffer.from(file.subarray(PREFIX, PREFIX + size)).toString('utf8');
  try {
    return { header: tensorHeader.parse(JSON.parse(text)), data: file.subarray(PREFIX + size) };
  } catch (cause) {
    throw new TensorFileCorrupt('the header is not that of float32 tensors in safetensors form', { cause });
  }
};

const alignedTo8 = (length: number): number => Math.ceil(length / 8) * 8;
const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);
