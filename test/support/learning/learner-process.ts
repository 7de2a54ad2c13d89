/**
 * Run as a process of its own: creates the small learner with whatever library is there, makes one step, and prints what came of it; then the same behind convolutions, with
 * products that it cannot have.
 */
import { createLearner } from '../../../src/learning/create-learner.js';
import { convolving, noiseBatches, smallLearnerOptions } from './learner.js';

const warnings: string[] = [];
const ignore = (): void => undefined;
const logger = { debug: ignore, info: ignore, error: ignore, warn: (message: string) => void warnings.push(message) };
const reports = [];
for (const agent of [{}, { ...convolving, products: 'bfloat16' as const }]) {
  const options = smallLearnerOptions(agent);
  const learner = await createLearner({ ...options, logger });
  const { loss } = learner.step(noiseBatches(1, options)[0]!);
  const state = learner.state().map(({ values, ...tensor }) => ({ ...tensor, values: [...values] }));
  reports.push({ backend: learner.backend, loss, state });
  learner.dispose();
}
process.stdout.write(JSON.stringify({ warnings, reports }));
