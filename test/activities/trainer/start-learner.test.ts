import assert from 'node:assert/strict';
import { join } from 'node:path';
import { prepareTraining } from '../../../src/activities/trainer/prepare-training.js';
import { startLearner } from '../../../src/activities/trainer/start-learner.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { PRIVATE_STATE } from '../../../src/domain/agent/observation.js';
import type { TransferPlan } from '../../../src/domain/transfer/plan.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { storeModel } from '../../support/registry/served-model.js';
import { smallTrainingConfig } from '../../support/learning/small-training.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const UNITS = 16;

describe('startLearner', () => {
  const temporary = temporaryFolder();
  const config = smallTrainingConfig({
    environment: { lookback: 2, features: ['timeOfDay', 'atr', 'return'], priceBins: 5, quantityBins: 5 },
    agent: { trunk: [UNITS], head: 8, auxiliaryHead: 0 },
    parentShare: 1,
  });
  const start = async (transfer?: Omit<TransferPlan, 'source'>, settings = config) => {
    const artifacts = await openFolderStore(join(temporary(), 'artifacts'));
    const model = await storeModel(artifacts);
    const bars = randomBars({ seed: 3, sessions: 4, barsPerSession: 40 });
    const prepared = prepareTraining(bars, costlyInstrument, settings, { from: 0, to: bars.length });
    const logger = recordingLogger();
    const job = { parent: model.bundle, ...(transfer && { transfer: { ...transfer, source: model.bundle } }) };
    const { learning, parent } = await startLearner(job, settings, prepared, { artifacts, logger });
    const state = learning.learner.state();
    learning.learner.dispose();
    return { model, parent, state, schema: prepared.schema, lines: logger.lines };
  };
  const valuesOf = (state: readonly NamedTensor[], name: string): Float32Array => state.find((tensor) => tensor.name === name)!.values;

  it("starts from a parent with other features, each input's weights being those of its feature and age, in its own units", async () => {
    const { model, parent, state, schema, lines } = await start();
    assert.equal(parent, model.bundle);
    assert.deepEqual(lines.filter(({ level }) => level === 'warn'), []); // prettier-ignore
    const [own, old] = [valuesOf(state, 'online/trunk/0/weight'), valuesOf(model.tensors, 'online/trunk/0/weight')];
    const scale = schema.normaliser.scale[2]! / model.schema.normaliser.scale[0]!;
    // `return`: last of three features here, first of four there; the newest row is the second here and the third there.
    for (let unit = 0; unit < UNITS; unit++) {
      assert.ok(Math.abs(own[(3 + 2) * UNITS + unit]! - old[8 * UNITS + unit]! * scale) < 1e-6);
      assert.equal(own[(3 + 1) * UNITS + unit], 0, 'atr is new and weighs nothing');
    }
    assert.deepEqual(own.slice(-PRIVATE_STATE.length * UNITS), old.slice(-PRIVATE_STATE.length * UNITS));
    assert.deepEqual(valuesOf(state, 'online/value/0/weight'), valuesOf(model.tensors, 'online/value/0/weight'));
    assert.deepEqual(valuesOf(state, 'target/trunk/0/weight'), own);
  });

  it('starts from scratch, with a warning, where the layers differ', async () => {
    const other = smallTrainingConfig({ ...config, agent: { ...config.agent, trunk: [UNITS, 4] } });
    const { parent, lines } = await start(undefined, other);
    assert.equal(parent, null);
    assert.match(lines.find(({ level }) => level === 'warn')?.message ?? '', /what it was to start from does not fit/);
  });

  it('hands on what a plan says, and tells what that was', async () => {
    const shares = { weights: 0.5, featureImportance: 0.5, horizons: 0.5 };
    const { state, lines, model, parent } = await start({ kinds: ['weights', 'featureImportance', 'distillation'], shares });
    assert.equal(parent, model.bundle);
    assert.deepEqual(valuesOf(state, 'teacher/age'), new Float32Array(1));
    const told = lines.find(({ message }) => message === 'knowledge handed on')?.fields;
    assert.deepEqual([told?.added, told?.removed], [['atr'], ['range', 'rsi']]);
    assert.deepEqual(Object.keys(told?.sizes ?? {}).sort(), ['distillation', 'featureImportance', 'weights']);
  });
});
