import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { FileSight } from './settle-gate.js';

/** Looks at a file without reading more than its last byte; null when it is gone or is no file. Throws the system's error when it may not be read. */
export const lookAtFile = async (path: string): Promise<FileSight | null> => {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isGone(error)) return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
    const last = Buffer.alloc(1);
    const { bytesRead } = stat.size > 0 ? await file.read(last, 0, 1, stat.size - 1) : { bytesRead: 0 };
    const { size: bytes, mtimeMs: modifiedMs, ctimeMs: changedMs, ino: inode } = stat;
    return { bytes, modifiedMs, changedMs, inode, lastByte: bytesRead === 1 ? (last[0] ?? null) : null };
  } finally {
    await file.close();
  }
};

/** SHA-256 (hex) of a file's content, read as a stream. */
export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/** Whether an error of the file system says that there is nothing at the path. */
export const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');

/** The system's code of an error, such as `EACCES`, or null. */
export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
