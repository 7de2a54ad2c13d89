import type { NamedTensor } from '../../learner.js';
import { PickleInvalid, readStateDict } from './read-pickle.js';
import { pickleStateDict } from './write-pickle.js';
import { readZip, writeZip } from './zip.js';

/** The archive's one folder; PyTorch takes any name. */
const FOLDER = 'model';

/** Tensors as a file that `torch.load(path, weights_only=True)` reads as a state dict: an archive of a pickle and each tensor's numbers, little-endian. */
export const writePytorch = (tensors: readonly NamedTensor[]): Uint8Array =>
  writeZip(
    Object.entries({
      'data.pkl': pickleStateDict(tensors),
      byteorder: Buffer.from('little'),
      ...Object.fromEntries(
        tensors.map(({ values }, i) => [`data/${i}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)] as const),
      ),
      version: Buffer.from('3\n'),
    }).map(([name, bytes]) => ({ name: `${FOLDER}/${name}`, bytes })),
  );

/** The tensors of a file of `writePytorch`; nothing in it is run. Throws `ZipInvalid`, `PickleInvalid`. */
export const readPytorch = (file: Uint8Array): NamedTensor[] => {
  const files = new Map(readZip(file).map(({ name, bytes }) => [name, bytes]));
  const part = (name: string): Uint8Array => {
    const bytes = files.get(`${FOLDER}/${name}`);
    if (bytes === undefined) throw new PickleInvalid(`it lacks ${name}`);
    return bytes;
  };
  return readStateDict(part('data.pkl')).map(({ name, shape, storage, elements }) => {
    const values = new Float32Array(elements);
    const bytes = part(`data/${storage}`);
    if (bytes.length !== values.byteLength) throw new PickleInvalid(`tensor ${name} has ${bytes.length} bytes for ${elements} numbers`);
    new Uint8Array(values.buffer).set(bytes);
    return { name, shape, values };
  });
};
