import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/**
 * A client of the Temporal that the environment or its profile names (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_PROFILE` …), `variables`
 * going before the environment's. It connects with its first call.
 */
export const connectClient = (variables: Readonly<Record<string, string>> = {}): Client => {
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: { ...environment(), ...variables } });
  return new Client({ connection: Connection.lazy(connectionOptions), ...(namespace === undefined ? {} : { namespace }) });
};

const environment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
