import assert from 'node:assert/strict';
import { join } from 'node:path';
import { prepareTraining, type PreparedTraining } from '../../../src/activities/trainer/prepare-training.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { trainingConfig } from '../../../src/config/sections/training.js';
import { horizonInput } from '../../../src/domain/agent/private-state.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import type { TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { featureMatrix } from '../../../src/learning/observation.js';
import { createRandom } from '../../../src/learning/random.js';
import {
  emptyLivedDecisions,
  encodeLivedDecisions,
  joinLivedDecisions,
  type LivedDecisions,
} from '../../../src/learning/replay/lived-decisions.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import { freezeDataset } from '../../../src/market/freeze-dataset.js';
import { bundleOf, runHere, trainingJob } from '../../support/learning/training-job.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Of four times the tick and a fifth of the contract, at half the fee. */
const other: Instrument = { ...costlyInstrument, id: 'OTHER', tickSize: 1, multiplier: 0.4, feePerUnit: 0.15 };
const ownBars = randomBars({ seed: 21, sessions: 8, barsPerSession: 60 });
const otherBars = { ...randomBars({ seed: 22, sessions: 5, barsPerSession: 40, tickSize: 1 }), instrument: 'OTHER' };

describe('prepareTraining with the bars of another instrument', () => {
  const config = trainingConfig.parse({
    environment: { frequency: '1m', lookback: 4, features: ['return', 'range', 'rsi'], lossLimit: 10 },
    hindsight: { horizon: 5 },
    parallelEpisodes: 1,
  });
  const own = { bars: ownBars, instrument: costlyInstrument };
  const range = { from: 0, to: 360 };
  const prepare = (shared: Instrument | null): PreparedTraining =>
    prepareTraining(own.bars, own.instrument, config, range, [], shared === null ? [] : [{ instrument: shared, bars: otherBars }]);
  const [alone, both] = [prepare(null), prepare(other)];
  const otherAlone = prepareTraining(otherBars, other, config, { from: 0, to: otherBars.length });

  it('keeps bars, sessions, scale and units of the own ones, which come first', () => {
    const { environment, matrix, volatility, own: mix, others, ...kept } = both;
    const { environment: before, matrix: matrixBefore, volatility: volatilityBefore, own: unmixed, others: none, ...expected } = alone;
    assert.deepEqual(kept, expected);
    assert.deepEqual([unmixed, mix], [null, { count: 6, share: 6 / 11 }]);
    assert.deepEqual([none, others.map(({ offset }) => offset)], [[], [ownBars.length]]);
    assert.deepEqual(environment.sessions.slice(0, 6), before.sessions);
    assert.deepEqual(matrix.values.slice(0, matrixBefore.values.length), matrixBefore.values);
    for (let bar = 0; bar < ownBars.length; bar++) assert.equal(volatility(bar, 3), volatilityBefore(bar, 3), `bar ${bar}`);
  });

  it('sees the other’s bars in the own scale', () => {
    const { normaliser } = both.schema;
    const seen = featureMatrix(computeFeatures(otherBars, config.environment.features), normaliser);
    assert.deepEqual(both.matrix.values.slice(alone.matrix.values.length), seen.values);
    const units = both.volatility(ownBars.length + 100, 3) / otherAlone.volatility(100, 3);
    for (const bar of [101, 130, 199]) assert.ok(Math.abs(both.volatility(ownBars.length + bar, 3) - units * otherAlone.volatility(bar, 3)) < 1e-12); // prettier-ignore
    assert.ok(units !== 1);
  });

  /** What each step of a session earned and cost, and what was seen then, by the same random decisions in every session. */
  const played = ({ environment }: PreparedTraining, session: number): number[][] => {
    const random = createRandom(1, 'actions');
    const steps: number[][] = [];
    environment.reset(0, session);
    while (environment.now.active[0] === 1) {
      const { reward, trainingReward, fee, fillPrice } = environment.step(
        Int32Array.of(random.integer(21)),
        Int32Array.of(random.integer(11)),
      );
      steps.push([reward[0]!, trainingReward[0]!, fee[0]!, fillPrice[0]!, ...environment.now.privateState]);
    }
    assert.ok(steps.some(([, , fee]) => fee! > 0));
    return steps;
  };
  const [ours, theirs] = [
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 3, 4],
  ];

  it('trades each session as in its own market: contract, ticks, lots, costs and hours', () => {
    assert.equal(both.environment.sessions.length, ours.length + theirs.length);
    for (const session of ours) assert.deepEqual(played(both, session), played(alone, session));
    for (const session of theirs) assert.deepEqual(played(both, ours.length + session), played(otherAlone, session));
  });

  it('lets a fee of the other change what is earned in its sessions alone', () => {
    const dearer = prepare({ ...other, feePerUnit: 2 });
    for (const session of ours) assert.deepEqual(played(dearer, session), played(both, session));
    for (const session of theirs) assert.notDeepEqual(played(dearer, ours.length + session), played(both, ours.length + session));
  });
});

describe('runJob with the bars of another instrument', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  const sharedJob = async (name: string, training: object = {}, instrument: Instrument | null = other): Promise<TrainingJob> => {
    const place = join(folder(), name);
    const job = await trainingJob(place, { trainSteps: 400, ...training });
    const artifacts = await openFolderStore(job.artifactsFolder);
    const dataset = await freezeDataset(otherBars, { artifacts, quality: 1, simulated: true, temporaryFolder: place });
    return instrument === null ? job : { ...job, shared: [{ instrument, dataset }] };
  };
  const weightsOf = async (job: TrainingJob): Promise<string> =>
    (await bundleOf(job, (await runHere(job)).result?.bundle ?? null)).weightsHash;

  it('ends with the same model after a stop as undisturbed, which says what was shared', async () => {
    const [whole, stopped] = [await sharedJob('whole'), await sharedJob('stopped')];
    assert.equal((await runHere(stopped, { stopAt: 250 })).result, null);
    const { result } = await runHere({ ...stopped, epoch: 2 });
    const { result: expected } = await runHere(whole);
    assert.ok(expected?.bundle != null);
    assert.equal(result?.bundle, expected.bundle);
    assert.deepEqual((await bundleOf(whole, expected.bundle)).shared, [{ instrument: 'OTHER', dataset: whole.shared![0]!.dataset.id }]);
  });

  for (const [algorithm, training] of [
    ['dqn', {}],
    [
      'pqn',
      { agent: { algorithm: 'pqn', layerNorm: true, trunk: [16], head: 8, auxiliaryHead: 0 }, pqn: { rolloutSteps: 16, minibatches: 4 } },
    ],
  ] as const)
    it(`learns something else from both than from the own bars, with ${algorithm}`, async () => {
      const [alone, both] = [await sharedJob('alone', training, null), await sharedJob('both', training)];
      assert.notEqual(await weightsOf(alone), await weightsOf(both));
    });

  it('replays what was lived in the other’s market too', async () => {
    const withLived = async (name: string, others: LivedDecisions | null): Promise<string> => {
      const job = await sharedJob(name);
      const artifacts = await openFolderStore(job.artifactsFolder);
      return weightsOf({ ...job, experiences: await artifacts.put(encodeLivedDecisions(joinLivedDecisions(livedAt(ownBars), [others]))) });
    };
    assert.notEqual(await withLived('own', null), await withLived('others', livedAt(otherBars)));
  });

  it('goes on from no checkpoint of a training that shared other bars, or none', async () => {
    const job = await sharedJob('one');
    await runHere(job, { stopAt: 250 });
    const { shared, ...alone } = job;
    for (const changed of [alone, { ...job, shared: [{ ...shared![0]!, instrument: { ...other, feePerUnit: 2 } }] }])
      await assert.rejects(runHere({ ...changed, epoch: 2 }), { name: 'CheckpointMismatch' });
  });
});

/** A decision that earned at each bar. */
const livedAt = ({ closeTime }: BarSeries): LivedDecisions => {
  const decisions = emptyLivedDecisions(closeTime.length);
  decisions.decidedAt.set(closeTime);
  decisions.emphasis.fill(1);
  for (let i = 0; i < closeTime.length; i++) decisions.privateState[4 * i + 3] = horizonInput(5);
  decisions.reward.fill(0.001);
  return decisions;
};
