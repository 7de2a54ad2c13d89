import assert from 'node:assert/strict';
import type { Learner, NamedTensor } from '../../../src/learning/learner.js';
import { createNetwork } from '../../../src/learning/network.js';
import { recycleUnits } from '../../../src/learning/plasticity/recycle-units.js';
import { createRandom } from '../../../src/learning/random.js';
import { convolving, noiseBatches, smallLearnerOptions, withLearner } from '../../support/learning/learner.js';

const options = smallLearnerOptions({ learningRate: 0.003 });
const batches = noiseBatches(40, options);
const { bars, privateState } = batches[0]!;
const valuesOf = (state: readonly NamedTensor[], name: string): Float32Array => state.find((tensor) => tensor.name === name)!.values;

/** A learner that has learned, with two units of the first layer and one of a head put to sleep. */
const withSleepers = <T>(use: (learner: Learner) => T) =>
  withLearner(options, (learner) => {
    for (const batch of batches) learner.step(batch);
    const state = learner.state();
    for (const [layer, units] of [
      ['trunk/0', [3, 7]],
      ['price/0', [5]],
    ] as const)
      // prettier-ignore
      for (const unit of units) valuesOf(state, `online/${layer}/bias`)[unit] = -1e3;
    learner.load(state);
    return use(learner);
  });

describe('inspect', () => {
  it('gives the mean output of each hidden unit and the norm of each parameter', async () => {
    await withSleepers((learner) => {
      const { activity, norms } = learner.inspect(bars, privateState);
      assert.deepEqual(
        activity.map(({ layer, meanAbsolute }) => [layer, meanAbsolute.length]),
        [['trunk/0', 16], ['trunk/1', 12], ['value/0', 8], ['price/0', 8], ['quantity/0', 8], ['volatility/0', 6]], // prettier-ignore
      );
      const first = activity[0]!.meanAbsolute;
      assert.deepEqual([first[3], first[7], activity[3]!.meanAbsolute[5]], [0, 0, 0]);
      assert.ok(first.filter((mean) => mean > 0).length >= 10);
      for (const { name, values } of learner.state().filter((tensor) => tensor.name.startsWith('online/'))) {
        const norm = Math.hypot(...values);
        assert.ok(Math.abs(norms[name.slice('online/'.length)]! - norm) <= 1e-5 * norm, name);
      }
    });
  });

  it('agrees with what the unit says by its definition', async () => {
    await withLearner(options, (learner) => {
      const [weight, bias] = ['weight', 'bias'].map((part) => valuesOf(learner.state(), `online/trunk/0/${part}`));
      let sum = 0;
      bars.forEach((bar, i) => {
        let z = bias![2]!;
        for (let row = 0; row < 5; row++)
          for (let k = 0; k < 3; k++) {
            const at = (bar - 4 + row) * 3 + k;
            z += (at < 0 ? 0 : options.features.values[at]!) * weight![(row * 3 + k) * 16 + 2]!;
          }
        for (let k = 0; k < 4; k++) z += privateState[i * 4 + k]! * weight![(15 + k) * 16 + 2]!;
        sum += Math.max(0, z);
      });
      assert.ok(Math.abs(learner.inspect(bars, privateState).activity[0]!.meanAbsolute[2]! - sum / bars.length) < 1e-5);
    });
  });
});

describe('recycle', () => {
  it('wakes silent units without changing what the network says, and leaves the others and the target alone', async () => {
    await withSleepers((learner) => {
      const before = structuredClone({ values: learner.act(bars, privateState), state: learner.state() });
      const silent = learner.inspect(bars, privateState).activity.flatMap(({ meanAbsolute }) => [...meanAbsolute].filter((mean) => mean === 0)); // prettier-ignore
      const units = learner.recycle(bars, privateState, 0, createRandom(1, 'recycle'));
      assert.equal(units, silent.length);
      assert.ok(units >= 3);
      const after = learner.act(bars, privateState);
      after.price.forEach((value, i) => assert.ok(Math.abs(value - before.values.price[i]!) < 1e-5));
      const state = learner.state();
      const [old, renewed] = [valuesOf(before.state, 'online/trunk/0/weight'), valuesOf(state, 'online/trunk/0/weight')];
      for (let at = 0; at < old.length; at++) {
        if ([3, 7].includes(at % 16)) assert.notEqual(renewed[at], old[at]);
        else if (at % 16 === 0) assert.equal(renewed[at], old[at]);
      }
      for (const { name, values } of before.state.filter((tensor) => tensor.name.startsWith('target/')))
        assert.deepEqual(valuesOf(state, name), values, name);
      const { activity } = learner.inspect(bars, privateState);
      assert.ok(activity[0]!.meanAbsolute[3]! > 0 && activity[0]!.meanAbsolute[7]! > 0);
    });
  });

  it("resets Adam's moments of every parameter that it writes, and the step count, and nothing else of Adam's", async () => {
    await withSleepers((learner) => {
      const before = learner.state();
      learner.recycle(bars, privateState, 0, createRandom(1, 'recycle'));
      const after = learner.state();
      assert.equal(valuesOf(after, 'adam/step')[0], 0);
      for (const moment of ['m', 'v']) {
        const [old, now] = [before, after].map((state) => valuesOf(state, `adam/${moment}/trunk/1/weight`));
        for (let output = 0; output < 12; output++) {
          assert.equal(now![3 * 12 + output], 0);
          assert.equal(now![7 * 12 + output], 0);
        }
        const first = valuesOf(after, `adam/${moment}/trunk/0/weight`);
        for (let input = 0; input < 19; input++) assert.equal(first[input * 16 + 3], 0);
        assert.ok(old!.some((value, at) => value !== 0 && now![at] === value), 'some other moments are as they were'); // prettier-ignore
      }
    });
  });

  it('wakes silent units of convolutions without changing what the network says', async () => {
    await withLearner(smallLearnerOptions(convolving), (learner) => {
      for (const batch of batches) learner.step(batch);
      const asleep = learner.state();
      valuesOf(asleep, 'online/encoder/0/bias')[4] = valuesOf(asleep, 'online/encoder/1/bias')[2] = -1e3;
      learner.load(asleep);
      const before = learner.act(bars, privateState);
      assert.ok(learner.recycle(bars, privateState, 0, createRandom(1, 'recycle')) >= 2);
      learner.act(bars, privateState).price.forEach((value, i) => assert.ok(Math.abs(value - before.price[i]!) < 1e-5));
      const { activity } = learner.inspect(bars, privateState);
      assert.deepEqual(activity.slice(0, 2).map(({ layer, meanAbsolute }) => [layer, meanAbsolute.length]), [['encoder/0', 6], ['encoder/1', 5]]); // prettier-ignore
      assert.ok(activity[0]!.meanAbsolute[4]! > 0 && activity[1]!.meanAbsolute[2]! > 0);
      const state = learner.state();
      // Of four patches two go into each patch of the second convolution; its two go to the trunk, with four numbers of the account.
      for (const [name, units, width, inputs] of [
        ['encoder/1', [4, 10], 5, 12],
        ['trunk/0', [2, 7], 16, 14],
      ] as const)
        // prettier-ignore
        for (const group of ['online', 'adam/m', 'adam/v'])
          for (let input = 0; input < inputs; input++) {
            // The second convolution's own silent unit hears everything anew.
            const row = valuesOf(state, `${group}/${name}/weight`).subarray(input * width, (input + 1) * width).filter((_, output) => name !== 'encoder/1' || output !== 2); // prettier-ignore
            if (units.some((unit) => unit === input)) assert.ok(row.every((value) => value === 0), `${group}/${name} ${input}`); // prettier-ignore
            else assert.ok(row.some((value) => value !== 0), `${group}/${name} ${input}`);
          }
    });
  });

  it('starts the noise of a silent unit in a noisy head anew, and leaves what the network says with noise as it was', async () => {
    await withLearner(smallLearnerOptions({ exploration: 'noisy', learningRate: 0.01 }), (learner) => {
      for (const batch of batches) learner.step(batch);
      const asleep = learner.state();
      valuesOf(asleep, 'online/price/0/bias')[5] = -1e3;
      learner.load(asleep);
      const said = learner.act(bars, privateState, true);
      learner.load(asleep);
      learner.recycle(bars, privateState, 0, createRandom(1, 'recycle'));
      const state = learner.state();
      const fresh = Math.fround(0.5 / Math.sqrt(12));
      const [weightNoise, before] = [state, asleep].map((each) => valuesOf(each, 'online/price/0/weightNoise'));
      for (let input = 0; input < 12; input++) {
        assert.equal(weightNoise![input * 8 + 5], fresh);
        assert.notEqual(before![input * 8 + 5], fresh, 'it has learned before');
        for (const moment of ['m', 'v']) assert.equal(valuesOf(state, `adam/${moment}/price/0/weightNoise`)[input * 8 + 5], 0);
      }
      assert.equal(valuesOf(state, 'online/price/0/biasNoise')[5], fresh);
      assert.ok(valuesOf(state, 'online/price/1/weightNoise').subarray(5 * 5, 6 * 5).every((value) => value === 0)); // prettier-ignore
      learner.act(bars, privateState, true).price.forEach((value, i) => assert.ok(Math.abs(value - said.price[i]!) < 1e-5));
    });
  });

  it('finds nothing to do where every unit speaks, and then changes nothing', async () => {
    await withLearner(options, (learner) => {
      const state = learner.state();
      const activity = learner.inspect(bars, privateState).activity.map(({ layer, meanAbsolute }) => ({ layer, meanAbsolute: meanAbsolute.map(() => 1) })); // prettier-ignore
      const network = createNetwork(options.agent, 19, { ...options.bins });
      assert.deepEqual(recycleUnits(network, state, activity, 0.025, createRandom(1, 'recycle')), { state, units: 0 });
    });
  });

  it('lets a network that lost most of its units learn again, better than one that was left as it was', async () => {
    const endOf = (recycled: boolean): Promise<number> =>
      withLearner(options, (learner) => {
        const state = learner.state();
        valuesOf(state, 'online/trunk/0/bias').fill(-1e3, 0, 15);
        learner.load(state);
        if (recycled) learner.recycle(bars, privateState, 0.025, createRandom(1, 'recycle'));
        const losses = Array.from({ length: 400 }, (_, i) => learner.step(batches[i % 4]!).auxiliaryLoss);
        return losses.slice(-20).reduce((sum, loss) => sum + loss, 0) / 20;
      });
    const [left, recycled] = [await endOf(false), await endOf(true)];
    assert.ok(recycled < left * 0.7, `${recycled} against ${left}`);
  });
});
