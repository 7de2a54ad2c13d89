import { z } from 'zod';
import type { Queries } from '../database/database.js';

const challenger = z.object({
  version: z.string(),
  /** Bars that it was judged on at first. */
  firstBars: z.number(),
  /** Close of the last bar that it was judged on so far, ISO 8601; null where that was not kept. */
  judgedTo: z.string().nullable(),
});

/** A held version that waits for more evidence. */
export type Challenger = z.output<typeof challenger>;

/** The versions that were held. */
export const createChallengers = (queries: Queries) => ({
  /** The newest version whose last judgement held it, at most `days` after its registration, unless one was promoted since; null when there is none. */
  async current(instrument: string, bucket: string, days: number): Promise<Challenger | null> {
    const [found] = await queries.query(
      challenger,
      `select version.name as version, (first.evidence ->> 'bars')::integer as first_bars, last.evidence ->> 'to' as judged_to
       from version
         join lateral (select evidence from decision where decision.instrument = version.instrument and decision.bucket = version.bucket
           and decision.version = version.name order by id limit 1) first on true
         join lateral (select verdict, evidence from decision where decision.instrument = version.instrument and decision.bucket = version.bucket
           and decision.version = version.name order by id desc limit 1) last on true
       where version.instrument = $1 and version.bucket = $2 and last.verdict = 'HOLD'
         and registered_at > now() - make_interval(secs => 86400 * $3::double precision)
         and not exists (select from production_event as event
           where event.instrument = $1 and event.bucket = $2 and event.kind = 'promote' and event.at >= registered_at)
       order by number desc limit 1`,
      [instrument, bucket, days],
    );
    return found ?? null;
  },
});
