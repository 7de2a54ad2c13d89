import { execFile } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../src/cli/run-cli.js';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, with these variables beside its own. */
export const ratchet = async (words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  const [stdout, stderr] = [kept(), kept()];
  const code = await runCli(words, { variables: { ...process.env, ...variables }, stdout: stdout.stream, stderr: stderr.stream });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
};

/** Runs it in a process of its own, as a person would. */
export const ratchetProcess = (words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env: { ...process.env, ...variables } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr }),
    );
  });

const kept = (): { readonly stream: Writable; readonly text: () => string } => {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream, text: () => text };
};
