/** TensorFlow's numbers for the types that a graph holds (types.proto). */
export const DATA_TYPE = { float32: 1, int32: 3, bool: 10, bfloat16: 14 } as const;
/** Types that cross the border between a graph and TensorFlow.js; bfloat16 stays inside. */
export type GraphType = Exclude<keyof typeof DATA_TYPE, 'bfloat16'>;

interface ShapeMessage {
  readonly dim: readonly { readonly size: number }[];
}

/** One field of TensorFlow's `AttrValue` message, as protobuf writes it. */
export type AttributeValue =
  | { readonly type: number }
  | { readonly b: boolean }
  | { readonly i: number }
  | { readonly s: Uint8Array }
  | { readonly shape: ShapeMessage }
  | { readonly tensor: { readonly dtype: number; readonly tensorShape: ShapeMessage; readonly tensorContent: Uint8Array } };

/** A node of TensorFlow's graph. An input is `node`, `node:output` or, for an order without data, `^node`. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeValue>>;
}

/** The name of the node that an input comes from. */
export const nodeOf = (input: string): string => input.replace(/^\^/, '').replace(/:\d+$/, '');

/** Nodes under one name scope, in the order of their making. */
export interface GraphScope {
  readonly name: string;
  readonly nodes: GraphNode[];
  /**
   * Appends a node and returns its name, `<scope>/<n>_<op>` unless one is given. TensorFlow makes one sum of a sum of sums, its terms in the order of their names:
   * with the number first, and zeros before it, that is the order of their making, and so of eager adding where each is made right before it is added.
   */
  add(op: string, input: readonly string[], attr: Readonly<Record<string, AttributeValue>>, name?: string): string;
  /** Appends a constant and returns its name. */
  constant(values: Float32Array | Int32Array | Uint8Array, shape: readonly number[], dtype: GraphType): string;
}

export const createScope = (scope: string): GraphScope => {
  const nodes: GraphNode[] = [];
  const add: GraphScope['add'] = (op, input, attr, name = `${String(nodes.length).padStart(6, '0')}_${op}`) => {
    nodes.push({ name: `${scope}/${name}`, op, input, attr });
    return `${scope}/${name}`;
  };
  return {
    name: scope,
    nodes,
    add,
    constant: (values, shape, dtype) =>
      add('Const', [], {
        dtype: typeAttribute(dtype),
        value: {
          tensor: {
            dtype: DATA_TYPE[dtype],
            tensorShape: shapeMessage(shape),
            tensorContent: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
          },
        },
      }),
  };
};

export const shapeMessage = (shape: readonly number[]): ShapeMessage => ({ dim: shape.map((size) => ({ size })) });
export const typeAttribute = (dtype: string): AttributeValue => ({ type: DATA_TYPE[graphType(dtype)] });
/** The attribute of a type that only products inside of a graph have: the first 16 bits of a float32. */
export const BFLOAT16: AttributeValue = { type: DATA_TYPE.bfloat16 };
export const shapeAttribute = (shape: readonly number[]): AttributeValue => ({ shape: shapeMessage(shape) });
export const textAttribute = (text: string): AttributeValue => ({ s: Buffer.from(text) });

/** The type as one that graphs hold. Throws `RangeError` on strings and complex numbers. */
export const graphType = (dtype: string): GraphType => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new RangeError(`a tensor of ${dtype} cannot be compiled: expected float32, int32 or bool`);
};

/** Numbers as the array in which a graph holds that type. */
export const typedValues = (values: Iterable<number>, dtype: GraphType): Float32Array | Int32Array | Uint8Array => {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'bool':
      return Uint8Array.from(values);
  }
};
