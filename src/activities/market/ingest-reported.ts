import { operationKey } from '../../domain/ids.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { DataFile } from '../../domain/learner/data-file.js';
import { IngestRefused } from '../../market/formats/ingest-refused.js';
import { ingestFile } from '../../market/ingest/ingest.js';
import type { ActivityDependencies } from '../dependencies.js';
import { FileMissing, PathRefused, watchedFile } from './watched-file.js';

/** Ingests one reported file and enters it in the registry; a file that cannot be used becomes an event, and the reason is returned. */
export const ingestReported = async (
  { registry, folders, logger }: ActivityDependencies,
  instrument: Instrument,
  file: DataFile,
): Promise<string | null> => {
  try {
    const path = await watchedFile(folders.watched, file.pathId);
    const report = await ingestFile(path, { instrument, barsFolder: folders.bars, sha256: file.sha256 });
    await registry.files.record(file.pathId, report);
    logger.info('file ingested', { instrument: instrument.id, pathId: file.pathId, rows: report.rows, quarantined: report.quarantined });
    return null;
  } catch (error) {
    if (!(error instanceof IngestRefused || error instanceof FileMissing || error instanceof PathRefused)) throw error;
    logger.warn('file not used', { instrument: instrument.id, pathId: file.pathId, reason: error.message });
    await registry.events.append({
      kind: 'fileRefused',
      instrument: instrument.id,
      actor: 'ratchet',
      payload: { pathId: file.pathId, reason: error.message },
      operationKey: operationKey(`file-${instrument.id}-${file.id}`, file.sha256),
    });
    return error.message;
  }
};
