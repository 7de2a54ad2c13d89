import assert from 'node:assert/strict';
import { decodeOnnx } from '../../../src/learning/export/onnx-model.js';
import { exportOnnx } from '../../../src/learning/export/onnx.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { createNetwork, initialParameters } from '../../../src/learning/network.js';
import { createRandom } from '../../../src/learning/random.js';
import type { Teacher } from '../../../src/learning/transfer/distillation.js';
import { noiseBatches, relativeDifferences, smallLearnerOptions, withLearner } from '../../support/learning/learner.js';

const options = smallLearnerOptions({ learningRate: 0.003, kickstartSteps: 200, kickstartWeight: 5 });
const batches = noiseBatches(300, options);
const { bars, privateState } = batches[0]!;

/** A network with opinions, as it is served. */
const teacher: Teacher = ((): Teacher => {
  const random = createRandom(9, 'teacher');
  const parameters = initialParameters(createNetwork(options.agent, 19, { ...options.bins }), random);
  const online = parameters.map(({ name, shape, values }) => ({ name: `online/${name}`, shape, values: values.map(() => 0.4 * random.normal()) })); // prettier-ignore
  return decodeOnnx(exportOnnx({ online, agent: options.agent, observationSize: 19, bins: options.bins }));
})();
const choices = (values: Float32Array, bins: number): number[] =>
  Array.from({ length: values.length / bins }, (_, row) => {
    const each = [...values.subarray(row * bins, (row + 1) * bins)];
    return each.indexOf(Math.max(...each));
  });
const without = (state: readonly NamedTensor[]): NamedTensor[] => state.filter(({ name }) => !name.startsWith('teacher/'));

describe('kickstart', () => {
  it('makes a student choose as its teacher does while there is nothing else to learn, on states that it was never shown', async () => {
    const nothing = { reward: new Float32Array(16), discount: new Float32Array(16) };
    const eager = { ...options, agent: { ...options.agent, learningRate: 0.01, kickstartSteps: 2_000 }, teacher };
    const taught = await withLearner(eager, (student) => {
      for (let i = 0; i < 900; i++) student.step({ ...batches[1 + (i % 299)]!, ...nothing }); // prettier-ignore
      return student.act(bars, privateState);
    });
    const weights = teacher.weights.map(({ name, ...tensor }) => ({ name: `online/${name}`, ...tensor })).filter(({ name }) => !name.endsWith('averaging')); // prettier-ignore
    const said = await withLearner({ ...options, initial: weights }, (source) => source.act(bars, privateState));
    const agreed = choices(taught.quantity, 7).filter((bin, i) => bin === choices(said.quantity, 7)[i]).length;
    assert.ok(agreed >= 10, `${agreed} of 16`);
  });

  it('is over after its steps: then a step is bit by bit that of a learner without a teacher', async () => {
    const state = await withLearner({ ...options, teacher }, (student) => {
      for (const batch of batches.slice(0, 200)) student.step(batch);
      return student.state();
    });
    const next = batches[250]!;
    const after = (taught: boolean) =>
      withLearner(taught ? { ...options, teacher } : options, (learner) => {
        learner.load(taught ? state : without(state));
        return { loss: learner.step(next).loss, state: without(learner.state()) };
      });
    const [taught, alone] = [await after(true), await after(false)];
    assert.equal(taught.loss, alone.loss);
    for (const { name, difference } of relativeDifferences(alone.state, taught.state)) assert.ok(difference < 1e-6, name);
  });

  it('adds to the loss at first, and steps alike compiled and eagerly', async () => {
    const stepped = (backend: 'compiled' | 'eager', taught: boolean) =>
      withLearner({ ...options, random: createRandom(7, 'weights'), backend, ...(taught ? { teacher } : {}) }, (learner) => ({ loss: learner.step(batches[0]!).loss, state: learner.state() })); // prettier-ignore
    const [compiled, eager, alone] = [await stepped('compiled', true), await stepped('eager', true), await stepped('compiled', false)];
    assert.ok(compiled.loss > alone.loss + 0.5, `${compiled.loss} against ${alone.loss}`);
    const gradients = (state: readonly NamedTensor[]) => state.filter(({ name }) => name.startsWith('adam/m/'));
    for (const { name, difference } of relativeDifferences(gradients(compiled.state), gradients(eager.state))) assert.ok(difference < 3e-5, name); // prettier-ignore
  });
});

describe('l2Init', () => {
  it('pulls each parameter towards its start by rate × strength × its distance, and nothing else is changed', async () => {
    const strength = 2;
    const pulled = smallLearnerOptions({ learningRate: 0.003, l2Init: strength });
    const stepFrom = (settings: typeof options, moved: boolean) =>
      withLearner(settings, (learner) => {
        const state = learner.state();
        if (moved) for (const { name, values } of state) if (name.startsWith('online/')) values.forEach((value, i) => (values[i] = value + 0.5)); // prettier-ignore
        learner.load(state);
        learner.step(batches[0]!);
        return learner.state();
      });
    const plain = smallLearnerOptions({ learningRate: 0.003 });
    for (const moved of [false, true]) {
      const [free, held] = [await stepFrom(plain, moved), await stepFrom(pulled, moved)];
      for (const { name, values } of free.filter((tensor) => tensor.name.startsWith('online/'))) {
        const other = held.find((tensor) => tensor.name === name)!.values;
        const pull = moved ? 0.003 * strength * 0.5 : 0;
        values.forEach((value, i) => assert.ok(Math.abs(value - other[i]! - pull) < 1e-6, `${name}: ${value - other[i]!}`));
      }
    }
  });
});
