import assert from 'node:assert/strict';
import { bucketPurge } from '../../../src/activities/training/training-reach.js';
import { episodesOf, forEpisodes, regimeOfBucket, trainingOfBucket } from '../../../src/config/buckets/bucket-training.js';
import { bucketsNamed } from '../../../src/config/buckets/expand-regimes.js';
import { planSequence } from '../../../src/config/buckets/plan-sequence.js';
import { translate } from '../../../src/config/dialects/translate.js';
import { upperCaseDialect } from '../../../src/config/dialects/upper-case.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import { FEATURES } from '../../../src/market/features/table.js';

const config = ratchetConfig.parse({});

describe('the training of a bucket', () => {
  it('has the features, horizons and final exploration of the bucket, and all else of `training`', () => {
    const { environment, hindsight, epsilon, agent } = trainingOfBucket(config, 'Medium');
    assert.deepEqual(environment.features, [
      ...['return', 'range', 'closeLocation', 'relativeVolume', 'moneyFlow15', 'macd', 'rsi', 'emaDistance', 'bollinger'],
      ...['ichimokuCross', 'ichimokuCloud'],
    ]);
    assert.deepEqual([hindsight.shortestHorizon, hindsight.horizon, hindsight.weight], [24, 288, 0.5]);
    assert.deepEqual([epsilon.end, agent], [0.03, config.training.agent]);
    assert.deepEqual(trainingOfBucket(config, 'default'), config.training);
  });

  it('knows a feature behind every name of the buckets', () => {
    const known = new Set(FEATURES.map(({ name }) => name));
    for (const bucket of Object.keys(config.buckets))
      for (const feature of trainingOfBucket(config, bucket).environment.features) assert.ok(known.has(feature), feature);
  });

  it('takes over what one run has of its own', () => {
    const plan = { horizon: { shortest: 12, longest: 48 }, frequency: '1h', capitalAllocation: 0.3 };
    const { environment, hindsight } = trainingOfBucket(config, 'Long', plan);
    assert.deepEqual(
      [environment.frequency, environment.cash, hindsight.shortestHorizon, hindsight.horizon],
      ['1h', 0.3 * config.training.environment.cash, 12, 48],
    );
  });

  it('refuses a bucket that is not configured', () => {
    assert.throws(() => trainingOfBucket(config, 'Hourly'), /bucket Hourly is not configured: expected default, Scalping, Short/);
  });

  it('lasts for its episodes, or for the fewest gradient steps when those are more', () => {
    const training = trainingOfBucket(config, 'Short');
    assert.equal(forEpisodes(training, 100, 390, 2_000).trainSteps, 39_000);
    const short = forEpisodes(training, 1, 390, 2_000);
    assert.ok((short.trainSteps - (short.warmUpSteps ?? 0)) / short.trainEvery >= 2_000);
    assert.ok(short.epsilon.decaySteps < short.trainSteps);
    assert.deepEqual([episodesOf(config, 'Short'), episodesOf(config, 'Short', 500)], [20, 100]);
    const some = { ...config, progressive: { ...config.progressive, episodes: { Short: 7 } } };
    assert.deepEqual([episodesOf(some, 'Short'), episodesOf(some, 'Long')], [7, 20]);
  });

  it('leaves as many bars before what it is judged on as the farthest of all buckets, so that what one holds out is clean for each', () => {
    const purges = Object.keys(config.buckets).map((bucket) => bucketPurge(config, bucket, 60_000, []));
    assert.deepEqual(new Set(purges), new Set([576 + 120]));
    assert.equal(bucketPurge(config, 'default', 60_000, []), 30 + 120);
    assert.equal(bucketPurge(config, 'Short', 60_000, [], { horizon: { shortest: 1, longest: 1_000 } }), 1_120);
    assert.equal(bucketPurge(config, 'Short', 60_000, [{ reachMs: 2_000 * 60_000 }]), 2_000);
  });
});

describe('a bucket with regimes', () => {
  const own = { horizon: { shortest: 2, longest: 9 }, features: ['return'] };
  const withRegimes = (buckets: object, progressive: object = {}) => ratchetConfig.parse({ buckets, progressive });
  const expanded = withRegimes({ Scalping: { ...own, regimes: ['stressed', 'calm'] }, Long: own }, { episodes: { Scalping: 7, ScalpingCalm: 9 } }); // prettier-ignore

  it('is a bucket for each of them, which differs in nothing else; written down and read again it is the same', () => {
    assert.deepEqual(expanded.buckets, {
      ScalpingStressed: { ...own, regime: 'stressed' },
      ScalpingCalm: { ...own, regime: 'calm' },
      Long: own,
    });
    assert.deepEqual(ratchetConfig.parse(JSON.parse(JSON.stringify(expanded))), expanded);
    const { environment, ...training } = trainingOfBucket(expanded, 'ScalpingCalm');
    const { regime, ...task } = environment;
    assert.deepEqual([regime, { ...training, environment: task }], ['calm', trainingOfBucket(expanded, 'Long')]);
  });

  it('lends its name to all of them, in a sequence and where episodes are counted', () => {
    const plan = (wish: object) => planSequence(expanded, wish).buckets;
    assert.deepEqual(plan({ buckets: ['Long', 'Scalping'], episodes: { Scalping: 3, ScalpingCalm: 4 } }), [
      { bucket: 'Long' },
      { bucket: 'ScalpingStressed', episodes: 3 },
      { bucket: 'ScalpingCalm', episodes: 4 },
    ]);
    assert.deepEqual(plan({ buckets: ['ScalpingCalm'] }), [{ bucket: 'ScalpingCalm' }]);
    assert.throws(() => plan({ buckets: ['Scalping', 'ScalpingCalm'] }), /bucket ScalpingCalm is named twice/);
    assert.throws(() => planSequence(expanded, { buckets: ['Long'], from: 'Scalping' }), /Scalping is a bucket for each of several regimes: expected one of ScalpingStressed, ScalpingCalm/); // prettier-ignore
    const episodes = ['ScalpingStressed', 'ScalpingCalm', 'Long'].map((bucket) => episodesOf(expanded, bucket));
    assert.deepEqual(episodes, [7, 9, 20]);
  });

  it('is called default by nobody: that is the model without buckets', () => {
    const { buckets } = withRegimes({ defaultCalm: { ...own, regime: 'calm' } });
    assert.deepEqual(bucketsNamed(buckets, 'default'), ['default']);
    assert.deepEqual(bucketsNamed(expanded.buckets, 'Scalping'), ['ScalpingStressed', 'ScalpingCalm']);
  });

  it('has the regime that is configured, its own or that of all trainings', () => {
    const calm = { ...expanded, training: { ...expanded.training, environment: { ...expanded.training.environment, regime: 'calm' as const } } }; // prettier-ignore
    for (const [from, expected] of [
      [expanded, ['stressed', undefined, undefined, undefined]],
      [calm, ['stressed', 'calm', 'calm', undefined]],
    ] as const)
      assert.deepEqual(['ScalpingStressed', 'Long', 'default', 'Scalping'].map((bucket) => regimeOfBucket(from, bucket)), expected); // prettier-ignore
  });

  it('is as well written out, under any name', () => {
    const { buckets } = withRegimes({ Panic: { ...own, regime: 'stressed' } });
    assert.deepEqual(planSequence({ ...expanded, buckets }, { buckets: ['Panic'] }).buckets, [{ bucket: 'Panic' }]);
    assert.throws(() => planSequence({ ...expanded, buckets }, { buckets: ['Pan'] }), /bucket Pan is not configured/);
  });

  for (const [what, buckets, message] of [
    ['names no regime', { Short: { ...own, regimes: [] } }, /Too small|>=1/],
    ['names an unknown one', { Short: { ...own, regimes: ['wild'] } }, /calm/],
    ['names one twice', { Short: { ...own, regimes: ['calm', 'calm'] } }, /each regime may be named once/],
    ['is of a regime itself', { Short: { ...own, regime: 'calm', regimes: ['stressed'] } }, /expected regime or regimes, not both/],
    ['would have the name of another', { Short: { ...own, regimes: ['calm'] }, ShortCalm: own }, /its calm bucket is called ShortCalm, as another one is/], // prettier-ignore
    ['would have a name too long', { [`B${'o'.repeat(24)}`]: { ...own, regimes: ['calm', 'stressed'] } }, /its stressed bucket would be called Bo+Stressed: expected a letter, then at most 31/], // prettier-ignore
  ] as const)
    it(`is refused where it ${what}`, () => assert.throws(() => withRegimes(buckets), message));

  it('is refused by the key that is wrong, and is known in the upper-case dialect', async () => {
    const short = { horizon: { shortest: 2, longest: 9 }, features: ['return'] };
    await assert.rejects(
      loadConfig({ flags: { buckets: { Short: { ...short, regimes: ['calm'] }, ShortCalm: short } } }),
      /^InvalidConfig: buckets._short.regimes \(flag\) is \["calm"\]: its calm bucket/,
    );
    const { values } = translate({ BUCKET_CONFIGS: { Short: { REGIMES: ['calm'] } } }, upperCaseDialect);
    assert.deepEqual(values, { buckets: { Short: { regimes: ['calm'] } } });
  });
});

describe('planSequence', () => {
  it('is what the configuration says where nothing is asked', () => {
    assert.deepEqual(planSequence(config, {}), {
      buckets: ['Scalping', 'Short', 'Medium', 'Long'].map((bucket) => ({ bucket })),
      transfer: true,
      from: null,
      pauseMs: 3_000,
    });
  });

  it('takes any order and subset, episodes for all or by bucket, and a bucket to start from', () => {
    const { buckets, from } = planSequence(config, { buckets: ['Long', 'Short'], episodes: { Long: 5 }, from: 'Medium' });
    assert.deepEqual(buckets, [{ bucket: 'Long', episodes: 5 }, { bucket: 'Short' }]);
    assert.deepEqual(from, { bucket: 'Medium', version: 'best_model' });
    assert.deepEqual(planSequence(config, { buckets: ['Short'], episodes: 9 }).buckets, [{ bucket: 'Short', episodes: 9 }]);
  });

  for (const [what, wish, message] of [
    ['is not configured', { buckets: ['Schalping'] }, /bucket Schalping is not configured; did you mean Scalping\?/],
    ['is named twice', { buckets: ['Short', 'Long', 'Short'] }, /bucket Short is named twice/],
    ['has episodes and is unknown', { episodes: { Weekly: 3 } }, /bucket Weekly is not configured/],
    ['hands on and is unknown', { from: 'Weekly' }, /bucket Weekly is not configured/],
  ] as const)
    it(`refuses a bucket that ${what}`, () => assert.throws(() => planSequence(config, wish), message));
});
