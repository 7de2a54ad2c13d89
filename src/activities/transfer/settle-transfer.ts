import { operationKey } from '../../domain/ids.js';
import { measureEffect, type TransferEffect } from '../../domain/transfer/effect.js';
import type { Proposal, SettleRequest } from '../../domain/transfer/steps.js';
import { judgeTransfer, type Transfer } from '../../domain/transfer/transfer.js';
import { trialOf } from '../../domain/transfer/trial.js';
import { createRandom } from '../../learning/random.js';
import type { ActivityDependencies } from '../dependencies.js';
import { configOfRun } from '../training/run-config.js';

export interface SettlementActivities {
  /** Measures what a transfer did, decides whether it is used, and records it. Once per run. */
  settleTransfer(request: SettleRequest): Promise<Transfer>;
}

export const createSettlementActivities = ({ registry }: Pick<ActivityDependencies, 'registry'>): SettlementActivities => ({
  async settleTransfer(request) {
    const { runId, instrument, bucket, source, proposal } = request;
    const { training } = await configOfRun(registry, runId);
    const { bucket: of, version, occasion = 'initial' } = source;
    const effect = effectOf(request, training.seed);
    const { id, at, ...transfer } = await registry.transfers.record({
      run: runId,
      instrument,
      from: { bucket: of, version },
      to: bucket,
      occasion,
      ...handedOn(proposal),
      effect,
      verdict: proposal.kind === 'refused' ? { used: false, reason: proposal.reason } : judgeTransfer(occasion, effect),
    });
    await registry.events.append({
      kind: transfer.verdict.used ? 'knowledgeHandedOn' : 'knowledgeRefused',
      instrument,
      actor: 'ratchet',
      payload: { transfer: id, at, ...transfer },
      operationKey: operationKey(runId, 'transfer'),
    });
    return transfer;
  },
});

const handedOn = (proposal: Proposal): Pick<Transfer, 'kinds' | 'fallback' | 'sizes' | 'horizons' | 'repeatEvery'> => {
  if (proposal.kind === 'refused') return { kinds: [], fallback: null, sizes: {}, horizons: [], repeatEvery: null };
  const { kinds, fallback, sizes, horizons, repeatEvery } = proposal;
  return { kinds, fallback, sizes, horizons, repeatEvery };
};

const effectOf = ({ proposal, arms }: SettleRequest, seed: number): TransferEffect => {
  if (proposal.kind === 'refused') return { measured: false, reason: 'it was refused' };
  if (trialOf(proposal) === null)
    return { measured: false, reason: 'unmeasured' in proposal.trial ? proposal.trial.unmeasured : 'nothing was trained for it' };
  const scores = (transferred: boolean): number[] =>
    arms.filter((arm) => arm.transferred === transferred).map(({ totalReturn }) => totalReturn);
  return measureEffect(scores(true), scores(false), createRandom(seed, 'transfer effect'));
};
