import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConfigValues } from '../../../src/config/layers.js';
import { resolveConfig } from '../../../src/config/layers.js';
import { until } from '../until.js';

export interface ApiProcess {
  readonly url: string;
  readonly port: number;
  /** Lines of its log as they came. */
  readonly log: readonly string[];
  logged(part: string): Promise<void>;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
}

export interface ApiProcessOptions {
  readonly home: string;
  readonly databaseUrl: string;
  /** host:port */
  readonly temporalAddress: string;
  readonly config?: ConfigValues;
  readonly env?: NodeJS.ProcessEnv;
  /** Told each line of its log, also before it serves. */
  readonly onLine?: (line: string) => void;
}

const ENTRY = fileURLToPath(new URL('../../../src/workers/api.js', import.meta.url));

/** The API service as the supervisor forks it; resolves when it says that it serves. */
export const startApi = async ({
  home,
  databaseUrl,
  temporalAddress,
  config = {},
  env = {},
  onLine,
}: ApiProcessOptions): Promise<ApiProcess> => {
  const file = join(home, 'config.json');
  await writeFile(file, JSON.stringify(resolveConfig([{ origin: 'test', values: config }]).config));
  const variables = { RATCHET_HOME: home, RATCHET_CONFIG: file, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress };
  const child = fork(ENTRY, [], { env: { ...process.env, ...variables, ...env }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const log: string[] = [];
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      onLine?.(line);
    });
  const ended = once(child, 'exit');
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: { kind: string; port: number }) => {
      if (message.kind === 'ready') resolve(message.port);
    });
    void ended.then(() => reject(new Error(`the API ended before it served:\n${log.join('\n')}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    log,
    logged: (part) => until(() => log.some((line) => line.includes(part))),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.removeListener('exit', killAtExit);
      return child.exitCode;
    },
  };
};
