import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporalExecutable } from './temporal.js';

/** One line of `ratchet start --json`. */
export type Said = Readonly<Record<string, unknown>> & { readonly event: string };

export interface StartCommand {
  readonly pid: number;
  /** All that it said. */
  readonly said: readonly Said[];
  /** The first thing said that is wanted, also when it was said before; fails when the command ends without it. */
  told(isWanted: (said: Said) => boolean): Promise<Said>;
  /** The end of what it wrote to stderr. */
  complaints(): string;
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
}

export interface StartOptions {
  readonly home: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));

/** Runs `ratchet start --json` with servers of its own, in a process of its own. */
export const startCommand = async ({ home, args, env = {} }: StartOptions): Promise<StartCommand> => {
  const path = `${dirname(await temporalExecutable())}:${process.env.PATH ?? ''}`;
  const child = spawn(process.execPath, [MAIN, 'start', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path, DATABASE_URL: '', TEMPORAL_ADDRESS: '', ...env, RATCHET_HOME: home },
  });
  const said: Said[] = [];
  const listeners = new Set<() => void>();
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4_000)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as Said);
    for (const listener of listeners) listener();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  void ended.then(() => {
    for (const listener of listeners) listener();
  });
  const told = (isWanted: (one: Said) => boolean): Promise<Said> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = said.find(isWanted);
        if (found !== undefined) resolve(found);
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`the command ended (${child.exitCode ?? child.signalCode}) without saying it: ${complaints}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  return { pid: child.pid ?? 0, said, told, complaints: () => complaints, ended };
};
