import protobuf from 'protobufjs';
import { z } from 'zod';

/** A node of an ONNX graph of operator set 17. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** The attribute of reductions and of `Concat`. */
  readonly axis?: number;
  /** Lists of whole numbers that are its inputs after the others: the shape of a `Reshape`; starts, ends and axes of a `Slice`. */
  readonly integers?: readonly (readonly number[])[];
}

/** A float32 input or output whose first dimension is the free batch size. */
export interface OnnxValue {
  readonly name: string;
  readonly width: number;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** Bytes of an ONNX file (IR version 8, operator set 17) holding the graph. */
export const encodeOnnx = ({ nodes, weights, inputs, outputs }: OnnxGraph): Uint8Array =>
  model
    .encode({
      irVersion: 8,
      producerName: 'ratchet',
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'branching-dueling-q-network',
        node: nodes.map(({ operator, inputs: input, output, axis, integers = [] }) => ({
          name: output,
          opType: operator,
          input: [...input, ...integers.map((_, i) => listName(output, i))],
          output: [output],
          attribute: axis === undefined ? [] : [axisAttribute(operator, axis)],
        })),
        initializer: [
          ...weights.map(({ name, shape, values }) => ({
            name,
            dims: shape,
            dataType: FLOAT,
            rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
          })),
          ...nodes.flatMap(({ output, integers = [] }) =>
            integers.map((values, i) => ({
              name: listName(output, i),
              dims: [values.length],
              dataType: INT64,
              rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
            })),
          ),
        ],
        input: inputs.map(valueInfo),
        output: outputs.map(valueInfo),
      },
    })
    .finish();

/** The graph in an ONNX file that `encodeOnnx` wrote. Throws `RangeError` on anything else. */
export const decodeOnnx = (file: Uint8Array): OnnxGraph => {
  const { data, error } = decoded.safeParse(model.toObject(model.decode(file), { arrays: true, longs: Number }));
  if (data === undefined) throw new RangeError(`this is not an ONNX file as Ratchet writes it: ${z.prettifyError(error)}`);
  const { node, initializer, input, output } = data.graph;
  const ofType = (type: number) => initializer.filter(({ dataType }) => dataType === type);
  const lists = new Map(ofType(INT64).map(({ name, rawData }) => [name, Array.from(new BigInt64Array(aligned(rawData)), Number)]));
  return {
    nodes: node.map(({ opType, input: inputs, output: [to], attribute: [attribute] }) => {
      const integers = inputs.flatMap((name) => (lists.has(name) ? [lists.get(name)!] : []));
      return {
        operator: opType,
        inputs: inputs.filter((name) => !lists.has(name)),
        output: to,
        ...(attribute === undefined ? {} : { axis: attribute.ints[0] ?? attribute.i }),
        ...(integers.length === 0 ? {} : { integers }),
      };
    }),
    weights: ofType(FLOAT).map(({ name, dims, rawData }) => ({ name, shape: dims, values: new Float32Array(aligned(rawData)) })),
    inputs: input.map(valueOf),
    outputs: output.map(valueOf),
  };
};

const decodedValue = z.object({
  name: z.string(),
  type: z.object({ tensorType: z.object({ shape: z.object({ dim: z.tuple([z.unknown(), z.object({ dimValue: z.number() })]) }) }) }),
});
const valueOf = ({ name, type }: z.infer<typeof decodedValue>): OnnxValue => ({ name, width: type.tensorType.shape.dim[1].dimValue });

const decoded = z.object({
  graph: z.object({
    node: z.array(
      z.object({
        opType: z.string(),
        input: z.array(z.string()),
        output: z.tuple([z.string()]),
        attribute: z.array(z.object({ i: z.number().default(0), ints: z.array(z.number()).max(1) })).max(1),
      }),
    ),
    initializer: z.array(
      z.object({ name: z.string(), dims: z.array(z.number()), dataType: z.number(), rawData: z.instanceof(Uint8Array) }),
    ),
    input: z.array(decodedValue),
    output: z.array(decodedValue),
  }),
});

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** `Concat` has one axis, reductions have a list. */
const axisAttribute = (operator: string, axis: number): object =>
  operator === 'Concat' ? { name: 'axis', type: ATTRIBUTE_INT, i: axis } : { name: 'axes', type: ATTRIBUTE_INTS, ints: [axis] };

const listName = (output: string, index: number): string => `${output}/integers/${index}`;

/** A copy of its own, aligned whatever the bytes' place in the file. */
const aligned = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

const valueInfo = ({ name, width }: OnnxValue) => ({
  name,
  type: { tensorType: { elemType: FLOAT, shape: { dim: [{ dimParam: 'n' }, { dimValue: width }] } } },
});

/** The fields that are written, out of onnx.proto. */
const schema = `
  syntax = "proto3";
  message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated OperatorSet opset_import = 8; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`;
const model = protobuf.parse(schema).root.lookupType('Model');
