import { gainsByPair, type MeasuredGain } from '../../domain/sequence/curriculum.js';
import type { ActivityDependencies } from '../dependencies.js';

export interface CurriculumActivities {
  /** What the newest transfers of an instrument were measured to be worth, by the buckets that they went from and to. */
  measuredGains(request: { readonly instrument: string }): Promise<readonly MeasuredGain[]>;
}

/** Transfers that are looked back on. */
const NEWEST = 500;

export const createCurriculumActivities = ({ registry }: Pick<ActivityDependencies, 'registry'>): CurriculumActivities => ({
  measuredGains: async ({ instrument }) => gainsByPair(await registry.transfers.list({ instrument, limit: NEWEST })),
});
