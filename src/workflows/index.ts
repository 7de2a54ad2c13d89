export { learner } from './learner.js';
export { trainingRun } from './training-run.js';
