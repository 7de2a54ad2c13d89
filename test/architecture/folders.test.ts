import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const MOST_FILES = 15;

/** Source folders with more files than a reader keeps in mind, as `FOLDER: COUNT`. */
const overfull = (top: string): readonly string[] => {
  const files = readdirSync(join(root, top), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  );
  const counts = new Map<string, number>();
  for (const { parentPath } of files) counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > MOST_FILES)
    .map(([folder, count]) => `${relative(root, folder)}: ${String(count)} files`);
};

describe('the folders', () => {
  for (const top of ['src', 'test', 'bench'])
    it(`of ${top} hold at most ${String(MOST_FILES)} files each`, () => {
      assert.deepEqual(overfull(top), []);
    });
});
