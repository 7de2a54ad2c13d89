import protobuf from 'protobufjs';

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
