import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The variables of the environment that Ratchet obeys, beside Temporal's own profile variables, which the Temporal SDK reads. */
export interface Environment {
  /** State folder (`RATCHET_HOME`, default `.ratchet` in the working folder), absolute. */
  readonly home: string;
  /** Artifacts, checkpoints and bars, which all machines share (`RATCHET_STORE`, default the state folder), absolute. */
  readonly store: string;
  /** Downloads and builds shared by all clones (`RATCHET_CACHE`, default `ratchet` in the user's cache folder), absolute. */
  readonly cache: string;
  /** `DATABASE_URL`: an external PostgreSQL, which replaces the embedded one. */
  readonly databaseUrl: string | null;
  /** `TEMPORAL_ADDRESS`: an external Temporal, which replaces the embedded one. */
  readonly temporalAddress: string | null;
  /** `TEMPORAL_NAMESPACE`, default `default`. */
  readonly temporalNamespace: string;
  /** Path of the configuration (`RATCHET_CONFIG`): the supervisor writes a resolved one for its services. */
  readonly config: string | null;
  /** `RATCHET_DEVICES`: GPUs of a trainer worker, as `CUDA_VISIBLE_DEVICES` takes them; all, when not set. */
  readonly devices: string | null;
  /** `RATCHET_DEPLOYMENT`: the Temporal worker deployment that binds what runs to the build of the workflows that it began with; none, when not set. */
  readonly deployment: string | null;
  /** `RATCHET_BUILD`: which build of the deployment this is; Ratchet's version with a hash of its workflows, when not set. */
  readonly build: string | null;
  /** `RATCHET_API_TOKENS`: who may call the API, as `name:role:token` entries separated by commas; everybody on this machine, when not set. */
  readonly apiTokens: string | null;
  /** `RATCHET_API_TOKEN`: the token that the command line shows to the API, where it asks for one. */
  readonly apiToken: string | null;
  /** `RATCHET_CHAT_KEY`: the key of the chat endpoint that explains trades (`experiences.chat`), where it asks for one. */
  readonly chatKey: string | null;
  /** `RATCHET_LOG_LEVEL`, default `info`. */
  readonly logLevel: string;
  /** `NO_COLOR`: colours are not wanted, whatever the terminal can show. */
  readonly noColor: boolean;
  /** `PATH`, where executables are looked for. */
  readonly searchPath: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the environment once; everything else is handed what it needs. */
export const readEnvironment = (variables: Variables = process.env): Environment => ({
  home: homeIn(variables),
  store: resolve(set(variables.RATCHET_STORE) ?? homeIn(variables)),
  cache: resolve(set(variables.RATCHET_CACHE) ?? join(userCacheFolder(variables, process.platform), 'ratchet')),
  databaseUrl: set(variables.DATABASE_URL),
  temporalAddress: set(variables.TEMPORAL_ADDRESS),
  temporalNamespace: set(variables.TEMPORAL_NAMESPACE) ?? 'default',
  config: set(variables.RATCHET_CONFIG),
  devices: set(variables.RATCHET_DEVICES),
  deployment: set(variables.RATCHET_DEPLOYMENT),
  build: set(variables.RATCHET_BUILD),
  apiTokens: set(variables.RATCHET_API_TOKENS),
  apiToken: set(variables.RATCHET_API_TOKEN),
  chatKey: set(variables.RATCHET_CHAT_KEY),
  logLevel: set(variables.RATCHET_LOG_LEVEL) ?? 'info',
  noColor: set(variables.NO_COLOR) !== null,
  searchPath: variables.PATH ?? variables.Path ?? '',
});

const homeIn = (variables: Variables): string => resolve(set(variables.RATCHET_HOME) ?? '.ratchet');

/** The environment for a process whose configuration is resolved already: without the settings `RATCHET__GROUP__KEY`, which would win over its file. */
export const withoutSettings = (variables: Variables = process.env): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('RATCHET__')));

/** An empty variable counts as unset, as compose files and shells leave them. */
const set = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value);

const userCacheFolder = (variables: Variables, platform: NodeJS.Platform): string => {
  if (platform === 'win32') return set(variables.LOCALAPPDATA) ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return set(variables.XDG_CACHE_HOME) ?? join(homedir(), '.cache');
};
