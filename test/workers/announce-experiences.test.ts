import assert from 'node:assert/strict';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { paperStatus } from '../../src/client/paper-client.js';
import type { Announcement } from '../../src/registry/experiences/announcements.js';
import { announceExperiences } from '../../src/workers/api/announce-experiences.js';
import { keepPaperTraders } from '../../src/workers/api/keep-paper-traders.js';
import { experience } from '../support/experiences.js';
import { freshInstrument, quickSettings } from '../support/loops/learners.js';
import { recordingLogger } from '../support/recording-logger.js';
import { freshRegistry, seedVersions } from '../support/registry/registry.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

const logger = recordingLogger();

describe('announceExperiences', () => {
  it('has learners count each experience once, though it fails after half of its messages and some come meanwhile', async () => {
    const environment = await temporal();
    const { client } = environment;
    const registry = await freshRegistry();
    const instrument = freshInstrument();
    const write = (from: number, to: number) =>
      registry.experiences.write(Array.from({ length: to - from }, (_, at) => experience(`${from + at}`, { instrument })));
    const { announcements } = registry.experiences;
    let calls = 0;
    const forgetful = {
      begin: () => (calls < 6 ? announcements.begin() : Promise.resolve([])),
      async done(announcement: Announcement) {
        if (++calls % 2 === 1) {
          await write(calls * 1_000, calls * 1_000 + 10);
          throw new Error('the connection was cut');
        }
        await announcements.done(announcement);
      },
    };
    const { activities, calls: noted } = stubActivities();
    await withWorkers({ environment, activities }, async () => {
      const total = async (): Promise<number> => (await createLearnerClient({ client }).status(instrument)).experiences.total;
      await write(0, 700);
      const stop = announceExperiences({
        registry: { experiences: { announcements: forgetful } },
        client,
        settings: quickSettings,
        logger,
        annotates: true,
        everyMs: 20,
      });
      await until(() => calls >= 6);
      await stop();
      assert.equal(await total(), 720);
      await until(() => noted.some(({ name }) => name === 'annotateTrades'));
      const again = announceExperiences({ registry, client, settings: quickSettings, logger, everyMs: 20, annotates: true });
      await until(async () => (await total()) === 730);
      await write(0, 700); // known already
      await write(90_000, 90_005);
      await until(async () => (await total()) === 735);
      await again();
    });
  });
});

describe('keepPaperTraders', () => {
  it('starts the trader of what becomes live', async () => {
    const environment = await temporal();
    const { client } = environment;
    const registry = await freshRegistry();
    const [version] = await seedVersions(registry, 1);
    assert.ok(version !== undefined);
    const { activities, calls } = stubActivities();
    await withWorkers({ environment, activities }, async () => {
      const stop = keepPaperTraders({ registry, client, logger });
      const order = { instrument: 'ES', bucket: 'default', actor: 'ratchet', reason: 'test', decision: null, expectedPrevious: null };
      await registry.production.promote({ ...order, operationKey: 'one', version: version.name });
      await until(() => calls.some(({ name }) => name === 'tradeOnPaper'));
      await until(async () => (await paperStatus(client, 'ES')).last?.summary === 'nothing is stored');
      await stop();
      await client.workflow.getHandle('paper-ES').terminate('tested');
    });
  });
});
