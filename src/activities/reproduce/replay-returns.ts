import type { ArtifactStore } from '../../domain/ports.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import { returnHash } from '../../evaluation/backtest/return-hash.js';
import { readDataset } from '../../market/bar-store.js';
import { openContender } from '../evaluation/contender.js';
import type { EvaluationRecord } from '../evidence/record.js';

/** Hash of the returns that a model earns on the sessions of a stored evaluation, played again. */
export const replayReturns = async (
  { dataset, instrument, sessions, environment }: EvaluationRecord,
  bundle: string,
  artifacts: ArtifactStore,
): Promise<string> => {
  const bars = await readDataset(await artifacts.file(dataset.artifact));
  const { model, release } = await openContender(artifacts, bundle, bars, environment);
  try {
    const { policy, config, horizon } = model;
    return returnHash((await backtest({ bars, instrument, sessions, policy, config, horizon })).returns);
  } finally {
    await release();
  }
};
