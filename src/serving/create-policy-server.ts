import type { ComputeFeatures } from '../domain/market/features.js';
import { REGIME_NEEDS, type MarketRegime } from '../domain/market/market-regime.js';
import type { ArtifactStore, Clock, Logger } from '../domain/ports.js';
import type { LiveModel } from '../domain/model/production.js';
import type { QValues } from '../learning/learner.js';
import { flatChoice, greedyChoice } from './choose.js';
import { NothingServed, UnanswerableRequest, type BarRow, type Decision, type DecisionRequest, type RecentMarket } from './decision.js';
import { loadModel, type LivePolicy } from './loaded-model.js';
import { createModelShelf } from './model-shelf.js';
import { reasonToBeFlat, type ServingLimits } from './reason-to-be-flat.js';
import { situationNow } from './situation-now.js';
import { stateOfBars, stateOfVector } from './state-vector.js';

export interface PolicyServerOptions extends ServingLimits {
  readonly artifacts: ArtifactStore;
  readonly computeFeatures: ComputeFeatures;
  /** Puts rows into bars of the frequency (ms), with the instrument's sessions. Throws `UnanswerableRequest` when it cannot. */
  readonly readMarket: (instrument: string, frequencyMs: number, rows: readonly BarRow[]) => RecentMarket;
  /** The newest bars of the frequency (ms) that are stored, on which is decided when a request brings none; null when there are none. */
  readonly storedMarket: (instrument: string, frequencyMs: number) => Promise<RecentMarket | null>;
  /** Everything that is live now. */
  readonly production: () => Promise<readonly LiveModel[]>;
  /** Artifact ids of the bundles that production would go back to: they are kept loaded, so that it does so at once. */
  readonly standby: () => Promise<readonly string[]>;
  /** The buckets that a name means: several, and not itself, where it is that of a bucket with a model for each regime. */
  readonly bucketsNamed: (name: string) => readonly string[];
  /** The regime that a bucket is configured for, which counts for models that were trained before it was; undefined where for all. */
  readonly regimeOf: (bucket: string) => MarketRegime | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What answers for the instruments. */
export interface PolicyServer {
  /** Swaps to what became live and drops what is live no more, one call after the other. Gives what could not be loaded: the one before goes on answering in its place. */
  refresh(): Promise<readonly LiveModel[]>;
  /**
   * By the model of the session's regime where the bucket has one for each, and by the bucket's own while none of these is live.
   * Throws `NothingServed`, `UnanswerableRequest`.
   */
  decide(instrument: string, bucket: string, request: DecisionRequest): Promise<Decision>;
  /** The kill switch: everything acts flat until it is released. */
  halt(halted: boolean): void;
  isHalted(): boolean;
  /** What answers. */
  serving(): readonly LiveModel[];
  /** How many models are loaded or being loaded: those that answer, and those that production may go back to. */
  loaded(): number;
  close(): Promise<void>;
}

/**
 * Serves the production model of each instrument and bucket. A swap is one assignment: a decision that has begun ends with the model it began
 * with, which is freed after it unless production may go back to it.
 */
export const createPolicyServer = (options: PolicyServerOptions): PolicyServer => {
  const { computeFeatures, readMarket, storedMarket, production, standby, bucketsNamed, regimeOf, logger, clock } = options;
  const policies = new Map<string, LivePolicy>();
  const shelf = createModelShelf((bundle) => loadModel(bundle, options));
  let halted = false;
  let refreshing: Promise<unknown> = Promise.resolve();
  let preparing: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const done = refreshing.then(act);
    refreshing = done.catch(() => undefined);
    return done;
  };

  /** Whether it answers now. */
  const swap = async (live: LiveModel): Promise<boolean> => {
    const key = keyOf(live.instrument, live.bucket);
    const before = policies.get(key)?.live;
    if ((['version', 'role', 'expiredAt'] as const).every((key) => before?.[key] === live[key])) return true;
    try {
      policies.set(key, { ...(await shelf.take(live.bundle)), live });
    } catch (error) {
      logger.error(`${live.version} of ${live.instrument} cannot be loaded; ${before?.version ?? 'nothing'} goes on answering`, {
        error: messageOf(error),
      });
      return false;
    }
    logger.info(`${live.instrument} is answered by ${live.version} (${live.role})`, {
      bucket: live.bucket,
      before: before?.version ?? null,
    });
    return true;
  };

  const dropAllBut = (kept: readonly string[]): void => {
    for (const [key, { live }] of policies) {
      if (kept.includes(key)) continue;
      policies.delete(key);
      logger.info(`nothing answers for ${live.instrument} any more`, { bucket: live.bucket, before: live.version });
    }
  };

  /** Loads what production may go back to, and frees what neither it nor a decision needs any more. */
  const prepare = async (): Promise<void> => {
    const bundles = await standby();
    const loaded = await Promise.allSettled(bundles.map((bundle) => shelf.take(bundle)));
    for (const one of loaded)
      if (one.status === 'rejected')
        logger.warn('a version that production may go back to cannot be loaded', { error: messageOf(one.reason) });
    await inTurn(() => {
      shelf.keepOnly(new Set([...bundles, ...[...policies.values()].map(({ live }) => live.bundle)]));
      return Promise.resolve();
    });
  };

  /** What a policy decides on; null for a request with a state vector. */
  const marketOf = async (
    { bundle: { observation: schema }, live: { instrument } }: LivePolicy,
    { bars, observation }: DecisionRequest,
  ): Promise<RecentMarket | null> => {
    if (observation !== undefined) return null;
    const { frequencyMs } = schema;
    const market = bars === undefined ? await storedMarket(instrument, frequencyMs) : readMarket(instrument, frequencyMs, bars);
    if (market === null)
      throw new UnanswerableRequest(
        `no bars of ${instrument} of ${frequencyMs / 1_000} s, or shorter ones that join to them, are stored: send bars or an observation`,
      );
    return market;
  };

  /** By the first policy whose regime it is; by the last, which acts flat, where it is none's. */
  const decideBy = async (
    [policy, ...others]: Policies,
    request: DecisionRequest,
    { began, markets }: Asked = { began: performance.now(), markets: new Map() },
  ): Promise<Decision> => {
    const { bundle, live } = policy;
    const { frequencyMs } = bundle.observation;
    const market = markets.get(frequencyMs) ?? (await marketOf(policy, request));
    if (market !== null) markets.set(frequencyMs, market);
    const regime = bundle.environment.regime ?? regimeOf(live.bucket);
    if (regime !== undefined && market !== null) assertTold(market, request);
    const [next, ...more] = others;
    if (next !== undefined && regime !== market?.regime) return decideBy([next, ...more], request, { began, markets });
    const state =
      market === null ? stateOfVector(bundle, request.observation ?? []) : stateOfBars(policy, market, request, computeFeatures);
    const values = await policy.answer(state);
    const limits = { halted, now: clock.now(), finite: isFinite(values) }; // looked at last, so that a halt counts at once
    const flatBecause = reasonToBeFlat({ bundle, live, regime }, request, market, options, limits);
    return {
      instrument: live.instrument,
      bucket: live.bucket,
      version: live.version,
      role: live.role,
      unproven: live.role === 'baseline',
      simulated: bundle.simulated,
      ...(flatBecause === null ? greedyChoice(values, bundle.bins) : flatChoice(bundle.bins)),
      flatBecause,
      ...(regime && { regime: market?.regime ?? null }),
      dataAsOf: market === null ? null : new Date(market.bars.closeTime.at(-1) ?? NaN).toISOString(),
      latencyMs: Math.round(1_000 * (performance.now() - began)) / 1_000,
      ...(request.situation === true ? { situation: situationNow(market, computeFeatures) } : {}),
    };
  };

  return {
    refresh() {
      const refreshed = inTurn(async () => {
        const live = await production();
        const missing: LiveModel[] = [];
        for (const model of live) if (!(await swap(model))) missing.push(model);
        dropAllBut(live.map(({ instrument, bucket }) => keyOf(instrument, bucket)));
        return missing;
      });
      preparing = Promise.all([preparing, refreshed])
        .then(prepare)
        .catch((error: unknown) => {
          logger.warn('what production may go back to is not loaded yet', { error: messageOf(error) });
        });
      return refreshed;
    },

    async decide(instrument, bucket, request) {
      const named = bucketsNamed(bucket);
      const liveOf = (names: readonly string[]): LivePolicy[] => names.flatMap((name) => policies.get(keyOf(instrument, name)) ?? []);
      const members = liveOf(named);
      const [first, ...others] = members.length > 0 ? members : liveOf([bucket]); // its own, from before it had regimes
      if (first === undefined) throw new NothingServed(instrument, bucket);
      assertRequest(request);
      if (first.live.bucket !== bucket && request.observation !== undefined)
        throw new UnanswerableRequest(
          `an observation does not tell the market's regime, and ${bucket} has a model for each: send bars, or ask one of ${named.join(', ')}`,
        );
      return whileUsed([first, ...others], () => decideBy([first, ...others], request));
    },

    halt(value) {
      halted = value;
    },

    isHalted: () => halted,

    serving: () => [...policies.values()].map(({ live }) => live),

    loaded: () => shelf.size(),

    async close() {
      await preparing;
      policies.clear();
      await shelf.close();
    },
  };
};

/** What is known of a request that several models may answer. */
interface Asked {
  readonly began: number;
  /** By the length of their bars. */
  readonly markets: Map<number, RecentMarket>;
}

/** Throws `UnanswerableRequest` where the regime of the session cannot be told. */
const assertTold = ({ regime, bars: { frequencyMs } }: RecentMarket, { bars }: DecisionRequest): void => {
  if (regime !== null) return;
  const [from, advice] =
    bars === undefined
      ? [`the stored bars of ${frequencyMs / 1_000} s`, 'ingest more history, or send bars']
      : [`the ${bars.length} bars sent`, 'send more history'];
  throw new UnanswerableRequest(`the regime of the session cannot be told from ${from}: needs ${REGIME_NEEDS}; ${advice}`);
};

/** At least one. */
type Policies = readonly [LivePolicy, ...LivePolicy[]];

/** Does work that needs several models; none is freed before. */
const whileUsed = <T>(policies: readonly LivePolicy[], work: () => Promise<T>): Promise<T> =>
  policies.reduce((inner, policy) => () => policy.use(inner), work)();

const keyOf = (instrument: string, bucket: string): string => `${instrument}/${bucket}`;

const assertRequest = ({ bars, observation, position = 0, sessionReturn = 0 }: DecisionRequest): void => {
  if (bars !== undefined && observation !== undefined)
    throw new UnanswerableRequest('bars and an observation were sent: expected one of them, or none for the newest bars that are stored');
  if (!Number.isFinite(position))
    throw new UnanswerableRequest(`position is ${position}: expected the position's notional as a share of the largest`);
  if (!Number.isFinite(sessionReturn))
    throw new UnanswerableRequest(`sessionReturn is ${sessionReturn}: expected the session's net profit over cash`);
};

const isFinite = ({ price, quantity }: QValues): boolean => price.every(Number.isFinite) && quantity.every(Number.isFinite);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
