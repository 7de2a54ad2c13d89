import { bootstrapSharpeDifference } from '../../src/evaluation/statistics/bootstrap.js';
import { createRandom } from '../../src/learning/random.js';
import { pairedReturns } from '../../test/support/evaluation/paired-returns.js';
import type { Bench } from '../figure.js';
import { extraMemory } from './extra-memory.js';

const BARS = 100_000;
const REPLICATES = 10_000;
const SECONDS = 5;
/** Eight float64 a bar: two scaled series, four running sums, and room for what the moments need. */
const BYTES_PER_BAR = 128;

/** The studentised block bootstrap of a Sharpe difference: 10,000 replicates of 100,000 bars in one thread, and what it holds of memory for each bar. */
export const bootstrap: Bench = async () => {
  const { candidate, reference } = pairedReturns(createRandom(1, 'returns'), { bars: BARS, correlation: 0.9, candidate: 0.01, reference: 0.005 }); // prettier-ignore
  const run = (replicates: number) =>
    bootstrapSharpeDifference({ candidate, reference, replicates, confidence: 0.95, random: createRandom(2, 'bootstrap') });
  run(200);
  const began = performance.now();
  const { blockLength } = run(REPLICATES);
  const seconds = (performance.now() - began) / 1_000;
  const bytes = (await extraMemory(() => run(1_000))) / BARS;
  return [
    { figure: `${REPLICATES} replicates of ${BARS} bars, blocks of ${blockLength}`, value: seconds, unit: 's', limit: SECONDS, ratio: SECONDS / seconds }, // prettier-ignore
    { figure: 'memory held at most', value: bytes, unit: 'bytes/bar', limit: BYTES_PER_BAR, ratio: BYTES_PER_BAR / bytes },
  ];
};
