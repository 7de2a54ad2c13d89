import { trainingConfig } from '../src/config/training.js';
import { createLearner } from '../src/learning/create-learner.js';
import { createCaretaker } from '../src/learning/trainer/caretaker.js';
import { callsPerSecond, median, type Bench, type Figure } from './figure.js';
import { learnerOptions, NETS, randomBatch } from './step.js';

const ROUNDS = 21;
/** Share of the training step that health may cost. */
const LIMIT = 0.02;

/**
 * What looking after a network costs: gradient steps with every check and a look at the network each 50, against the same steps alone, in alternating
 * rounds of whole multiples of 50 steps; the median of the ratios of neighbouring rounds.
 */
export const health: Bench = async () => {
  const figures: Figure[] = [];
  for (const net of NETS) figures.push(...(await measure(net)));
  return figures;
};

const measure = async ({ name, calls, ...net }: (typeof NETS)[number]): Promise<Figure[]> => {
  const learner = await createLearner({ ...learnerOptions(net), backend: 'compiled' });
  const config = trainingConfig.parse({ agent: { gamma: 0.99 }, recycle: { every: 0 } });
  const caretaker = createCaretaker({ learner, config });
  const batches = Array.from({ length: 8 }, (_, i) => randomBatch(i));
  const steps = 50 * Math.ceil(calls / 25);
  let gradientStep = 0;
  const alone = (): number => callsPerSecond((call) => learner.step(batches[call % 8]!), steps);
  const watched = (): number =>
    callsPerSecond((call) => {
      const batch = batches[call % 8]!;
      caretaker.learned(++gradientStep, learner.step(batch), batch);
    }, steps);
  alone();
  watched();
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const [first, second] = round % 2 === 0 ? [alone(), watched()] : [watched(), alone()].toReversed();
    return { alone: first!, watched: second! };
  });
  learner.dispose();
  const cost = median(rounds.map((round) => round.alone / round.watched - 1));
  const of = (key: 'alone' | 'watched'): number => median(rounds.map((round) => round[key]));
  return [
    { figure: `${name}: step with health`, value: of('watched'), unit: 'steps/s', peer: { name: 'alone', value: of('alone') }, ratio: 1 / (1 + cost) },
    { figure: `${name}: cost of health, share of the step`, value: cost, unit: '', limit: LIMIT, ratio: LIMIT / Math.max(cost, 1e-6) },
  ]; // prettier-ignore
};
