import * as tf from '@tensorflow/tfjs';
import { createScope, nodeOf, shapeAttribute, textAttribute, typeAttribute, type GraphNode, type GraphScope } from './graph.js';
import type { Program, Signature, TensorSpec } from './program.js';
import { registerTraceKernels } from './register.js';
import type { Endpoint, SignatureDef } from './saved-model.js';
import { scheduleProducts } from './schedule.js';
import { CannotCompile, trace, type Trace, type TracedVariable } from './trace-backend.js';

/** A program as one graph. Beside its own signatures it has three: `initialise` feeds the constants, `write` all variables, `read` fetches them. */
export interface TracedProgram {
  readonly nodes: readonly GraphNode[];
  readonly signatures: Readonly<Record<string, SignatureDef>>;
}

const FLOAT = typeAttribute('float32');

/**
 * Runs the body of each signature once, on symbols, and records what it computes, in an order for `lanes` operations at a time, which changes no value. Throws
 * `CannotCompile`.
 */
export const traceProgram = (program: Program, lanes = 1): TracedProgram => {
  registerTraceKernels();
  const constants = createStore(
    'constant',
    mapValues(program.constants, ({ shape }) => shape),
  );
  const variables = createStore('variable', program.variables);
  const traced = Object.entries(program.signatures).map(([name, signature]) =>
    trace(name, signature.products ?? 'float32', (recording) => ({
      name,
      ...traceSignature(recording, signature, variables, constants, lanes),
    })),
  );
  const own = [writeSignature('initialise', constants), writeSignature('write', variables), readSignature(variables)];
  const all = [...traced, ...own];
  return {
    nodes: [...constants.nodes, ...variables.nodes, ...all.flatMap(({ nodes }) => nodes)],
    signatures: Object.fromEntries(all.map(({ name, definition }) => [name, definition])),
  };
};

/** Tensors that outlive a call, each behind a handle. */
interface Store {
  readonly nodes: readonly GraphNode[];
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly name: string;
  readonly handle: string;
  readonly shape: readonly number[];
}

const createStore = (scope: string, shapes: Readonly<Record<string, readonly number[]>>): Store => {
  const graph = createScope(scope);
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const attributes = {
      dtype: FLOAT,
      shape: shapeAttribute(shape),
      shared_name: textAttribute(`${scope}/${name}`),
      container: textAttribute(''),
    };
    return { name, shape, handle: graph.add('VarHandleOp', [], attributes, name) };
  });
  return { nodes: graph.nodes, entries };
};

interface TracedSignature {
  readonly nodes: readonly GraphNode[];
  readonly definition: SignatureDef;
}

const traceSignature = (recording: Trace, signature: Signature, variables: Store, constants: Store, lanes: number): TracedSignature => {
  const { graph } = recording;
  const read = ({ handle, shape }: Entry): { reference: string; tensor: tf.Tensor } => {
    const reference = graph.add('ReadVariableOp', [handle], { dtype: FLOAT });
    return { reference, tensor: toTensor(recording, { tensor: reference, shape, dtype: 'float32' }) };
  };
  const live = variables.entries.map((entry) => {
    const { reference, tensor } = read(entry);
    const traced: TracedVariable = { ...entry, current: reference, order: [`^${reference}`] };
    recording.variables.push(traced);
    return { traced, variable: tf.variable(tensor) };
  });
  const inputs = mapValues(signature.inputs, (spec, name) => placeholder(graph, name, spec));
  try {
    const outputs = signature.body({
      variables: Object.fromEntries(live.map(({ traced, variable }) => [traced.name, variable])),
      constants: Object.fromEntries(constants.entries.map((entry) => [entry.name, read(entry).tensor])),
      inputs: mapValues(inputs, (endpoint) => toTensor(recording, endpoint)),
    });
    const written = live.flatMap(({ traced, variable }) => writesOf(recording, traced, variable));
    const fetched = mapValues(outputs, (output, name) => fetchedAfter(recording, output, name, written));
    tf.dispose(outputs);
    const nodes = scheduleProducts(needed(graph.nodes, Object.values(fetched)), recording.products, lanes);
    return { nodes, definition: { inputs, outputs: fetched } };
  } finally {
    for (const { variable } of live) variable.dispose();
  }
};

/**
 * The nodes that the fetched values need, and all inputs. A read of a variable is needed for its value alone, not for its place in an order: what is updated in place need not
 * be read.
 */
const needed = (nodes: readonly GraphNode[], fetched: readonly Endpoint[]): readonly GraphNode[] => {
  const reads = new Set(nodes.filter(({ op }) => op === 'ReadVariableOp').map(({ name }) => `^${name}`));
  const kept = new Set(fetched.map(({ tensor }) => nodeOf(tensor)));
  // A node comes after all that it takes.
  for (const { name, input } of nodes.toReversed())
    if (kept.has(name)) for (const reference of input) if (!reads.has(reference)) kept.add(nodeOf(reference));
  return nodes
    .filter(({ name, op }) => kept.has(name) || op === 'Placeholder')
    .map((node) => ({ ...node, input: node.input.filter((reference) => !reads.has(reference) || kept.has(nodeOf(reference))) }));
};

const toTensor = (recording: Trace, { tensor, shape, dtype }: Endpoint): tf.Tensor =>
  tf.engine().makeTensorFromTensorInfo(recording.symbol(tensor, shape, dtype));

/** Control inputs that stand for everything a signature writes to one variable; what was assigned to it is written now, after all else. */
const writesOf = (recording: Trace, { handle, current, order }: TracedVariable, variable: tf.Variable): string[] => {
  const value = recording.reference(variable);
  return value === current ? order.slice(1) : [`^${assign(recording.graph, handle, value, order)}`];
};

const fetchedAfter = ({ graph, reference }: Trace, output: tf.Tensor, name: string, written: readonly string[]): Endpoint => {
  if (output.dtype !== 'float32') throw new CannotCompile(`output ${name} is ${output.dtype}: expected float32`);
  const node = graph.add('Identity', [reference(output), ...written], { T: FLOAT }, `output/${name}`);
  return { tensor: `${node}:0`, shape: output.shape, dtype: 'float32' };
};

const writeSignature = (name: string, { entries }: Store): TracedSignature & { name: string } => {
  const graph = createScope(name);
  const inputs: Record<string, Endpoint> = {};
  const written = entries.map((entry) => {
    const fed = placeholder(graph, entry.name, { shape: entry.shape, dtype: 'float32' });
    inputs[entry.name] = fed;
    return `^${assign(graph, entry.handle, fed.tensor, [])}`;
  });
  const done = graph.add('Identity', [graph.constant(Float32Array.of(1), [], 'float32'), ...written], { T: FLOAT }, 'done');
  return { name, nodes: graph.nodes, definition: { inputs, outputs: { done: { tensor: `${done}:0`, shape: [], dtype: 'float32' } } } };
};

const readSignature = ({ entries }: Store): TracedSignature & { name: string } => {
  const graph = createScope('read');
  const outputs = entries.map(({ name, handle, shape }): [string, Endpoint] => {
    const node = graph.add('ReadVariableOp', [handle], { dtype: FLOAT });
    return [name, { tensor: `${node}:0`, shape, dtype: 'float32' }];
  });
  return { name: 'read', nodes: graph.nodes, definition: { inputs: {}, outputs: Object.fromEntries(outputs) } };
};

const placeholder = (graph: GraphScope, name: string, { shape, dtype }: TensorSpec): Endpoint => {
  const node = graph.add('Placeholder', [], { dtype: typeAttribute(dtype), shape: shapeAttribute(shape) }, `input/${name}`);
  return { tensor: `${node}:0`, shape, dtype };
};

/** Assigns a value to a variable. What is fed may be memory of JavaScript, which no other thread may release, and a variable is overwritten by others: it gets a copy. */
const assign = (graph: GraphScope, handle: string, value: string, order: readonly string[]): string => {
  const own = isFed(graph, value) ? graph.add('DeepCopy', [value], { T: FLOAT }) : value;
  return graph.add('AssignVariableOp', [handle, own, ...order], { dtype: FLOAT });
};

/** Operations whose output may be their first input's memory. */
const VIEWS: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Slice', 'SplitV', 'Unpack', 'Transpose', 'Pack', 'Tile']);

/** Whether a value is an input as it was fed, or another view of it. */
const isFed = (graph: GraphScope, value: string): boolean => {
  const node = graph.nodes.find(({ name }) => name === nodeOf(value));
  if (node === undefined) return false;
  const [viewed] = node.input;
  return node.op === 'Placeholder' || (viewed !== undefined && VIEWS.has(node.op) && isFed(graph, viewed));
};

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
