import assert from 'node:assert/strict';
import { cleanSessions, firstCleanBar, LeakedWindow } from '../../../src/domain/lineage/clean-sessions.js';
import { ownSources } from '../../../src/domain/lineage/own-sources.js';
import { splitDataset } from '../../../src/domain/market/split.js';

const MINUTE = 60_000;
const START = Date.parse('2026-01-05T14:30:00.000Z');
const PER_SESSION = 10;
const session = Int32Array.from({ length: 200 }, (_, bar) => Math.floor(bar / PER_SESSION));
/** Twenty sessions of ten one-minute bars, without a break between them. */
const bars = {
  instrument: 'ES',
  length: session.length,
  session,
  closeTime: Float64Array.from(session, (_, bar) => START + (bar + 1) * MINUTE),
};
const sessions = Array.from({ length: 20 }, (_, i) => ({ from: i * PER_SESSION, to: (i + 1) * PER_SESSION }));
const close = (bar: number): string => new Date(bars.closeTime[bar]!).toISOString();
/** What a run learned from that trained on the bars before `to`. */
const trainedBefore = (to: number, purgeBars = 5) =>
  ownSources({ id: 'd'.repeat(64), trainedTo: close(to - 1), purgeBars, frequencyMs: MINUTE });

describe('cleanSessions', () => {
  it('leaves out sessions that begin before the horizon and the embargo, and says which and why', () => {
    const { sessions: clean, refused } = cleanSessions(bars, sessions.slice(10), 5 * MINUTE, trainedBefore(150));
    assert.deepEqual(clean, sessions.slice(16));
    assert.equal(refused?.count, 6);
    assert.match(refused.reason, /dataset dddddddddddd was learned from up to 2026-01-05T17:00:00.000Z/);
  });

  it('keeps a session that begins as many unused bars after the training as the purge has, and none that begins one bar earlier', () => {
    const kept = (purge: number) => cleanSessions(bars, sessions, 0, trainedBefore(150, purge)).sessions[0]!.from;
    assert.equal(kept(0), 150);
    assert.equal(kept(10), 160);
    assert.equal(kept(11), 170);
  });

  it('keeps everything when nothing was learned from, and throws when nothing is clean', () => {
    assert.deepEqual(cleanSessions(bars, sessions, 0, []), { sessions });
    assert.throws(() => cleanSessions(bars, sessions, 0, trainedBefore(200)), LeakedWindow);
  });

  it('agrees with every split on what the run itself learned from', () => {
    for (let purge = 0; purge < 30; purge++) {
      const split = splitDataset(bars, { evaluationFraction: 0.2, evaluationEpisodes: 4 }, purge);
      const held = sessions.filter(({ from }) => from >= split.evaluation.from);
      const { refused } = cleanSessions(bars, held, purge * MINUTE, trainedBefore(split.training.to, purge));
      assert.equal(refused, undefined, `purge ${purge}`);
    }
  });
});

describe('holding out what production has not learned from', () => {
  const rule = { evaluationFraction: 0.4, evaluationEpisodes: 4 };
  const split = (trainedTo: number) => splitDataset(bars, rule, 5, firstCleanBar(bars, 5 * MINUTE, trainedBefore(trainedTo)));
  const ordinary = splitDataset(bars, rule, 5);

  it('changes nothing while all of the newest sessions are clean', () => assert.deepEqual(split(110), ordinary));

  it('holds out fewer sessions, down to those that can prove something, and trains on the ones that production has seen', () => {
    assert.deepEqual(split(130).evaluation, { from: 140, to: 200 });
    assert.deepEqual(split(150), { training: { from: 0, to: 150 }, evaluation: { from: 160, to: 200 }, purgeBars: 5 });
  });

  it('holds out as many as ever when too few are clean, so that a run from scratch can be judged', () => {
    assert.deepEqual(split(160), ordinary);
    assert.deepEqual(split(200), ordinary);
  });
});
