import { canonicalJson } from '../../domain/canonical-json.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { Evaluation } from '../../evaluation/evaluate-models.js';
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
  const { candidate, stressed, production, buyAndHold, regimes } = evaluation;
  const closeTimes = Float64Array.from(candidate.sessions.flatMap(({ from, to }) => [...bars.closeTime.subarray(from + 1, to)]));
  const record: EvaluationRecord = evaluationRecord.parse({
    format: 1,
    ...measured,
    sessions: candidate.sessions,
    regimes,
    closeTimes: await storeSeries(artifacts, closeTimes),
    played: {
      candidate: await storePlayed(artifacts, candidate),
      stressed: await storePlayed(artifacts, stressed),
      production: production === null ? null : await storePlayed(artifacts, production),
      buyAndHold: await storePlayed(artifacts, buyAndHold),
    },
  });
  return artifacts.put(new TextEncoder().encode(canonicalJson(record)));
};

const storePlayed = async (
  artifacts: ArtifactStore,
  { returns, traded, gross, costs, net, trades, actions }: Backtest,
): Promise<PlayedRecord> => ({
  returns: await storeSeries(artifacts, returns),
  traded: await storeSeries(artifacts, traded),
  gross,
  costs,
  net,
  trades,
  actions: [...actions],
});
