import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { openFolderStore } from '../../artifacts/folder-store.js';
import type { Logger } from '../../domain/ports.js';
import { exportNetwork } from '../../learning/export/export-network.js';
import { exportFormatNames, exportFormats, formatOfFile, type ExportFormatName } from '../../learning/export/formats.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import { createRandom } from '../../learning/random.js';
import { openRegistry, type Registry } from '../../registry/open-registry.js';

export interface ExportRequest {
  readonly databaseUrl: string;
  readonly artifactsFolder: string;
  /** The only one that has a live version, when not given. */
  readonly instrument?: string;
  readonly bucket: string;
  /** As people name versions. */
  readonly version: string;
  /** By the file's name, when not given. */
  readonly format?: string;
  readonly output: string;
  readonly logger: Logger;
}

/** What was written, and how near it comes to the live model. */
export interface ExportedVersion {
  readonly instrument: string;
  readonly bucket: string;
  readonly version: string;
  readonly format: ExportFormatName;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly states: number;
  readonly largestDifference: number;
}

/** The request names a format that does not exist, or leaves open whose version is meant. */
export class ExportUnclear extends Error {
  override readonly name = 'ExportUnclear';
}

/**
 * Writes a registered version to a file of the user's, checked against the live model first; an older file of that name is replaced whole or not
 * at all. Throws `ExportUnclear`, `ExportDiffers`, `NotRegistered`, `InvalidVersionReference`, `AmbiguousVersion`, `ArtifactMissing`.
 */
export const exportVersion = async (request: ExportRequest): Promise<ExportedVersion> => {
  const { databaseUrl, artifactsFolder, bucket, logger } = request;
  const output = resolve(request.output);
  const format = request.format === undefined ? formatOfFile(output) : formatNamed(request.format);
  const registry = await openRegistry({ databaseUrl, logger });
  try {
    const instrument = request.instrument ?? (await onlyInstrument(registry));
    const version = await registry.versions.resolve(instrument, bucket, request.version);
    const artifacts = await openFolderStore(artifactsFolder);
    const bundle = readModelBundle(await artifacts.get(version.bundle));
    const { bytes, companion, states, largestDifference } = await exportNetwork({
      onnx: await artifacts.get(bundle.onnx),
      format: exportFormats[format],
      random: createRandom(bundle.seed, 'export'),
      title: `The Q-network of ${version.name} (${version.instrument}, ${version.bucket}), as Ratchet serves it.`,
      file: basename(output),
    });
    const beside = companion && { path: join(dirname(output), `${basename(output, extname(output))}.${companion.extension}`), text: companion.text }; // prettier-ignore
    if (beside !== null) await replaceFile(beside.path, beside.text);
    await replaceFile(output, bytes);
    const files = beside === null ? [output] : [output, beside.path];
    return { instrument: version.instrument, bucket: version.bucket, version: version.name, format, files, bytes: bytes.length, states, largestDifference }; // prettier-ignore
  } finally {
    await registry.close();
  }
};

const formatNamed = (name: string): ExportFormatName => {
  const format = exportFormatNames.find((known) => known === name);
  if (format !== undefined) return format;
  throw new ExportUnclear(`format ${JSON.stringify(name)} does not exist: expected one of ${exportFormatNames.join(', ')}`);
};

const onlyInstrument = async ({ production }: Registry): Promise<string> => {
  const [first, ...others] = new Set((await production.all()).map(({ instrument }) => instrument));
  if (first !== undefined && others.length === 0) return first;
  throw new ExportUnclear(
    first === undefined
      ? 'nothing is live: name an instrument with --instrument and a version with --version'
      : `several instruments have a live version: name one of ${[first, ...others].join(', ')} with --instrument`,
  );
};

const replaceFile = async (path: string, content: Uint8Array | string): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path)}-${randomUUID()}`);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};
