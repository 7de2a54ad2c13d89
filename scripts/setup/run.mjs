import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

const TAIL_LINES = 12;

/**
 * Runs a program without a shell and resolves to { ok, output, tail, reason }; never rejects.
 * `tail` holds the last lines, for messages; `reason` says in words how it ended.
 */
export const run = (file, args, { cwd, env, timeoutMs } = {}) =>
  new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    let timedOut = false;
    const collect = (data) => void (output += data);
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const timer = timeoutMs && setTimeout(() => ((timedOut = true), child.kill('SIGKILL')), timeoutMs);
    const finish = (ok, reason) => {
      clearTimeout(timer);
      const lines = output.trim().split(/\r?\n/);
      resolve({ ok, output, reason, tail: lines.slice(-TAIL_LINES).join('\n') });
    };
    child.once('error', (error) => finish(false, error.code === 'ENOENT' ? `${file} is not installed` : error.message));
    child.once('close', (code, signal) => {
      if (timedOut) finish(false, `it did not end within ${timeoutMs / 1000} s`);
      else finish(code === 0, code === null ? `it was ended by ${signal}` : `exit code ${code}`);
    });
  });

/** The path of an executable on PATH, or null. */
export const onPath = async (name, searchPath = process.env.PATH ?? process.env.Path ?? '') => {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of searchPath.split(delimiter).filter(Boolean)) {
    const path = join(folder, file);
    if (await isExecutable(path)) return path;
  }
  return null;
};

export const isExecutable = (path) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** How to run npm: its script under this Node, because on Windows `npm` is a batch file that only a shell can run. */
export const npmCommand = async () => {
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  for (const script of [process.env.npm_execpath, beside]) {
    if (script?.endsWith('.js') && (await isExecutable(script).catch(() => false))) return { file: process.execPath, args: [script] };
  }
  return { file: 'npm', args: [] };
};
