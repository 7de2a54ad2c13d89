import type { GateEvidence } from '../../domain/gate/types.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { sessionOffsets, type Backtest } from '../../evaluation/backtest/backtest-record.js';
import { gateEvidence } from '../../evaluation/evidence.js';
import { createRandom } from '../../learning/random.js';
import { evaluationRecord, type EvaluationRecord, type PlayedRecord } from './record.js';
import { readSeries } from './series.js';

/** A stored evaluation with its series. */
export interface LoadedEvaluation {
  readonly record: EvaluationRecord;
  readonly candidate: Backtest;
  readonly stressed: Backtest;
  readonly production: Backtest | null;
  readonly buyAndHold: Backtest;
  readonly closeTimes: Float64Array;
}

/** Reads a stored evaluation by its record's artifact id; every artifact is checked against its id. Throws `ArtifactMissing`, `ArtifactCorrupt`, `ZodError`. */
export const loadEvaluation = async (artifacts: ArtifactStore, id: string): Promise<LoadedEvaluation> => {
  const record = evaluationRecord.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(id))));
  const { candidate, stressed, production, buyAndHold } = record.played;
  const length = sessionOffsets(record.sessions).at(-1) ?? 0;
  const load = (played: PlayedRecord): Promise<Backtest> => loadPlayed(artifacts, record, played, length);
  return {
    record,
    candidate: await load(candidate),
    stressed: await load(stressed),
    production: production === null ? null : await load(production),
    buyAndHold: await load(buyAndHold),
    closeTimes: await readSeries(artifacts, record.closeTimes, length),
  };
};

/** The evidence that follows from a stored evaluation, computed as it was at first. */
export const evidenceOf = ({ record, candidate, stressed, production, buyAndHold, closeTimes }: LoadedEvaluation): GateEvidence => {
  const { regimes, periodsPerYear, trials, servable, gate, bootstrap, refused, firstBars } = record;
  const evidence = gateEvidence({
    candidate,
    stressed,
    production,
    buyAndHold,
    regimes,
    periodsPerYear,
    trials,
    servable,
    gate,
    bootstrapReplicates: bootstrap.replicates,
    random: createRandom(bootstrap.seed, 'bootstrap'),
    ...(firstBars === undefined ? {} : { firstBars }),
  });
  const to = new Date(closeTimes.at(-1) ?? NaN).toISOString();
  return { ...evidence, ...(refused === undefined ? {} : { refused }), to };
};

const loadPlayed = async (
  artifacts: ArtifactStore,
  { sessions, environment }: EvaluationRecord,
  { returns: returnsId, traded, actions, ...played }: PlayedRecord,
  length: number,
): Promise<Backtest> => {
  const offsets = sessionOffsets(sessions);
  const returns = await readSeries(artifacts, returnsId, length);
  const sessionReturns = Float64Array.from(sessions, (_, session) =>
    returns.subarray(offsets[session], offsets[session + 1]).reduce((sum, value) => sum + value, 0),
  );
  return {
    ...played,
    sessions,
    cash: environment.cash,
    offsets,
    returns,
    sessionReturns,
    position: new Float64Array(0),
    traded: await readSeries(artifacts, traded, length),
    actions: Int32Array.from(actions),
  };
};
