import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt } from '../../../src/runtime/home.js';
import { startPostgres } from '../../../src/runtime/postgres/postgres-server.js';
import { openRegistry, type Registry } from '../../../src/registry/open-registry.js';
import { killHome } from './home-processes.js';
import { afterAllTests } from '../hooks.js';
import { recordingLogger } from '../recording-logger.js';
import { smallSettings, type SmallSettings } from '../small-settings.js';
import { startCommand, type StartCommand } from './start-command.js';

/** A state folder with exports and a configuration of its own, for `ratchet start` with servers of its own; deleted after all tests. */
export interface SmallHome {
  readonly path: string;
  readonly exports: string;
  /** `ratchet start --once --json` on it. */
  readonly start: () => Promise<StartCommand>;
  /** Reads its registry while nothing else runs on it. */
  readonly read: <T>(question: (registry: Registry) => Promise<T>) => Promise<T>;
}

export const smallHome = async (settings: SmallSettings = {}): Promise<SmallHome> => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-small-'));
  const [path, exports, config] = [join(folder, 'home'), join(folder, 'exports'), join(folder, 'config.json')];
  afterAllTests(async () => {
    await killHome(path);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await mkdir(exports);
  await writeFile(config, JSON.stringify({ ...smallSettings(settings), watch: { settleSeconds: 0.2 } }));
  return {
    path,
    exports,
    start: () => startCommand({ home: path, args: ['--once', '--config', config, '--data', exports, '--instrument', 'SIM'] }),
    async read(question) {
      const { pg, logs } = homeAt(path);
      const server = await startPostgres({ folder: pg, log: join(logs, 'postgresql.log'), signal: new AbortController().signal });
      const registry = await openRegistry({ databaseUrl: server.url, logger: recordingLogger() });
      try {
        return await question(registry);
      } finally {
        await registry.close();
        await server.stop();
      }
    },
  };
};
