import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { CustomTriggerAnswer, CustomTriggerFacts, CustomTriggerOrder } from '../../domain/triggers/custom-trigger.js';

export interface CustomTriggerRun {
  /** The user's module, TypeScript or JavaScript. */
  readonly path: string;
  readonly facts: CustomTriggerFacts;
  /** Longest time that it may take; 5 s unless given. */
  readonly limitMs?: number;
}

const LIMIT_MS = 5_000;
const ENTRY = fileURLToPath(new URL('../../workers/custom-trigger-child.js', import.meta.url));

/** Compiles a user's trigger and asks it in a process of its own, which is given nothing but the facts and is killed at the limit. Never throws for what the module does. */
export const runCustomTrigger = async ({ path, facts, limitMs = LIMIT_MS }: CustomTriggerRun): Promise<CustomTriggerAnswer> => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-trigger-'));
  try {
    const module = join(folder, 'trigger.mjs');
    await build({ entryPoints: [path], outfile: module, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    return await ask({ module, facts }, limitMs);
  } catch (error) {
    return { failed: `${basename(path)} could not be compiled: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const ask = (order: CustomTriggerOrder, limitMs: number): Promise<CustomTriggerAnswer> =>
  new Promise((resolve) => {
    const child = fork(ENTRY, [], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let answer: CustomTriggerAnswer | null = null;
    const limit = setTimeout(() => {
      answer ??= { failed: `it did not answer within ${limitMs / 1_000} s` };
      child.kill('SIGKILL');
    }, limitMs);
    child.once('message', (message: unknown) => (answer ??= answerIn(message)));
    child.once('error', (error) => (answer ??= { failed: error.message }));
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve(answer ?? { failed: `its process ended without an answer (${signal ?? `exit code ${String(code)}`})` });
    });
    child.send(order, () => undefined);
  });

const answerIn = (message: unknown): CustomTriggerAnswer => {
  if (typeof message === 'object' && message !== null) {
    if ('failed' in message && typeof message.failed === 'string') return { failed: message.failed };
    if ('reason' in message && (message.reason === null || typeof message.reason === 'string')) return { reason: message.reason };
  }
  return { failed: 'it said what is no answer' };
};
