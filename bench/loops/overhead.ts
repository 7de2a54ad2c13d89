import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { trainingRunId } from '../../src/domain/ids.js';
import { dataArrivedSignal } from '../../src/workflows/messages/learner-messages.js';
import { closeAfterAllTests } from '../../test/support/hooks.js';
import { dataFile, until, withLearner } from '../../test/support/loops/learners.js';
import { stubActivities } from '../../test/support/loops/stubbed-activities.js';
import { temporal } from '../../test/support/services/temporal.js';
import { withWorkers } from '../../test/support/services/workers.js';
import type { Bench, Figure } from '../figure.js';

/** Share of a training's time that orchestration may take. */
const MOST = 0.01;

/**
 * A training in three chunks that take `--seconds` (120) together, everything else being instant: the share of its time in which no activity ran, by
 * the server's own stamps.
 */
export const overhead: Bench = async (flags) => {
  const { values } = parseArgs({ args: [...flags], options: { seconds: { type: 'string', default: '120' } } });
  const environment = await temporal();
  const { activities: plain } = stubActivities();
  const { activities } = stubActivities({
    async trainChunk(request) {
      await delay((Number(values.seconds) * 1_000) / 3);
      return plain.trainChunk(request);
    },
  });
  try {
    return await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await delay(Number(values.seconds) * 1_000);
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        const history = await environment.client.workflow.getHandle(trainingRunId(instrument, 1)).fetchHistory();
        return figuresOf(history);
      }),
    );
  } finally {
    await closeAfterAllTests();
  }
};

type History = ReturnType<typeof historyFromJSON>;

const figuresOf = ({ events }: History): Figure[] => {
  const all = events ?? [];
  const timeOf = (event: (typeof all)[number] | undefined): number =>
    Number(event?.eventTime?.seconds ?? 0) + (event?.eventTime?.nanos ?? 0) / 1e9;
  const byId = new Map(all.map((event) => [String(event.eventId), event]));
  const busy = all.reduce((sum, event) => {
    const started = event.activityTaskCompletedEventAttributes?.startedEventId;
    return started === null || started === undefined ? sum : sum + timeOf(event) - timeOf(byId.get(String(started)));
  }, 0);
  const whole = timeOf(all.at(-1)) - timeOf(all[0]);
  const share = (whole - busy) / whole;
  return [
    { figure: 'share of a training that is orchestration', value: share, unit: '', limit: MOST, ratio: MOST / share },
    { figure: 'orchestration of a training', value: whole - busy, unit: 's', limit: MOST * whole, ratio: (MOST * whole) / (whole - busy) },
  ];
};
