import { createReplayBuffer, type ReplayBuffer } from '../../src/learning/replay/replay-buffer.js';
import type { Bench } from '../figure.js';

const CAPACITY = 500_000;
const MEGABYTE = 2 ** 20;
const LIMIT = 64;
/** What storing both observations of 1,323 floats with each transition would take. */
const WITH_OBSERVATIONS = (CAPACITY * 2 * 1_323 * 4) / MEGABYTE;

/** Memory of a full, prioritised replay of 500,000 transitions whose states have observations of 1,323 numbers. */
export const replay: Bench = () => {
  const before = held();
  const buffer = fullReplay();
  const memory = held() - before;
  if (buffer.size() !== CAPACITY) throw new Error(`the replay holds ${buffer.size()} transitions: expected ${CAPACITY}`);
  const figure = 'replay of 500,000 transitions';
  return Promise.resolve([
    { figure, value: memory, unit: 'MB', limit: LIMIT, ratio: LIMIT / memory },
    { figure, value: memory, unit: 'MB', peer: { name: 'with observations', value: WITH_OBSERVATIONS }, ratio: WITH_OBSERVATIONS / memory },
  ]);
};

/** Megabytes of arrays and heap that the process holds. */
const held = (): number => {
  globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return (arrayBuffers + heapUsed) / MEGABYTE;
};

/** A prioritised replay of 500,000 transitions, full. */
export const fullReplay = (): ReplayBuffer => {
  const buffer = createReplayBuffer({ capacity: CAPACITY, batchSize: 256, alpha: 0.6, volatility: () => 1 });
  for (let n = 0; n < CAPACITY; n++) {
    const slot = buffer.append();
    buffer.columns.bar[slot] = n;
    buffer.columns.nextBar[slot] = n + 1;
    buffer.columns.reward[slot] = n % 7;
    buffer.columns.discount[slot] = 0.97;
  }
  return buffer;
};
