import assert from 'node:assert/strict';
import fc from 'fast-check';
import { promptOf } from '../../../src/domain/finetuning/chat-example.js';
import { fineTuningFiles } from '../../../src/domain/finetuning/export.js';
import { fineTuningSet } from '../../../src/domain/finetuning/fine-tuning-set.js';
import { createKnownThen } from '../../../src/domain/finetuning/known-then.js';
import type { AnnotatedTrade } from '../../../src/domain/finetuning/annotated-trade.js';

const START = Date.parse('2026-03-02T14:30:00Z');
const minute = (at: number): string => new Date(START + at * 60_000).toISOString();

/** A trade decided in a minute and closed some minutes later; every number differs from trade to trade. */
const trade = (at: number, changed: Partial<AnnotatedTrade> = {}): AnnotatedTrade => ({
  id: `t${String(at).padStart(4, '0')}`,
  instrument: 'ES',
  decidedAt: minute(at),
  closedAt: minute(at + 7),
  action: 0.75,
  side: 'BUY',
  trend: 'bullish',
  volatility: 0.15,
  confidence: 0.8,
  modelVersion: 'v1',
  pnl: 100 + at,
  durationSeconds: 420,
  value: 1,
  reasoning: words(at),
  lessons: [`lesson ${word(at)}`],
  annotatedAt: minute(at + 8),
  ...changed,
});

const word = (seed: number): string => seed.toString(26).replace(/\d/g, (digit) => 'klmnopqrst'[Number(digit)] ?? '');
const words = (seed: number): string => Array.from({ length: 20 }, (_, at) => word((seed + 1) * 7_919 + at * 104_729)).join(' ');

describe('a fine-tuning set', () => {
  it('tells in a prompt only what was known when the trade was decided: changing anything later changes no prompt', () => {
    const minutes = fc.integer({ min: 0, max: 60 });
    const any = fc.record({
      at: minutes,
      lasting: fc.integer({ min: 1, max: 40 }),
      explainedAfter: fc.integer({ min: 0, max: 80 }),
      pnl: fc.integer({ min: -500, max: 500 }),
    });
    const made = any.map(({ at, lasting, explainedAfter, pnl }) =>
      trade(at, { closedAt: minute(at + lasting), annotatedAt: minute(at + explainedAfter), pnl }),
    );
    const promptAt = (trades: readonly AnnotatedTrade[], one: AnnotatedTrade): string =>
      JSON.stringify(promptOf(one, createKnownThen(trades)(one.decidedAt)));
    fc.assert(
      fc.property(
        fc.array(made, { minLength: 1, maxLength: 30 }),
        fc.nat(),
        minutes,
        fc.integer({ min: -900, max: 900 }),
        (found, pick, shift, pnl) => {
          const trades = found.map((one, at) => ({ ...one, id: `${one.id}-${at}` }));
          const row = trades[pick % trades.length]!;
          const moment = row.decidedAt;
          const later = (written: string): string => (written >= moment ? minute(200 + shift) : written);
          const outcome = { pnl, durationSeconds: shift * 60, value: null, reasoning: 'changed' };
          const mutated = trades.flatMap((one) => {
            if (one.decidedAt >= moment && one !== row) return [trade(300 + shift, { id: one.id, ...outcome, lessons: ['other'] })];
            if (one.closedAt >= moment || one === row)
              return [{ ...one, ...outcome, closedAt: later(one.closedAt), annotatedAt: later(one.annotatedAt), lessons: ['other'] }];
            return [one.annotatedAt >= moment ? { ...one, reasoning: 'changed', lessons: ['other'], annotatedAt: minute(200) } : one];
          });
          const changed = mutated.find(({ id }) => id === row.id)!;
          assert.equal(promptAt([...mutated, trade(400)], changed), promptAt(trades, row));
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });

  it('shows the trades closed and the lessons drawn before, newest first, and neither from another instrument', () => {
    const [first, second] = [trade(0, { lessons: ['wait'] }), trade(3, { pnl: -40, annotatedAt: minute(60) })];
    const { training } = fineTuningSet([first, second, trade(1, { instrument: 'NQ' }), trade(30), trade(60), trade(70)]);
    const prompt = training.find(({ id }) => id === 't0030')?.example.messages[1]?.content ?? '';
    assert.match(
      prompt,
      /newest first:\n- BUY at \S+33:00\.000Z lost 40\.00 in 7 minutes\n- BUY at \S+30:00\.000Z made 100\.00 in 7 minutes\nLessons drawn before:\n- wait\nTake/,
    );
  });

  it('teaches to take what was of high value and to stay out of what failed, and leaves out what is neither', () => {
    const { training, heldOut, counts } = fineTuningSet([
      trade(0),
      trade(20, { pnl: -5, value: -1 }),
      trade(40, { value: 0.2 }),
      trade(60, { pnl: 0 }),
      trade(90),
    ]);
    const answers = [...training, ...heldOut].map(({ id, example }) => [
      id,
      (JSON.parse(example.messages.at(-1)!.content) as { decision: string }).decision,
    ]);
    assert.deepEqual(answers, [
      ['t0000', 'take'],
      ['t0020', 'stay_out'],
      ['t0090', 'take'],
    ]);
    assert.deepEqual([counts.annotated, counts.highValue, counts.failed], [5, 2, 1]);
  });

  it('keeps the oldest of examples that differ in less than a fifth of their word sequences, and both of opposite answers', () => {
    const same = { reasoning: words(1), lessons: ['wait for the turn'] };
    const set = fineTuningSet([
      trade(0, same),
      trade(20, { ...same, volatility: 0.1501, action: 0.7499 }),
      trade(40, { ...same, reasoning: `${words(1)} indeed` }),
      trade(60, { ...same, reasoning: words(2) }),
      trade(80, { ...same, pnl: -9 }),
    ]);
    assert.deepEqual([...set.training, ...set.heldOut].map(({ id }) => id), ['t0000', 't0060', 't0080']); // prettier-ignore
    assert.equal(set.counts.duplicates, 2);
  });

  it('holds out the newest fifth by time and purges what was closed only after its begin', () => {
    const trades = Array.from({ length: 50 }, (_, at) => trade(at));
    const { training, heldOut, heldOutFrom, counts } = fineTuningSet(trades.toReversed());
    assert.deepEqual([heldOut.length, heldOutFrom, counts.purged, training.length], [10, minute(40), 7, 33]);
    assert.ok(training.every(({ decidedAt }) => Date.parse(decidedAt) + 7 * 60_000 < START + 40 * 60_000));
    const together = fineTuningSet(trades.map((one, at) => (at < 38 ? one : { ...one, decidedAt: minute(38), closedAt: minute(50) })));
    assert.equal(together.heldOut.length, 12, 'what was decided at one moment is on one side');
  });

  it('is the same in both forms, one conversation a line', () => {
    const set = fineTuningSet(Array.from({ length: 10 }, (_, at) => trade(at * 20)));
    const files = new Map(fineTuningFiles(set, '2026-03-02').map(({ name, content }) => [name, content]));
    assert.deepEqual(
      [...files.keys()],
      [
        'deepseek_training_20260302.json',
        'deepseek_training_20260302.jsonl',
        'deepseek_heldout_20260302.json',
        'deepseek_heldout_20260302.jsonl',
      ],
    );
    const list: unknown = JSON.parse(files.get('deepseek_training_20260302.json') ?? '');
    const lines = (files.get('deepseek_training_20260302.jsonl') ?? '').trimEnd().split('\n');
    assert.deepEqual(lines.map((line): unknown => JSON.parse(line)), list); // prettier-ignore
    assert.equal(lines.length, 8);
  });

  it('of nothing is empty', () => {
    const { training, heldOut, heldOutFrom } = fineTuningSet([]);
    assert.deepEqual([training, heldOut, heldOutFrom], [[], [], null]);
  });
});
