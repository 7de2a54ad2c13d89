/** Run as a process of its own: creates the small learner with whatever library is there, makes one step, and prints what came of it. */
import { createLearner } from '../../../src/learning/create-learner.js';
import { noiseBatches, smallLearnerOptions } from './learner.js';

const warnings: string[] = [];
const ignore = (): void => undefined;
const logger = { debug: ignore, info: ignore, error: ignore, warn: (message: string) => void warnings.push(message) };
const options = smallLearnerOptions();
const learner = await createLearner({ ...options, logger });
const result = learner.step(noiseBatches(1, options)[0]!);
const state = learner.state().map(({ values, ...tensor }) => ({ ...tensor, values: [...values] }));
process.stdout.write(JSON.stringify({ backend: learner.backend, warnings, loss: result.loss, state }));
