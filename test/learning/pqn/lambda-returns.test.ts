import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lambdaReturns } from '../../../src/learning/pqn/lambda-returns.js';

/** Returns over n = 1, 2, … steps, mixed by (1 - λ) λ^(n-1), the longest by what is left: the definition, forwards. */
const byDefinition = (reward: number[], done: boolean[], value: number[], gamma: number, lambda: number, from: number): number => {
  const nStep = (n: number): number => {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      sum += gamma ** k * reward[from + k]!;
      if (done[from + k]) return sum;
    }
    return sum + gamma ** n * value[from + n]!;
  };
  const longest = reward.length - from;
  let mixed = lambda ** (longest - 1) * nStep(longest);
  for (let n = 1; n < longest; n++) mixed += (1 - lambda) * lambda ** (n - 1) * nStep(n);
  return mixed;
};

describe('lambdaReturns', () => {
  it('is the mixture of n-step returns that defines it, in every lane, also across the ends of episodes', () => {
    const real = fc.double({ min: -10, max: 10, noNaN: true });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const lane = fc.array(fc.tuple(real, fc.boolean(), real), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(lane, { minLength: 1, maxLength: 3 }),
        fc.array(real, { minLength: 3, maxLength: 3 }),
        share,
        share,
        (steps, last, gamma, lambda) => {
          const lanes = steps.length;
          const at = (row: number) => steps[row % lanes]![Math.floor(row / lanes)]!;
          const rows = Array.from({ length: 6 * lanes }, (_, row) => at(row));
          const out = new Float32Array(6 * lanes);
          lambdaReturns(
            {
              lanes,
              reward: Float64Array.from(rows, ([reward]) => reward),
              done: Uint8Array.from(rows, ([, done]) => (done ? 1 : 0)),
              value: Float64Array.from([...rows.map(([, , value]) => value), ...last.slice(0, lanes)]),
              gamma,
              lambda,
            },
            out,
          );
          out.forEach((given, row) => {
            const [mine, step] = [steps[row % lanes]!, Math.floor(row / lanes)];
            const values = [...mine.map(([, , value]) => value), last[row % lanes]!];
            const [reward, done] = [mine.map(([each]) => each), mine.map(([, each]) => each)];
            const expected = byDefinition(reward, done, values, gamma, lambda, step);
            assert.ok(Math.abs(given - expected) <= 1e-5 * Math.max(1, Math.abs(expected)), `row ${row} is ${given}, not ${expected}`);
          });
        },
      ),
    );
  });

  it('refuses columns that do not fit each other', () => {
    const columns = { lanes: 2, reward: new Float64Array(4), done: new Uint8Array(4), value: new Float64Array(4), gamma: 1, lambda: 1 };
    assert.throws(() => lambdaReturns(columns, new Float32Array(4)), /got 4 rewards, 4 ends, 4 values and room for 4: they do not fit/);
  });
});
