import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { lookOnPaper, paperStatus } from '../../src/client/paper-client.js';
import { paperTraderId } from '../../src/domain/ids.js';
import type { PaperRequest, PaperTraded } from '../../src/domain/paper/paper-trader.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

const traded = (tradedTo: string, more: boolean): PaperTraded => ({
  kind: 'traded',
  version: 'v1_20260320_210000',
  tradedTo,
  sessions: 2,
  experiences: 778,
  netReturn: 0.01,
  more,
  nextLookMs: 3_600_000,
});

type PaperStatus = Awaited<ReturnType<typeof paperStatus>>;

describe('paperTrader', function () {
  this.timeout(120_000);

  it('goes on from where it was until nothing is left, looks again when told to, outlives a failure, and ends when switched off', async () => {
    const environment = await temporal();
    const { client } = environment;
    const instrument = `P${randomUUID().slice(0, 8)}`;
    const requests: PaperRequest[] = [];
    const answers: (() => Promise<PaperTraded>)[] = [
      () => Promise.resolve(traded('2026-03-18T20:00:00.000Z', true)),
      () => Promise.resolve(traded('2026-03-19T20:00:00.000Z', false)),
      () => Promise.reject(ApplicationFailure.nonRetryable('the artifact is gone', 'ArtifactMissing')),
      () => Promise.resolve({ kind: 'off' }),
    ];
    const { activities } = stubActivities({
      tradeOnPaper: (request) => {
        requests.push(request);
        return (answers[requests.length - 1] ?? (() => Promise.resolve({ kind: 'off' } as const)))();
      },
    });
    await withWorkers({ environment, activities, maxCachedWorkflows: 0 }, async () => {
      // A worker that keeps no workflow may lose a query with the workflow that it puts away: it is asked again.
      const statusWhen = async (holds: (status: PaperStatus) => boolean): Promise<PaperStatus> => {
        let status: PaperStatus | null = null;
        await until(async () => (status = await paperStatus(client, instrument).catch(() => null)) !== null && holds(status), 60_000);
        assert.ok(status);
        return status;
      };
      await lookOnPaper(client, instrument);
      await statusWhen(({ sessions }) => sessions === 4);
      await lookOnPaper(client, instrument);
      const failed = await statusWhen(({ last }) => last?.summary === 'ArtifactMissing: the artifact is gone');
      const { experiences, tradedTo, netReturn } = failed;
      assert.deepEqual([experiences, tradedTo, netReturn], [1_556, '2026-03-19T20:00:00.000Z', 0.02]);
      await lookOnPaper(client, instrument);
      await client.workflow.getHandle(paperTraderId(instrument)).result();
    });
    assert.deepEqual(
      requests.slice(0, 4).map(({ tradedTo }) => tradedTo),
      [null, '2026-03-18T20:00:00.000Z', '2026-03-19T20:00:00.000Z', '2026-03-19T20:00:00.000Z'],
    );
  });
});
