import * as tf from '@tensorflow/tfjs';
import type { TensorInfo } from '@tensorflow/tfjs';
import type { GraphType } from './graph.js';
import { CannotCompile, type Trace } from './trace-backend.js';

/** How one kernel of TensorFlow.js is written as nodes of a graph. */
export interface Kernel {
  /** Records the kernel. Throws `CannotCompile` for a missing input and for any attribute, or value of one, that the graph would not honour. */
  readonly record: (trace: Trace, inputs: KernelInputs, attributes: KernelAttributes) => TensorInfo | TensorInfo[];
}

/** By name, or by position where a kernel takes any number. */
export type KernelInputs = Readonly<Record<string, TensorInfo | undefined>>;
export type KernelAttributes = Readonly<Record<string, unknown>>;

/** Attributes as the kernel's code reads them; a wrong type is refused by name. */
export interface AttributeReader {
  flag(name: string): boolean;
  /** `fallback` where the attribute is left out; without one it must be there. */
  number(name: string, fallback?: number): number;
  numbers(name: string): number[];
  /** One axis of a tensor of that shape, counted from 0; 0 where it is left out. */
  axis(name: string, shape: number[]): number;
  /** Axes of a tensor of that shape, counted from 0; all of them where it is left out. */
  axes(name: string, shape: number[]): number[];
  type(name: string, fallback?: GraphType): GraphType;
}

/** A kernel with the named inputs, and with no attributes but the named ones. */
export const kernel = <Input extends string>(
  inputs: readonly Input[],
  attributes: readonly string[],
  record: (trace: Trace, inputs: Readonly<Record<Input, TensorInfo>>, attributes: AttributeReader) => TensorInfo | TensorInfo[],
): Kernel => ({
  record: (trace, given, values) => record(trace, namedInputs(inputs, given), readAttributes(attributes, values)),
});

/** A kernel of any number of inputs, all of one type. */
export const variadicKernel = (
  attributes: readonly string[],
  record: (trace: Trace, inputs: readonly TensorInfo[], attributes: AttributeReader) => TensorInfo,
): Kernel => ({
  record: (trace, given, values) =>
    record(
      trace,
      Object.values(given).filter((tensor) => tensor !== undefined),
      readAttributes(attributes, values),
    ),
});

const namedInputs = <Input extends string>(names: readonly Input[], given: KernelInputs): Record<Input, TensorInfo> => {
  const present = (record: KernelInputs): record is Record<Input, TensorInfo> => names.every((name) => record[name] !== undefined);
  const unknown = Object.keys(given).filter((name) => given[name] !== undefined && !names.some((known) => known === name));
  if (present(given) && unknown.length === 0) return given;
  throw new CannotCompile(`the inputs are ${Object.keys(given).join(', ')}: expected ${names.join(', ')}`);
};

const readAttributes = (known: readonly string[], values: KernelAttributes): AttributeReader => {
  const unknown = Object.keys(values).find((name) => values[name] !== undefined && !known.includes(name));
  if (unknown !== undefined)
    throw new CannotCompile(
      `attribute ${unknown} = ${JSON.stringify(values[unknown])} is not known: expected ${known.join(', ') || 'none'}`,
    );
  const refuse = (name: string, expected: string): never => {
    throw new CannotCompile(`attribute ${name} = ${JSON.stringify(values[name])} is not supported: expected ${expected}`);
  };
  const numbers = (name: string): number[] => {
    const value = values[name];
    if (typeof value === 'number') return [value];
    return Array.isArray(value) && value.every((element) => typeof element === 'number') ? value : refuse(name, 'numbers');
  };
  return {
    numbers,
    axis: (name, shape) => tf.util.parseAxisParam((values[name] ?? null) === null ? 0 : numbers(name), shape)[0]!,
    axes: (name, shape) => tf.util.parseAxisParam((values[name] ?? null) === null ? shape.map((_, axis) => axis) : numbers(name), shape),
    flag: (name) => {
      const value = values[name] ?? false;
      return typeof value === 'boolean' ? value : refuse(name, 'true or false');
    },
    number: (name, fallback) => {
      const value = values[name] ?? fallback;
      return typeof value === 'number' ? value : refuse(name, 'a number');
    },
    type: (name, fallback) => {
      const value = values[name] ?? fallback;
      return value === 'float32' || value === 'int32' || value === 'bool' ? value : refuse(name, 'float32, int32 or bool');
    },
  };
};
