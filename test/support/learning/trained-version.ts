import { createEvaluationActivities } from '../../../src/activities/evaluation/evaluation.js';
import { createRunActivities } from '../../../src/activities/training/runs.js';
import { createTrainingActivities } from '../../../src/activities/training/training.js';
import { createVersionActivities } from '../../../src/activities/versions/versions.js';
import { judge } from '../../../src/domain/gate/judge.js';
import type { FrozenDataset, RegisteredVersion } from '../../../src/domain/training/run-steps.js';
import type { TransferSource } from '../../../src/domain/sequence/bucket-plan.js';
import { asActivity, type SmallWorld } from '../evaluation/judged-candidate.js';

/** Training of a second, with every mechanism on. */
export const tinyTraining = {
  trainSteps: 1_200,
  chunkSteps: 700,
  checkpointEvery: 250,
  parallelEpisodes: 4,
  batchSize: 16,
  bufferSize: 1_000,
  warmUpSteps: 100,
  epsilon: { decaySteps: 800 },
  agent: { trunk: [16], head: 8, auxiliaryHead: 0 },
};

export interface TrainedFrom {
  readonly bucket?: string;
  /** Version of another bucket that hands on to it. */
  readonly source?: TransferSource | null;
  readonly full?: boolean;
}

/** Trains, evaluates, judges and registers one version by the real activities; from production, where there is a proven one and nothing else is said. */
export const trainedVersion = async (
  { dependencies }: Pick<SmallWorld, 'dependencies'>,
  dataset: FrozenDataset,
  cycle: number,
  { bucket = 'default', source: wanted = null, full = false }: TrainedFrom = {},
): Promise<RegisteredVersion> => {
  const place = { instrument: 'SIM', bucket };
  const plan = bucket === 'default' ? {} : { plan: { bucket, source: wanted } };
  const runId = `train-SIM-${String(cycle).padStart(6, '0')}`;
  const begun = await createRunActivities(dependencies).beginRun({ ...place, runId, cycle, reason: 'test', full, dataset, ...plan });
  const { parent, trainSteps, chunkSteps } = begun;
  const source = begun.source === undefined ? {} : { source: begun.source };
  const replayed = begun.experiences === undefined ? {} : { experiences: begun.experiences };
  const training = createTrainingActivities(dependencies);
  let chunk = null;
  for (let toStep = chunkSteps; chunk?.bundle == null; toStep = Math.min(trainSteps, toStep + chunkSteps))
    chunk = await asActivity((request) => training.trainChunk(request), {
      ...place,
      ...source,
      runId,
      parent,
      ...replayed,
      dataset,
      toStep,
    });
  const evaluation = createEvaluationActivities(dependencies);
  const candidate = await asActivity((request) => evaluation.evaluateCandidate(request), {
    ...place,
    ...source,
    runId,
    ...replayed,
    dataset,
    bundle: chunk.bundle,
  });
  const decision = judge(candidate.evidence, candidate.gate);
  const request = { ...place, ...source, runId, epoch: chunk.epoch, ...replayed, dataset, parent, candidate, decision };
  return createVersionActivities(dependencies).registerVersion(request);
};

/** Puts a registered version into production, after whatever is live. */
export const putLive = async (
  { dependencies }: Pick<SmallWorld, 'dependencies'>,
  version: string,
  bucket = 'default',
  instrument = 'SIM',
): Promise<void> => {
  const place = { instrument, bucket };
  const { production } = dependencies.registry;
  const live = await production.current(instrument, bucket);
  const order = {
    ...place,
    operationKey: `live ${instrument} ${bucket} ${version}`,
    expectedPrevious: live?.version ?? null,
    decision: null,
  };
  await production.promote({ ...order, version, actor: 'test', reason: 'test' });
};
