export { annotation } from './annotation.js';
export { learner } from './learner.js';
export { paperTrader } from './paper-trader.js';
export { progressiveSequence } from './progressive-sequence.js';
export { trainingRun } from './training-run.js';
export { maintenance } from './maintenance.js';
export { tick } from './tick.js';
export { validation } from './validation.js';
