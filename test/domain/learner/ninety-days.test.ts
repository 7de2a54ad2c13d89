import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { CalendarConfig } from '../../../src/config/sections/calendar.js';
import { readCalendars } from '../../../src/config/read-files.js';
import type { BlackoutSettings } from '../../../src/domain/learner/blackout.js';
import type { LedgerEntry } from '../../../src/domain/learner/ledger.js';
import { findBlackouts } from '../../../src/market/blackouts.js';
import { shippedCalendar } from '../../support/market/calendars.js';
import { faultRounds } from '../../support/loops/fault-rounds.js';
import { quickSettings } from '../../support/loops/learners.js';
import { predictLedger, type PredictedEntry } from '../../support/loops/predicted-ledger.js';
import { liveVirtually, type LearnerEvent } from '../../support/loops/virtual-learner.js';

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;
const HOUR = 60 * MINUTE;
const DAYS = 90;

/** Over the regular sessions of New York, nightly hours of London, and Sunday mornings in which a clock change lies. */
const blackout: BlackoutSettings = {
  sessions: 'regular',
  windows: [
    { days: [1, 2, 3, 4], from: '22:00', to: '02:00', zone: 'Europe/London' },
    { days: [7], from: '01:30', to: '02:30', zone: null },
  ],
  running: 'finish',
};

/** What a wall clock says of each half hour, which holds all edges: it is critical, or not. Independent of how blackouts are worked out. */
const criticalHalfHours = (fromMs: number, { closed, early }: Pick<CalendarConfig, 'closed' | 'early'>): boolean[] =>
  Array.from({ length: DAYS * 48 }, (_, half) => {
    const ms = fromMs + half * HALF_HOUR;
    const there = DateTime.fromMillis(ms, { zone: 'America/New_York' });
    const clock = there.toFormat('HH:mm');
    const date = there.toFormat('yyyy-MM-dd');
    const inSession = there.weekday <= 5 && !closed.includes(date) && clock >= '09:30' && clock < (early[date] ?? '16:00');
    const { hour, weekday } = DateTime.fromMillis(ms, { zone: 'Europe/London' });
    const atNight = (hour >= 22 && weekday <= 4) || (hour < 2 && weekday >= 2 && weekday <= 5);
    const isRepeated = there.offset < there.startOf('day').offset && clock < '02:00'; // the hour that comes twice lies within the window
    const onSunday = there.weekday === 7 && (isRepeated || (clock >= '01:30' && clock < '02:30'));
    return inSession || atNight || onSunday;
  });

const fateOf = ({ trigger, at, outcome }: LedgerEntry): PredictedEntry => ({
  trigger,
  atMs: Date.parse(at),
  fate:
    outcome.kind === 'actedOn'
      ? `run ${Number(outcome.run.slice(-6))}`
      : outcome.kind === 'mergedInto'
        ? `into ${outcome.trigger}`
        : outcome.kind,
});

/** Ticks of the two schedules: each 24 hours, and Saturdays at three by New York's clock. */
const ticks = (fromMs: number): LearnerEvent[] =>
  Array.from({ length: DAYS }, (_, day): LearnerEvent[] => {
    const daily: LearnerEvent = { atMs: fromMs + day * 24 * HOUR, kind: 'notice', trigger: 'schedule' };
    const there = DateTime.fromMillis(daily.atMs, { zone: 'America/New_York' }).set({ hour: 3, minute: 0 });
    return there.weekday === 6 && there.toMillis() >= fromMs ? [daily, { ...daily, atMs: there.toMillis() }] : [daily];
  }).flat();

const minutes = fc.integer({ min: 0, max: DAYS * 1_440 - 1 });
const happenings = fc.record({
  bursts: fc.array(fc.tuple(minutes, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 })), { maxLength: 60 }),
  experiences: fc.array(fc.tuple(minutes, fc.integer({ min: 1, max: 600 })), { maxLength: 200 }),
  drifts: fc.array(minutes, { maxLength: 12 }),
  health: fc.array(minutes, { maxLength: 4 }),
  asked: fc.array(minutes, { maxLength: 10 }),
  measured: fc.array(fc.tuple(minutes, fc.constantFrom(-0.2, -0.101, -0.1, 0.05)), { maxLength: 40 }),
  lengths: fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 12 }),
  queueOnCompletion: fc.boolean(),
  minFiles: fc.integer({ min: 1, max: 3 }),
  intervalHours: fc.constantFrom(0, 6, 24),
});

/** A health notice that is dropped when as many experiences are fresh as ask for a training, but too few were ever lived: it must not forget them. */
const dropsHealthAmongExperiences: Happenings = {
  bursts: [],
  experiences: [
    [1, 442],
    [2, 500],
    [1, 558],
  ],
  drifts: [],
  health: [1],
  asked: [],
  measured: [],
  lengths: [2],
  queueOnCompletion: false,
  minFiles: 1,
  intervalHours: 0,
};

type Happenings = typeof happenings extends fc.Arbitrary<infer Value> ? Value : never;

const eventsOf = (fromMs: number, { bursts, experiences, drifts, health, asked, measured }: Happenings): LearnerEvent[] => {
  const at = (minute: number): number => fromMs + minute * MINUTE;
  const events: LearnerEvent[] = [
    ...ticks(fromMs),
    ...bursts.flatMap(([minute, count, apart]) =>
      Array.from({ length: count }, (_, file): LearnerEvent => ({ atMs: at(minute + file * apart), kind: 'file' })),
    ),
    ...experiences.map(([minute, count]): LearnerEvent => ({ atMs: at(minute), kind: 'experiences', count })),
    ...drifts.map((minute): LearnerEvent => ({ atMs: at(minute), kind: 'notice', trigger: 'drift' })),
    ...health.map((minute): LearnerEvent => ({ atMs: at(minute), kind: 'notice', trigger: 'health' })),
    ...measured.map(([minute, netReturn]): LearnerEvent => ({ atMs: at(minute), kind: 'measured', netReturn })),
    ...asked.map((minute): LearnerEvent => ({ atMs: at(minute), kind: 'manual' })),
  ];
  return events.filter(({ atMs }) => atMs < fromMs + DAYS * 24 * HOUR).toSorted((one, other) => one.atMs - other.atMs);
};

describe('ninety days of a learner', () => {
  for (const first of ['2026-02-15', '2026-09-20'])
    it(`from ${first}, with holidays and changes of the clock, end every trigger as the rules say`, async () => {
      const config = (await readCalendars()).get('us-equity')!;
      const fromMs = DateTime.fromISO(first, { zone: 'UTC' }).toMillis();
      const toMs = fromMs + DAYS * 24 * HOUR;
      const blackouts = findBlackouts(blackout, await shippedCalendar('us-equity'), fromMs, toMs);
      const critical = criticalHalfHours(fromMs, config);
      let triggers = 0;
      fc.assert(
        fc.property(happenings, (drawn) => {
          const settings = {
            ...quickSettings,
            blackout,
            quietMs: 5 * MINUTE,
            maxWaitMs: 30 * MINUTE,
            minFiles: drawn.minFiles,
            queueOnCompletion: drawn.queueOnCompletion,
            intervalMs: drawn.intervalHours * HOUR,
            retrainFrequency: 1_000,
            minExperiences: 1_500,
            performanceThreshold: -0.1,
            expirationMs: 30 * HOUR,
          };
          const trainingMs = (cycle: number): number => drawn.lengths[cycle % drawn.lengths.length]! * MINUTE;
          const world = { fromMs, toMs, settings, blackouts, trainingMs, events: eventsOf(fromMs, drawn) };
          const predicted = predictLedger(world, (ms) => critical[Math.floor((ms - fromMs) / HALF_HOUR)]!);
          assert.deepEqual(liveVirtually(world).map(fateOf), predicted);
          triggers += predicted.length;
        }),
        { numRuns: faultRounds({ short: 5, long: 1_000 }).length, examples: [[dropsHealthAmongExperiences]] },
      );
      assert.ok(triggers > 300, `${triggers} triggers were compared`);
    }).timeout(600_000); // a thousand worlds take a minute on a free machine
});
