import assert from 'node:assert/strict';
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { freePort } from '../../src/runtime/free-port.js';
import { claimHome } from '../../src/runtime/home.js';
import { startCommand } from '../support/services/start-command.js';
import { temporal } from '../support/services/temporal.js';
import { ratchet, ratchetProcess } from '../support/services/command-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

describe('the command line', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();

  const wrong = [
    ['no command', [], /start \[options\]/],
    ['an unknown command', ['begin'], /unknown command 'begin'/],
    ['an unknown option', ['start', '--speed', '9'], /unknown option '--speed'/],
    ['an option without its value', ['start', '--data'], /argument missing/],
    ['a word too many', ['start', 'now'], /too many arguments/],
    [
      'a folder that does not exist',
      ['start', '--once', '--data', '/does/not/exist'],
      /^ratchet: --data \/does\/not\/exist does not exist/,
    ],
  ] as const;
  for (const [what, words, message] of wrong)
    it(`ends with 2 and says why for ${what}`, async () => {
      const { code, stderr } = await ratchet(words, { RATCHET_HOME: join(folder(), 'home') });
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });

  it('ends with 0 for --help and --version', async () => {
    assert.equal((await ratchet(['start', '--help'])).code, 0);
    assert.match((await ratchetProcess(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('ends with 1 and a plain message when the state folder cannot be made', async () => {
    await writeFile(join(folder(), 'file'), '');
    const { code, stderr } = await ratchetProcess(['start', '--once'], { RATCHET_HOME: join(folder(), 'file', 'home') });
    assert.equal(code, 1);
    assert.match(stderr, /^ratchet: the state folder .*file.home cannot be written .*set RATCHET_HOME to a folder that is\n$/);
  });

  it('ends with 1 when the state folder may not be written', async function () {
    if (process.getuid?.() === 0 || process.platform === 'win32') this.skip(); // root may write anywhere
    const home = join(folder(), 'home');
    await mkdir(home);
    await chmod(home, 0o500);
    const { code, stderr } = await ratchetProcess(['start', '--once'], { RATCHET_HOME: home });
    assert.equal(code, 1);
    assert.match(stderr, /cannot be written/);
  });

  it('ends with 1, naming the process, while another one has the state folder', async () => {
    const home = await claimHome(join(folder(), 'home'));
    const { code, stderr } = await ratchetProcess(['start'], { RATCHET_HOME: home.root });
    await home.release();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`Ratchet runs already on .* \\(process ${process.pid}\\)`));
  });

  it('ends with 2 and gives the reason for a path that cannot be read', async () => {
    const loop = join(folder(), 'loop');
    await symlink(loop, loop); // root may read everything else
    const { code, stderr } = await ratchetProcess(['start', '--once', '--data', loop], { RATCHET_HOME: join(folder(), 'home') });
    assert.equal(code, 2);
    assert.match(stderr, /^ratchet: --data .*loop cannot be read/);
  });

  it('ends with 1 and a way out for a Temporal that keeps everything in memory, unless --ephemeral allows it', async function () {
    if (process.platform !== 'linux') this.skip(); // a server is known by its command line
    const { address } = await temporal();
    const start = (...args: string[]) =>
      startCommand({ home: join(folder(), 'home'), args: ['--data', folder(), ...args], env: { TEMPORAL_ADDRESS: address } });
    const refused = await start();
    assert.equal(await refused.ended, 1);
    assert.match(refused.complaints(), new RegExp(`${address} is a development server without a database file, .*--ephemeral`));
    const allowed = await start('--ephemeral');
    await allowed.told(({ event: kind }) => kind === 'ready');
    process.kill(allowed.pid, 'SIGTERM');
    assert.equal(await allowed.ended, 0);
  }).timeout(90_000);

  it('waits for a Temporal that does not answer, says so, stops when told to, and leaves the folder free', async () => {
    const root = join(folder(), 'home');
    const { TEMPORAL_ADDRESS: address, ...env } = await unreachable();
    const child = fork(main, ['start', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, RATCHET_HOME: root, TEMPORAL_ADDRESS: address, ...env },
    });
    const waiting = await event(child, ({ part, kind }) => part === 'temporal' && kind === 'waiting');
    assert.equal(waiting.text, `waiting for Temporal at ${address}, namespace default`);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
    await (await claimHome(root)).release();
    assert.match(await readFile(join(root, 'logs', 'ratchet.log'), 'utf8'), /waiting for Temporal/);
  });

  it('stops in order when npm, which started it, is killed', async () => {
    const root = join(folder(), 'home');
    const npm = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(main)}, 'start', '--json'], { stdio: 'inherit' })`;
    const parent = execFile(process.execPath, ['--eval', npm], {
      env: { ...process.env, RATCHET_HOME: root, npm_lifecycle_event: 'start', ...(await unreachable()) },
    });
    await event(parent, ({ part, kind }) => part === 'temporal' && kind === 'waiting');
    await assert.rejects(claimHome(root), /Ratchet runs already/);
    parent.kill('SIGKILL');
    await until(() =>
      claimHome(root).then(
        ({ release }) => release().then(() => true),
        () => false,
      ),
    );
  });

  it('says with status that nothing runs, and where to look', async () => {
    const { code, stderr } = await ratchet(['status'], { RATCHET_HOME: join(folder(), 'home') });
    assert.equal(code, 1);
    assert.match(stderr, /does not run on .*home: start it with "npm start"/);
  });

  it('shows one row for each part with doctor', async () => {
    const { code, stdout } = await ratchetProcess(['doctor'], { RATCHET_HOME: join(folder(), 'home') });
    for (const part of ['Node', 'TensorFlow', 'ONNX Runtime', 'DuckDB', 'Temporal', 'PostgreSQL', 'state', 'cache'])
      assert.match(stdout, new RegExp(`^│ ${part} +│`, 'm'));
    assert.equal(code, stdout.includes('│ broken') ? 1 : 0);
  });

  it('counts a database that does not answer as broken, without its password', async () => {
    const { code, stdout } = await ratchet(['doctor'], { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none' });
    assert.equal(code, 1);
    assert.match(stdout, /│ PostgreSQL +│ +│ external at 127\.0\.0\.1:1\/none/);
    assert.match(stdout, /^PostgreSQL: it does not let us in/m);
    assert.doesNotMatch(stdout, /secret/);
  });
});

/** Servers of the user's own that do not answer. */
const unreachable = async () => ({
  TEMPORAL_ADDRESS: `127.0.0.1:${await freePort(18_233)}`,
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
});

interface Said {
  readonly part?: string;
  readonly kind?: string;
  readonly text?: string;
}

/** The first line of a `--json` output that is wanted. */
const event = async (child: ChildProcess, isWanted: (said: Said) => boolean): Promise<Said> => {
  assert(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Said;
    if (isWanted(said)) return said;
  }
  return assert.fail('the process ended without saying it');
};
