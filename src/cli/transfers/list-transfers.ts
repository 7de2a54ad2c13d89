import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { instrumentsAsked, openApi } from '../ask-api.js';
import type { Terminal } from '../terminal/terminal.js';
import { listedTransfer, transferTable } from './transfer-table.js';

export interface TransfersOptions {
  readonly instrument?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

/** Writes what was handed on between the buckets of each instrument, newest first. Throws `NotRunning`, `ApiRefused`. */
export const listTransfers = async (options: TransfersOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const ask = await openApi(environment);
  const { instrument, limit } = options;
  const instruments = await instrumentsAsked(ask, instrument);
  const listed = z.array(listedTransfer);
  const found = await Promise.all(
    instruments.map(async (id) => ({ instrument: id, transfers: await ask(listed, '/api/v1/transfers', { instrument: id, limit }) })),
  );
  if (options.json === true) {
    write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  for (const { instrument: id, transfers } of found)
    write(transfers.length === 0 ? `${id}: nothing was handed on yet\n` : `${id}\n${transferTable(transfers)}\n`);
};
