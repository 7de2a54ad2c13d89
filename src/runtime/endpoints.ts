import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from './home.js';
import { readStateFile, writeStateFile } from './state-file.js';

const endpoints = z.object({
  /** Process number of the supervisor. */
  supervisor: z.number().int(),
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
  /** Base of the Temporal Web UI; unknown for a Temporal of the user's own. */
  temporalUi: z.string().nullable(),
  /** Null for a supervisor without the API. */
  api: z.string().nullable(),
  /** The variables that lead a Temporal client to it. */
  variables: z.record(z.string(), z.string()),
});

/** Where the parts of a running Ratchet are reached. */
export type Endpoints = z.infer<typeof endpoints>;

const file = (home: Home): string => join(home.runtime, 'endpoints.json');

/** Where the Ratchet that runs on `home` is reached, for commands in other terminals; null when none runs. */
export const readEndpoints = (home: Home): Promise<Endpoints | null> => readStateFile(file(home), endpoints);

/** Notes the end points, readable by this user only, for the database's password is among them. */
export const writeEndpoints = (home: Home, value: Endpoints): Promise<void> => writeStateFile(file(home), value);

export const removeEndpoints = (home: Home): Promise<void> => rm(file(home), { force: true });
