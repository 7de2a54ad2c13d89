import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readEndpoints } from '../endpoints.js';
import { homeAt } from '../home.js';
import { identifyProcess } from '../processes/process-identity.js';
import { broken, healthy, type Check } from './finding.js';

const OLDEST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2e9;

/** The Node that runs this. */
export const node: Check = () => {
  const { node: version } = process.versions;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return Promise.resolve(
    isOld
      ? broken('Node', process.execPath, `${version} is too old: install ${OLDEST_NODE.join('.')} or newer`)
      : healthy('Node', version, process.execPath),
  );
};

/** Whether state can be written, and whether a Ratchet runs on it. */
export const stateFolder: Check = async ({ home }) => {
  const existing = await nearestExisting(home);
  const reason = await access(existing, constants.W_OK | constants.X_OK).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (reason !== null)
    return broken('state', home, `it cannot be written (${reason}): make it writable for this user, or set RATCHET_HOME`);
  const { bavail, bsize } = await statfs(existing);
  const free = bavail * bsize;
  const origin = `${home}${existing === home ? '' : ', made at the first start'}, ${(free / 1e9).toFixed(0)} GB free${await runningOn(home)}`;
  if (free >= LEAST_FREE_BYTES) return healthy('state', null, origin);
  return {
    part: 'state',
    version: null,
    origin,
    health: 'warning',
    advice: 'little space is left: checkpoints will wait for a full disk to get room',
  };
};

const runningOn = async (root: string): Promise<string> => {
  const endpoints = await readEndpoints(homeAt(root));
  if (endpoints === null) return '';
  const runs = (await identifyProcess(endpoints.supervisor)) !== null;
  return runs ? `, in use by process ${endpoints.supervisor}` : ', left by a Ratchet that was killed (the next start goes on from there)';
};

/** Where set-up keeps big downloads and builds. */
export const cacheFolder: Check = async ({ cache }) => {
  const found = await stat(cache).catch(() => null);
  return healthy('cache', null, found === null ? `${cache}, not made yet` : cache);
};

const nearestExisting = async (path: string): Promise<string> =>
  (await stat(path).catch(() => null)) === null && dirname(path) !== path ? nearestExisting(dirname(path)) : path;
