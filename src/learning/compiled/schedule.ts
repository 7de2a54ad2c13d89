import { nodeOf, type GraphNode } from './graph.js';

/** Products smaller than this share of the largest run whenever they can. */
const LARGE = 1 / 20;

/**
 * The same graph with the order of its large matrix products written into it, for so many of them at a time.
 *
 * TensorFlow runs what is ready depth first and knows of no lengths: of a step's three forward passes it takes two to their ends before it begins the third, and the
 * longest product of the gradients, for which all others wait, is left alone at the end. So the products are laid out beforehand by list scheduling (Graham 1969), each time
 * the one with the longest way to the end (Hu 1961), and each waits for the one before it in its lane. Order changes no bit of what is computed.
 */
export const scheduleProducts = (nodes: readonly GraphNode[], work: ReadonlyMap<string, number>, lanes: number): readonly GraphNode[] => {
  const products = largeProducts(nodes, work);
  if (!(lanes >= 2 && products.length > lanes)) return nodes;
  return withWaits(nodes, waits(products, lanes));
};

/** A product, and the others whose results it needs, directly or not. */
interface Product {
  readonly name: string;
  readonly work: number;
  readonly needs: ReadonlySet<Product>;
}

const largeProducts = (nodes: readonly GraphNode[], work: ReadonlyMap<string, number>): Product[] => {
  const least = LARGE * Math.max(0, ...work.values());
  const products: Product[] = [];
  const behind = new Map<string, ReadonlySet<Product>>();
  for (const { name, input } of nodes) {
    const needs = new Set(input.flatMap((reference) => [...(behind.get(nodeOf(reference)) ?? [])]));
    const operations = work.get(name) ?? 0;
    const product = operations > 0 && operations >= least ? { name, work: operations, needs } : null;
    if (product !== null) products.push(product);
    behind.set(name, product === null ? needs : new Set([...needs, product]));
  }
  return products;
};

/** By product, the one that it is to wait for: that of its lane which ends right before it begins, were nothing but these products to be done. */
const waits = (products: readonly Product[], lanes: number): Map<string, string> => {
  const wayToEnd = new Map<Product, number>();
  for (const product of products.toReversed()) {
    const after = products.filter(({ needs }) => needs.has(product)).map((next) => wayToEnd.get(next)!);
    wayToEnd.set(product, product.work + Math.max(0, ...after));
  }
  const waiting = new Set(products);
  const ends = new Map<Product, number>();
  const free = Array.from({ length: lanes }, (): { at: number; last: Product | null } => ({ at: 0, last: null }));
  const found = new Map<string, string>();
  while (waiting.size > 0) {
    const lane = free.reduce((first, other) => (other.at < first.at ? other : first));
    const ready = [...waiting].filter(({ needs }) => [...needs].every((need) => (ends.get(need) ?? Infinity) <= lane.at));
    if (ready.length === 0) {
      lane.at = Math.min(...[...ends.values()].filter((end) => end > lane.at));
      continue;
    }
    const next = ready.reduce((most, other) => (wayToEnd.get(other)! > wayToEnd.get(most)! ? other : most));
    if (lane.last !== null && !next.needs.has(lane.last)) found.set(next.name, lane.last.name);
    waiting.delete(next);
    lane.at += next.work;
    lane.last = next;
    ends.set(next, lane.at);
  }
  return found;
};

/**
 * Adds the waits. TensorFlow makes one kernel of a product with its bias and ReLU, but of none that an order is tied to: it is tied to identities, one of what the awaited
 * layer says and one of what the waiting product is given.
 */
const withWaits = (nodes: readonly GraphNode[], awaited: ReadonlyMap<string, string>): readonly GraphNode[] => {
  const ends = layerEnds(nodes);
  return nodes.flatMap((node) => {
    const before = awaited.get(node.name);
    if (before === undefined) return [node];
    const [first = '', ...rest] = node.input;
    const [done, gate] = [`${node.name}/after`, `${node.name}/gate`];
    const end = ends(before);
    return [identity(done, end.attr, end.name), identity(gate, node.attr, first, `^${done}`), { ...node, input: [gate, ...rest] }];
  });
};

/** An identity of the type of a node that has those attributes. */
const identity = (name: string, { T }: GraphNode['attr'], ...input: string[]): GraphNode => ({
  name,
  op: 'Identity',
  input,
  attr: { T: T! },
});

/** Of a product's name, the last node of what becomes one kernel with it. */
const layerEnds = (nodes: readonly GraphNode[]): ((product: string) => GraphNode) => {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const takers = new Map<string, GraphNode[]>();
  for (const node of nodes)
    for (const reference of node.input) {
      const name = nodeOf(reference);
      takers.set(name, [...(takers.get(name) ?? []), node]);
    }
  // A read that something comes before, an update of that variable, may itself need the product that is to wait.
  const isBias = (reference: string): boolean => {
    const source = byName.get(nodeOf(reference));
    return source?.op === 'ReadVariableOp' && source.input.length === 1;
  };
  const end = (name: string): GraphNode => {
    const [next, ...others] = takers.get(name) ?? [];
    const joins = next !== undefined && others.length === 0 && (next.op === 'Relu' || (next.op === 'AddV2' && next.input.some(isBias)));
    return joins ? end(next.name) : byName.get(name)!;
  };
  return end;
};
