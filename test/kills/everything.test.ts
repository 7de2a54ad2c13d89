import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../src/learning/random.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { homeProcesses, killHome } from '../support/services/home-processes.js';
import { smallHome, type SmallHome } from '../support/services/small-home.js';
import type { StartCommand } from '../support/services/start-command.js';
import { notedPid } from '../runtime/support/ratchet-process.js';
import { writeSimulatedExports } from '../support/services/small-ratchet.js';
import { until } from '../support/until.js';

const RUN = 'train-SIM-000001';
/** Looking at every process of the machine costs. */
const LOOK_MS = 200;

/** What the registry says of the run once a start has ended by itself. */
const decided = async (home: SmallHome, command: StartCommand): Promise<{ readonly weightsHash: string; readonly epoch: number }> => {
  const code = await command.ended;
  const end = command.said.find(({ event }) => event === 'ended');
  assert.ok(code === 0 || code === 3, `exit code ${code}: ${JSON.stringify(end ?? command.said.slice(-3))} ${command.complaints()}`);
  return home.read(async ({ versions, runs }) => {
    const registered = await versions.list('SIM', 'default');
    const run = await runs.get(RUN);
    const [version] = registered;
    assert.ok(version && run);
    assert.deepEqual([registered.length, version.run, run.finishedAt === null], [1, RUN, false]);
    return { weightsHash: version.weightsHash, epoch: run.epoch };
  });
};

/** Waits until the trainer trains. */
const training = (home: SmallHome): Promise<void> =>
  until(async () => (await homeProcesses(home.path)).some(({ command }) => command.includes('trainer-child')), 60_000, LOOK_MS);

/** Starts it, and kills every process of the home some time after its trainer began. */
const killInTraining = async (home: SmallHome, random: () => number): Promise<readonly string[]> => {
  const command = await home.start();
  await command.told(({ event }) => event === 'ready');
  await training(home);
  await delay(4_000 * random()); // the moment of the fault is what varies
  await training(home); // the next chunk's, when the first one has ended
  const killed = await killHome(home.path);
  assert.equal(await command.ended, null);
  return killed.map(({ command: line }) => line);
};

describe('a Ratchet that trains', function () {
  this.timeout(400_000);
  let undisturbed = '';

  const freshHome = async (): Promise<SmallHome> => {
    const home = await smallHome({ training: { trainSteps: 8_000, chunkSteps: 4_000 } });
    await writeSimulatedExports(home.exports);
    return home;
  };

  before(async function () {
    if (process.platform !== 'linux') this.skip(); // processes are found through /proc
    const home = await freshHome();
    undisturbed = (await decided(home, await home.start())).weightsHash;
  });

  for (const round of faultRounds({ short: 1, long: 5 }))
    it(`goes on when every process was killed and it is started again, to the weights of one that was left alone (${round})`, async () => {
      const random = createRandom(round, 'kill everything');
      const home = await freshHome();
      const killed = await killInTraining(home, () => random.uniform());
      for (const part of [
        'main.js start',
        'orchestration.js',
        'cpu.js',
        'trainer.js',
        'api.js',
        'trainer-child.js',
        'start-dev',
        'postgres',
      ])
        assert.ok(
          killed.some((line) => line.includes(part)),
          `${part} was not killed: ${killed.join('\n')}`,
        );
      const { weightsHash, epoch } = await decided(home, await home.start());
      assert.equal(weightsHash, undisturbed);
      assert.equal(epoch, 3); // two chunks, and the attempt that took over
    });

  it('says that PostgreSQL, then Temporal was killed, starts them again, and ends with the same weights', async () => {
    const home = await freshHome();
    const command = await home.start();
    const killed = async (part: 'postgresql' | 'temporal'): Promise<void> => {
      await training(home);
      process.kill(await notedPid(home.path, part), 'SIGKILL');
      const { text } = await command.told(({ event, part: named, kind }) => event === 'part' && named === part && kind === 'ended');
      assert.match(String(text), /starting it again/);
    };
    await command.told(({ event }) => event === 'ready');
    await killed('postgresql');
    await killed('temporal');
    const { weightsHash } = await decided(home, command);
    assert.equal(weightsHash, undisturbed);
    for (const part of ['postgresql', 'temporal']) {
      const readies = command.said.filter(({ event, part: named, kind }) => event === 'part' && named === part && kind === 'ready');
      assert.equal(readies.length, 2, part);
    }
  });
});
