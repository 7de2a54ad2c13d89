import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  fineTuningFiles,
  fineTuningManifest,
  manifestName,
  type FineTuningFile,
  type FineTuningRequest,
  type FineTuningResult,
} from '../../domain/finetuning/export.js';
import { fineTuningSet } from '../../domain/finetuning/fine-tuning-set.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';

export interface FineTuningActivities {
  /** Writes the fine-tuning set of a day, unless too few trades were explained since the newest one. */
  exportFineTuningSet(request: FineTuningRequest): Promise<FineTuningResult>;
}

export interface FineTuningDependencies extends Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'> {
  /** Where sets are written, absolute. */
  readonly folder: string;
}

/** Newest trades of a set. */
const MOST_TRADES = 50_000;

/** What is kept of the newest set: what it was asked for by, and up to when trades had been explained. */
const newest = z.object({ operationKey: z.string(), annotatedTo: z.string().nullable() });

export const createFineTuningActivities = ({ registry, artifacts, config, folder }: FineTuningDependencies): FineTuningActivities => ({
  exportFineTuningSet: ({ instrument, day, operationKey }) =>
    withHeartbeat(async (doing) => {
      const setting = `fine_tuning_set:${instrument ?? '*'}`;
      const before = newest.safeParse((await registry.settings.get(setting))?.value).data ?? null;
      const isRepeat = before?.operationKey === operationKey;
      const needed = config.experiences.minAnnotatedForFinetune;
      const annotated = await registry.experiences.countAnnotated(instrument, before?.annotatedTo ?? null);
      if (annotated < needed && !isRepeat) return { kind: 'notDue', annotated, needed };
      doing('reading explained trades');
      const trades = await registry.experiences.annotated(instrument, MOST_TRADES);
      doing(`making examples of ${trades.length} trades`);
      const set = fineTuningSet(trades);
      const place = instrument === null ? folder : join(folder, instrument);
      await mkdir(place, { recursive: true, mode: 0o700 });
      const files: FineTuningFile[] = [];
      for (const { name, rows, content } of fineTuningFiles(set, day)) {
        doing(`writing ${name}`);
        const bytes = Buffer.from(content);
        await publish(join(place, name), bytes);
        files.push({ name, rows, bytes: bytes.length, sha256: await artifacts.put(bytes) });
      }
      const instruments = [...new Set(trades.map((trade) => trade.instrument))].sort();
      const manifest = fineTuningManifest(set, { day, instruments, files });
      await publish(join(place, manifestName(day)), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
      const annotatedTo =
        trades
          .map(({ annotatedAt }) => annotatedAt)
          .sort()
          .at(-1) ?? null;
      await registry.settings.set(setting, { operationKey, annotatedTo }, 'ratchet');
      return { kind: 'written', folder: place, manifest };
    }),
});

/** The file has its whole content, on the disk, or is what it was. */
const publish = async (path: string, content: Uint8Array): Promise<void> => {
  const temporary = `${path}.${randomUUID()}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
};
