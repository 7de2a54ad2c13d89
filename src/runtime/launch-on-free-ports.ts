import { LaunchFailed } from './processes/daemon.js';
import { isFree } from './free-port.js';

const TRIES = 5;

/**
 * Starts a server on ports that were free a moment ago. When it does not come up and one of them is taken by now, as by another Ratchet that
 * starts at the same moment, the next free ones are tried. Throws what `start` throws.
 */
export const launchOnFreePorts = async <Ports, Server>(
  choose: () => Promise<Ports>,
  start: (ports: Ports) => Promise<Server>,
  numbers: (ports: Ports) => readonly number[],
): Promise<Server> => {
  for (let tries = 1; ; tries++) {
    const ports = await choose();
    try {
      return await start(ports);
    } catch (error) {
      const free = await Promise.all(numbers(ports).map(isFree));
      if (!(error instanceof LaunchFailed) || tries === TRIES || free.every(Boolean)) throw error;
    }
  }
};
