import type { Client } from '@temporalio/client';
import { listLearners } from '../client/list-learners.js';
import { instrumentId } from '../domain/market/instrument.js';
import { onlyInstrument } from './only-instrument.js';

/** The instrument that was named, or the only one that has a learner. Throws `UsedWrongly`, `InvalidInstrumentId`, `NoAnswer`. */
export const namedInstrument = async (client: Client, named: string | undefined): Promise<string> =>
  named === undefined
    ? onlyInstrument(await listLearners(client), 'no instrument has a learner yet: it begins with the first export')
    : instrumentId(named);
