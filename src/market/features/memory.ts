import { pastOutcome } from '../indicators/past-outcome.js';
import type { FeatureDefinition } from './definition.js';
import { closeLocation, momentum } from './price.js';
import { relativeVolume } from './volume.js';

const HORIZON = 15;
const WINDOW = 256;
const NEAREST = 16;
const [short, long] = [momentum(5), momentum(HORIZON)];
const columns = [short, long, closeLocation, relativeVolume];

/** What followed, over 15 bars, the 16 of the 256 newest known situations that were most like this one: by momentum, place in the bar and volume. */
export const pastSituations: FeatureDefinition = {
  name: 'pastSituations',
  warmUp: Math.max(...columns.map(({ warmUp }) => warmUp), long.warmUp - HORIZON) + WINDOW - 1 + HORIZON,
  compute: (bars) => pastOutcome(columns.map((column) => column.compute(bars)), long.compute(bars), { window: WINDOW, horizon: HORIZON, nearest: NEAREST }), // prettier-ignore
};
