import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolderStore } from '../../src/artifacts/folder-store.js';

/** Run by full-disk.test.ts on a disk of 1 MiB: stores what fits, then what does not, and tells what is left. */
const folder = process.argv[2] ?? '';
const store = await openFolderStore(folder);
const kept = await store.put(Buffer.alloc(200_000, 'a'));
const failure: unknown = await store.put(Buffer.alloc(3_000_000, 'b')).catch((error: unknown) => error);
const after = await store.put(Buffer.alloc(200_000, 'c'));
console.log(
  JSON.stringify({
    code: failure instanceof Error && 'code' in failure ? failure.code : failure,
    incoming: await readdir(join(folder, 'incoming')),
    lengths: [(await store.get(kept)).length, (await store.get(after)).length],
  }),
);
