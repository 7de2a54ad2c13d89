import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const LONGEST_MS = 60_000;
const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** What a program printed, or in one line why it could not be run. */
export type Answer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** Runs a program to its end, for a minute at most. */
export const askProgram = async (file: string, args: readonly string[]): Promise<Answer> => {
  try {
    const { stdout } = await promisify(execFile)(file, [...args], { cwd: root, timeout: LONGEST_MS, windowsHide: true });
    return { ok: true, text: stdout.trim() };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
};

/** Evaluates JavaScript in a Node of its own, so that a library that crashes or hangs is only a finding. */
export const askNode = (script: string): Promise<Answer> => askProgram(process.execPath, ['--input-type=commonjs', '--eval', script]);

/** The line of a program's last words that tells most. */
const reasonOf = (error: unknown): string => {
  const said = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim().split('\n') : [];
  const telling = said.find((line) => /^\w*Error: |cannot open|not found/i.test(line));
  return telling ?? (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
};
