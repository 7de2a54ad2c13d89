import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { createSequenceClient } from '../../src/client/sequence-client.js';
import type { BucketPlan } from '../../src/domain/sequence/bucket-plan.js';
import type { SettleRequest } from '../../src/domain/transfer/steps.js';
import type { ChunkRequest, RegisterRequest } from '../../src/domain/training/run-steps.js';
import type { SplitRequest } from '../../src/domain/validation/steps.js';
import type { SequenceProgress } from '../../src/domain/sequence/sequence.js';
import { freshInstrument } from '../support/loops/learners.js';
import { stubActivities, type Activities, type Call } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until } from '../support/until.js';
import { stopSignal } from '../../src/workflows/messages/training-run-messages.js';
import type { progressiveSequence } from '../../src/workflows/progressive-sequence.js';
import { withWorkers } from '../support/services/workers.js';

const asked = { buckets: [{ bucket: 'Scalping', episodes: 7 }, { bucket: 'Short' }], transfer: true, pauseMs: 1 };

type Sequences = ReturnType<typeof createSequenceClient>;

/** Runs a test against workers with stubbed activities and the real client. */
const withSequences = async (
  replaced: Partial<Activities>,
  test: (sequences: Sequences, instrument: string, calls: readonly Call[]) => Promise<void>,
): Promise<void> => {
  const environment = await temporal();
  const { activities, calls } = stubActivities(replaced);
  await withWorkers({ environment, activities }, () =>
    test(createSequenceClient({ client: environment.client }), freshInstrument(), calls),
  );
};

const untilHolds = async (sequences: Sequences, id: string, holds: (progress: SequenceProgress) => boolean): Promise<SequenceProgress> => {
  await until(async () => holds(await sequences.progress(id)));
  return sequences.progress(id);
};

const plansOf = (calls: readonly Call[]): (BucketPlan | undefined)[] =>
  calls.filter(({ name }) => name === 'beginRun').map(({ request }) => (request as { readonly plan?: BucketPlan }).plan);

describe('progressiveSequence', () => {
  it('trains every bucket by a run of its own, in order, and hands on what one learned to the next', () =>
    withSequences({}, async (sequences, instrument, calls) => {
      const id = await sequences.start(instrument, asked);
      await untilHolds(sequences, id, ({ phase }) => phase === 'done');
      const { results, across } = await sequences.progress(id);
      assert.deepEqual(across?.models.map(({ bucket }) => bucket), ['Scalping', 'Short']); // prettier-ignore
      const [first, second] = results;
      assert.deepEqual([first?.runId, second?.runId], [`${id}-Scalping`, `${id}-Short`]);
      assert.ok(first?.result.kind === 'decided');
      assert.deepEqual(plansOf(calls), [
        { bucket: 'Scalping', episodes: 7, source: null },
        { bucket: 'Short', source: { bucket: 'Scalping', version: first.result.version } },
      ]);
    }));

  it('holds at a bucket that fails until it is resumed, then tries it again', () => {
    let failures = 1;
    const { activities } = stubActivities();
    return withSequences(
      {
        trainChunk: (request) =>
          request.bucket === 'Short' && failures-- > 0
            ? Promise.reject(ApplicationFailure.nonRetryable('the loss is NaN', 'Diverged'))
            : activities.trainChunk(request),
      },
      async (sequences, instrument) => {
        const id = await sequences.start(instrument, asked);
        const { bucket, failure } = await untilHolds(sequences, id, ({ phase }) => phase === 'failed');
        assert.deepEqual([bucket, failure?.type], ['Short', 'Diverged']);
        assert.equal(await sequences.resume(instrument), id);
        const { results } = await untilHolds(sequences, id, ({ phase }) => phase === 'done');
        assert.equal(results[1]?.runId, `${id}-Short-2`);
      },
    );
  });

  it('refuses a second one while it runs, ends when it is stopped, and goes on from there as another one', () => {
    const { activities } = stubActivities();
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    return withSequences(
      {
        evaluateCandidate: async (request) => {
          if (request.bucket === 'Short') await released;
          return activities.evaluateCandidate(request);
        },
      },
      async (sequences, instrument) => {
        const id = await sequences.start(instrument, asked);
        await untilHolds(sequences, id, ({ bucket, runId }) => bucket === 'Short' && runId !== null);
        await until(async () => (await sequences.newest(instrument)) !== null); // lists follow
        await assert.rejects(sequences.start(instrument, asked), /Refused: sequence-.*-000001 runs: wait for its end/);
        await sequences.tell(id, 'stop');
        letGo();
        const { bucket } = await untilHolds(sequences, id, ({ phase }) => phase === 'stopped');
        assert.equal(bucket, 'Short');
        await until(async () => (await sequences.newest(instrument))?.isRunning === false);
        const rest = await sequences.resume(instrument);
        assert.match(rest, /-000002$/);
        const { results } = await untilHolds(sequences, rest, ({ phase }) => phase === 'done');
        assert.deepEqual(
          results.map(({ bucket: name, source }) => [name, source?.bucket]),
          [['Short', 'Scalping']],
        );
      },
    );
  });

  it('trains with and without what is handed on for every seed before it is used, and starts without what is refused', () => {
    const { activities } = stubActivities();
    return withSequences(
      {
        settleTransfer: async (request) => {
          const settled = await activities.settleTransfer(request);
          return request.bucket === 'Short' ? settled : { ...settled, verdict: { used: false, reason: 'it harms' } };
        },
      },
      async (sequences, instrument, calls) => {
        const id = await sequences.start(instrument, { ...asked, buckets: [...asked.buckets, { bucket: 'Long' }] });
        const { results } = await untilHolds(sequences, id, ({ phase }) => phase === 'done');
        const transfers = results.map(({ result }) => (result.kind === 'decided' ? result.transfer : undefined));
        assert.deepEqual(transfers.map((transfer) => [transfer?.from.bucket, transfer?.verdict.used]), [[undefined, undefined], ['Scalping', true], ['Short', false]]); // prettier-ignore
        const arms = calls.flatMap(({ name, request }) => (name === 'validateSplit' ? [request as SplitRequest] : []));
        assert.deepEqual(arms.map(({ bucket, transfer, trial }) => [bucket, transfer !== undefined, trial]).sort(), ['Long', 'Short'].flatMap((bucket) => [false, true].flatMap((transferred) => [0, 1, 2].map((seed) => [bucket, transferred, seed])))); // prettier-ignore
        const [settled] = calls.flatMap(({ name, request }) => (name === 'settleTransfer' ? [request as SettleRequest] : []));
        assert.equal(settled?.arms.length, 6);
        const chunks = calls.flatMap(({ name, request }) => (name === 'trainChunk' ? [request as ChunkRequest] : []));
        const handed = new Map(chunks.map(({ bucket, source }) => [bucket, source?.kinds]));
        assert.deepEqual([...handed], [['Scalping', undefined], ['Short', ['weights']], ['Long', undefined]]); // prettier-ignore
        const registered = calls.flatMap(({ name, request }) => (name === 'registerVersion' ? [request as RegisterRequest] : []));
        assert.deepEqual(registered.map(({ source }) => source?.bucket), [undefined, 'Scalping', undefined]); // prettier-ignore
      },
    );
  });

  it('hands back only what helps, and ends', () =>
    withSequences(
      { settleTransfer: async (request) => ({ ...(await stubActivities().activities.settleTransfer(request)), ...(request.source.occasion === 'reverse' ? { verdict: { used: false, reason: 'no help was shown' } } : {}) }) }, // prettier-ignore
      async (sequences, instrument, calls) => {
        const id = await sequences.start(instrument, { ...asked, reverse: true });
        const { results } = await untilHolds(sequences, id, ({ phase }) => phase === 'done');
        const last = results.at(-1);
        assert.deepEqual([last?.bucket, last?.runId, last?.result.kind], ['Scalping', `${id}-Scalping-back`, 'skipped']);
        assert.match(last?.result.summary ?? '', /Short hands on nothing: no help was shown/);
        assert.equal(calls.filter(({ name }) => name === 'registerVersion').length, 2);
      },
    ));

  it('takes in a transfer for a bucket that has not begun, refuses it for one that has, and trains one bucket for it when nothing runs', () => {
    const { activities } = stubActivities();
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    return withSequences(
      {
        evaluateCandidate: async (request) => {
          if (request.bucket === 'Short') await released;
          return activities.evaluateCandidate(request);
        },
      },
      async (sequences, instrument) => {
        const from = { bucket: 'Scalping', version: 'v1' };
        const id = await sequences.start(instrument, { ...asked, buckets: [...asked.buckets, { bucket: 'Long' }] });
        await untilHolds(sequences, id, ({ bucket, runId }) => bucket === 'Short' && runId !== null);
        await until(async () => (await sequences.newest(instrument)) !== null); // lists follow
        await assert.rejects(sequences.transfer(instrument, { to: 'Short', from }), /Refused: Short is being trained as sequence-/);
        assert.equal(await sequences.transfer(instrument, { to: 'Long', from, kinds: ['horizons'] }), id);
        letGo();
        const { results } = await untilHolds(sequences, id, ({ phase }) => phase === 'done');
        assert.deepEqual(results[2]?.source, from);
        await until(async () => (await sequences.newest(instrument))?.isRunning === false);
        const own = await sequences.transfer(instrument, { to: 'Short', from: { bucket: 'Long', version: 'best_model' } });
        const alone = await untilHolds(sequences, own, ({ phase }) => phase === 'done');
        assert.deepEqual(alone.results.map(({ bucket, source }) => [bucket, source?.bucket]), [['Short', 'Long']]); // prettier-ignore
      },
    );
  });

  it('trains two buckets at once that start from nothing of one another, and lets the other end when one fails', () => {
    const { activities } = stubActivities();
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    let failures = 1;
    return withSequences(
      {
        evaluateCandidate: async (request) => {
          if (request.bucket === 'Scalping') await released;
          if (request.bucket === 'Short' && failures-- > 0) throw ApplicationFailure.nonRetryable('no window is clean', 'LeakedWindow');
          return activities.evaluateCandidate(request);
        },
      },
      async (sequences, instrument) => {
        const buckets = [...asked.buckets, { bucket: 'Long' }];
        const id = await sequences.start(instrument, { ...asked, buckets, transfer: false, parallel: 2 });
        const { underWay, failure } = await untilHolds(sequences, id, ({ phase }) => phase === 'failed');
        assert.deepEqual([underWay.map(({ bucket }) => bucket), failure?.bucket], [['Scalping'], 'Short']);
        letGo();
        await untilHolds(sequences, id, ({ results }) => results.length === 1);
        assert.equal(await sequences.resume(instrument), id);
        const { results } = await untilHolds(sequences, id, ({ phase }) => phase === 'done');
        const [first, ...rest] = results.map(({ runId, source }) => [runId, source]);
        assert.deepEqual(first, [`${id}-Scalping`, null]);
        assert.deepEqual(rest.sort(), [[`${id}-Long`, null], [`${id}-Short-2`, null]]); // prettier-ignore
      },
    );
  });

  it('ends every training when one of those at once is stopped by hand', () => {
    const { activities } = stubActivities();
    return withSequences(
      {
        evaluateCandidate: async (request) => {
          await delay(1_500);
          return activities.evaluateCandidate(request);
        },
      },
      async (sequences, instrument) => {
        const id = await sequences.start(instrument, { ...asked, transfer: false, parallel: 2 });
        await untilHolds(sequences, id, ({ underWay }) => underWay.length === 2);
        const { client } = await temporal();
        await client.workflow.getHandle(`${id}-Short`).signal(stopSignal);
        const { phase, results } = await client.workflow.getHandle<typeof progressiveSequence>(id).result();
        assert.deepEqual([phase, results], ['stopped', []]);
      },
    );
  });

  it('chooses the order by what transfers were measured to be worth before each bucket', () => {
    const gains = [{ from: 'Short', to: 'Scalping', gain: 0.1, transfers: 1 }, { from: 'Scalping', to: 'Short', gain: -0.1, transfers: 1 }]; // prettier-ignore
    return withSequences({ measuredGains: () => Promise.resolve(gains) }, async (sequences, instrument) => {
      const id = await sequences.start(instrument, { ...asked, curriculum: true });
      const { results } = await untilHolds(sequences, id, ({ phase }) => phase === 'done');
      assert.deepEqual(results.map(({ bucket, source }) => [bucket, source?.bucket]), [['Short', undefined], ['Scalping', 'Short']]); // prettier-ignore
      assert.match(results[1]?.because ?? '', /Short gained it \+10\.000 % of cash/);
    });
  });

  it('says that there is none', () =>
    withSequences({}, async (sequences, instrument) => {
      await assert.rejects(sequences.resume(instrument), /SequenceMissing: there is no sequence of/);
      await assert.rejects(sequences.tell(`sequence-${instrument}-000009`, 'pause'), /SequenceMissing: there is no sequence/);
    }));
});
