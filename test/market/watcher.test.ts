import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinishedFile } from '../../src/domain/market/ingest.js';
import { watchFolder } from '../../src/market/watcher.js';
import type { FolderWatcher, WatchOptions } from '../../src/market/watcher.js';
import type { WatchProblem } from '../../src/market/watch/watch-problem.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const LINE = '20240102 000100;1;2;0.5;1;10\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('watchFolder', () => {
  let watchers: FolderWatcher[] = [];
  let files: FinishedFile[] = [];
  let problems: WatchProblem[] = [];
  beforeEach(() => {
    [watchers, files, problems] = [[], [], []];
  });
  afterEach(() => Promise.all(watchers.map((watcher) => watcher.close())));
  const folder = temporaryFolder();

  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const start = async (path: string, more: Partial<WatchOptions> = {}): Promise<FolderWatcher> => {
    const watcher = await watchFolder({
      path,
      settleMs: 30,
      rescanMs: 60_000,
      accept: (name) => (name.endsWith('.txt') ? 'TEST' : null),
      onFile: (file) => Promise.resolve(void files.push(file)),
      onProblem: (problem) => problems.push(problem),
      logger: quiet,
      ...more,
    });
    watchers.push(watcher);
    return watcher;
  };
  const reported = (text: string) => () => files.some((file) => file.sha256 === sha256(text));
  const kinds = (): string[] => problems.map(({ kind }) => kind);

  it('reports what exists already and what comes later, in sub-folders too', async () => {
    await mkdir(join(folder(), 'a', 'b'), { recursive: true });
    await writeFile(join(folder(), 'a', 'b', 'old.txt'), LINE);
    await start(folder());
    await until(() => files.length === 1);
    const expected = {
      pathId: 'a/b/old.txt',
      path: join(folder(), 'a/b/old.txt'),
      bytes: LINE.length,
      sha256: sha256(LINE),
      instrument: 'TEST',
    };
    assert.deepEqual(files, [expected]);
    await mkdir(join(folder(), 'c'));
    await writeFile(join(folder(), 'c', 'new.txt'), LINE + LINE);
    await until(reported(LINE + LINE));
  });

  it('reports a file that grows in random pieces only as it is in the end', async () => {
    const text = LINE.repeat(200);
    const path = join(folder(), 'growing.txt');
    await start(folder(), { settleMs: 150 });
    let state = 7;
    const file = await open(path, 'w');
    for (let at = 0; at < text.length;) {
      state = (state * 48_271) % 2_147_483_647;
      const piece = text.slice(at, at + 1 + (state % 400));
      await file.write(piece);
      at += piece.length;
      await file.sync();
    }
    await file.close();
    await until(reported(text));
    assert.ok(
      files.every(({ bytes }) => bytes % LINE.length === 0),
      'a line was cut',
    );
    assert.equal(files.at(-1)?.sha256, sha256(text));
  });

  it('does not report a file whose last line is not whole until it is', async () => {
    const path = join(folder(), 'cut.txt');
    await writeFile(path, LINE.slice(0, -1));
    const watcher = await start(folder(), { settleMs: 100 });
    await until(() => watcher.status().pending === 1);
    await appendFile(path, '\n');
    await until(() => files.length > 0);
    assert.deepEqual(
      files.map(({ sha256: hash }) => hash),
      [sha256(LINE)],
    );
  });

  it('reports a file that is rewritten or replaced again, under its new hash', async () => {
    const path = join(folder(), 'bars.txt');
    await writeFile(path, LINE);
    await start(folder());
    await until(reported(LINE));
    await writeFile(path, LINE + LINE);
    await until(reported(LINE + LINE));
    const replacement = LINE.replace('10\n', '11\n');
    await writeFile(join(folder(), 'bars.tmp'), replacement);
    await rename(join(folder(), 'bars.tmp'), path);
    await until(reported(replacement));
    assert.equal(files.length, 3);
  });

  it('reports unchanged content once, however often the file is touched or listed', async () => {
    const path = join(folder(), 'bars.txt');
    await writeFile(path, LINE);
    const watcher = await start(folder(), { rescanMs: 20 });
    await until(() => files.length === 1);
    const firstChange = watcher.status().lastChange ?? 0;
    await writeFile(path, LINE);
    await until(() => (watcher.status().lastChange ?? 0) > firstChange && watcher.status().pending === 0);
    assert.equal(files.length, 1);
  });

  it('reports the oldest file first', async () => {
    let second = 1_700_000_000;
    for (const name of ['b', 'a', 'c']) {
      await writeFile(join(folder(), `${name}.txt`), LINE + name + '\n');
      await utimes(join(folder(), `${name}.txt`), ++second, second);
    }
    await start(folder());
    await until(() => files.length === 3);
    assert.deepEqual(
      files.map(({ pathId }) => pathId),
      ['b.txt', 'a.txt', 'c.txt'],
    );
  });

  it('watches a single file', async () => {
    const path = join(folder(), 'one.txt');
    await writeFile(path, LINE);
    await writeFile(join(folder(), 'other.txt'), LINE + 'x\n');
    await start(path);
    await until(() => files.length === 1);
    await appendFile(path, LINE);
    await until(reported(LINE + LINE));
    assert.deepEqual(new Set(files.map(({ pathId }) => pathId)), new Set(['one.txt']));
  });

  it('says once that the folder is missing and what to do, and goes on when it is there', async () => {
    const path = join(folder(), 'later');
    const watcher = await start(path, { rescanMs: 100 });
    assert.equal(watcher.status().state, 'missing');
    await mkdir(path);
    await writeFile(join(path, 'bars.txt'), LINE);
    await until(() => files.length === 1);
    assert.deepEqual(kinds(), ['folder-missing']);
    assert.match(problems[0]?.message ?? '', /does not exist: create it, or set watch\.path/);
    await rm(path, { recursive: true });
    await until(() => kinds().length === 2);
  });

  it('finds the files of a folder that was replaced by another of the same name', async () => {
    const path = join(folder(), 'exports');
    await mkdir(path);
    await start(path, { rescanMs: 40 });
    await mkdir(join(folder(), 'next'));
    await rename(path, join(folder(), 'before'));
    await rename(join(folder(), 'next'), path);
    await writeFile(join(path, 'bars.txt'), LINE);
    await until(() => files.length === 1);
  });

  it('says that a folder cannot be read, with the reason', async () => {
    const path = join(folder(), 'loop');
    await symlink(path, path);
    const watcher = await start(path);
    assert.equal(watcher.status().state, 'unreadable');
    assert.deepEqual(kinds(), ['folder-unreadable']);
    assert.match(problems[0]?.message ?? '', /cannot be read \(ELOOP\)/);
    await rm(path);
    await mkdir(path);
    await writeFile(join(path, 'bars.txt'), LINE);
    await until(() => files.length === 1);
  });

  it('says that a file is empty, and reports it when it no longer is', async () => {
    const path = join(folder(), 'empty.txt');
    await writeFile(path, '');
    await start(folder(), { settleMs: 10 });
    await until(() => kinds().length === 1);
    assert.deepEqual(kinds(), ['file-empty']);
    await writeFile(path, LINE);
    await until(() => files.length === 1);
  });

  it('says once why a file is not used, and is silent about others', async () => {
    await writeFile(join(folder(), 'ES 12-26.Bid.csv'), LINE);
    await writeFile(join(folder(), 'notes.md'), LINE);
    await writeFile(join(folder(), 'bars.txt'), LINE);
    await start(folder(), {
      rescanMs: 20,
      accept: (name) => (name.endsWith('.csv') ? { unused: 'bid prices' } : name.endsWith('.txt') ? 'TEST' : null),
    });
    await until(() => files.length === 1);
    assert.deepEqual(
      problems.map(({ kind, message }) => [kind, message.endsWith('is not used: bid prices')]),
      [['file-unused', true]],
    );
  });

  it('reports a file again until the report is taken, without holding up other files', async () => {
    await writeFile(join(folder(), 'bad.txt'), LINE);
    await writeFile(join(folder(), 'good.txt'), LINE + LINE);
    let refusals = 3;
    const onFile = (file: FinishedFile): Promise<void> => {
      if (file.pathId === 'bad.txt' && refusals-- > 0) return Promise.reject(new Error('the server is away'));
      return Promise.resolve(void files.push(file));
    };
    await start(folder(), { onFile });
    await until(() => files.length === 2);
    assert.deepEqual(
      files.map(({ pathId }) => pathId),
      ['good.txt', 'bad.txt'],
    );
    assert.deepEqual(kinds(), ['report-failed']);
  });

  it('counts what it follows and what is not reported yet', async () => {
    await writeFile(join(folder(), 'bars.txt'), LINE);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const watcher = await start(folder(), { onFile: () => held });
    await until(() => watcher.status().pending === 1);
    release();
    await until(() => watcher.status().pending === 0);
    assert.deepEqual([watcher.status().files, watcher.status().state], [1, 'readable']);
  });

  it('closes although the folder went away while it was being opened', async () => {
    const path = join(folder(), 'short-lived');
    await mkdir(path);
    const watcher = await start(path, { rescanMs: 10 });
    await rm(path, { recursive: true });
    await watcher.close();
    assert.deepEqual(files, []);
  });
});
