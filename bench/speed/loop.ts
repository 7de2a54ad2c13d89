import { loadConfig } from '../../src/config/load-config.js';
import { trainingConfig } from '../../src/config/sections/training.js';
import { createLearner } from '../../src/learning/create-learner.js';
import { createRandom } from '../../src/learning/random.js';
import { createTrainer } from '../../src/learning/trainer/create-trainer.js';
import { callsPerSecond, type Bench } from '../figure.js';
import { openMarket } from '../learning/ablation/market.js';
import { alternate } from './alternate.js';
import { randomBatch } from './nets.js';
import { comparisonFigures, openPeer } from './peer.js';

const ROUNDS = 7;
/** Environment steps between two looks at the clock, and before the first gradient step. */
const [STEPS, WARM_UP] = [2_000, 2_000];
const LIMIT = 1.8;

/**
 * Environment steps a second of the whole loop: act, step, store, sample, and a gradient step on 256 transitions for every four. Ours, with prioritised
 * three-step replay, on the simulated market with observations of 200, 21 × 11 actions and the network 256-128; beside Stable-Baselines3's DQN
 * at the same sizes (`RATCHET_PEERS`), in turns.
 */
export const loop: Bench = async () => {
  const { config } = await loadConfig({ preset: 'first-run' });
  const { lookback, features, frequency } = config.training.environment;
  const training = trainingConfig.parse({
    environment: { lookback, features, frequency },
    agent: { trunk: [256, 128], head: 0, auxiliaryHead: 0 },
    warmUpSteps: WARM_UP,
  });
  const market = await openMarket(1, { ...config, training });
  const { matrix, ...prepared } = market.prepare(training);
  const bins = { price: training.environment.priceBins, quantity: training.environment.quantityBins };
  const learner = await createLearner({
    agent: training.agent,
    features: matrix,
    lookback,
    bins,
    batchSize: training.batchSize,
    actBatch: training.parallelEpisodes,
    random: createRandom(training.seed, 'weights'),
    backend: 'compiled',
  });
  const trainer = createTrainer({ learner, config: training, ...prepared });
  const goOn = (steps: number): number => {
    const [start, from] = [performance.now(), trainer.step()];
    while (trainer.step() < from + steps) trainer.advance();
    return (1_000 * (trainer.step() - from)) / (performance.now() - start);
  };
  goOn(WARM_UP + STEPS);
  const batch = randomBatch(1);
  const peer = await openPeer('loop.py', lookback * features.length + 4, bins.price * bins.quantity, bins.quantity);
  const ways = {
    ours: () => goOn(STEPS),
    // What the loop would come to if all but the gradient steps were free.
    'steps alone': () => training.trainEvery * callsPerSecond(() => learner.step(batch), STEPS / training.trainEvery),
    ...(peer && { "SB3's DQN": () => peer.ask(STEPS) }),
  };
  const { rate, times } = await alternate(ways, ROUNDS);
  learner.dispose();
  peer?.close();
  return Object.keys(ways)
    .slice(1)
    .flatMap((name) =>
      comparisonFigures({
        figure: 'whole loop',
        unit: 'steps/s',
        value: rate('ours'),
        peer: { name, value: rate(name) },
        times: times('ours', name),
        limit: name === 'steps alone' ? undefined : LIMIT,
      }),
    );
};
