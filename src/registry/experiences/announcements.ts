import { z } from 'zod';
import { nothing, wholeNumber, type Database } from '../database/database.js';

const announcement = z.object({ instrument: z.string(), from: wholeNumber, to: wholeNumber });

/** New experiences of an instrument that its learner is to be told of: those after the `from`th, up to the `to`th that was ever stored. */
export type Announcement = z.output<typeof announcement>;

/** Which experiences learners know of. One that was begun stays the same until it is done, so that its repeats are known by its end. */
export const experienceAnnouncements = (database: Database) => ({
  /** Begins to announce all that is new, or goes on with what was begun. */
  begin: (): Promise<Announcement[]> =>
    database.query(
      announcement,
      `update experience_count set announcing = case when announcing > announced then announcing else stored end
       where stored > announced returning instrument, announced as "from", announcing as "to"`,
    ),

  /** The learner has been told. */
  async done({ instrument, to }: Announcement): Promise<void> {
    await database.query(nothing, 'update experience_count set announced = $2 where instrument = $1 and announcing = $2', [instrument, to]);
  },
});
