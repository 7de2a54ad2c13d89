import protobuf from 'protobufjs';
import type { GraphNode } from './graph.js';
import type { TensorSpec } from './program.js';

/** A named tensor of the graph that a signature feeds or fetches: `node:output`. */
export interface Endpoint extends TensorSpec {
  readonly tensor: string;
}

/** What a signature feeds and fetches, by outside name. */
export interface SignatureDef {
  readonly inputs: Readonly<Record<string, Endpoint>>;
  readonly outputs: Readonly<Record<string, Endpoint>>;
}

/** The tag under which the one graph of the file is found. */
export const SAVED_MODEL_TAG = 'serve';

/** Bytes of TensorFlow's `saved_model.pb`: one graph, without variables and signatures, since both are the caller's. */
export const encodeSavedModel = (nodes: readonly GraphNode[]): Uint8Array =>
  savedModel
    .encode({
      savedModelSchemaVersion: 1,
      metaGraphs: [{ metaInfoDef: { tags: [SAVED_MODEL_TAG] }, graphDef: { node: nodes, versions: { producer: GRAPH_PRODUCER } } }],
    })
    .finish();

/** Version of the op definitions that the graph is written in (TF_GRAPH_DEF_VERSION of TensorFlow 2.9, the oldest library that is used). */
const GRAPH_PRODUCER = 1087;

/** The fields that are written, out of TensorFlow's saved_model, meta_graph, graph, node_def, attr_value, tensor and tensor_shape .proto files. */
const schema = `
  syntax = "proto3";
  message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
  message MetaGraphDef { MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2; }
  message MetaInfoDef { repeated string tags = 4; }
  message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
  message VersionDef { int32 producer = 1; }
  message NodeDef { string name = 1; string op = 2; repeated string input = 3; map<string, AttrValue> attr = 5; }
  message AttrValue { oneof value { bytes s = 2; int64 i = 3; bool b = 5; int32 type = 6; TensorShape shape = 7; Tensor tensor = 8; } }
  message Tensor { int32 dtype = 1; TensorShape tensor_shape = 2; bytes tensor_content = 4; }
  message TensorShape { repeated Dim dim = 2; }
  message Dim { int64 size = 1; }
`;
const savedModel = protobuf.parse(schema).root.lookupType('SavedModel');
