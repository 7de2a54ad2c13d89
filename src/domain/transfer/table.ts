import { count } from '../gate/wording.js';
import { percent, type Transfer } from './transfer.js';

/** Heads of the table of transfers, in the order of `transferCells`. */
export const transferHeads = ['from', 'to', 'when', 'kinds', 'numbers', 'with', 'without', 'gain (95 %)', 'used', 'why'] as const;

/** A row of the table of transfers: what was handed on, and its effect as net return on the sessions held back. */
export const transferCells = (transfer: Omit<Transfer, 'run' | 'instrument' | 'horizons' | 'repeatEvery'>): string[] => {
  const { from, to, occasion, kinds, fallback, sizes, effect, verdict } = transfer;
  const numbers = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const gain = effect.measured
    ? [
        percent(effect.treated.estimate),
        percent(effect.control.estimate),
        `${percent(effect.gain.estimate)} (${percent(effect.gain.lower)} to ${percent(effect.gain.upper)})`,
      ]
    : ['', '', 'unmeasured'];
  const why = fallback === null ? verdict.reason : `${verdict.reason}; ${fallback}`;
  return [`${from.bucket} ${from.version}`, to, occasion, kinds.join(', '), count(numbers), ...gain, verdict.used ? 'yes' : 'no', why];
};
