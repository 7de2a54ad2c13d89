import * as tf from '@tensorflow/tfjs';
import { createInterface } from 'node:readline';
import { createLearner } from '../../../src/learning/create-learner.js';
import { callsPerProcessorSecond, callsPerSecond } from '../../figure.js';
import { learnerOptions, NETS } from '../nets.js';
import { acting, stepping } from './work.js';

// `node eagerly.js NET time|processor`: says 0 when it is ready, then answers each line `step N`, `act N` or `products N` with its rate over N calls.

/** Rows and columns of the matrices whose product is timed alone. */
const SIDE = 1_024;

const [name, clock] = process.argv.slice(2);
const rateOf = clock === 'processor' ? callsPerProcessorSecond : callsPerSecond;
const net = NETS.find((each) => each.name === name);
if (net === undefined) throw new Error(`there is no net ${name}: expected ${NETS.map((each) => each.name).join(' or ')}`);
const learner = await createLearner({ ...learnerOptions(net), backend: 'eager' });

/** Floating-point operations a second, in billions, of products of square matrices. */
const products = (calls: number): number => {
  const matrix = tf.randomUniform([SIDE, SIDE]);
  const rate = rateOf(() => tf.tidy(() => tf.matMul(matrix, matrix).shape), calls);
  matrix.dispose();
  return (rate * 2 * SIDE ** 3) / 1e9;
};

const work: Readonly<Record<string, (calls: number) => number>> = {
  step: (calls) => stepping(learner, calls, rateOf),
  act: (calls) => acting(learner, calls, rateOf),
  products,
};

console.log(0);
for await (const line of createInterface(process.stdin)) {
  const [what, calls] = line.split(' ');
  console.log(work[what!]!(Number(calls)));
}
