import type { BlackoutActivities } from '../../../src/activities/market/blackouts.js';
import type { CanaryActivities } from '../../../src/activities/checks/canary.js';
import type { CustomTriggerActivities } from '../../../src/activities/checks/custom-triggers.js';
import type { ProductionCheckActivities } from '../../../src/activities/checks/production-check.js';
import type { MaintenanceActivities } from '../../../src/activities/checks/tidy-up.js';
import type { AnnotationActivities } from '../../../src/activities/annotation/annotate-trades.js';
import type { DatasetActivities } from '../../../src/activities/training/datasets.js';
import type { FineTuningActivities } from '../../../src/activities/finetuning/export-set.js';
import type { EvaluationActivities } from '../../../src/activities/evaluation/evaluation.js';
import type { FileListActivities } from '../../../src/activities/market/file-lists.js';
import type { PaperActivities } from '../../../src/activities/paper/paper-trading.js';
import type { RunActivities } from '../../../src/activities/training/runs.js';
import type { TrainingActivities } from '../../../src/activities/training/training.js';
import type { ChallengerActivities } from '../../../src/activities/evaluation/challengers.js';
import type { CrossEvaluationActivities } from '../../../src/activities/sequence/cross-evaluate.js';
import type { CurriculumActivities } from '../../../src/activities/sequence/measured-gains.js';
import type { ProposalActivities } from '../../../src/activities/transfer/propose-transfer.js';
import type { SettlementActivities } from '../../../src/activities/transfer/settle-transfer.js';
import type { SplitActivities } from '../../../src/activities/validation/validate-split.js';
import type { ValidationActivities } from '../../../src/activities/validation/validation.js';
import type { DeploymentActivities, VersionActivities } from '../../../src/activities/versions/versions.js';
import { blackoutKey } from '../../../src/domain/learner/blackout.js';
import type { QualityReport } from '../../../src/domain/market/quality.js';
import type { Deployed, FrozenDataset, LiveVersion } from '../../../src/domain/training/run-steps.js';
import { validationReport } from '../../../src/evaluation/validation-report.js';
import { createRandom } from '../../../src/learning/random.js';
import { evidence, settings } from '../evaluation/gate-evidence.js';
import { splitResult, validationPlan } from '../evaluation/validation.js';

export type Activities = BlackoutActivities &
  CanaryActivities &
  CustomTriggerActivities &
  MaintenanceActivities &
  ProductionCheckActivities &
  DatasetActivities &
  FileListActivities &
  FineTuningActivities &
  PaperActivities &
  AnnotationActivities &
  RunActivities &
  TrainingActivities &
  ChallengerActivities &
  SplitActivities &
  CrossEvaluationActivities &
  CurriculumActivities &
  ProposalActivities &
  SettlementActivities &
  ValidationActivities &
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
  instrument: 'ES',
  artifact: 'e'.repeat(64),
  bars: 10_000,
  sessions: 50,
  frequencyMs: 60_000,
  from: '2026-01-05T14:31:00.000Z',
  to: '2026-03-20T21:00:00.000Z',
  quality: 1,
  simulated: true,
  trainedTo: '2026-03-06T21:00:00.000Z',
  judgedFrom: '2026-03-09T13:31:00.000Z',
  training: { from: 0, to: 7_900 },
  evaluation: { from: 8_000, to: 10_000 },
  purgeBars: 30,
};

export const soundReport: QualityReport = { score: 1, bars: 10_000, sessions: 50, findings: [], notes: [] };

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
    askCustomTriggers: noted('askCustomTriggers', plain.askCustomTriggers),
    probeProduction: noted('probeProduction', plain.probeProduction),
    checkProduction: noted('checkProduction', plain.checkProduction),
    tidyUp: () => noted('tidyUp', plain.tidyUp)(null),
    findBlackouts: noted('findBlackouts', plain.findBlackouts),
    freezeDataset: noted('freezeDataset', plain.freezeDataset),
    storeFileList: noted('storeFileList', plain.storeFileList),
    exportFineTuningSet: noted('exportFineTuningSet', plain.exportFineTuningSet),
    recallInstrument: noted('recallInstrument', plain.recallInstrument),
    beginRun: noted('beginRun', plain.beginRun),
    endRun: noted('endRun', plain.endRun),
    trainChunk: noted('trainChunk', plain.trainChunk),
    evaluateChallenger: noted('evaluateChallenger', plain.evaluateChallenger),
    settleChallenger: noted('settleChallenger', plain.settleChallenger),
    evaluateCandidate: noted('evaluateCandidate', plain.evaluateCandidate),
    crossEvaluate: noted('crossEvaluate', plain.crossEvaluate),
    measuredGains: noted('measuredGains', plain.measuredGains),
    proposeTransfer: noted('proposeTransfer', plain.proposeTransfer),
    settleTransfer: noted('settleTransfer', plain.settleTransfer),
    planValidation: noted('planValidation', plain.planValidation),
    validateSplit: noted('validateSplit', plain.validateSplit),
    concludeValidation: noted('concludeValidation', plain.concludeValidation),
    registerVersion: noted('registerVersion', plain.registerVersion),
    deployVersion: noted('deployVersion', plain.deployVersion),
    promoteVersion: noted('promoteVersion', plain.promoteVersion),
    rollbackVersion: noted('rollbackVersion', plain.rollbackVersion),
    annotateTrades: noted('annotateTrades', plain.annotateTrades),
    tradeOnPaper: noted('tradeOnPaper', plain.tradeOnPaper),
  };
  return { activities, calls };
};

const succeeding = (): Activities => {
  let versions = 0;
  let live: LiveVersion | null = null;
  const install = (version: string): Promise<Deployed> => {
    live = { version, role: 'production' };
    return Promise.resolve({ installedAs: 'production', live });
  };
  return {
    askCustomTriggers: () => Promise.resolve([]),
    probeProduction: () => Promise.resolve({ kind: 'sound' }),
    checkProduction: () => Promise.resolve({ measured: null, health: null }),
    tidyUp: () => Promise.resolve({ checkpoints: 0, temporaryFiles: 0, models: 0 }),
    findBlackouts: ({ blackout, fromMs }) =>
      Promise.resolve({ key: blackoutKey(blackout), fromMs, toMs: fromMs + 86_400_000, intervals: [], problem: null }),
    freezeDataset: () => Promise.resolve({ kind: 'frozen', dataset: frozenDataset, report: soundReport, qualityThreshold: 0.95 }),
    exportFineTuningSet: () => Promise.resolve({ kind: 'notDue', annotated: 99, needed: 100 }),
    storeFileList: ({ files }) => Promise.resolve({ artifact: `list of ${files.length}`, count: files.length }),
    recallInstrument: () => Promise.resolve({ cycle: 0, production: null, lastDecision: null, lastTrainedAt: null }),
    beginRun: ({ plan }) =>
      Promise.resolve({
        parent: null,
        trainSteps: 1_000,
        chunkSteps: 400,
        ...(plan?.source ? { source: { ...plan.source, bundle: 'a'.repeat(64), ...(plan.occasion && { occasion: plan.occasion }) } } : {}),
      }),
    endRun: () => Promise.resolve(),
    trainChunk: ({ runId, toStep }) =>
      Promise.resolve({
        step: toStep,
        epoch: 1,
        checkpoint: `${runId}@${toStep}`,
        bundle: toStep === 1_000 ? 'a'.repeat(64) : null,
        stepsPerSecond: 500,
        loss: 0.1,
        episodeReturn: 0.001,
      }),
    evaluateChallenger: () => Promise.resolve(null),
    settleChallenger: () => Promise.resolve({ installedAs: 'challenger', live }),
    evaluateCandidate: () =>
      Promise.resolve({
        bundle: 'a'.repeat(64),
        weightsHash: 'b'.repeat(64),
        evidence: evidence(),
        comparedWith: live?.version ?? null,
        gate: settings(),
      }),
    crossEvaluate: ({ models }) =>
      Promise.resolve({
        models,
        returns: models.map((_, model) => models.map((__, task) => (model - task) / 100)),
        sessions: models.map(() => 10),
      }),
    measuredGains: () => Promise.resolve([]),
    proposeTransfer: ({ source }) =>
      Promise.resolve({
        kind: 'proposed',
        kinds: ['weights'],
        fallback: null,
        sizes: { weights: 100 },
        horizons: [],
        repeatEvery: null,
        trial: {
          config: 'c'.repeat(64),
          plan: { source: source.bundle, kinds: ['weights'], shares: { weights: 0.3, featureImportance: 0, horizons: 0 } },
          training: { from: 0, to: 600 },
          validation: { from: 700, to: 800 },
          periodsPerYear: 2_520,
          seeds: 3,
          parallel: 2,
        },
      }),
    settleTransfer: ({ runId: run, instrument, bucket: to, source, proposal }) =>
      Promise.resolve({
        run,
        instrument,
        from: { bucket: source.bucket, version: source.version },
        to,
        occasion: source.occasion ?? 'initial',
        kinds: proposal.kind === 'proposed' ? proposal.kinds : [],
        fallback: null,
        sizes: {},
        horizons: [],
        repeatEvery: null,
        effect: { measured: false, reason: 'nothing was really trained' },
        verdict: { used: proposal.kind === 'proposed', reason: proposal.kind === 'refused' ? proposal.reason : 'it fits' },
      }),
    planValidation: () => Promise.resolve(validationPlan()),
    validateSplit: ({ split, trial }) => Promise.resolve(splitResult({ split: split.name, trial })),
    concludeValidation: (request) =>
      Promise.resolve({
        artifact: 'c'.repeat(64),
        report: validationReport({
          ...request,
          series: request.results.map(({ bars }, i) =>
            Float64Array.from({ length: bars.reduce((sum, count) => sum + count, 0) }, (_, bar) => Math.sin(bar + i) / 1_000),
          ),
          replicates: 100,
          random: createRandom(1, 'validation'),
        }),
      }),
    registerVersion: () => Promise.resolve({ version: `v${++versions}_20260320_210000`, decision: versions }),
    deployVersion: ({ version, verdict }) =>
      verdict === 'PROMOTE' ? install(version) : Promise.resolve({ installedAs: 'challenger', live }),
    promoteVersion: ({ version }) => install(version ?? 'v0'),
    rollbackVersion: ({ version }) => install(version ?? 'v0'),
    annotateTrades: () => Promise.resolve({ annotated: 0, more: false }),
    tradeOnPaper: () => Promise.resolve({ kind: 'waiting', why: 'nothing is stored', nextLookMs: 3_600_000 }),
  };
};
