import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { instrumentId } from '../../domain/market/instrument.js';
import { instrumentsAsked, openApi, openApiToTell } from '../ask-api.js';
import { onlyInstrument } from '../only-instrument.js';
import type { Terminal } from '../terminal/terminal.js';

export interface TransferOptions {
  /** A bucket, or a version of it: `Short`, `Short@v3`. */
  readonly from: string;
  readonly to: string;
  /** Comma-separated. */
  readonly kinds?: string;
  readonly force?: boolean;
  readonly instrument?: string;
  readonly json?: boolean;
}

/** Asks the running Ratchet to hand on what one bucket knows to the training of another. Throws `NotRunning`, `ApiRefused`. */
export const requestTransfer = async (options: TransferOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const { from, to, kinds, force, instrument } = options;
  const [bucket = '', version] = from.split('@');
  const tell = await openApiToTell(environment);
  const of =
    instrument === undefined
      ? onlyInstrument(
          await instrumentsAsked(await openApi(environment), undefined),
          'no instrument is watched: start Ratchet on exports first',
        )
      : instrumentId(instrument);
  const { id } = await tell(z.object({ id: z.string() }), '/api/v1/transfers', {
    instrument: of,
    from: bucket,
    to,
    ...(version === undefined ? {} : { from_version: version }),
    ...(kinds === undefined ? {} : { kinds: kinds.split(',').map((kind) => kind.trim()) }),
    ...(force === true ? { force } : {}),
  });
  write(
    options.json === true ? `${JSON.stringify({ id })}\n` : `${id} hands on what ${from} knows to ${to}; its effect: ratchet transfers\n`,
  );
};
