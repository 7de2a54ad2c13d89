import assert from 'node:assert/strict';
import {
  beginBucket,
  bucketRunId,
  failBucket,
  finishBucket,
  newSequence,
  nextBucket,
  refuseTransfer,
  requestTransfer,
  restOf,
  sequenceFrom,
  sequenceProgress,
  type FailedBucket,
  type Sequence,
} from '../../../src/domain/sequence/sequence.js';
import type { TrainingResult } from '../../../src/domain/training/training-run.js';

const asked = { buckets: [{ bucket: 'Scalping' }, { bucket: 'Short', episodes: 5 }, { bucket: 'Long' }], transfer: true, pauseMs: 0 };

const decided = (version: string, verdict: 'PROMOTE' | 'REJECT' = 'PROMOTE'): TrainingResult => ({
  kind: 'decided',
  runId: `run of ${version}`,
  version,
  verdict,
  installedAs: null,
  live: null,
  sharpe: 1,
  summary: 'judged',
});
const skipped: TrainingResult = { kind: 'skipped', runId: 'skipped', summary: 'needs more bars' };

/** Trains the next bucket to an end. */
const after = (sequence: Sequence, result: TrainingResult): Sequence => {
  const plan = nextBucket(sequence);
  assert.ok(plan);
  return finishBucket(beginBucket(sequence, plan.bucket), plan, result);
};

const failureOf = (bucket: string): FailedBucket => ({ bucket, runId: 'r', type: 'Diverged', message: 'NaN', advice: 'none' });

describe('a sequence', () => {
  const fresh = newSequence('ES', 1, asked);

  it('trains its buckets in order, each with its own settings, to the end', () => {
    let sequence = fresh;
    const trained: unknown[] = [];
    for (let plan = nextBucket(sequence); plan !== null; plan = nextBucket(sequence)) {
      trained.push([plan.bucket, plan.episodes]);
      sequence = after(sequence, skipped);
    }
    assert.deepEqual(trained, [
      ['Scalping', undefined],
      ['Short', 5],
      ['Long', undefined],
    ]);
    assert.deepEqual([sequenceProgress(sequence).phase, sequenceProgress(sequence).bucket], ['done', null]);
  });

  it('hands on the newest version to the next bucket, whatever the gate said of it, past buckets that were skipped', () => {
    const first = after(fresh, decided('v1', 'REJECT'));
    assert.deepEqual(nextBucket(first)?.source, { bucket: 'Scalping', version: 'v1' });
    assert.deepEqual(nextBucket(after(first, skipped))?.source, { bucket: 'Scalping', version: 'v1' });
    assert.deepEqual(nextBucket(after(first, decided('v7')))?.source, { bucket: 'Short', version: 'v7' });
  });

  it('starts its first bucket from what was named, and none from another one without transfer', () => {
    const from = { bucket: 'Medium', version: 'best_model' };
    assert.deepEqual(nextBucket(newSequence('ES', 1, { ...asked, from }))?.source, from);
    assert.equal(nextBucket(fresh)?.source, null);
    const plain = newSequence('ES', 1, { ...asked, transfer: false, from });
    assert.equal(nextBucket(after(plain, decided('v1')))?.source, null);
  });

  it('names each attempt at a bucket, and none like a sequence', () => {
    const once = beginBucket(fresh, 'Scalping');
    const failed = failBucket(once, { bucket: 'Scalping', source: null }, failureOf('Scalping'));
    assert.deepEqual([sequenceProgress(failed).phase, sequenceProgress(failed).bucket], ['failed', 'Scalping']);
    const again = beginBucket({ ...failed, failures: [] }, 'Scalping');
    assert.deepEqual(
      [once, failed, again].map((sequence) => sequenceProgress(sequence).runId),
      ['sequence-ES-000001-Scalping', 'sequence-ES-000001-Scalping', 'sequence-ES-000001-Scalping-2'],
    );
    const ended = finishBucket(again, { bucket: 'Scalping', source: null }, decided('v1'));
    assert.equal(bucketRunId(beginBucket(ended, 'Short'), 'Short'), 'sequence-ES-000001-Short', 'attempts are counted by bucket');
  });

  it('goes on as it was begun by an earlier version, which counted the attempts at the next bucket alone', () => {
    assert.deepEqual(sequenceFrom({ ...fresh, attempts: 0 }), fresh);
  });

  it('is stopped by a run that was stopped, and keeps what is done', () => {
    const stopped = after(after(fresh, decided('v1')), { kind: 'stopped', runId: 'x', summary: 'by hand' });
    const { phase, bucket, results } = sequenceProgress(stopped);
    assert.deepEqual([phase, bucket, results.length], ['stopped', 'Short', 1]);
  });
});

describe('a sequence that hands back', () => {
  const fresh = newSequence('ES', 1, { ...asked, reverse: true });

  it('trains its buckets once more after the last, backwards, with the newest version of another one', () => {
    const forward = after(after(after(fresh, decided('v1')), decided('v2')), decided('v3'));
    const medium = nextBucket(forward);
    assert.deepEqual(medium, { bucket: 'Short', episodes: 5, source: { bucket: 'Long', version: 'v3' }, occasion: 'reverse' });
    assert.equal(sequenceProgress(beginBucket(forward, 'Short')).runId, 'sequence-ES-000001-Short-back');
    const refused = after(forward, skipped);
    assert.deepEqual(nextBucket(refused)?.source, { bucket: 'Long', version: 'v3' });
    const taken = after(forward, decided('v4'));
    assert.deepEqual(nextBucket(taken), { bucket: 'Scalping', source: { bucket: 'Short', version: 'v4' }, occasion: 'reverse' });
    const ended = after(taken, skipped);
    assert.equal(sequenceProgress(ended).phase, 'comparing');
    assert.equal(sequenceProgress({ ...ended, across: null }).phase, 'done');
  });

  it('has nothing to hand back where nothing was registered', () => {
    assert.equal(sequenceProgress(after(after(after(fresh, skipped), skipped), skipped)).phase, 'done');
  });
});

describe('a sequence that hands nothing on', () => {
  const two = newSequence('ES', 1, { ...asked, transfer: false, parallel: 2 });

  it('trains as many buckets at once as it may, and begins the next when one ends, whichever it is', () => {
    const full = ['Scalping', 'Short'].reduce((sequence, bucket) => {
      assert.equal(nextBucket(sequence)?.bucket, bucket);
      return beginBucket(sequence, bucket);
    }, two);
    assert.equal(nextBucket(full), null);
    const freed = finishBucket(full, { bucket: 'Short', source: null }, decided('v1'));
    assert.deepEqual(nextBucket(freed), { bucket: 'Long', source: null });
    assert.deepEqual(sequenceProgress(freed).underWay, [{ bucket: 'Scalping', runId: 'sequence-ES-000001-Scalping' }]);
    const last = finishBucket(beginBucket(freed, 'Long'), { bucket: 'Long', source: null }, skipped);
    assert.deepEqual([nextBucket(last), sequenceProgress(last).phase], [null, 'training'], 'Scalping is still being trained');
    assert.deepEqual(restOf(sequenceProgress({ ...last, underWay: [] }))?.buckets, [{ bucket: 'Scalping' }]);
  });

  it('trains one at a time where each starts from the one before', () => {
    const chained = newSequence('ES', 1, { ...asked, parallel: 2 });
    assert.equal(nextBucket(beginBucket(chained, 'Scalping')), null);
  });
});

describe('a sequence that chooses its order', () => {
  it('starts each bucket from the one that was measured to help it most, and says why', () => {
    const gains = [
      { from: 'Long', to: 'Scalping', gain: 0.02, transfers: 2 },
      { from: 'Long', to: 'Short', gain: 0.01, transfers: 1 },
      ...['Scalping', 'Short'].flatMap((from) =>
        ['Scalping', 'Short', 'Long'].filter((to) => to !== from).map((to) => ({ from, to, gain: -0.01, transfers: 1 })),
      ),
    ];
    const first = { ...newSequence('ES', 1, { ...asked, curriculum: true }), gains };
    assert.deepEqual([nextBucket(first)?.bucket, nextBucket(first)?.source], ['Long', null]);
    const second = after(first, decided('v1'));
    const third = after(second, decided('v2'));
    assert.deepEqual(nextBucket(second), {
      bucket: 'Scalping',
      source: { bucket: 'Long', version: 'v1' },
      because: 'Long gained it +2.000 % of cash in 2 measured transfers',
    });
    assert.deepEqual(
      [nextBucket(third)?.bucket, nextBucket(third)?.episodes, nextBucket(third)?.source],
      ['Short', 5, { bucket: 'Long', version: 'v1' }],
    );
    assert.deepEqual(third.results.map(({ because }) => because?.slice(0, 13)), ['none is traine', 'Long gained it'].map((text) => text.slice(0, 13))); // prettier-ignore
  });
});

describe('a curriculum that was ended', () => {
  const gains = [{ from: 'Scalping', to: 'Long', gain: 0.02, transfers: 1 }, { from: 'Short', to: 'Long', gain: 0.01, transfers: 1 }]; // prettier-ignore
  const two = [decided('v1'), decided('v2')].reduce<Sequence>(
    (sequence, result, i) => finishBucket(sequence, { bucket: ['Scalping', 'Short'][i] ?? '', source: null }, result),
    newSequence('ES', 1, { ...asked, curriculum: true }),
  );

  it('goes on with all that it has trained to start from', () => {
    const rest = restOf(sequenceProgress({ ...two, stopping: true }));
    assert.ok(rest);
    assert.deepEqual(nextBucket({ ...newSequence('ES', 2, rest), gains })?.source, { bucket: 'Scalping', version: 'v1' });
  });

  it('tries the bucket that failed again, though others would gain more by now', () => {
    const fresh = { ...newSequence('ES', 1, { ...asked, curriculum: true }), gains };
    const failed = failBucket(beginBucket(fresh, 'Long'), { bucket: 'Long', source: null }, failureOf('Long'));
    assert.equal(nextBucket({ ...failed, failures: [] })?.bucket, 'Long');
  });

  it('gives no reason of its own for a transfer that was asked for', () => {
    const wanted = requestTransfer({ ...two, gains }, { to: 'Long', from: { bucket: 'Short', version: 'v9' } });
    assert.deepEqual([nextBucket(wanted)?.source?.version, nextBucket(wanted)?.because], ['v9', 'its transfer was asked for']);
  });
});

describe('a transfer that is asked for', () => {
  const request = { to: 'Long', from: { bucket: 'Scalping', version: 'best_model' }, kinds: ['horizons'] } as const;
  const begun = beginBucket(after(newSequence('ES', 1, asked), decided('v1')), 'Short');

  it('takes the place of the usual one of its bucket, the last one asked for', () => {
    const twice = requestTransfer(requestTransfer(begun, { ...request, kinds: ['weights'] }), request);
    const ended = finishBucket(twice, { bucket: 'Short', source: null }, decided('v2'));
    assert.deepEqual(nextBucket(ended), {
      bucket: 'Long',
      source: request.from,
      occasion: 'requested',
      kinds: ['horizons'],
    });
  });

  for (const [to, from, reason] of [
    ['Long', 'Scalping', null],
    ['Short', 'Scalping', 'Short is being trained as sequence-ES-000001-Short: ask again when that has ended'],
    ['Scalping', 'Short', 'sequence-ES-000001 has trained Scalping already: ask again when the sequence has ended'],
    ['Medium', 'Short', 'Medium is no bucket of sequence-ES-000001: expected one of Scalping, Short, Long'],
    ['Long', 'Long', 'Long cannot hand on to itself: expected another bucket to start from'],
  ] as const)
    it(`from ${from} to ${to} is ${reason === null ? 'taken in' : `refused: ${reason}`}`, () => {
      assert.equal(refuseTransfer(begun, { to, from: { bucket: from, version: 'best_model' } }), reason);
    });

  it('is taken in by a bucket that failed and waits', () => {
    const failed = failBucket(begun, { bucket: 'Short', source: null }, failureOf('Short'));
    assert.equal(refuseTransfer(failed, { ...request, to: 'Short' }), null);
  });
});

describe('what is left of a sequence', () => {
  const twoDone = sequenceProgress(after(after(newSequence('ES', 1, asked), decided('v1')), decided('v2')));

  it('is what was not trained, starting from the newest version', () => {
    assert.deepEqual(restOf(twoDone), {
      buckets: [{ bucket: 'Long' }],
      transfer: true,
      pauseMs: 0,
      from: { bucket: 'Short', version: 'v2' },
    });
  });

  it('begins at a named bucket, with what the ones before it learned', () => {
    const rest = restOf(twoDone, ['Short']);
    assert.deepEqual([rest?.buckets.map(({ bucket }) => bucket), rest?.from], [['Short', 'Long'], { bucket: 'Scalping', version: 'v1' }]);
    assert.equal(restOf(twoDone, ['Scalping'])?.from, null);
    assert.deepEqual(restOf(twoDone, ['Long', 'Short']), rest, 'the first in the order of the sequence');
  });

  it('is nothing when all are trained or the bucket is not one of it', () => {
    assert.equal(restOf(twoDone, ['Medium']), null);
    assert.equal(restOf({ ...twoDone, results: [...twoDone.results, ...twoDone.results.slice(0, 1)] }), null);
  });
});
