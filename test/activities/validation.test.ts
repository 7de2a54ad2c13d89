import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createSplitActivities } from '../../src/activities/validation/validate-split.js';
import { assertRegime, createValidationActivities } from '../../src/activities/validation/validation.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { readEmbeddedJson } from '../../src/reports/html.js';
import type { BarRange } from '../../src/domain/market/bars.js';
import type { ValidationReport } from '../../src/domain/validation/report.js';
import { splitRequests, newValidation } from '../../src/domain/validation/validation-run.js';
import type { SplitRequest, SplitResult, ValidationMethod, ValidationPlan } from '../../src/domain/validation/steps.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { readModelBundle } from '../../src/learning/export/model-bundle.js';
import { asActivity, smallWorld, type SmallWorld } from '../support/evaluation/judged-candidate.js';
import { randomBars } from '../support/market/bars.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const place = { validationId: 'validate-SIM-000001', instrument: 'SIM', bucket: 'default' };
const training = {
  trainSteps: 600,
  parallelEpisodes: 4,
  batchSize: 16,
  bufferSize: 600,
  warmUpSteps: 100,
  checkpointEvery: 200,
  agent: { trunk: [16], head: 0, auxiliaryHead: 0 },
};

describe('the splits of a regime', () => {
  const bars = randomBars(60 * 30, 1, 30);
  const everything = { from: 0, to: bars.length };
  const [session = assert.fail('there is none')] = tradableSessions(bars, everything, 0, 'calm');
  const calm = (training: BarRange[], test: BarRange[], firstDecision = 0) =>
    assertRegime(bars, { splits: [{ name: 'a', training, test, tested: [] }] }, firstDecision, 'calm');

  it('have sessions that are played whole, with a whole observation, on both sides', () => {
    calm([session], [session]);
    const parts = [
      { from: session.from, to: session.from + 9 },
      { from: session.from + 12, to: session.to },
    ];
    assert.throws(() => calm(parts, [session]), { name: 'TooFewSessions', message: 'split a has no calm session to train on' });
    assert.throws(() => calm([session], [session], session.to - 1), /to train on/);
    assert.throws(() => calm([everything], [session], session.to - 1), /to judge on/);
  });
});

describe('the validation of a training', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let world: SmallWorld;

  beforeEach(async () => {
    world = await smallWorld(folder(), { training });
    await world.freeze('train-SIM-000001');
  });

  const activities = () => createValidationActivities(world.dependencies);
  const plan = (method: ValidationMethod): Promise<ValidationPlan> =>
    asActivity((request) => activities().planValidation(request), { ...place, method });
  const requests = (planned: ValidationPlan): SplitRequest[] => splitRequests(newValidation(place, 'cpcv'), planned, 'validate-SIM-000001-run'); // prettier-ignore
  const train = (request: SplitRequest): Promise<SplitResult> =>
    asActivity((asked) => createSplitActivities(world.dependencies).validateSplit(asked), request);

  it('plans on the sessions that the gate does not hold out, at least the purge apart', async () => {
    const frozen = await world.freeze('train-SIM-000001');
    const cpcv = await plan('cpcv');
    assert.deepEqual([cpcv.splits.length, cpcv.paths.length, cpcv.trials], [15, 5, 2]);
    assert.equal(cpcv.purgeBars, frozen.purgeBars);
    for (const { training: trained, test } of cpcv.splits)
      for (const range of [...trained, ...test]) assert.ok(range.to <= frozen.training.to);
    const forward = await plan('walk-forward');
    assert.equal(forward.splits.length, 5);
    assert.equal(forward.groups.at(-1)?.to, frozen.training.to);
  });

  it('trains and judges each split, gives the same bits for the same split, and puts the tests together into a stored report', async () => {
    const { artifacts, registry, folders } = world.dependencies;
    const planned = await plan('walk-forward');
    const small = { ...planned, splits: planned.splits.slice(0, 2), groups: planned.groups.slice(0, 2), paths: [planned.paths[0]!.slice(0, 2)], blocks: 4 }; // prettier-ignore
    const asked = requests(small);
    assert.equal(asked.length, 4);
    const results: SplitResult[] = [];
    for (const request of asked) results.push(await train(request));
    assert.deepEqual(await train(asked[0]!), results[0]);
    const bundles = await Promise.all(results.map(async ({ bundle }) => readModelBundle(await artifacts.get(bundle))));
    assert.deepEqual(bundles.map(({ seed }) => seed), [42, 43, 42, 43]); // prettier-ignore
    assert.equal(existsSync(join(folders.checkpoints, 'validate-SIM-000001-run-s01-1')), false);

    const request = { ...place, key: 'validate-SIM-000001-run', method: 'walk-forward', plan: small, results } as const;
    const { artifact, report } = await asActivity((conclusion) => activities().concludeValidation(conclusion), request);
    const stored = JSON.parse(new TextDecoder().decode(await artifacts.get(artifact))) as ValidationReport;
    assert.deepEqual(stored, report);
    assert.deepEqual(report.paths.map(({ bars }) => bars), [0, 1].map(() => results[0]!.bars[0]! + results[2]!.bars[0]!)); // prettier-ignore
    for (const trial of [0, 1]) {
      const parts = results.filter((result) => result.trial === trial).map(({ totalReturn }) => totalReturn);
      assert.ok(Math.abs(report.paths[trial]!.totalReturn - parts[0]! - parts[1]!) < 1e-12);
    }
    assert.ok(report.overfitting !== null && report.overfitting.probability >= 0 && report.overfitting.probability <= 1);
    await asActivity((conclusion) => activities().concludeValidation(conclusion), request);
    const told = (await registry.events.latest()).filter(({ kind }) => kind === 'validated');
    assert.deepEqual(told.map(({ payload }) => [payload.validation, payload.report]), [['validate-SIM-000001', artifact]]); // prettier-ignore
    const kept = await registry.validations.reportOf('validate-SIM-000001');
    assert.equal(kept?.numbers, artifact);
    const page = new TextDecoder().decode(await artifacts.get(kept.page ?? ''));
    assert.doesNotMatch(page, /\bsrc=|href=|url\(|@import|<script(?! type="application\/json")|NaN|Infinity|undefined/);
    for (const chart of ['Sharpe ratio by split', 'Sharpe ratios with their bounds']) assert.match(page, new RegExp(`<svg [^>]*aria-label="${chart}"`)); // prettier-ignore
    assert.deepEqual(JSON.parse(readEmbeddedJson('validation', page) ?? ''), report);
    assert.equal(await registry.validations.reportOf('validate-SIM-000002'), null);
  });

  it('is of a bucket where one is asked for: with its features, horizons, steps and purge, on bars of its length', async () => {
    const Slow = { horizon: { shortest: 2, longest: 12 }, features: ['price', 'rsi'], frequency: '30m' };
    const { config: base } = world.dependencies;
    const config = ratchetConfig.parse({ ...base, buckets: { Slow }, progressive: { episodesPerBucket: 4, minGradientSteps: 100 } });
    const other = createValidationActivities({ ...world.dependencies, config });
    const planned = await asActivity((request) => other.planValidation(request), {
      ...place,
      bucket: 'Slow',
      method: 'walk-forward' as const,
    });
    const { training: trained } = ratchetConfig.parse(JSON.parse(new TextDecoder().decode(await world.dependencies.artifacts.get(planned.config)))); // prettier-ignore
    assert.deepEqual([trained.environment.features, trained.environment.frequency], [['return', 'range', 'closeLocation', 'rsi'], '30m']);
    assert.deepEqual([trained.hindsight.horizon, trained.trainSteps], [12, 440]); // 100 gradient steps, four steps of the environment each, after the warm-up
    assert.ok(planned.purgeBars >= 12);
    assert.notEqual(planned.dataset.id, (await plan('cpcv')).dataset.id);
    await assert.rejects(asActivity((request) => other.planValidation(request), { ...place, bucket: 'Fast', method: 'cpcv' as const }), { name: 'InvalidConfig' }); // prettier-ignore
  });

  it('is refused where no bars are stored', async () => {
    const other = { ...place, instrument: 'MNQ', validationId: 'validate-MNQ-000001' };
    await assert.rejects(
      asActivity((request) => activities().planValidation(request), { ...other, method: 'cpcv' as const }),
      { name: 'TooFewSessions', message: /MNQ/ },
    );
  });
});
