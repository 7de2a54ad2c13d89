import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createCrossEvaluationActivities } from '../../../src/activities/sequence/cross-evaluate.js';
import { createChallengerActivities } from '../../../src/activities/evaluation/challengers.js';
import { createEvaluationActivities } from '../../../src/activities/evaluation/evaluation.js';
import { replayEvaluation } from '../../../src/activities/evidence/replay-evaluation.js';
import { evaluationRecord } from '../../../src/activities/evidence/record.js';
import { measureHorizons } from '../../../src/activities/transfer/effective-horizons.js';
import { createVersionActivities } from '../../../src/activities/versions/versions.js';
import { configOfRun } from '../../../src/activities/training/run-config.js';
import { createProductionCheckActivities } from '../../../src/activities/checks/production-check.js';
import { openContender } from '../../../src/activities/evaluation/contender.js';
import { createPaperActivities } from '../../../src/activities/paper/paper-trading.js';
import { createDatasetActivities } from '../../../src/activities/training/datasets.js';
import { createRunActivities } from '../../../src/activities/training/runs.js';
import { prepareTraining } from '../../../src/activities/trainer/prepare-training.js';
import { createProposalActivities } from '../../../src/activities/transfer/propose-transfer.js';
import { createSplitActivities } from '../../../src/activities/validation/validate-split.js';
import { createValidationActivities } from '../../../src/activities/validation/validation.js';
import { judge } from '../../../src/domain/gate/judge.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { sessionRegimes, type MarketRegime } from '../../../src/domain/market/market-regime.js';
import type { BucketPlan } from '../../../src/domain/sequence/bucket-plan.js';
import type { PlanRequest } from '../../../src/domain/validation/steps.js';
import type { EvaluatedCandidate, EvaluateRequest, FrozenDataset } from '../../../src/domain/training/run-steps.js';
import { openArms } from '../../../src/domain/transfer/trial.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { readModelBundle } from '../../../src/learning/export/model-bundle.js';
import { readDataset } from '../../../src/market/bar-store.js';
import { asActivity, smallWorld, type SmallWorld } from '../../support/evaluation/judged-candidate.js';
import { openLiveMarket, place } from '../../support/market/live-market.js';
import { testSimulation } from '../../support/market/simulation.js';
import { near } from '../../support/near.js';
import { runHere } from '../../support/learning/training-job.js';
import { newVersion, trainedTo } from '../../support/registry/registry.js';
import { storeModel } from '../../support/registry/served-model.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const runId = 'sequence-SIM-000001-ScalpingCalm';
const calm = { instrument: 'SIM', bucket: 'ScalpingCalm' };

describe('a bucket with regimes', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let world: SmallWorld;
  let dataset: FrozenDataset;
  let bars: BarSeries;
  let labels: readonly (MarketRegime | null)[];

  beforeEach(async () => {
    world = await smallWorld(folder(), {
      sessions: 60,
      exported: 56,
      training: {
        parallelEpisodes: 4,
        batchSize: 16,
        bufferSize: 600,
        checkpointEvery: 200,
        agent: { trunk: [16], head: 0, auxiliaryHead: 0 },
      },
      more: {
        buckets: {
          Scalping: { horizon: { shortest: 1, longest: 6 }, features: ['return', 'range'], regimes: ['calm', 'trending', 'stressed'] },
        },
        progressive: { episodesPerBucket: 1, minGradientSteps: 40, transfer: { validationShare: 0.05 } },
      },
    });
    dataset = await world.freeze(runId, undefined, calm.bucket);
    bars = await readDataset(await world.dependencies.artifacts.file(dataset.artifact));
    labels = sessionRegimes(bars);
  });

  const regimesOf = (sessions: readonly { readonly from: number }[], of = bars) =>
    new Set(sessions.map(({ from }) => sessionRegimes(of)[of.session[from]!]));
  const freeze = (bucket: string) =>
    asActivity((request) => createDatasetActivities(world.dependencies).freezeDataset(request), { ...calm, bucket, runId, asked: true, files: [], lists: [] }); // prettier-ignore
  const begin = (bucket: string, id: string, plan?: BucketPlan) =>
    createRunActivities(world.dependencies).beginRun({ ...calm, bucket, runId: id, cycle: 1, reason: 'test', full: false, dataset, ...(plan && { plan }) }); // prettier-ignore
  const share = (regime: MarketRegime) =>
    labels.filter((label) => label === regime).length / labels.filter((label) => label !== null).length;
  const recordOf = async ({ record = '' }: EvaluatedCandidate) =>
    evaluationRecord.parse(JSON.parse(new TextDecoder().decode(await world.dependencies.artifacts.get(record))));
  const trainingOf = async (id: string) => (await configOfRun(world.dependencies.registry, id)).training;

  it('freezes the dataset that each of its buckets has, and none for a regime that never was', async () => {
    const trending = await freeze('ScalpingTrending');
    assert.deepEqual(trending, { ...(await freeze('ScalpingCalm')) });
    const stressed = await freeze('ScalpingStressed');
    assert.ok(stressed.kind === 'refused');
    assert.match(stressed.summary, /^none of 29 sessions to train on is stressed \(16 have too few bars before them to tell\)/);
  });

  it('trains, judges and compares each of its models on the sessions of its regime alone', async () => {
    const { registry, artifacts, markets, folders } = world.dependencies;
    await begin('ScalpingCalm', runId);
    const training = await trainingOf(runId);
    const instrument = markets.instrument('SIM');
    const prepared = prepareTraining(bars, instrument, training, dataset.training);
    const expected = labels.filter((label, session) => label === 'calm' && session < 29).length;
    assert.deepEqual([regimesOf(prepared.environment.sessions), prepared.environment.sessions.length], [new Set(['calm']), expected]);

    const job = { runId, epoch: 1, instrument, bucket: calm.bucket, dataset, trainingRange: dataset.training, training };
    const place = { checkpointFolder: join(folders.checkpoints, runId), artifactsFolder: folders.artifacts };
    const { result } = await runHere({ ...job, ...place, parent: null, untilStep: training.trainSteps, nice: 0, progressEveryMs: 50, patienceMs: 20_000 }); // prettier-ignore
    const bundle = result?.bundle ?? assert.fail('it left no model');
    assert.equal(readModelBundle(await artifacts.get(bundle)).environment.regime, 'calm');

    const candidate = await asActivity((asked) => createEvaluationActivities(world.dependencies).evaluateCandidate(asked), { ...calm, runId, dataset, bundle }); // prettier-ignore
    const lastBar = { ...dataset, evaluation: { from: bars.length - 1, to: bars.length } };
    const unheld = asActivity<EvaluateRequest, unknown>((asked) => createEvaluationActivities(world.dependencies).evaluateCandidate(asked), { ...calm, runId, dataset: lastBar, bundle }); // prettier-ignore
    await assert.rejects(unheld, { name: 'TooLittleData', message: /no held-out session that began calm can be traded/ });
    const record = await recordOf(candidate);
    const held = labels.filter((label, session) => label === 'calm' && session >= dataset.evaluation.from / 26).length;
    assert.deepEqual([regimesOf(record.sessions), record.sessions.length], [new Set(['calm']), held]);
    near(record.periodsPerYear, 252 * 25 * share('calm'));
    const replay = await replayEvaluation(artifacts, record);
    assert.ok(replay.kind === 'played' && replay.compared > 0);
    assert.deepEqual(replay.differences, []);

    const decision = { ...judge(candidate.evidence, candidate.gate), verdict: 'HOLD' as const };
    const epoch = await registry.runs.claimEpoch(runId);
    await createVersionActivities(world.dependencies).registerVersion({ ...calm, runId, epoch, dataset, parent: null, candidate, decision }); // prettier-ignore
    const grown = await world.freeze('later', 60, calm.bucket);
    const look = await asActivity((asked) => createChallengerActivities(world.dependencies).evaluateChallenger(asked), { ...calm, runId: 'later', dataset: grown }); // prettier-ignore
    const again = await recordOf(look?.candidate ?? assert.fail('nothing was looked at'));
    assert.ok(again.sessions.length > held);
    assert.deepEqual(regimesOf(again.sessions, await readDataset(await artifacts.file(grown.artifact))), new Set(['calm']));

    const models = await Promise.all(
      ['ScalpingCalm', 'ScalpingTrending', 'ScalpingStressed'].map(async (bucket) => {
        const id = `cross-${bucket}`;
        await begin(bucket, id);
        const sources = [trainedTo(dataset.trainedTo, { source: dataset.id })];
        const { name } = await registry.versions.register(newVersion(bucket, { instrument: 'SIM', bucket, bundle, dataset: dataset.id, sources })); // prettier-ignore
        return { bucket, version: name, runId: id };
      }),
    );
    const crossed = await asActivity((asked) => createCrossEvaluationActivities(world.dependencies).crossEvaluate(asked), { instrument: 'SIM', models }); // prettier-ignore
    const [ofCalm = 0, ofTrending = 0, ofStressed] = crossed.sessions;
    assert.ok(ofCalm >= held && ofTrending > 0 && ofTrending !== ofCalm, crossed.sessions.join());
    assert.equal(ofStressed, 0);
    for (const row of crossed.returns) assert.deepEqual(row.map((value) => typeof value), ['number', 'number', 'object']); // prettier-ignore
  });

  it('hands on what cannot be measured where none of its sessions was held back, and is not validated without them', async () => {
    const { registry, artifacts } = world.dependencies;
    const { bundle } = await storeModel(artifacts, { instrument: 'SIM', simulated: true, environment: { frequency: '15m', features: ['return', 'range'], regime: 'calm' }, agent: { head: 0 } }); // prettier-ignore
    const sources = [trainedTo(dataset.trainedTo, { source: dataset.id })];
    const { name } = await registry.versions.register(newVersion('source', { ...calm, bundle, dataset: dataset.id, sources }));
    const id = 'sequence-SIM-000002-ScalpingStressed';
    const bucket = 'ScalpingStressed';
    const { source, parent } = await begin(bucket, id, { bucket, source: { bucket: calm.bucket, version: name } });
    const request = { instrument: 'SIM', bucket, runId: id, dataset, parent, source: source ?? assert.fail('nothing is handed on') };
    const proposal = await asActivity((asked) => createProposalActivities(world.dependencies).proposeTransfer(asked), request);
    assert.ok(proposal.kind === 'proposed');
    assert.deepEqual(proposal.trial, { unmeasured: 'none of the sessions held back is stressed' });

    const measured = { ...request, bucket: 'ScalpingTrending', runId: 'sequence-SIM-000002-ScalpingTrending' };
    await begin(measured.bucket, measured.runId, { bucket: measured.bucket, source: { bucket: calm.bucket, version: name } });
    const proposed = await asActivity((asked) => createProposalActivities(world.dependencies).proposeTransfer(asked), measured);
    assert.ok(proposed.kind === 'proposed');
    const [arm = assert.fail('there is none')] = openArms({ proposal: proposed, arms: [] }, measured);
    const played = await asActivity((asked) => createSplitActivities(world.dependencies).validateSplit(asked), arm.request); // prettier-ignore
    const { validation } = dataset;
    assert.ok(validation !== undefined);
    const [held, ...others] = tradableSessions(bars, validation, 0, 'trending');
    assert.ok(held !== undefined && others.length === 0);
    assert.deepEqual(played.bars, [25]);
    const { environment } = await trainingOf(measured.runId);
    const { regime, ...everyDay } = environment;
    const question = { bundle, range: { shortest: 1, longest: 9 }, bars, instrument: world.dependencies.markets.instrument('SIM'), signal: new AbortController().signal }; // prettier-ignore
    const [horizons, alone, both] = [
      await measureHorizons(artifacts, { ...question, held: validation, environment }),
      await measureHorizons(artifacts, { ...question, held, environment: everyDay }),
      await measureHorizons(artifacts, { ...question, held: validation, environment: everyDay }),
    ];
    assert.deepEqual([regime, horizons], ['trending', alone]);
    assert.notDeepEqual(horizons, both);
    near(arm.request.periodsPerYear, 252 * 25 * share('trending'));

    const plan = asActivity<PlanRequest, unknown>((asked) => createValidationActivities(world.dependencies).planValidation(asked), { ...calm, validationId: 'validate-SIM-000001', method: 'walk-forward' }); // prettier-ignore
    await assert.rejects(plan, { name: 'TooFewSessions', message: /^split .* has no calm session to train on$/ });
  });
});

describe('a live model of a regime', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('is watched, and traded on paper, in the sessions of its regime alone', async () => {
    const { bars: minutes } = await testSimulation({ edge: 2, sessions: 45, decisionMinutes: 15 });
    const market = await openLiveMarket(folder(), minutes, { paper: { epsilon: 0 } }, { regime: 'trending' }); // prettier-ignore
    await market.produce(20);
    const { dependencies } = market;
    const contender = await openContender(dependencies.artifacts, market.bundle, market.bars, dependencies.config.training.environment);
    const own = tradableSessions(market.bars, { from: 0, to: market.bars.length }, contender.firstDecision, 'trending');
    await contender.release();
    const closeOf = ({ to }: { readonly to: number }) => market.bars.closeTime[to - 1]!;
    const traded = await asActivity((asked) => createPaperActivities(dependencies).tradeOnPaper(asked), { ...place, tradedTo: null });
    const after = own.filter(({ from }) => market.bars.session[from]! > market.bars.session.at(-1)! - 20);
    assert.ok(traded.kind === 'traded' && after.length > 0 && after.length < 10);
    assert.deepEqual([traded.sessions, Date.parse(traded.tradedTo)], [after.length, closeOf(after.at(-1)!)]);
    const lately = own.filter((session) => closeOf(session) > market.bars.closeTime.at(-1)! - 7 * 86_400_000);
    const earned = await dependencies.registry.experiences.newest('SIM', 10_000);
    const since = market.bars.openTime[lately[0]?.from ?? 0]!;
    const { measured } = await asActivity((asked) => createProductionCheckActivities(dependencies).checkProduction(asked), place);
    const expected = earned.filter(({ decisionTime }) => Date.parse(decisionTime) > since).reduce((sum, { reward }) => sum + reward, 0);
    assert.ok(lately.length > 0);
    near(measured?.netReturn ?? NaN, expected);
  });
});
