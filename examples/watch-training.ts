/**
 * Ratchet's health checks in a training loop of one's own: a line is fitted by gradient descent, and at step 300 the learning rate is set far too
 * high. The monitor finds it, the loop goes back to its last good weights with half the rate, and ends with the line. It also adds a check of its own.
 *
 *   npm run build
 *   node dist/examples/watch-training.js
 *
 * In another project: `import { createHealthMonitor, remedyFor } from 'ratchet/monitoring'`.
 */
import { createHealthMonitor, healthChecks, remedyFor, tagged, type HealthCheck } from 'ratchet/monitoring';

/** A slope that nobody believes. */
const steepSlope: HealthCheck = {
  initial: [],
  observe: (state, { slope = 0 }) => ({
    state,
    fault: Math.abs(slope) > 1e12 ? { figure: 'slope', value: slope, expected: 'at most 1e12' } : null,
  }),
};

/** Points on y = 3 x + 0.5, each step with other noise. */
const pointsOf = (step: number) =>
  Array.from({ length: 50 }, (_, i) => ({ x: i / 25 - 1, y: 3 * (i / 25 - 1) + 0.5 + 0.5 * Math.sin(7 * i + 1.3 * step * i) }));
const limits = { plausibleLoss: 10, patience: 20 };
let monitor = createHealthMonitor({ checks: { ...healthChecks, steepSlope }, limits });
let weights = { slope: 0, intercept: 0 };
let good = weights;
let rate = 0.1;
let rollbacks = 0;

for (let step = 1; step <= 600; step++) {
  if (step === 300) rate = 1.6;
  let [loss, bySlope, byIntercept] = [0, 0, 0];
  const points = pointsOf(step);
  for (const { x, y } of points) {
    const error = weights.slope * x + weights.intercept - y;
    loss += (error * error) / points.length;
    bySlope += (2 * error * x) / points.length;
    byIntercept += (2 * error) / points.length;
  }
  weights = { slope: weights.slope - rate * bySlope, intercept: weights.intercept - rate * byIntercept };
  const finding = monitor.observe({ qLoss: loss, gradientNorm: Math.hypot(bySlope, byIntercept), slope: weights.slope });
  if (finding === null) {
    if (step % 100 === 0) {
      good = weights;
      console.log(step, tagged({ loss, learningRate: rate }));
    }
    continue;
  }
  const remedy = remedyFor(rollbacks);
  if (remedy.kind === 'giveUp') throw new Error(`${finding.check}: ${finding.figure} is ${finding.value}, expected ${finding.expected}`);
  ({ rollbacks } = remedy);
  console.log(`${step}: ${finding.check}, ${finding.figure} is ${finding.value}; back to the last good weights with half the rate`);
  weights = good;
  rate /= 2;
  monitor = createHealthMonitor({ checks: { ...healthChecks, steepSlope }, limits });
}
console.log(`y = ${weights.slope.toFixed(2)} x + ${weights.intercept.toFixed(2)} after ${rollbacks} rollbacks`);
