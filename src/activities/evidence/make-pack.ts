import { productVersion } from '../../config/product-version.js';
import type { GateDecision, GateEvidence } from '../../domain/gate/types.js';
import type { Backtest } from '../../evaluation/backtest/backtest-record.js';
import { regimeSlices } from '../../evaluation/regime-slices.js';
import { evidencePack, type EvidencePack, type RegimeRow } from '../../reports/evidence/pack.js';
import type { LoadedEvaluation } from './load-evaluation.js';

/** What a pack is about beyond the evaluation that it rests on. */
export interface Judged {
  /** Artifact id of the evaluation's record. */
  readonly id: string;
  /** Name of the candidate's version; null when it was not registered. */
  readonly version: string | null;
  readonly evidence: GateEvidence;
  readonly decision: GateDecision;
}

/** The evidence pack of a decision on a stored evaluation. */
export const makePack = async (loaded: LoadedEvaluation, { id, version, evidence, decision }: Judged): Promise<EvidencePack> => {
  const { record, candidate, production, buyAndHold, closeTimes } = loaded;
  const { instrument, bucket, run, comparedWith, dataset, sessions } = record;
  return evidencePack({
    record: id,
    madeBy: await productVersion(),
    subject: {
      instrument: instrument.id,
      bucket,
      run,
      version,
      comparedWith: record.production === null ? null : comparedWith,
      dataset: dataset.artifact,
      candidate: record.candidate,
      production: record.production,
      simulated: dataset.simulated,
    },
    settings: record.gate,
    decision,
    evidence,
    regimes: regimeRows(record, candidate, production),
    candidate,
    production,
    buyAndHold,
    closeTimes,
    placeOf: (session, bar) => (candidate.offsets[session] ?? 0) + bar - (sessions[session]?.from ?? 0) - 1,
  });
};

const regimeRows = (
  { regimes, periodsPerYear }: LoadedEvaluation['record'],
  candidate: Backtest,
  production: Backtest | null,
): RegimeRow[] => {
  const ofProduction = new Map(
    production === null ? [] : regimeSlices(production, regimes, periodsPerYear).map((slice) => [slice.regime, slice] as const),
  );
  return regimeSlices(candidate, regimes, periodsPerYear).map(({ regime, sessions, totalReturn, sharpe }) => {
    const other = ofProduction.get(regime);
    return {
      regime,
      sessions,
      candidate: { totalReturn, sharpe },
      production: other === undefined ? null : { totalReturn: other.totalReturn, sharpe: other.sharpe },
    };
  });
};
