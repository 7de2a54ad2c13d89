import assert from 'node:assert/strict';
import { trainingConfig } from '../../../src/config/sections/training.js';
import { emptyFills } from '../../../src/learning/environment/fill-order.js';
import { createOutcome } from '../../../src/learning/environment/outcome.js';
import { adaptedEpsilon } from '../../../src/learning/exploration.js';
import { createExplorer } from '../../../src/learning/trainer/explorer.js';

const schedule = { start: 1, end: 0.1, decaySteps: 100 };
const configOf = (exploration: 'epsilon' | 'adaptive' | 'noisy') =>
  trainingConfig.parse({ agent: { exploration }, epsilon: schedule, hindsight: { horizon: 3 } });

/** Volatility is the number of the bar it is asked at. */
const explorerOf = (exploration: 'epsilon' | 'adaptive' | 'noisy') =>
  createExplorer({ lanes: 2, config: configOf(exploration), volatility: (bar) => bar / 10 });

/** Lets lane 0 live through an episode of one step with that return. */
const live = (explorer: ReturnType<typeof createExplorer>, episodeReturn: number): void => {
  const outcome = createOutcome(emptyFills(2), emptyFills(2));
  outcome.reward[0] = episodeReturn;
  outcome.done[0] = 1;
  explorer.lived(0, outcome);
};

describe('adaptedEpsilon', () => {
  it('explores up to twice as much where volatility is high, down to half as much where it is low, and not by what is unknown', () => {
    const at = (volatility: number): number => adaptedEpsilon(schedule, 75, volatility, 0);
    const scheduled = 1 - 0.9 * 0.75;
    for (const [volatility, factor] of [
      [1, 1],
      [1.5, 1.5],
      [9, 2],
      [0.7, 0.7],
      [0.01, 0.5],
      [0, 1],
    ] as const)
      assert.ok(Math.abs(at(volatility) - scheduled * factor) < 1e-12, String(volatility));
  });

  it('explores half as much while returns rise and twice as much while they fall, within the bounds of the schedule', () => {
    const at = (step: number, progress: number): number => adaptedEpsilon(schedule, step, 1, progress);
    assert.ok(Math.abs(at(75, 5) - 0.325 / 2) < 1e-12);
    assert.ok(Math.abs(at(75, -5) - 0.65) < 1e-12);
    assert.deepEqual([at(0, -5), at(100, 5)], [1, 0.1]);
  });
});

describe('createExplorer', () => {
  it('follows the schedule alone by default, and leaves everything to the noise where there is some', () => {
    const [plain, noisy] = [explorerOf('epsilon'), explorerOf('noisy')];
    for (const explorer of [plain, noisy]) live(explorer, 5);
    assert.deepEqual([plain.epsilon(50, 90), plain.typicalEpsilon(50)], [0.55, 0.55]);
    assert.deepEqual([noisy.epsilon(0, 90), noisy.typicalEpsilon(0)], [0, 0]);
    assert.deepEqual([plain.state(), noisy.state()], [{}, {}]);
  });

  it('asks for the volatility that ended at the bar, never for that after it', () => {
    const asked: [number, number][] = [];
    const explorer = createExplorer({
      lanes: 1,
      config: configOf('adaptive'),
      volatility: (bar, horizon) => {
        asked.push([bar, horizon]);
        return 1;
      },
    });
    for (const bar of [0, 2, 3, 50]) explorer.epsilon(10, bar);
    assert.deepEqual(asked, [
      [0, 3],
      [47, 3],
    ]);
  });

  it('adapts to progress as returns rise and fall, and its memory goes through a checkpoint', () => {
    const explorer = explorerOf('adaptive');
    for (let episode = 0; episode < 100; episode++) live(explorer, episode % 2);
    const even = explorer.typicalEpsilon(50);
    for (let episode = 0; episode < 30; episode++) live(explorer, 3);
    const rising = explorer.typicalEpsilon(50);
    const restored = explorerOf('adaptive');
    restored.restore(structuredClone(explorer.state()));
    assert.equal(restored.typicalEpsilon(50), rising);
    for (let episode = 0; episode < 60; episode++) live(explorer, -3);
    const falling = explorer.typicalEpsilon(50);
    assert.ok(Math.abs(even - 0.55) < 0.05 && rising < 0.4 && falling > 0.7, `${even}, ${rising}, ${falling}`);
  });
});
