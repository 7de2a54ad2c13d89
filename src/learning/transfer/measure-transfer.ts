import { FEWEST_SEEDS, measureEffect, type TransferEffect } from '../../domain/transfer/effect.js';
import type { RandomStream } from '../../domain/ports.js';

export interface MeasureOptions {
  /** Null to save the time: the effect is then marked as unmeasured. */
  readonly seeds: readonly number[] | null;
  /** Trains with or without the transfer, equal in everything else, and scores what came of it on data that neither was trained on: larger is better. */
  readonly train: (seed: number, transferred: boolean) => Promise<number>;
  readonly random: RandomStream;
}

/** What a transfer does, against a control of equal steps for each seed. Throws `RangeError` for fewer than three seeds. */
export const measureTransfer = async ({ seeds, train, random }: MeasureOptions): Promise<TransferEffect> => {
  if (seeds === null) return { measured: false, reason: 'the control was switched off to save its time' };
  if (seeds.length < FEWEST_SEEDS) throw new RangeError(`${seeds.length} seeds show nothing: expected at least ${FEWEST_SEEDS}`);
  const [treated, control]: [number[], number[]] = [[], []];
  for (const seed of seeds) {
    treated.push(await train(seed, true));
    control.push(await train(seed, false));
  }
  return measureEffect(treated, control, random);
};
