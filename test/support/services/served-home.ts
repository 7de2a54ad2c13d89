import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../../../src/api/listen.js';
import { writeEndpoints, type Endpoints } from '../../../src/runtime/endpoints.js';
import { claimHome } from '../../../src/runtime/home.js';
import { testApi, type TestApi, type TestApiOptions } from './test-api.js';

/** A state folder in which the command line finds what is reached where, as that of a running Ratchet. */
export interface SeenHome {
  /** Holds `home`, and whatever else a test puts there. */
  readonly folder: string;
  /** What `RATCHET_HOME` is to be. */
  readonly home: string;
  /** Gives the state folder back and removes all. */
  readonly close: () => Promise<void>;
}

const nowhere: Endpoints = {
  supervisor: process.pid,
  databaseUrl: 'postgresql://nowhere',
  temporalAddress: '127.0.0.1:1',
  temporalNamespace: 'default',
  temporalUi: null,
  api: null,
  variables: {},
};

/** One where nothing is reached but what `reached` names. */
export const seenHome = async (
  reached: Partial<Endpoints> = {},
): Promise<SeenHome & { reach: (more: Partial<Endpoints>) => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-home-'));
  const home = await claimHome(join(folder, 'home'));
  const reach = (more: Partial<Endpoints>): Promise<void> => writeEndpoints(home, { ...nowhere, ...reached, ...more });
  await reach({});
  return {
    folder,
    home: home.root,
    reach,
    close: async () => {
      await home.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export interface ServedHome extends SeenHome {
  readonly server: TestApi;
}

/** One whose API answers, on a port of its own. */
export const servedHome = async (options: Omit<TestApiOptions, 'folder'>, reached: Partial<Endpoints> = {}): Promise<ServedHome> => {
  const { reach, ...seen } = await seenHome(reached);
  const server = await testApi({ folder: seen.folder, ...options });
  const guarded = options.tokens !== undefined;
  const listening = await listen({ api: server.api, host: '127.0.0.1', port: 0, guarded, onPortTaken: () => undefined });
  await reach({ databaseUrl: server.registry.databaseUrl, api: `http://127.0.0.1:${listening.port}` });
  return {
    ...seen,
    server,
    close: async () => {
      await listening.close();
      await server.close();
      await seen.close();
    },
  };
};
