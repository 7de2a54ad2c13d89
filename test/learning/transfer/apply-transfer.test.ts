import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { TransferKind, TransferPlan } from '../../../src/domain/transfer/plan.js';
import { computeGraph } from '../../../src/learning/export/compute-graph.js';
import { decodeOnnx } from '../../../src/learning/export/onnx-model.js';
import { createRandom } from '../../../src/learning/random.js';
import { applyTransfer, type KnowledgeSource, type TransferTarget } from '../../../src/learning/transfer/apply-transfer.js';
import { distillationLoss, teacherFor } from '../../../src/learning/transfer/distillation.js';
import { transferWeights } from '../../../src/learning/transfer/transfer-weights.js';
import { near } from '../../support/near.js';
import { convolvingAgent, randomNetwork, schemaOf, servedNetwork } from '../../support/learning/transfer.js';

const random = createRandom(5, 'networks');
const [from, to] = [schemaOf(['return', 'rsi'], 3), schemaOf(['ichimoku', 'return'], 3)];
const online = randomNetwork(from, random);
const source: KnowledgeSource = {
  tensors: online,
  schema: from,
  graph: decodeOnnx(servedNetwork(online, from)),
  states: Float32Array.from({ length: 50 * 10 }, () => random.normal()),
  horizons: [{ horizon: 8, weight: 1 }],
};
const target: TransferTarget = { fresh: randomNetwork(to, random), schema: to, parent: null, horizons: { shortest: 6, longest: 12 } };
const plan = (...kinds: TransferKind[]): TransferPlan => ({
  source: 'abc',
  kinds,
  shares: { weights: 0.3, featureImportance: 0.5, horizons: 0.5 },
});
const apply = (...kinds: TransferKind[]) => applyTransfer(target, source, plan(...kinds), createRandom(1, 'transfer'));

describe('applyTransfer', () => {
  it('hands on nothing without a kind', () => {
    const { state, teacher, horizons, importance, outcome } = apply();
    assert.deepEqual([state, teacher, horizons, importance], [target.fresh, null, null, null]);
    assert.deepEqual(outcome, { source: 'abc', kinds: [], sizes: {}, added: ['ichimoku'], removed: ['rsi'] });
  });

  it('hands on each kind by itself, and says how much', () => {
    const weights = apply('weights');
    assert.deepEqual(weights.state, transferWeights(target.fresh, to, source, 0.3));
    assert.equal(weights.outcome.sizes.weights, online.reduce((sum, { values }) => sum + values.length, 0)); // prettier-ignore
    const { importance, state } = apply('featureImportance');
    near(importance!.return! + importance!.rsi!, 1, 1e-6);
    assert.notDeepEqual(state[0], target.fresh[0]);
    assert.deepEqual(state.slice(1), target.fresh.slice(1));
    const { horizons } = apply('horizons');
    assert.ok(horizons!.find(({ horizon }) => horizon === 8)!.weight > 0.5);
    assert.equal(apply('distillation').teacher?.inputs[0]?.width, 10);
  });

  it('lets importance shape what the weights are blended into', () => {
    const both = apply('weights', 'featureImportance').state[0]!;
    const shaped = apply('featureImportance').state;
    assert.deepEqual(both, transferWeights(shaped, to, source, 0.3)[0]);
  });
});

describe('teacherFor', () => {
  it("answers on the student's observations what the source says with the removed feature at its mean", () => {
    const teacher = teacherFor(source.graph, from, to, { rsi: 0.4 });
    const rows = Float32Array.from({ length: 2 * 10 }, () => random.normal());
    const own = new Float32Array(2 * 10);
    for (const state of [0, 1]) {
      for (let row = 0; row < 3; row++) own.set([rows[state * 10 + row * 2 + 1]!, 0.4], state * 10 + row * 2);
      own.set(rows.subarray(state * 10 + 6, state * 10 + 10), state * 10 + 6);
    }
    const taught = computeGraph(teacher, teacher.weights, rows, 2);
    const said = computeGraph(source.graph, source.graph.weights, own, 2);
    for (const branch of ['price', 'quantity'])
      taught[branch]!.forEach((value, i) => assert.ok(Math.abs(value - said[branch]![i]!) <= 1e-6));
  });

  it('does so for a source that convolves and a student of more features, and refuses a student of another look-back', () => {
    const wider = schemaOf(['ichimoku', 'macd', 'return', 'rsi'], 3);
    const graph = decodeOnnx(servedNetwork(randomNetwork(from, random, convolvingAgent), from, convolvingAgent));
    const teacher = teacherFor(graph, from, wider);
    assert.equal(teacher.inputs[0]?.width, 16);
    const rows = Float32Array.from({ length: 2 * 16 }, () => random.normal());
    const own = Float32Array.from([0, 16].flatMap((at) => [...[0, 4, 8].flatMap((row) => [rows[at + row + 2]!, rows[at + row + 3]!]), ...rows.slice(at + 12, at + 16)])); // prettier-ignore
    const [taught, said] = [computeGraph(teacher, teacher.weights, rows, 2), computeGraph(graph, graph.weights, own, 2)];
    for (const branch of ['price', 'quantity'])
      taught[branch]!.forEach((value, i) => assert.ok(Math.abs(value - said[branch]![i]!) <= 1e-6));
    assert.throws(() => teacherFor(graph, from, schemaOf(['return'], 4)), { name: 'SchemasDiffer' });
  });
});

describe('distillationLoss', () => {
  const rows = (seed: number) => tf.tensor2d(Array.from({ length: 20 }, (_, i) => Math.sin(seed + i * seed)), [4, 5]); // prettier-ignore
  const loss = (student: tf.Tensor, taught: tf.Tensor) => distillationLoss({ price: taught }, { price: student }, 0.1).dataSync()[0]!;

  it('is the Kullback-Leibler divergence of the softmaxes, by its definition', () => {
    const [teacher, student] = [rows(1), rows(2)];
    const [q, p] = [teacher.arraySync(), student.arraySync()];
    const range = q.reduce((sum, row) => sum + Math.max(...row) - Math.min(...row), 0) / 4;
    const softmax = (row: number[]): number[] => {
      const weights = row.map((value) => Math.exp(value / (0.1 * range)));
      return weights.map((weight) => weight / weights.reduce((sum, each) => sum + each, 0));
    };
    const expected = q.reduce((sum, row, i) => sum + softmax(row).reduce((all, t, k) => all + t * Math.log(t / softmax(p[i]!)[k]!), 0), 0) / 4; // prettier-ignore
    near(loss(student, teacher), expected, 1e-4);
  });

  it('is nothing between networks that differ by a constant, and does not depend on the units of reward', () => {
    assert.ok(Math.abs(loss(tf.add(rows(1), 3), rows(1))) < 1e-5);
    near(loss(tf.mul(rows(2), 1_000), tf.mul(rows(1), 1_000)), loss(rows(2), rows(1)), 1e-4);
  });

  it('falls along its own gradient until the student chooses as the teacher does', () => {
    const teacher = rows(1);
    let student: tf.Tensor = rows(2);
    const slope = tf.grad((values: tf.Tensor) => distillationLoss({ price: teacher }, { price: values }, 0.1));
    const before = loss(student, teacher);
    for (let i = 0; i < 200; i++) student = tf.sub(student, tf.mul(slope(student), 0.05));
    assert.ok(loss(student, teacher) < before / 20);
    assert.deepEqual(tf.argMax(student, 1).arraySync(), tf.argMax(teacher, 1).arraySync());
  });

  it('refuses a teacher of other bins', () => {
    assert.throws(() => distillationLoss({ price: tf.zeros([4, 3]) }, { price: rows(1) }, 0.1), { name: 'RangeError', message: /the teacher answers 3 for branch price: expected 5 bins/ }); // prettier-ignore
  });
});
