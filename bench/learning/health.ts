import { trainingConfig } from '../../src/config/sections/training.js';
import { createLearner } from '../../src/learning/create-learner.js';
import { createCaretaker } from '../../src/learning/trainer/caretaker.js';
import { median, type Bench, type Figure } from '../figure.js';
import { learnerOptions, NETS, randomBatch } from '../speed/nets.js';

const ROUNDS = 21;
/** Share of the training step that health may cost. */
const LIMIT = 0.02;

/**
 * What looking after a network costs: every check of a gradient step and a look at the network each 50, over the same number of gradient steps; medians
 * of alternating rounds of whole multiples of 50. By processor time of all threads, which other programs on the machine change least.
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
  let result = learner.step(batches[0]!);
  const learn = (): number => processorMs((call) => (result = learner.step(batches[call % 8]!)), steps);
  const watch = (): number => processorMs((call) => caretaker.learned(++gradientStep, result, batches[call % 8]!), steps);
  for (const work of [learn, watch]) work();
  const rounds = Array.from({ length: ROUNDS }, () => ({ learn: learn(), watch: watch() }));
  learner.dispose();
  const cost = median(rounds.map((round) => round.watch / round.learn));
  const of = (key: 'learn' | 'watch'): number => median(rounds.map((round) => round[key]));
  return [
    { figure: `${name}: health of a step`, value: of('watch'), unit: 'cpu-ms', peer: { name: 'step', value: of('learn') }, ratio: of('learn') / of('watch') },
    { figure: `${name}: health, share of the step`, value: cost, unit: '', limit: LIMIT, ratio: LIMIT / cost },
  ]; // prettier-ignore
};

/** Processor milliseconds of a call. */
const processorMs = (work: (call: number) => unknown, calls: number): number => {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call++) work(call);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3 / calls;
};
