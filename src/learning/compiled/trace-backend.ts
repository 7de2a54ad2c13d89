import * as tf from '@tensorflow/tfjs';
import type { Products } from './program.js';
import { createScope, graphType, typedValues, type AttributeValue, type GraphScope } from './graph.js';

/** The name under which TensorFlow.js knows the tracing backend. */
export const TRACE_BACKEND = 'ratchet-trace';

export class CannotCompile extends Error {
  override readonly name = 'CannotCompile';
}

type Attributes = Readonly<Record<string, AttributeValue>>;

/** A variable while a signature is traced. */
export interface TracedVariable {
  readonly name: string;
  /** The node that holds the variable's handle. */
  readonly handle: string;
  readonly shape: readonly number[];
  /** The node whose output is what the variable holds at this point of the trace. */
  current: string;
  /** Reads and writes so far, as control inputs (`^node`) of the next write: nothing else orders them. */
  readonly order: string[];
}

/** The recording of one signature: its nodes, and which of them each symbolic tensor stands for. */
export interface Trace {
  readonly graph: GraphScope;
  /** What matrices are multiplied in. */
  readonly productType: Products;
  /** Floating-point operations of each matrix product, by its node. */
  readonly products: Map<string, number>;
  readonly variables: TracedVariable[];
  /** Records a node with one output and returns the tensor that stands for it. */
  readonly emit: (op: string, input: readonly string[], attr: Attributes, shape: readonly number[], dtype: tf.DataType) => tf.TensorInfo;
  /** A tensor that stands for `node` or `node:output`. */
  readonly symbol: (reference: string, shape: readonly number[], dtype: tf.DataType) => tf.TensorInfo;
  /** What a tensor stands for. Throws `CannotCompile` for one that was made outside of the trace. */
  readonly reference: (tensor: tf.TensorInfo) => string;
}

/** Runs `record` on the tracing backend, in place of the present one: what it computes becomes nodes under `scope`. */
export const trace = <T>(scope: string, productType: Products, record: (trace: Trace) => T): T => {
  const before = tf.getBackend();
  const backend = tracingBackend();
  const recording = backend.begin(scope, productType);
  void tf.setBackend(TRACE_BACKEND); // takes effect at once: the promise is for backends that load something
  tf.engine().startScope();
  try {
    return record(recording);
  } finally {
    tf.engine().endScope();
    void tf.setBackend(before);
    backend.end();
  }
};

/** The recording that is under way. Throws `CannotCompile` when there is none. */
export const currentTrace = (): Trace => tracingBackend().current();

const tracingBackend = (): TraceBackend => {
  const registered: unknown = tf.findBackend(TRACE_BACKEND);
  if (registered instanceof TraceBackend) return registered;
  const backend = new TraceBackend();
  tf.registerBackend(TRACE_BACKEND, () => backend, 0);
  return backend;
};

interface Symbolic {
  readonly reference: string;
  uses: number;
}

/** TensorFlow.js asks for a subclass here. It counts uses as every backend must, and records where others would compute. */
class TraceBackend extends tf.KernelBackend {
  private symbols = new Map<object, Symbolic>();
  private recording: Trace | null = null;

  begin(scope: string, productType: Products): Trace {
    if (this.recording !== null) throw new CannotCompile(`${scope} cannot be traced while ${this.recording.graph.name} is`);
    const graph = createScope(scope);
    const symbol: Trace['symbol'] = (reference, shape, dtype) => ({ dataId: this.register(reference), shape: [...shape], dtype });
    this.recording = {
      graph,
      productType,
      products: new Map(),
      variables: [],
      symbol,
      emit: (op, input, attr, shape, dtype) => symbol(graph.add(op, input, attr), shape, dtype),
      reference: ({ dataId, shape }) => {
        const known = this.symbols.get(dataId);
        if (known !== undefined) return known.reference;
        throw new CannotCompile(
          `${scope} uses a tensor of shape [${shape.join(', ')}] that was made outside of it: hand it in as an input, a constant or a variable`,
        );
      },
    };
    return this.recording;
  }

  end(): void {
    this.recording = null;
    this.symbols = new Map();
  }

  current(): Trace {
    if (this.recording === null) throw new CannotCompile('nothing is being traced: the tracing backend works only inside of compile');
    return this.recording;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const type = graphType(dtype);
    const numbers = Array.from<number | Uint8Array, number>(values, Number);
    return this.register(this.current().graph.constant(typedValues(numbers, type), shape, type));
  }

  override readSync(): never {
    throw new CannotCompile(
      'a traced function reads the value of a tensor, which a graph does not have yet: compute with the tensor instead',
    );
  }

  override read(): never {
    return this.readSync();
  }

  override incRef(dataId: object): void {
    const known = this.symbols.get(dataId);
    if (known !== undefined) known.uses++;
  }

  override disposeData(dataId: object, force = false): boolean {
    const known = this.symbols.get(dataId);
    if (known === undefined) return true;
    if (--known.uses > 0 && !force) return false;
    return this.symbols.delete(dataId);
  }

  override refCount = (dataId: object): number => this.symbols.get(dataId)?.uses ?? 0;
  override numDataIds = (): number => this.symbols.size;
  override floatPrecision = (): 32 => 32;
  override epsilon = (): number => 1e-7;
  override timerAvailable = (): boolean => false;

  private register(reference: string): object {
    const dataId = {};
    this.symbols.set(dataId, { reference, uses: 1 });
    return dataId;
  }
}
