import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ConnectionOptions } from '@temporalio/client';
import { withConnection } from './temporal-connection.js';

/** A Temporal server of somebody else's that keeps everything in memory: with its end, every learner and run would be gone. */
export class ForgetfulTemporal extends Error {
  override readonly name = 'ForgetfulTemporal';
  constructor(address: string) {
    super(
      `the Temporal server at ${address} is a development server without a database file, which forgets everything when it ends: start it with --db-filename FILE, or accept that with --ephemeral`,
    );
  }
}

const DEFAULT_PORT = '7233';
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\]):(\d+)$/;

/**
 * Whether a server on this machine is a development server in memory. The server itself does not tell a file from memory, so its command line
 * is looked at; false where that cannot be seen (another machine, a container, Windows).
 */
export const isForgetful = async (options: ConnectionOptions, address: string): Promise<boolean> => {
  const port = LOOPBACK.exec(address)?.[2];
  if (port === undefined || process.platform === 'win32') return false;
  const { persistenceStore } = await withConnection(options, ({ workflowService }) => workflowService.getClusterInfo({}));
  if (persistenceStore !== 'sqlite') return false;
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args='], { maxBuffer: 16_000_000 });
  return stdout.split('\n').some((line) => isForgetfulCommand(line, port));
};

/** Whether a command line is that of a development server on this port without a database file. */
export const isForgetfulCommand = (line: string, port: string): boolean => {
  const words = line.split(/[\s=]+/);
  if (!words.includes('start-dev') || words.includes('--db-filename') || words.includes('-f')) return false;
  const named = words.findIndex((word) => word === '--port' || word === '-p');
  return (named < 0 ? DEFAULT_PORT : words[named + 1]) === port;
};
