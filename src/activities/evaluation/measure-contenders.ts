import type { EnvironmentConfig } from '../../config/sections/training.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { GateSettings, RefusedSessions } from '../../domain/gate/types.js';
import type { LiveModel } from '../../domain/model/production.js';
import type { EvaluatedCandidate } from '../../domain/training/run-steps.js';
import { evaluateModels } from '../../evaluation/evaluate-models.js';
import type { Trials } from '../../evaluation/statistics/luck.js';
import { createRandom } from '../../learning/random.js';
import { checkServability } from '../../serving/check-servability.js';
import type { Contender } from './contender.js';
import type { ActivityDependencies } from '../dependencies.js';
import { storeEvaluation } from '../evidence/store-evaluation.js';
import { sampleStates } from './sample-states.js';

export interface Contest {
  readonly run: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly dataset: Pick<Dataset, 'id' | 'artifact' | 'simulated'>;
  readonly bars: BarSeries;
  /** Sessions that neither has learned from, and those that were left out for it. */
  readonly sessions: readonly BarRange[];
  readonly refused?: RefusedSessions | undefined;
  /** Artifact id of the candidate's bundle. */
  readonly bundle: string;
  readonly candidate: Contender;
  readonly production: Contender | null;
  readonly live: LiveModel | null;
  readonly trials: Trials;
  readonly gate: GateSettings;
  readonly environment: EnvironmentConfig;
  readonly bootstrap: { readonly replicates: number; readonly seed: number };
  /** Bars of the first look, where this is a later one: bounds then hold for all looks together. */
  readonly firstBars?: number;
  readonly doing: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Plays a candidate and production on the same sessions, measures the evidence, and stores what it rests on. */
export const measureContenders = async (
  { artifacts, markets }: Pick<ActivityDependencies, 'artifacts' | 'markets'>,
  contest: Contest,
): Promise<EvaluatedCandidate> => {
  const { run, bucket, dataset, bars, sessions, refused, bundle, candidate, production, live, trials, gate, bootstrap, doing } = contest;
  const states = sampleStates(candidate.bundle, candidate.matrix, sessions);
  const servable = await checkServability({ bundle: candidate.bundle, artifacts, states });
  doing(`playing on ${sessions.length} held-out sessions`);
  const instrument = markets.instrument(contest.instrument);
  const later = contest.firstBars === undefined ? {} : { firstBars: contest.firstBars };
  const evaluation = await evaluateModels({
    bars,
    instrument,
    sessions,
    candidate: candidate.model,
    production: production?.model ?? null,
    trials,
    servable,
    gate,
    bootstrapReplicates: bootstrap.replicates,
    random: createRandom(bootstrap.seed, 'bootstrap'),
    signal: contest.signal,
    ...later,
  });
  const because = refused === undefined ? {} : { refused };
  const to = new Date(bars.closeTime[(sessions.at(-1)?.to ?? 0) - 1] ?? NaN).toISOString();
  const evidence = { ...evaluation.evidence, ...because, to };
  const comparedWith = live?.version ?? null;
  doing('storing what the evidence rests on');
  const record = await storeEvaluation(artifacts, {
    run,
    bucket,
    instrument: { impactBps: 0, ...instrument },
    dataset: { id: dataset.id, artifact: dataset.artifact, simulated: dataset.simulated },
    candidate: bundle,
    production: production === null ? null : (live?.bundle ?? null),
    comparedWith,
    ...because,
    ...later,
    periodsPerYear: evidence.periodsPerYear,
    environment: contest.environment,
    trials,
    servable,
    gate,
    bootstrap,
    evaluation,
    bars,
  });
  return { bundle, weightsHash: candidate.bundle.weightsHash, evidence, comparedWith, gate, record };
};
