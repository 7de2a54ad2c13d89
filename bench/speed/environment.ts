import { environmentConfig } from '../../src/config/sections/training.js';
import { PRIVATE_STATE } from '../../src/domain/agent/observation.js';
import { createEnvironment } from '../../src/learning/environment/create-environment.js';
import { writeObservation, type FeatureMatrix } from '../../src/learning/observation.js';
import { createRandom } from '../../src/learning/random.js';
import { costlyInstrument, randomBars } from '../../test/support/market/random-bars.js';
import { median, type Bench, type Figure } from '../figure.js';

const [SESSIONS, BARS_PER_SESSION, LANES, FEATURES, ROUNDS] = [250, 390, 16, 11, 15];
/** Steps of all lanes between two looks at the clock. */
const [PLAIN, OBSERVED] = [40_000, 10_000];
/** Steps of one lane a second: as they are, and with the whole observation copied after each. */
const LIMITS = { plain: 20e6, observed: 3.5e6 } as const;

/**
 * Steps of the environment a second, on one core: sixteen episodes of 390 bars side by side with every cost set, random actions out of 21 × 11,
 * hindsight as in training; without, and with the 1,324 numbers that an agent would see copied after every step. By processor time.
 */
export const environment: Bench = async () => {
  const play = player();
  for (const observed of [false, true]) play(PLAIN, observed);
  const rounds = Array.from({ length: ROUNDS }, () => ({ plain: play(PLAIN, false), observed: play(OBSERVED, true) }));
  const figures = (['plain', 'observed'] as const).map((way): Figure => {
    const value = median(rounds.map((round) => round[way]));
    const figure = way === 'plain' ? 'environment' : 'environment, observation of 1,324 copied';
    return { figure, value, unit: 'steps/s', limit: LIMITS[way], ratio: value / LIMITS[way] };
  });
  return Promise.resolve(figures);
};

/** Plays so many steps of every lane and returns the steps of one lane in a second of the processor. */
const player = (): ((steps: number, observed: boolean) => number) => {
  const random = createRandom(1, 'environment');
  const bars = randomBars({ sessions: SESSIONS, barsPerSession: BARS_PER_SESSION });
  const task = environmentConfig.parse({});
  const sessions = Array.from({ length: SESSIONS }, (_, i) => ({ from: i * BARS_PER_SESSION, to: (i + 1) * BARS_PER_SESSION }));
  const market = createEnvironment({
    bars,
    instrument: costlyInstrument,
    config: task,
    sessions,
    lanes: LANES,
    horizon: 30,
    hindsightWeight: 0.5,
  });
  const matrix: FeatureMatrix = {
    names: Array.from({ length: FEATURES }, (_, i) => `feature${i}`),
    rows: bars.length,
    values: Float32Array.from({ length: bars.length * FEATURES }, () => random.normal()),
    firstValid: 0,
  };
  const size = task.lookback * FEATURES + PRIVATE_STATE.length;
  const observations = new Float32Array(LANES * size);
  const draw = (bins: number) => Array.from({ length: 61 }, () => Int32Array.from({ length: LANES }, () => random.integer(bins)));
  const [price, quantity] = [draw(task.priceBins), draw(task.quantityBins)];
  for (let lane = 0; lane < LANES; lane++) market.reset(lane, lane);

  return (steps, observed) => {
    const start = process.cpuUsage();
    for (let step = 0; step < steps; step++) {
      const { done } = market.step(price[step % 61]!, quantity[step % 61]!);
      for (let lane = 0; lane < LANES; lane++) if (done[lane] === 1) market.reset(lane, (market.now.session[lane]! + LANES) % SESSIONS);
      if (observed)
        for (let lane = 0; lane < LANES; lane++)
          writeObservation(
            matrix,
            task.lookback,
            market.now.bar[lane]!,
            market.now.privateState,
            lane * PRIVATE_STATE.length,
            observations,
            lane * size,
          );
    }
    const { user, system } = process.cpuUsage(start);
    return (steps * LANES * 1e6) / (user + system);
  };
};
