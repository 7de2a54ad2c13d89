import { z } from 'zod';
import { readEnvironment } from '../../../src/config/environment.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import { claimHome } from '../../../src/runtime/home.js';
import { startRatchet } from '../../../src/runtime/supervise.js';
import { createLogger } from '../../../src/telemetry/logger.js';

// A supervisor in a process of its own, to be killed: services by name and file in SERVICES, the port of the API in PORT.
const stopping = new AbortController();
const services = z.record(z.string(), z.string()).parse(JSON.parse(process.env.SERVICES ?? '{}'));
const tell = (message: unknown): void => void process.send?.(message);

process.on('SIGTERM', () => stopping.abort());
try {
  const environment = readEnvironment();
  const home = await claimHome(environment.home);
  const ratchet = await startRatchet({
    home,
    environment,
    config: ratchetConfig.parse({ serving: { port: Number(process.env.PORT ?? 0) } }),
    logger: createLogger('error'),
    report: (event) => tell({ kind: 'event', event }),
    signal: stopping.signal,
    services,
  });
  stopping.signal.addEventListener('abort', () => void ratchet.stop());
  tell({ kind: 'up', endpoints: ratchet.endpoints });
  if (stopping.signal.aborted) await ratchet.stop();
  await ratchet.waitForExit();
  await home.release();
} catch (error) {
  tell({ kind: 'failed', name: error instanceof Error ? error.name : '', message: error instanceof Error ? error.message : String(error) });
}
process.disconnect();
