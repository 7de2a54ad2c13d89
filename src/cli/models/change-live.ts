import { createLearnerClient, type LearnerClient } from '../../client/learner-client.js';
import type { Environment } from '../../config/environment.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import { UsedWrongly } from '../exit-codes.js';
import { namedInstrument } from '../named-instrument.js';
import { runningEndpoints } from '../running.js';
import type { Terminal } from '../terminal/terminal.js';
import { withClient } from '../with-client.js';

/** A person's change of what is live. */
export interface ChangeOptions {
  readonly by: string;
  readonly reason: string;
  readonly instrument?: string;
  readonly bucket?: string;
  readonly json?: boolean;
}

/** Who and why, neither of them empty, and of which bucket. */
export interface Person {
  readonly by: string;
  readonly reason: string;
  readonly bucket: string;
}

type Change = (learners: LearnerClient, instrument: string, person: Person) => ReturnType<LearnerClient['promote']>;

/**
 * Has an instrument's learner change what is live, recorded with who and why, and writes what is live then: `did` is the verb of the line. Throws
 * `UsedWrongly`, `NotRunning`, `Refused`, `LearnerMissing`, `NoAnswer`.
 */
export const changeLive = async (
  options: ChangeOptions,
  did: string,
  change: Change,
  { home }: Environment,
  { write }: Terminal,
): Promise<void> => {
  const by = required('--by', options.by);
  const reason = required('--reason', options.reason);
  const { bucket = DEFAULT_BUCKET } = options;
  await withClient(await runningEndpoints(home), async (client) => {
    const instrument = await namedInstrument(client, options.instrument);
    const { production } = await change(createLearnerClient({ client }), instrument, { by, reason, bucket });
    const line = `${instrument}${bucket === DEFAULT_BUCKET ? '' : ` ${bucket}`}: ${production === null ? 'nothing is live' : `${production.version} (${production.role}) ${did}`}, by ${by}: ${reason}`;
    write(options.json === true ? `${JSON.stringify({ instrument, bucket, production, by, reason }, null, 2)}\n` : `${line}\n`);
  });
};

const required = (option: string, text: string): string => {
  if (text.trim() !== '') return text.trim();
  throw new UsedWrongly(`${option} is empty: a change of production is recorded with who asked for it and why`);
};
