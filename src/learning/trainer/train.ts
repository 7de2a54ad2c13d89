import type { Clock } from '../../domain/ports.js';
import { createRateMeter, type Rates } from './rate-meter.js';
import type { Trainer, TrainerState, TrainingFigures } from './create-trainer.js';

export interface TrainOptions {
  readonly trainer: Trainer;
  /** Environment steps at which this chunk ends, to the next step of all lanes. */
  readonly untilStep: number;
  /** Environment steps of the whole training, for the time left. */
  readonly trainSteps: number;
  /** Environment steps between checkpoints. */
  readonly checkpointEvery: number;
  /** Saves durably; training waits for it. */
  readonly checkpoint: (state: TrainerState) => Promise<void>;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Least time between two reports. */
  readonly progressEveryMs: number;
  /** Lets the event loop turn, so that messages come in; awaited at least every tenth of a second. */
  readonly breathe: () => Promise<void>;
  readonly shouldStop: () => boolean;
  readonly clock: Clock;
}

export interface TrainingProgress extends TrainingFigures, Rates {
  /** Seconds to the end of the whole training at this rate; null before there is one. */
  readonly secondsLeft: number | null;
}

const BREATHE_EVERY_MS = 100;

export interface TrainEnd {
  /** Whether `untilStep` was reached; else it was stopped. */
  readonly finished: boolean;
  readonly progress: TrainingProgress;
}

/** Trains up to `untilStep`, or until told to stop; ends with a checkpoint either way. Throws what `advance` and `checkpoint` throw. */
export const train = async (options: TrainOptions): Promise<TrainEnd> => {
  const { trainer, untilStep, trainSteps, checkpointEvery, clock } = options;
  let step = trainer.step();
  let saved = step;
  let breathed = clock.now();
  let reported = breathed;
  const rates = createRateMeter(breathed, step, trainer.figures().gradientSteps);
  const report = (): TrainingProgress => {
    const figures = trainer.figures();
    const speed = rates(clock.now(), figures.step, figures.gradientSteps);
    const left = Math.max(0, trainSteps - figures.step) / speed.environmentStepsPerSecond;
    const progress = { ...figures, ...speed, secondsLeft: Number.isFinite(left) ? left : null };
    options.onProgress(progress);
    return progress;
  };
  const save = async (): Promise<void> => {
    if (saved === step) return;
    await options.checkpoint(trainer.state());
    saved = step;
  };

  while (step < untilStep && !options.shouldStop()) {
    const before = step;
    trainer.advance();
    step = trainer.step();
    if (Math.floor(step / checkpointEvery) > Math.floor(before / checkpointEvery)) await save();
    const time = clock.now();
    if (time - reported >= options.progressEveryMs) {
      report();
      reported = time;
    }
    if (time - breathed >= BREATHE_EVERY_MS) {
      await options.breathe();
      breathed = clock.now();
    }
  }
  await save();
  return { finished: step >= untilStep, progress: report() };
};
