import { canonicalJson } from '../../domain/canonical-json.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { Evaluation, PlayedContest } from '../../evaluation/evaluate-models.js';
import type { Backtest } from '../../evaluation/backtest/backtest-record.js';
import type { BarSeries } from '../../domain/market/bars.js';
import { evaluationRecord, type EvaluationRecord, type PlayedRecord } from './record.js';
import { storeSeries } from './series.js';

export interface EvaluationToStore extends Omit<EvaluationRecord, 'format' | 'sessions' | 'regimes' | 'closeTimes' | 'played'> {
  readonly evaluation: Evaluation;
  readonly bars: Pick<BarSeries, 'closeTime'>;
}

/** Stores an evaluation with all its series; returns the artifact id of its record. The same evaluation gives the same id. */
export const storeEvaluation = async (artifacts: ArtifactStore, { evaluation, bars, ...measured }: EvaluationToStore): Promise<string> => {
  const played = await playedPart(evaluation, bars, (series) => storeSeries(artifacts, series));
  const record: EvaluationRecord = evaluationRecord.parse({ format: 1, ...measured, sessions: evaluation.candidate.sessions, ...played });
  return artifacts.put(new TextEncoder().encode(canonicalJson(record)));
};

/** The part of a record that follows from playing alone; `store` gives the id of a series. */
export const playedPart = async (
  { candidate, stressed, production, buyAndHold, regimes }: PlayedContest,
  bars: Pick<BarSeries, 'closeTime'>,
  store: (series: Float64Array) => Promise<string>,
): Promise<Pick<EvaluationRecord, 'regimes' | 'closeTimes' | 'played'>> => ({
  regimes,
  closeTimes: await store(Float64Array.from(candidate.sessions.flatMap(({ from, to }) => [...bars.closeTime.subarray(from + 1, to)]))),
  played: {
    candidate: await playedRecord(candidate, store),
    stressed: await playedRecord(stressed, store),
    production: production === null ? null : await playedRecord(production, store),
    buyAndHold: await playedRecord(buyAndHold, store),
  },
});

const playedRecord = async (
  { returns, traded, gross, costs, net, trades, actions }: Backtest,
  store: (series: Float64Array) => Promise<string>,
): Promise<PlayedRecord> => ({
  returns: await store(returns),
  traded: await store(traded),
  gross,
  costs,
  net,
  trades,
  actions: [...actions],
});
