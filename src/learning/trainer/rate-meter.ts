/** Seconds that rates are averaged over: long enough to be steady, short enough to forget the warm-up. */
const WINDOW_SECONDS = 20;

export interface Rates {
  readonly environmentStepsPerSecond: number;
  readonly gradientStepsPerSecond: number;
}

/** Steps per second over the last twenty seconds, from the counts read at `time` (milliseconds). */
export type RateMeter = (time: number, step: number, gradientSteps: number) => Rates;

export const createRateMeter = (time: number, step: number, gradientSteps: number): RateMeter => {
  const samples = [{ time, step, gradientSteps }];
  return (time, step, gradientSteps) => {
    const first = samples[0] ?? { time, step, gradientSteps };
    while (samples[1] !== undefined && time - samples[1].time >= WINDOW_SECONDS * 1_000) samples.shift();
    samples.push({ time, step, gradientSteps });
    const seconds = Math.max(1e-3, (time - first.time) / 1_000);
    return {
      environmentStepsPerSecond: (step - first.step) / seconds,
      gradientStepsPerSecond: (gradientSteps - first.gradientSteps) / seconds,
    };
  };
};
