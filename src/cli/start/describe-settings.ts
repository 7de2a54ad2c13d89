import type { Demo } from '../../activities/market/write-demo.js';
import { count } from '../../domain/gate/wording.js';
import type { StartSettings } from './settings.js';

/** Net and steps in one line. */
export const describeTrainingSettings = ({ preset, config }: StartSettings): string => {
  const { agent, environment, trainSteps, batchSize } = config.training;
  const net = `net ${agent.trunk.join('-')}${agent.head > 0 ? ` with heads of ${agent.head}` : ''}`;
  const actions = `${environment.priceBins} prices × ${environment.quantityBins} positions`;
  return [
    preset === null ? 'your configuration' : `preset ${preset}`,
    `${net}, ${actions}`,
    `${count(trainSteps)} steps on bars of ${environment.frequency}, batch ${batchSize}`,
  ].join('; ');
};

/** Where the bars come from. */
export const describeSource = ({ source, config }: StartSettings): string => {
  if (source.kind === 'simulated') return 'no data was named, so a simulated market is traded; name your own exports with --data DIR';
  const { instruments, files } = source;
  const watched = config.watch.instruments.length > 0 ? config.watch.instruments : instruments;
  if (files === 0) return `${source.path}: no export${watched.length > 0 ? ` of ${watched.join(', ')}` : ''} yet; waiting for files`;
  return `${source.path}: ${count(files)} ${files === 1 ? 'file' : 'files'} of ${instruments.join(', ')}`;
};

/** The simulated market that is traded. */
export const describeDemo = ({ instrument, files, bars, edge, seed, written, folder }: Demo): string => {
  const optimum = edge === 0 ? 'without an edge: nothing can be earned' : `whose known-optimal policy has an annual Sharpe of ${edge}`;
  return `simulated market ${instrument}, seed ${seed}, ${optimum}; ${count(bars)} one-minute bars in ${files} exports ${written ? 'written to' : 'are in'} ${folder}`;
};
