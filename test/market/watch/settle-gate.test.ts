import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observeFile, sameSight } from '../../../src/market/watch/settle-gate.js';
import type { FileSight, GateState } from '../../../src/market/watch/settle-gate.js';

const SETTLE = 30_000;
const sight = (bytes: number, modifiedMs = 0, lastByte: number | null = 0x0a): FileSight => ({
  bytes,
  modifiedMs,
  changedMs: modifiedMs,
  inode: 1,
  lastByte,
});

describe('the settle gate', () => {
  it('waits for the whole settling time after a file is first seen, however old it is', () => {
    const { state, verdict } = observeFile(null, sight(10), 1_000_000, SETTLE);
    assert.deepEqual(verdict, { kind: 'wait', forMs: SETTLE });
    assert.deepEqual(observeFile(state, sight(10), 1_000_000 + SETTLE - 1, SETTLE).verdict, { kind: 'wait', forMs: 1 });
    assert.deepEqual(observeFile(state, sight(10), 1_000_000 + SETTLE, SETTLE).verdict, { kind: 'finished' });
  });

  it('begins again when size, time or the file itself changes', () => {
    const { state } = observeFile(null, sight(10), 0, SETTLE);
    for (const changed of [sight(11), sight(10, 5), { ...sight(10), inode: 2 }]) {
      assert.deepEqual(observeFile(state, changed, SETTLE, SETTLE).verdict, { kind: 'wait', forMs: SETTLE });
    }
  });

  it('gives a last line without an end, and an empty file, 15 times as long', () => {
    for (const [lastByte, kind] of [
      [0x39, 'finished'],
      [null, 'empty'],
    ] as const) {
      const file = sight(lastByte === null ? 0 : 10, 0, lastByte);
      const { state } = observeFile(null, file, 0, SETTLE);
      assert.equal(observeFile(state, file, 15 * SETTLE - 1, SETTLE).verdict.kind, 'wait');
      assert.equal(observeFile(state, file, 15 * SETTLE, SETTLE).verdict.kind, kind);
    }
  });

  it('lets no partial bar through in 1,000 random schedules of writing, and always the whole file in the end', () => {
    const line = '20240102 000100;1;2;0.5;1;10\n';
    const write = fc.record({
      bytes: fc.integer({ min: 1, max: 200 }),
      pauseMs: fc.integer({ min: 0, max: 120_000 }),
      restart: fc.integer({ max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 40 }), (writes) => {
        const content = line.repeat(100);
        const file = { text: '', modifiedMs: 0 };
        const passed: string[] = [];
        let now = 0;
        let state: GateState | null = null;
        let reported: FileSight | null = null;
        const look = (): FileSight =>
          sight(file.text.length, file.modifiedMs, file.text === '' ? null : file.text.charCodeAt(file.text.length - 1));
        const watchUntil = (time: number): void => {
          for (; now < time; now += 1_000) {
            const seen = look();
            if (reported !== null && sameSight(reported, seen)) continue;
            const result = observeFile(state, seen, now, SETTLE);
            state = result.state;
            if (result.verdict.kind !== 'finished') continue;
            assert.ok(file.text.endsWith('\n') || now - file.modifiedMs >= 15 * SETTLE - 1_000, 'a line was cut');
            passed.push(file.text);
            reported = seen;
          }
        };
        for (const { bytes, pauseMs, restart } of writes) {
          file.text = content.slice(0, (restart === 0 ? 0 : file.text.length) + bytes);
          file.modifiedMs = now;
          watchUntil(now + pauseMs);
        }
        watchUntil(now + 16 * SETTLE);
        assert.equal(passed.at(-1), file.text);
      }),
      { numRuns: 1_000 },
    );
  });
});
