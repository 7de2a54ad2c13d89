import type { RandomStream } from '../ports.js';
import { streamDetectors } from './streams/detectors.js';
import type { Change } from './streams/stream-detector.js';

/** Something that is measured once a session. */
export interface DriftStream {
  readonly name: string;
  /** Finite, oldest first. */
  readonly values: Float64Array;
}

export interface ChangeOptions {
  /** Probability of an alarm where nothing has changed. */
  readonly level: number;
  readonly random: RandomStream;
}

/** What has changed most in the streams, and whether so much would be rarer than the level if nothing had. */
export interface ChangeFinding {
  readonly changed: boolean;
  /** Share of orders of the sessions in which as much shows at the end, the true one included. */
  readonly pValue: number;
  readonly sessions: number;
  readonly stream: string;
  readonly detector: string;
  /** Sessions before the change. */
  readonly since: number;
  /** Means before and after. */
  readonly before: number;
  readonly after: number;
}

/** Fewer sessions show nothing. */
export const FEWEST_SESSIONS = 20;
/** Orders for each one that may differ as much, and the most of all. */
const ORDERS_PER_CHANCE = 20;
const MOST_ORDERS = 4_999;

/**
 * Looks with every detector at every stream for a change of its mean that shows at the end. Their thresholds are not set but found: the sessions are
 * put into other orders, the same for all streams, and the end of the true order is compared with the ends of these. Where sessions are exchangeable
 * an alarm has at most the probability of the level, whatever the distribution, for any number of streams and detectors. Null for fewer than twenty
 * sessions, for streams that never move, and for a level that is rarer than one in five thousand.
 */
export const findChange = (streams: readonly DriftStream[], { level, random }: ChangeOptions): ChangeFinding | null => {
  const sessions = Math.min(...streams.map(({ values }) => values.length));
  if (streams.length === 0 || sessions < FEWEST_SESSIONS) return null;
  const looks = streams.flatMap(({ name, values }) => looksAt(name, values.subarray(values.length - sessions)));
  const others = Math.min(MOST_ORDERS, Math.ceil(ORDERS_PER_CHANCE / level));
  if (looks.length === 0 || level * (1 + others) < 1) return null;
  const order = Uint32Array.from({ length: sessions }, (_, i) => i);
  const orders = [
    looks.map(({ change }) => change.evidence),
    ...Array.from({ length: others }, () => {
      shuffle(order, random);
      return looks.map((look) => look.evidenceIn(order));
    }),
  ];
  const usual = looks.map((_, at) => orders.reduce((sum, evidence) => sum + (evidence[at] ?? 0), 0) / orders.length || 1);
  const relative = (evidence: number, at: number): number => evidence / (usual[at] ?? 1);
  const strangeness = orders.map((evidence) => Math.max(...evidence.map(relative)));
  const [strangest = 0] = strangeness;
  const worst = looks.find(({ change }, at) => relative(change.evidence, at) === strangest);
  if (worst === undefined) return null;
  const pValue = strangeness.filter((one) => one >= strangest).length / orders.length;
  const { stream, detector, values, change } = worst;
  const { since } = change;
  const [before, after] = [meanOf(values.subarray(0, since)), meanOf(values.subarray(since))];
  return { changed: pValue <= level, pValue, sessions, stream, detector, since, before, after };
};

/** One stream as one detector sees it. */
interface Look {
  readonly stream: string;
  readonly detector: string;
  readonly values: Float64Array;
  readonly change: Change;
  /** The evidence that it would see in another order. */
  readonly evidenceIn: (order: Uint32Array) => number;
}

/** Nothing is to be seen in what never moves. */
const looksAt = (stream: string, values: Float64Array): Look[] => {
  const scaled = inDeviations(values);
  if (scaled === null) return [];
  const reordered = new Float64Array(scaled.length);
  return Object.entries(streamDetectors).map(([detector, detect]) => ({
    stream,
    detector,
    values,
    change: detect(scaled),
    evidenceIn(order) {
      for (const [i, place] of order.entries()) reordered[i] = scaled[place] ?? 0;
      return detect(reordered).evidence;
    },
  }));
};

/** Values in units of their standard deviation; null where they never move. */
const inDeviations = (values: Float64Array): Float64Array | null => {
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
  return deviation > 0 ? values.map((value) => (value - mean) / deviation) : null;
};

const meanOf = (values: Float64Array): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);

/** Fisher and Yates. */
const shuffle = (order: Uint32Array, random: RandomStream): void => {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const [one = 0, two = 0] = [order[last], order[other]];
    order[last] = two;
    order[other] = one;
  }
};
