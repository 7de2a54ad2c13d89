import { blackoutKey, BLACKOUT_DAYS, type BlackoutPlan, type BlackoutSettings } from '../../domain/learner/blackout.js';
import { findBlackouts } from '../../market/blackouts.js';
import type { ActivityDependencies } from '../dependencies.js';

export interface BlackoutActivities {
  /** When nothing of an instrument is to be trained in the days after a moment, by its calendar and time zones. */
  findBlackouts(request: {
    readonly instrument: string;
    readonly blackout: BlackoutSettings;
    /** Epoch ms. */
    readonly fromMs: number;
  }): Promise<BlackoutPlan>;
}

const DAY_MS = 86_400_000;

export const createBlackoutActivities = ({ markets }: Pick<ActivityDependencies, 'markets'>): BlackoutActivities => ({
  findBlackouts({ instrument, blackout, fromMs }) {
    const toMs = fromMs + BLACKOUT_DAYS * DAY_MS;
    const intervals = findBlackouts(blackout, markets.calendarOf(markets.instrument(instrument)), fromMs, toMs);
    return Promise.resolve({ key: blackoutKey(blackout), fromMs, toMs, intervals, problem: null });
  },
});
