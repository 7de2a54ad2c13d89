import protobuf from 'protobufjs';
import { z } from 'zod';

/** A node of an ONNX graph; `axis` becomes the attribute that reductions of operator set 17 have. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly axis?: number;
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
        node: nodes.map(({ operator, inputs: input, output, axis }) => ({
          name: output,
          opType: operator,
          input,
          output: [output],
          attribute: axis === undefined ? [] : [{ name: 'axes', type: ATTRIBUTE_INTS, ints: [axis] }],
        })),
        initializer: weights.map(({ name, shape, values }) => ({
          name,
          dims: shape,
          dataType: FLOAT,
          rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        })),
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
  return {
    nodes: node.map(({ opType, input: inputs, output: [to], attribute: [axes] }) => ({
      operator: opType,
      inputs,
      output: to,
      ...(axes === undefined ? {} : { axis: axes.ints[0] }),
    })),
    weights: initializer.map(({ name, dims, rawData }) => {
      const values = new Float32Array(rawData.length / Float32Array.BYTES_PER_ELEMENT);
      new Uint8Array(values.buffer).set(rawData); // aligned, whatever its place in the file
      return { name, shape: dims, values };
    }),
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
        attribute: z.array(z.object({ ints: z.tuple([z.number()]) })).max(1),
      }),
    ),
    initializer: z.array(z.object({ name: z.string(), dims: z.array(z.number()), rawData: z.instanceof(Uint8Array) })),
    input: z.array(decodedValue),
    output: z.array(decodedValue),
  }),
});

const FLOAT = 1;
const ATTRIBUTE_INTS = 7;

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
  message Attribute { string name = 1; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`;
const model = protobuf.parse(schema).root.lookupType('Model');
