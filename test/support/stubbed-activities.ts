import type { DatasetActivities } from '../../src/activities/datasets.js';
import type { EvaluationActivities } from '../../src/activities/evaluation.js';
import type { RunActivities } from '../../src/activities/runs.js';
import type { TrainingActivities } from '../../src/activities/training.js';
import type { DeploymentActivities, VersionActivities } from '../../src/activities/versions.js';
import type { FrozenDataset } from '../../src/domain/run-steps.js';
import { evidence, settings } from './gate-evidence.js';

export type Activities = DatasetActivities &
  RunActivities &
  TrainingActivities &
  EvaluationActivities &
  VersionActivities &
  DeploymentActivities;

/** One call of an activity, in the order in which they began. */
export interface Call {
  readonly name: keyof Activities;
  readonly request: unknown;
}

export const frozenDataset: FrozenDataset = {
  id: 'd'.repeat(64),
  artifact: 'e'.repeat(64),
  bars: 10_000,
  sessions: 50,
  frequencyMs: 60_000,
  from: '2026-01-05T14:31:00.000Z',
  to: '2026-03-20T21:00:00.000Z',
  quality: 1,
  findings: [],
  quarantinedLines: 0,
  simulated: true,
  training: { from: 0, to: 7_900 },
  evaluation: { from: 8_000, to: 10_000 },
  purgeBars: 30,
};

/** Activities of a trainer that always succeeds at once, for tests of workflows; a test replaces what it is about. Calls are noted. */
export const stubActivities = (replaced: Partial<Activities> = {}): { readonly activities: Activities; readonly calls: Call[] } => {
  const calls: Call[] = [];
  const noted = <R, T>(name: keyof Activities, act: (request: R) => Promise<T>) => {
    return (request: R): Promise<T> => {
      calls.push({ name, request });
      return act(request);
    };
  };
  const plain = { ...succeeding(), ...replaced };
  const activities: Activities = {
    freezeDataset: noted('freezeDataset', plain.freezeDataset),
    recallInstrument: noted('recallInstrument', plain.recallInstrument),
    beginRun: noted('beginRun', plain.beginRun),
    endRun: noted('endRun', plain.endRun),
    trainChunk: noted('trainChunk', plain.trainChunk),
    evaluateCandidate: noted('evaluateCandidate', plain.evaluateCandidate),
    registerVersion: noted('registerVersion', plain.registerVersion),
    deployVersion: noted('deployVersion', plain.deployVersion),
    promoteVersion: noted('promoteVersion', plain.promoteVersion),
    rollbackVersion: noted('rollbackVersion', plain.rollbackVersion),
  };
  return { activities, calls };
};

const succeeding = (): Activities => {
  let versions = 0;
  let production: string | null = null;
  return {
    freezeDataset: () => Promise.resolve({ kind: 'frozen', dataset: frozenDataset, qualityThreshold: 0.95 }),
    recallInstrument: () => Promise.resolve({ cycle: 0, production: null, lastDecision: null, lastTrainedAt: null }),
    beginRun: () => Promise.resolve({ epoch: 1, config: 'f'.repeat(64), parent: null, trainSteps: 1_000, chunkSteps: 400 }),
    endRun: () => Promise.resolve(),
    trainChunk: ({ runId, toStep }) =>
      Promise.resolve({ step: toStep, checkpoint: `${runId}@${toStep}`, stepsPerSecond: 500, loss: 0.1, episodeReturn: 0.001 }),
    evaluateCandidate: () =>
      Promise.resolve({
        bundle: 'a'.repeat(64),
        weightsHash: 'b'.repeat(64),
        evidence: evidence(),
        evidenceArtifact: 'c'.repeat(64),
        comparedWith: production,
        gate: settings(),
      }),
    registerVersion: () => Promise.resolve({ version: `v${++versions}_20260320_210000` }),
    deployVersion: ({ version, verdict }) => {
      if (verdict === 'PROMOTE') production = version;
      return Promise.resolve({ installedAs: verdict === 'PROMOTE' ? 'production' : 'challenger', production });
    },
    promoteVersion: ({ version }) => Promise.resolve({ installedAs: 'production', production: (production = version) }),
    rollbackVersion: ({ version }) => Promise.resolve({ installedAs: 'production', production: (production = version ?? 'v0') }),
  };
};
