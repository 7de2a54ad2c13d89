import type { Experience } from '../../domain/experience/experience.js';
import type { Database } from '../database/database.js';
import { annotatedTrades } from './annotated-trades.js';
import { experienceAnnouncements } from './announcements.js';
import { experienceArchive } from './archive.js';
import { experienceExplanations } from './explanations.js';
import { experienceMemory } from './memory.js';
import { trainableExperiences } from './trainable.js';
import { experienceViews } from './views.js';
import { writeExperiences, type WriteOutcome } from './write-experiences.js';

/** Traded decisions and what came of them, by id. */
export const createExperiences = (database: Database) => ({
  /** Stores many at once; they are durable when it returns. */
  write: (experiences: readonly Experience[]): Promise<WriteOutcome> => writeExperiences(database, experiences),

  announcements: experienceAnnouncements(database),
  archive: experienceArchive(database),

  ...annotatedTrades(database),
  ...experienceExplanations(database),
  ...experienceViews(database),
  ...experienceMemory(database),
  ...trainableExperiences(database),
});
