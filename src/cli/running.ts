import { readEndpoints, type Endpoints } from '../runtime/endpoints.js';
import { homeAt } from '../runtime/home.js';
import { identifyProcess } from '../runtime/processes/process-identity.js';

/** Nothing runs on the state folder. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning';
}

/** Where the Ratchet that runs on a state folder is reached. Throws `NotRunning`. */
export const runningEndpoints = async (root: string): Promise<Endpoints> => {
  const endpoints = await readEndpoints(homeAt(root));
  if (endpoints === null)
    throw new NotRunning(`Ratchet does not run on ${root}: start it with "npm start", or set RATCHET_HOME to the folder that it runs on`);
  if ((await identifyProcess(endpoints.supervisor)) === null)
    throw new NotRunning(`Ratchet on ${root} was killed (process ${endpoints.supervisor}): "npm start" goes on where it stopped`);
  return endpoints;
};
