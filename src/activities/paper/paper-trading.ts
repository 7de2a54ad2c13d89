import type { PaperRequest, PaperTraded } from '../../domain/paper/paper-trader.js';
import type { LiveModel } from '../../domain/model/production.js';
import { createPaperAccount } from '../../evaluation/paper/trade-on-paper.js';
import { sessionExperiences } from '../../evaluation/paper/session-experiences.js';
import { periodsPerYear } from '../../evaluation/periods-per-year.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import { createRandom } from '../../learning/random.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { openPaperPolicy } from './paper-policy.js';
import { readStoredBars, type StoredBars } from './stored-bars.js';

export interface PaperActivities {
  /** Trades the live model on the stored sessions that come next, without money, and stores its experiences. Repeating it stores nothing twice. */
  tradeOnPaper(request: PaperRequest): Promise<PaperTraded>;
}

type PaperDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'markets' | 'folders'>;

/** Sessions of one call. */
const SESSIONS = 10;

export const createPaperActivities = (dependencies: PaperDependencies): PaperActivities => ({
  tradeOnPaper: (request) =>
    withHeartbeat(async (doing, signal) => {
      const { registry, config } = dependencies;
      const { instrument, bucket } = request;
      const { enabled, checkIntervalMinutes } = config.paper;
      if (!enabled) return { kind: 'off' };
      const nextLookMs = 60_000 * checkIntervalMinutes;
      const waiting = (why: string): PaperTraded => ({ kind: 'waiting', why, nextLookMs });
      const live = await registry.production.current(instrument, bucket);
      if (live === null) return waiting('no version is live');
      doing('reading the bars');
      const { observation } = readModelBundle(await dependencies.artifacts.get(live.bundle));
      const stored = await readStoredBars(dependencies, instrument, observation.frequencyMs);
      if (stored === null) return waiting(`no bars of ${observation.frequencyMs / 1_000} s are stored`);
      const tradedTo = request.tradedTo ?? (await registry.versions.get(instrument, bucket, live.version))?.dataHorizon ?? null;
      const traded = await tradeNext(dependencies, { live, stored, tradedTo, doing, signal });
      if (traded === null) return waiting(`no session after ${tradedTo ?? 'the beginning'} is over yet`);
      return { kind: 'traded', version: live.version, nextLookMs, ...traded };
    }),
});

interface Round {
  readonly live: LiveModel;
  readonly stored: StoredBars;
  readonly tradedTo: string | null;
  readonly doing: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Null when no session is left. */
const tradeNext = async (
  { registry, artifacts, config, markets }: PaperDependencies,
  { live, stored: { bars, over }, tradedTo, doing, signal }: Round,
) => {
  const bundle = readModelBundle(await artifacts.get(live.bundle));
  const { bins, horizon, observation, schemaHash } = bundle;
  const { epsilon } = config.paper;
  const instrument = markets.instrument(live.instrument);
  const policy = await openPaperPolicy(bundle, { artifacts, bars, epsilon });
  try {
    const all = tradableSessions(bars, over, policy.firstDecision);
    const own = tradableSessions(bars, over, policy.firstDecision, bundle.environment.regime);
    const after = tradedTo === null ? -Infinity : Date.parse(tradedTo);
    const left = own.filter(({ from }) => (bars.openTime[from] ?? NaN) >= after);
    const sessions = left.slice(0, SESSIONS);
    const last = sessions.at(-1);
    if (last === undefined) return null;
    const environment = { ...config.training.environment, ...bundle.environment, lookback: observation.lookback };
    const account = { ...environment, priceBins: bins.price, quantityBins: bins.quantity };
    const perYear = periodsPerYear(bars, all);
    const model = { instrument: live.instrument, version: live.version, schemaHash, bins, epsilon };
    let [experiences, netReturn] = [0, 0];
    for (const [at, session] of sessions.entries()) {
      signal.throwIfAborted();
      doing(`trading session ${at + 1} of ${sessions.length} on paper`);
      const random = createRandom(bundle.seed, `paper/${live.version}/${bars.openTime[session.from] ?? 0}`);
      const trade = createPaperAccount({
        bars,
        instrument,
        config: account,
        horizon,
        decide: (bar, privateState) => policy.decide(bar, privateState, random),
      });
      const lived = sessionExperiences(await trade(session), bars, model, perYear);
      const { conflicts } = await registry.experiences.write(lived);
      if (conflicts.length > 0)
        throw new Error(
          `${lived[conflicts[0] ?? 0]?.id ?? '?'} is stored already and differs: the same model gave another answer on the same bars`,
        );
      experiences += lived.length;
      netReturn += lived.reduce((sum, { reward }) => sum + reward, 0);
    }
    const tradedUpTo = new Date(bars.closeTime[last.to - 1] ?? NaN).toISOString();
    return { tradedTo: tradedUpTo, sessions: sessions.length, experiences, netReturn, more: left.length > sessions.length };
  } finally {
    await policy.release();
  }
};
