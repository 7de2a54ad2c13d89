import { z } from 'zod';
import { nothing, wholeNumber, type Database } from './database/database.js';

/** The most that may be asked of the chat endpoint in a day. */
export interface DailyBudget {
  readonly requests: number;
  readonly tokens: number;
}

const use = z.object({ requests: z.number(), tokens: wholeNumber });

/** What was asked of the chat endpoint, by day (`YYYY-MM-DD`, UTC), whoever asked. */
export const createChatBudget = (database: Database) => ({
  /** Takes one request and `tokens` out of a day's budget; false, taking nothing, where not both are left. Takers at once never get more together than there is. */
  async take(day: string, tokens: number, most: DailyBudget): Promise<boolean> {
    const rows = await database.query(
      nothing,
      `insert into chat_use as used (day, requests, tokens) select $1::date, 1, $2::bigint where $3::int >= 1 and $2::bigint <= $4::bigint
       on conflict (day) do update set requests = used.requests + 1, tokens = used.tokens + excluded.tokens
       where used.requests < $3::int and used.tokens + excluded.tokens <= $4::bigint returning used.day`,
      [day, tokens, most.requests, most.tokens],
    );
    return rows.length > 0;
  },

  /** Puts what a request really used in place of the tokens that were taken for it. */
  async settle(day: string, taken: number, used: number): Promise<void> {
    await database.query(nothing, 'update chat_use set tokens = greatest(0, tokens + $3::bigint - $2::bigint) where day = $1::date', [
      day,
      taken,
      used,
    ]);
  },

  async used(day: string): Promise<DailyBudget> {
    const [found] = await database.query(use, 'select requests, tokens from chat_use where day = $1::date', [day]);
    return found ?? { requests: 0, tokens: 0 };
  },
});
