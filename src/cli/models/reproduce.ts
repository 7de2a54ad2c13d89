import { join } from 'node:path';
import { reproduceFromHome, type Reproduction } from '../../activities/reproduce/reproduce-from-home.js';
import type { Environment } from '../../config/environment.js';
import { createLogger } from '../../telemetry/logger.js';
import { instrumentsAsked, openApi } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import { runningEndpoints } from '../running.js';
import { createStyle, type Style } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';

export interface ReproduceOptions {
  readonly instrument?: string;
  readonly bucket: string;
  readonly ancestors?: boolean;
  readonly json?: boolean;
}

/** Trains a version again, writes what is the same and what is not, and says whether all is. Throws `UsedWrongly`, `NotRunning`, and as `reproduceFromHome`. */
export const reproduce = async (
  written: string,
  { instrument: named, bucket, ancestors = false, json = false }: ReproduceOptions,
  environment: Environment,
  { write, colours }: Terminal,
): Promise<boolean> => {
  const { databaseUrl } = await runningEndpoints(environment.home);
  const instrument = named ?? only(await instrumentsAsked(await openApi(environment), undefined));
  const told = new Set<string>();
  const found = await reproduceFromHome({
    home: environment.home,
    artifactsFolder: join(environment.store, 'artifacts'),
    databaseUrl,
    instrument,
    bucket,
    written,
    ancestors,
    devices: environment.devices,
    logger: createLogger('error', undefined, { command: 'reproduce' }),
    onProgress: (version, { trainSteps }) => {
      if (!json && !told.has(version)) write(`training ${version} again, ${trainSteps} steps\n`);
      told.add(version);
    },
  });
  const style = createStyle(colours);
  write(json ? `${JSON.stringify(found, null, 2)}\n` : `${found.map((one) => describe(one, style)).join('\n')}\n`);
  return found.every(({ outcome }) => outcome === 'reproduced');
};

const only = (instruments: readonly string[]): string => {
  const [first, ...others] = instruments;
  if (first !== undefined && others.length === 0) return first;
  throw new UsedWrongly(`name the instrument with --instrument: ${first === undefined ? 'none is in use' : instruments.join(', ')}`);
};

const describe = ({ version, outcome, compared, notes }: Reproduction, style: Style): string => {
  const verdict = { reproduced: style.green('reproduced'), differs: style.red('differs'), impossible: style.yellow('cannot be rebuilt') }[
    outcome
  ];
  const lines = compared.map(({ what, recorded, rebuilt }) =>
    recorded === rebuilt
      ? `  ${what}: ${recorded.slice(0, 16)}, the same`
      : `  ${what}: ${recorded.slice(0, 16)} is registered, ${rebuilt.slice(0, 16)} came out`,
  );
  return [`${version}: ${verdict}`, ...lines, ...notes.map((note) => `  ${note}`)].join('\n');
};
