import type { Client } from '@temporalio/client';
import { connectClient } from '../client/connect.js';
import type { Endpoints } from '../runtime/endpoints.js';

/** Does something with a client of the Temporal that a running Ratchet uses, and closes it. */
export const withClient = async <T>(
  { variables, temporalAddress, temporalNamespace }: Endpoints,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = connectClient({ TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: temporalNamespace, ...variables });
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
};
