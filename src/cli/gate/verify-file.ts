import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { verifyEvidenceFrom, type Verification } from '../../activities/evidence/verify-from-folder.js';
import type { Environment } from '../../config/environment.js';
import { UsedWrongly } from '../exit-codes.js';
import { createStyle, type Style } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';

export interface VerifyOptions {
  readonly artifacts?: string;
  readonly json?: boolean;
}

/** Differences that are written out; the rest are counted. */
const SHOWN = 20;

/** Verifies an evidence file against the artifacts, writes each difference, and says whether there is none. Throws `UsedWrongly`, `NoEvidence`, `ArtifactMissing`, `ArtifactCorrupt`. */
export const verifyFile = async (
  file: string,
  { artifacts, json }: VerifyOptions,
  { store }: Pick<Environment, 'store'>,
  { write, colours }: Terminal,
): Promise<boolean> => {
  const folder = artifacts === undefined ? join(store, 'artifacts') : resolve(artifacts);
  if (!(await isFolder(folder)))
    throw new UsedWrongly(`there are no artifacts at ${folder}: name their folder with --artifacts, or set RATCHET_STORE or RATCHET_HOME`);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsedWrongly(`FILE ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const verification = await verifyEvidenceFrom(folder, text);
  write(`${json === true ? JSON.stringify(verification, null, 2) : describe(verification, createStyle(colours))}\n`);
  return verification.differences.length === 0;
};

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const describe = ({ compared, differences, subject, notReplayed, madeByOther }: Verification, style: Style): string => {
  const { verdict, version, instrument } = subject;
  const what = `${verdict} of ${version ?? 'a candidate'} of ${instrument}`;
  const other = [
    notReplayed === null
      ? 'The models were played again, bar by bar: what the numbers rest on is what they do.'
      : `The models were not played again, so returns by bar were taken as recorded: ${notReplayed}.`,
    ...(madeByOther === null ? [] : [`It was made by Ratchet ${madeByOther}, whose arithmetic may differ from that of this version.`]),
  ];
  if (differences.length === 0)
    return [`${style.green('verified')}: ${what}: all ${compared} numbers and words are those that the artifacts give`, ...other].join(
      '\n',
    );
  const lines = differences
    .slice(0, SHOWN)
    .map(({ path, given, computed }) => `  ${path}: the file says ${show(given)}, the artifacts give ${show(computed)}`);
  const rest = differences.length > SHOWN ? [`  and ${differences.length - SHOWN} more (--json shows all)`] : [];
  return [`${style.red('not verified')}: ${what}: ${differences.length} of ${compared} differ`, ...lines, ...rest, ...other].join('\n');
};

const LONGEST = 120;

const show = (value: unknown): string => {
  const text = value === null ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};
