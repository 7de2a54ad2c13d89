import { join } from 'node:path';
import { ExportUnclear, exportVersion, type ExportedVersion } from '../../activities/versions/export-version.js';
import type { Environment } from '../../config/environment.js';
import { InvalidVersionReference } from '../../domain/model/version-name.js';
import { createLogger } from '../../telemetry/logger.js';
import { UsedWrongly } from '../exit-codes.js';
import { runningEndpoints } from '../running.js';
import type { Terminal } from '../terminal/terminal.js';

export interface ExportOptions {
  readonly output: string;
  readonly format?: string;
  readonly version?: string;
  readonly instrument?: string;
  readonly bucket: string;
  readonly json?: boolean;
}

/** Writes a version to a file and says which one it was and how near it comes. Throws `UsedWrongly`, `NotRunning`, and what `exportVersion` throws. */
export const exportModel = async (options: ExportOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const { output, format, version = 'production', instrument, bucket } = options;
  const databaseUrl = environment.databaseUrl ?? (await runningEndpoints(environment.home)).databaseUrl;
  const exported = await wronglyUsed(
    exportVersion({
      databaseUrl,
      artifactsFolder: join(environment.store, 'artifacts'),
      bucket,
      version,
      output,
      logger: createLogger('warn'),
      ...(format === undefined ? {} : { format }),
      ...(instrument === undefined ? {} : { instrument }),
    }),
  );
  write(options.json === true ? `${JSON.stringify(exported, null, 2)}\n` : `${describe(exported)}\n`);
};

const describe = ({ instrument, bucket, version, format, files, bytes, states, largestDifference }: ExportedVersion): string =>
  `${instrument}${bucket === 'default' ? '' : ` ${bucket}`}: ${version} written as ${format} (${Math.ceil(bytes / 1_024)} KiB) to ${files.join(' and ')}; ` +
  `on ${states} states its Q-values are the live model's to ${largestDifference.toExponential(1)}`;

/** What a person mistyped ends as wrong use. */
const wronglyUsed = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ExportUnclear || error instanceof InvalidVersionReference) throw new UsedWrongly(error.message, { cause: error });
    throw error;
  }
};
