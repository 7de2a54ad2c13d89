import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder for each test of the `describe` it is called in, removed after the test. */
export const temporaryFolder = (): (() => string) => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
};
