import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import type { Deployed, LiveVersion, Probe } from '../../src/domain/training/run-steps.js';
import { dataArrivedSignal, ledgerQuery } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

const previous: LiveVersion = { version: 'v0', role: 'production' };

/** Trains once, with a canary of two seconds in which each look finds the next of `probes`; returns how it ended. */
const trainWithCanary = async (probes: readonly Probe[], rollback: () => Promise<Deployed>) => {
  const environment = await temporal();
  const looks = probes.values();
  const { activities, calls } = stubActivities({
    deployVersion: ({ version }) =>
      Promise.resolve({
        installedAs: 'production',
        live: { version, role: 'production' },
        canary: { durationMs: 2_000, previous: previous.version },
      }),
    probeProduction: () => Promise.resolve(looks.next().value ?? { kind: 'sound' }),
    rollbackVersion: rollback,
  });
  return withWorkers({ environment, activities }, () =>
    withLearner(environment, {}, async (handle) => {
      await handle.signal(dataArrivedSignal, dataFile('1'));
      const { production, lastDecision } = await until(handle, 'a decision', (status) => status.lastDecision !== null);
      const [entry] = (await handle.query(ledgerQuery)).entries;
      const helped = entry?.outcome.kind === 'actedOn' ? entry.outcome.helped : undefined;
      const count = (name: string): number => calls.filter((call) => call.name === name).length;
      return {
        production,
        summary: lastDecision?.summary ?? '',
        helped,
        looks: count('probeProduction'),
        rollbacks: count('rollbackVersion'),
      };
    }),
  );
};

describe('a canary', () => {
  const back = (): Promise<Deployed> => Promise.resolve({ installedAs: 'production', live: previous });

  it('that answers soundly to the end stays in production', async () => {
    const { production, helped, looks, rollbacks } = await trainWithCanary([], back);
    assert.deepEqual([production?.version, helped, looks, rollbacks], ['v1_20260320_210000', true, 2, 0]);
  });

  it('that breaches what serving promises is rolled back by itself, and did not help', async () => {
    const { production, summary, helped, rollbacks } = await trainWithCanary(
      [{ kind: 'sound' }, { kind: 'breach', reason: 'answers NaN' }],
      back,
    );
    assert.deepEqual([production, helped, rollbacks], [previous, false, 1]);
    assert.match(summary, /Rolled back in the canary: answers NaN$/);
  });

  it('is left alone once a person has changed production', async () => {
    const live = { version: 'v0_20260101_000000', role: 'production' } as const;
    const { summary, rollbacks, production } = await trainWithCanary([{ kind: 'replaced', live }], back);
    assert.equal(rollbacks, 0);
    assert.deepEqual(production, live, 'what that person put live is what the learner knows');
    assert.match(summary, /changed by a person/);
  });

  it('that cannot be rolled back ends its run with the reason, not with a failure', async () => {
    const refused = (): Promise<Deployed> => Promise.reject(ApplicationFailure.nonRetryable('v0 was removed', 'NotRegistered'));
    const { production, summary } = await trainWithCanary([{ kind: 'breach', reason: 'answers NaN' }], refused);
    assert.equal(production?.version, 'v1_20260320_210000');
    assert.match(summary, /could not be put back: NotRegistered: v0 was removed$/);
  });
});
