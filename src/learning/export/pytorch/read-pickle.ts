import { NAMES, OP } from './opcodes.js';

/** A tensor as a pickle describes it. */
export interface PickledTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly storage: string;
  readonly elements: number;
}

/** Bytes that are not a pickled state dict of this product. */
export class PickleInvalid extends Error {
  override readonly name = 'PickleInvalid';
}

type Value = string | number | boolean | readonly Value[] | ReadonlyMap<string, Value> | typeof MARK;
const MARK = Symbol('mark');

/** Reads what `pickleStateDict` writes, and nothing else: no class is ever looked up. Throws `PickleInvalid` on any other opcode or shape of data. */
export const readStateDict = (pickle: Uint8Array): PickledTensor[] => {
  const bytes = Buffer.from(pickle.buffer, pickle.byteOffset, pickle.byteLength);
  const stack: Value[] = [];
  let at = 0;
  const pop = (): Value => stack.pop() ?? invalid(`nothing is left to take at byte ${at}`);
  const sinceMark = (): Value[] => stack.splice(stack.lastIndexOf(MARK)).slice(1);
  const line = (): string => {
    const end = bytes.indexOf('\n', at);
    const found = bytes.toString('utf8', at, end);
    at = end + 1;
    return found;
  };
  const steps: Readonly<Record<number, () => void>> = {
    [OP.protocol]: () => {
      at++;
    },
    [OP.mark]: () => void stack.push(MARK),
    [OP.emptyDict]: () => void stack.push(new Map()),
    [OP.emptyTuple]: () => void stack.push([]),
    [OP.false]: () => void stack.push(false),
    [OP.tuple]: () => void stack.push(sinceMark()),
    [OP.global]: () => void stack.push(`${line()}\n${line()}\n`),
    [OP.integer]: () => void stack.push(bytes.readInt32LE((at += 4) - 4)),
    [OP.text]: () => {
      const length = bytes.readUInt32LE(at);
      stack.push(bytes.toString('utf8', at + 4, (at += 4 + length)));
    },
    [OP.persistentId]: () => void stack.push(pop()),
    [OP.reduce]: () => {
      const given = pop();
      stack.push(pop() === NAMES.orderedDict ? new Map() : given);
    },
    [OP.setItems]: () => {
      const items = sinceMark();
      const pairs = items.flatMap((name, i) =>
        i % 2 === 0 ? [[typeof name === 'string' ? name : '', items[i + 1] ?? false] as const] : [],
      );
      pop();
      stack.push(new Map(pairs));
    },
  };
  for (let op = bytes[at++]; op !== OP.stop; op = bytes[at++]) {
    const step = steps[op ?? -1] ?? invalid(`byte ${at - 1} is ${op ?? 'beyond the end'}, which is no opcode of one`);
    step();
  }
  const state = pop();
  if (!isDictionary(state)) return invalid('it holds no dictionary');
  return [...state].map(([name, value]) => tensorOf(name, value));
};

const tensorOf = (name: string, value: Value): PickledTensor => {
  const [storage, , shape] = isTuple(value) ? value : [];
  const [kind, type, key, , elements] = isTuple(storage) ? storage : [];
  if (kind !== 'storage' || type !== NAMES.storage || typeof key !== 'string' || typeof elements !== 'number' || !isTuple(shape))
    return invalid(`${JSON.stringify(name)} is no tensor of 32-bit floats`);
  return { name, storage: key, elements, shape: shape.map(Number) };
};

const isDictionary = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;

const isTuple = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

const invalid = (reason: string): never => {
  throw new PickleInvalid(`this is not a state dict as Ratchet writes it: ${reason}`);
};
