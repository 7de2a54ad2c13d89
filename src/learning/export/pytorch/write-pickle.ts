import type { NamedTensor } from '../../learner.js';
import { NAMES, OP } from './opcodes.js';

/**
 * A dictionary from names to float32 tensors as `torch.save` pickles it: the i-th tensor's numbers are in a storage called `String(i)`. It names no
 * class but the three that `torch.load(weights_only=True)` allows.
 */
export const pickleStateDict = (tensors: readonly NamedTensor[]): Uint8Array =>
  Buffer.concat([
    Buffer.of(OP.protocol, 2, OP.emptyDict, OP.mark),
    ...tensors.flatMap(({ name, shape, values }, storage) => [text(name), ...tensor(String(storage), shape, values.length)]),
    Buffer.of(OP.setItems, OP.stop),
  ]);

/** `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)`. */
const tensor = (storage: string, shape: readonly number[], elements: number): Buffer[] => [
  global(NAMES.rebuild),
  ...tuple([
    ...tuple([text('storage'), global(NAMES.storage), text(storage), text('cpu'), integer(elements)]),
    Buffer.of(OP.persistentId),
    integer(0),
    ...tuple(shape.map(integer)),
    ...tuple(rowMajorStrides(shape).map(integer)),
    Buffer.of(OP.false),
    global(NAMES.orderedDict),
    Buffer.of(OP.emptyTuple, OP.reduce),
  ]),
  Buffer.of(OP.reduce),
];

const rowMajorStrides = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));

const tuple = (items: readonly Buffer[]): Buffer[] => [Buffer.of(OP.mark), ...items, Buffer.of(OP.tuple)];
const global = (name: string): Buffer => Buffer.concat([Buffer.of(OP.global), Buffer.from(name)]);

const integer = (value: number): Buffer => {
  const bytes = Buffer.of(OP.integer, 0, 0, 0, 0);
  bytes.writeInt32LE(value, 1);
  return bytes;
};

const text = (value: string): Buffer => {
  const content = Buffer.from(value);
  const head = Buffer.of(OP.text, 0, 0, 0, 0);
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, content]);
};
