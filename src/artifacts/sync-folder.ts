import { open } from 'node:fs/promises';

/** Forces a folder's names to the disk: without it a power cut can undo a rename. Windows has no such call and does not need it. */
export const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
