import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { instrumentsAsked, openApi, openApiToTell } from '../ask-api.js';
import { onlyInstrument } from '../only-instrument.js';
import type { Terminal } from '../terminal/terminal.js';

export interface PinOptions {
  readonly instrument?: string;
  readonly bucket: string;
  readonly reason: string;
  readonly json?: boolean;
}

const kept = z.object({
  instrument: z.string(),
  bucket: z.string(),
  name: z.string(),
  pinnedBy: z.string().nullable(),
  pinnedBecause: z.string().nullable(),
});

/** Pins a version's model, or no longer, and writes what becomes of it. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`. */
export const pinVersion = async (
  verb: 'pin' | 'unpin',
  version: string,
  { instrument: named, bucket, reason, json }: PinOptions,
  environment: Environment,
  { write }: Terminal,
): Promise<void> => {
  const instrument = named ?? onlyInstrument(await instrumentsAsked(await openApi(environment), undefined), 'no instrument is in use');
  const tell = await openApiToTell(environment);
  const found = await tell(kept, `/api/v1/models/${encodeURIComponent(version)}/${verb}`, { instrument, bucket, reason });
  const { name, pinnedBy, pinnedBecause } = found;
  const said = pinnedBy === null ? 'is not pinned: `retention` decides' : `is pinned by ${pinnedBy}: ${pinnedBecause ?? ''}`;
  write(json === true ? `${JSON.stringify(found, null, 2)}\n` : `${found.instrument}: ${name} ${said}\n`);
};
