/** A linear map from numbers to places on a chart, with round numbers to mark. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** A scale over at least [low, high], widened to round numbers, from `start` to `end` on the chart, with about `wanted` marks. */
export const linearScale = (low: number, high: number, start: number, end: number, wanted = 5): Scale => {
  const step = roundStep(high > low ? (high - low) / wanted : Math.abs(high) || 1);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const [from, to] = [first * step, last * step];
  return {
    place: (value) => start + ((value - from) / (to - from)) * (end - start),
    ticks: Array.from({ length: last - first + 1 }, (_, mark) => Number(((first + mark) * step).toPrecision(12))),
  };
};

/** The next 1, 2 or 5 times a power of ten. */
const roundStep = (step: number): number => {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5].find((factor) => factor * power >= step * 0.999) ?? 10) * power;
};

/** A place on a chart as text: equal on every machine, and short. */
export const at = (place: number): string => String(Math.round(place * 100) / 100);
