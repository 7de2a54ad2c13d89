import assert from 'node:assert/strict';
import { createCrossEvaluationActivities } from '../../../src/activities/sequence/cross-evaluate.js';
import { createProposalActivities } from '../../../src/activities/transfer/propose-transfer.js';
import { createSettlementActivities } from '../../../src/activities/transfer/settle-transfer.js';
import { createDatasetActivities } from '../../../src/activities/training/datasets.js';
import { trainingReach } from '../../../src/activities/training/training-reach.js';
import { createRunActivities } from '../../../src/activities/training/runs.js';
import { createSplitActivities } from '../../../src/activities/validation/validate-split.js';
import { purgeBars } from '../../../src/domain/market/split.js';
import type { BucketPlan } from '../../../src/domain/sequence/bucket-plan.js';
import type { CrossedModel } from '../../../src/domain/sequence/cross-evaluation.js';
import type { Proposal, ProposeRequest } from '../../../src/domain/transfer/steps.js';
import type { Transfer } from '../../../src/domain/transfer/transfer.js';
import { openArms } from '../../../src/domain/transfer/trial.js';
import type { FrozenDataset } from '../../../src/domain/training/run-steps.js';
import { createRandom } from '../../../src/learning/random.js';
import { shuffle } from '../../../src/learning/pqn/shuffle.js';
import { writeSafetensors } from '../../../src/learning/safetensors.js';
import { asActivity, smallWorld, type SmallWorld } from '../../support/evaluation/judged-candidate.js';
import { newVersion, trainedTo } from '../../support/registry/registry.js';
import { storeModel, type ServedModel, type ServedModelOptions } from '../../support/registry/served-model.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const place = { instrument: 'SIM', bucket: 'Short' };
const runId = 'sequence-SIM-000001-Short';
const features = ['return', 'range', 'rsi', 'timeOfDay'];
const settings = {
  training: {
    parallelEpisodes: 4,
    batchSize: 16,
    bufferSize: 600,
    checkpointEvery: 200,
    agent: { trunk: [16], head: 0, auxiliaryHead: 0 },
  },
  more: {
    buckets: {
      Scalping: { horizon: { shortest: 1, longest: 6 }, features },
      Short: { horizon: { shortest: 2, longest: 9 }, features: [...features, 'atr'] },
    },
    progressive: { episodesPerBucket: 1, minGradientSteps: 40, transfer: { control: { steps: 200, parallel: 1 } } },
  },
};

describe('a transfer', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let world: SmallWorld;
  let dataset: FrozenDataset;

  beforeEach(async () => {
    world = await smallWorld(folder(), settings);
    await world.freeze('train-SIM-000001');
    const frozen = await asActivity((request) => createDatasetActivities(world.dependencies).freezeDataset(request), { ...place, runId, asked: true, files: [], lists: [] }); // prettier-ignore
    assert.ok(frozen.kind === 'frozen');
    dataset = frozen.dataset;
  });

  const model = (options: ServedModelOptions = {}): Promise<ServedModel> =>
    storeModel(world.dependencies.artifacts, { instrument: 'SIM', simulated: true, environment: { frequency: '15m', features }, agent: { head: 0 }, ...options }); // prettier-ignore

  /** Registers a model as a version that learned from the training sessions. */
  const register = async (bucket: string, bundle: string): Promise<string> => {
    const sources = [trainedTo(dataset.trainedTo, { source: dataset.id })];
    const version = newVersion(`${bucket} ${bundle}`, { instrument: 'SIM', bucket, bundle, dataset: dataset.id, sources });
    return (await world.dependencies.registry.versions.register(version)).name;
  };

  /** What is proposed to a run that is to start from a model of Scalping. */
  const proposed = async (
    { bundle }: Pick<ServedModel, 'bundle'>,
    plan: Partial<BucketPlan> = {},
  ): Promise<{ readonly request: ProposeRequest; readonly proposal: Proposal }> => {
    const from = { bucket: 'Scalping', version: await register('Scalping', bundle) };
    const { parent, source } = await createRunActivities(world.dependencies).beginRun({ ...place, runId, cycle: 1, reason: 'test', full: false, dataset, plan: { bucket: 'Short', source: from, ...plan } }); // prettier-ignore
    const request = { ...place, runId, dataset, parent, source: source ?? assert.fail('nothing is handed on') };
    return { request, proposal: await asActivity((asked) => createProposalActivities(world.dependencies).proposeTransfer(asked), request) };
  };

  const settle = (request: ProposeRequest, proposal: Proposal, gains: readonly number[]): Promise<Transfer> =>
    createSettlementActivities(world.dependencies).settleTransfer({
      ...request,
      proposal,
      arms: gains.flatMap((gain, trial) =>
        [true, false].map((transferred) => ({ trial, transferred, totalReturn: transferred ? gain : 0 })),
      ),
    });

  it('is proposed with its sizes, the horizons that earned, and a trial on sessions that nobody trains on', async () => {
    const { proposal, request } = await proposed(await model());
    assert.ok(proposal.kind === 'proposed' && 'config' in proposal.trial);
    const { validation } = dataset;
    assert.ok(validation !== undefined && validation.from - dataset.training.to >= dataset.purgeBars);
    assert.deepEqual([proposal.trial.validation, proposal.trial.training], [validation, dataset.training]);
    assert.deepEqual(proposal.kinds, ['weights', 'featureImportance', 'horizons']);
    assert.equal(proposal.sizes.featureImportance, features.length);
    for (const { horizon } of proposal.horizons) assert.ok(horizon >= 1 && horizon <= 9, `${horizon}`);
    const total = proposal.horizons.reduce((sum, { weight }) => sum + weight, 0);
    assert.ok(Math.abs(total - 1) < 1e-9);

    const [treated, control] = openArms({ proposal, arms: [] }, request);
    const train = (arm: typeof treated) =>
      asActivity((asked) => createSplitActivities(world.dependencies).validateSplit(asked), arm?.request ?? assert.fail('there is none'));
    const [with_, without] = [await train(treated), await train(control)];
    assert.notEqual(with_.bundle, without.bundle);
    assert.deepEqual(with_.bars, without.bars);
  });

  it('is not measured where the source has learned from the sessions held back, or the control is off', async () => {
    const learnedMore = await model();
    const sources = [trainedTo(dataset.to, { source: dataset.id })];
    await world.dependencies.registry.versions.register(newVersion('Scalping later', { instrument: 'SIM', bucket: 'Scalping', bundle: learnedMore.bundle, dataset: dataset.id, sources })); // prettier-ignore
    const request = { ...(await proposed(learnedMore)).request };
    const source = { ...request.source, version: 'v1' };
    const later = await world.dependencies.registry.versions.resolve('SIM', 'Scalping', 'v1');
    const proposal = await asActivity((asked) => createProposalActivities(world.dependencies).proposeTransfer(asked), { ...request, source: { ...source, version: later.name } }); // prettier-ignore
    assert.ok(proposal.kind === 'proposed' && 'unmeasured' in proposal.trial);
    assert.match(proposal.trial.unmeasured, /is not clean: dataset .* was learned from up to/);
    assert.deepEqual(proposal.horizons, []);
  });

  it('of weights that were shuffled after the training is refused', async () => {
    const { artifacts } = world.dependencies;
    const honest = await model();
    const random = createRandom(1, 'shuffle');
    const shuffled = honest.tensors.map((tensor) => {
      const order = new Int32Array(tensor.values.length);
      shuffle(order, random);
      return { ...tensor, values: Float32Array.from(order, (from) => tensor.values[from]!) };
    });
    const content = JSON.parse(new TextDecoder().decode(await artifacts.get(honest.bundle))) as object;
    const weights = await artifacts.put(writeSafetensors(shuffled));
    const bundle = await artifacts.put(new TextEncoder().encode(JSON.stringify({ ...content, weights })));
    const { request, proposal } = await proposed({ bundle });
    assert.ok(proposal.kind === 'refused');
    assert.match(proposal.reason, /its weights are not those that were trained: their hash is/);
    const { verdict, effect } = await settle(request, proposal, []);
    assert.deepEqual([verdict, effect.measured], [{ used: false, reason: proposal.reason }, false]);
  });

  it('of other layers is refused', async () => {
    const { proposal } = await proposed(await model({ agent: { head: 0, trunk: [8] } }));
    assert.ok(proposal.kind === 'refused');
    assert.match(proposal.reason, /trunk\/0\/weight has shape \[19, 8\], the network's \[19, 16\]/);
  });

  it('into a production that was trained independently hands on no weights, unless forced', async () => {
    const { registry } = world.dependencies;
    const own = await model({ seed: 7, environment: { frequency: '15m', features: [...features, 'atr'] } });
    const version = await register('Short', own.bundle);
    await registry.production.promote({ ...place, operationKey: 'live', expectedPrevious: null, actor: 'test', reason: 'test', version, decision: null }); // prettier-ignore
    const { proposal, request } = await proposed(await model(), { occasion: 'requested' });
    assert.equal(request.parent?.version, version);
    assert.ok(proposal.kind === 'refused');
    assert.match(proposal.reason, /were trained independently: their units mean different things/);
    const propose = (source: Partial<ProposeRequest['source']>) =>
      asActivity((asked) => createProposalActivities(world.dependencies).proposeTransfer(asked), { ...request, source: { ...request.source, ...source } }); // prettier-ignore
    assert.equal((await propose({ forced: true })).kind, 'proposed');
    assert.equal((await propose({ kinds: ['distillation', 'horizons'] })).kind, 'proposed');
  });

  it('is followed by each model at the task of each, on sessions that none has learned from', async () => {
    const { registry } = world.dependencies;
    const models: CrossedModel[] = [];
    for (const [seed, bucket] of ['Scalping', 'Short'].entries()) {
      const { bundle } = await model({ seed });
      const version = await register(bucket, bundle);
      const run = {
        id: `sequence-SIM-000001-${bucket}`,
        instrument: 'SIM',
        bucket,
        dataset: dataset.id,
        parent: null,
        seed,
        config: world.dependencies.config,
      };
      await registry.runs.begin(run);
      models.push({ bucket, version, runId: run.id });
    }
    const cross = (asked: typeof models) => asActivity((request) => createCrossEvaluationActivities(world.dependencies).crossEvaluate(request), { instrument: 'SIM', models: asked }); // prettier-ignore
    const { returns, sessions } = await cross(models);
    assert.deepEqual(returns.map((row) => row.map((value) => typeof value)), [['number', 'number'], ['number', 'number']]); // prettier-ignore
    assert.ok((sessions[0] ?? 0) >= 9 && sessions[0] === sessions[1], sessions.join()); // the nine held out, and those before them that were held back
    const [first, second] = models;
    const swapped = await cross([second, first].flatMap((one) => one ?? []));
    assert.deepEqual(
      swapped.returns,
      returns.toReversed().map((row) => row.toReversed()),
    );
    const reachMs = purgeBars(trainingReach(world.dependencies.config.training)) * dataset.frequencyMs;
    const horizon = new Date(Date.parse(dataset.to) - dataset.frequencyMs - reachMs).toISOString(); // one bar is clean
    const sources = [trainedTo(horizon, { source: dataset.id, reachMs })];
    const { bundle } = await model();
    const { name } = await registry.versions.register(newVersion('learned all', { ...place, bundle, dataset: dataset.id, sources }));
    await assert.rejects(cross([{ bucket: 'Short', version: name, runId }]), {
      name: 'LeakedWindow',
      message: /^no session of .* is clean/,
    });
  });

  it('that was shown to harm is recorded as refused, with its effect, once', async () => {
    const { registry } = world.dependencies;
    const { request, proposal } = await proposed(await model());
    const settled = await settle(request, proposal, [-0.02, -0.03, -0.01]);
    assert.ok(settled.effect.measured && settled.effect.gain.upper < 0);
    assert.equal(settled.verdict.used, false);
    assert.deepEqual(await settle(request, proposal, [1, 1, 1]), settled);
    const { id, at, ...recorded } = (await registry.transfers.ofRun(runId)) ?? assert.fail('nothing is recorded');
    assert.deepEqual([recorded, id, typeof at], [settled, 1, 'string']);
    const told = (await registry.events.latest()).filter(({ kind }) => kind === 'knowledgeRefused');
    assert.equal(told.length, 1);
  });
});
