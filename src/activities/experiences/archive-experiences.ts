import { dayFile } from '../../domain/experience/day-file.js';
import type { ActivityDependencies } from '../dependencies.js';

const DAY_MS = 86_400_000;

/**
 * Puts the days before each instrument's newest experiences into artifacts, one a day, and deletes archived days that are older than the configured
 * time. Returns how many experiences left the table.
 */
export const archiveExperiences = async (
  { registry, artifacts, config }: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'>,
  nowMs: number,
): Promise<number> => {
  const { archive } = registry.experiences;
  const { bufferSize, archiveDays } = config.experiences;
  let moved = 0;
  for (const instrument of await archive.instruments())
    for (const day of await archive.oldDays(instrument, bufferSize))
      moved += await archive.archive(instrument, day, async (taken, before) => {
        const known = before === null ? '' : new TextDecoder().decode(await artifacts.get(before.artifact));
        const { content, experiences } = dayFile(taken, known);
        return { artifact: await artifacts.put(new TextEncoder().encode(content)), experiences };
      });
  if (archiveDays !== undefined) {
    const oldest = new Date(nowMs - archiveDays * DAY_MS).toISOString().slice(0, 10);
    for (const artifact of await archive.forgetBefore(oldest)) await artifacts.remove(artifact);
  }
  return moved;
};
