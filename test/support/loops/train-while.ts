import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { waitForTraining } from '../../../src/client/watch-progress.js';
import { childProcesses } from '../services/child-processes.js';
import { startService, type Service, type ServiceEnvironment } from '../services/services.js';
import { smallRatchet, writeSimulatedExports, type SmallRatchet } from '../services/small-ratchet.js';
import { until } from '../until.js';

/** The services of a training; a disturbance may replace them, and add others that are stopped at the end. */
export interface TrainingServices {
  orchestration: Service;
  trainer: Service;
  others: Service[];
}

/** Something that happens while a training runs. */
export type Disturbance = (services: TrainingServices, ratchet: SmallRatchet) => Promise<void>;

export interface TrainWhileOptions {
  readonly databaseUrl?: string;
  /** Changes the environment of the trainer's first service. */
  readonly trainer?: (environment: ServiceEnvironment) => Promise<ServiceEnvironment>;
  /** The run that is waited for is the one after this; the first unless given. */
  readonly after?: string;
}

/** What came of a training: the hash of the registered weights, how often an attempt began, and the failures of attempts that others followed. */
export interface Trained {
  readonly weightsHash: string;
  readonly epoch: number;
  readonly failures: readonly string[];
}

/** Trains from exports to a decision while something happens. */
export const trainWhile = async (
  disturb: Disturbance,
  { after, trainer: changed, ...database }: TrainWhileOptions = {},
): Promise<Trained> => {
  const ratchet = await smallRatchet({ training: { trainSteps: 8_000, chunkSteps: 4_000 }, ...database });
  const { environment } = ratchet;
  const [orchestration, cpu, trainer] = await Promise.all([
    startService('orchestration', environment),
    startService('cpu', environment),
    startService('trainer', (await changed?.(environment)) ?? environment),
  ]);
  const services: TrainingServices = { orchestration, trainer, others: [cpu] };
  const over = new AbortController();
  try {
    await ratchet.report(await writeSimulatedExports(ratchet.watched));
    const ended = waitForTraining(ratchet.learners, 'SIM', after ?? null, {
      everyMs: 200,
      signal: AbortSignal.any([over.signal, AbortSignal.timeout(600_000)]),
    });
    await Promise.all([disturb(services, ratchet), ended]);
    const { outcome } = await ended;
    assert.equal(outcome.kind, 'decided', outcome.summary);
    const [version] = await ratchet.registry.versions.list('SIM', 'default');
    const run = await ratchet.registry.runs.get(outcome.runId);
    assert.ok(version && run);
    return { weightsHash: version.weightsHash, epoch: run.epoch, failures: await ratchet.failuresOf(outcome.runId) };
  } finally {
    over.abort(); // whoever still waits for the training's end
    await Promise.all([services.orchestration, services.trainer, ...services.others].map((service) => service.stop()));
  }
};

/** From exports to a trainer at work, on a machine that has other things to do. */
const BEGUN_WITHIN_MS = 120_000;
/** Looking at every process of the machine costs. */
const LOOK_MS = 200;

/** The process that trains for a service, once there is one. */
export const trainerOf = async ({ process: { pid } }: Service): Promise<number> => {
  let found: number | undefined;
  await until(
    async () => {
      [found] = await childProcesses(pid ?? assert.fail('the service has ended'), 'trainer-child');
      return found !== undefined;
    },
    BEGUN_WITHIN_MS,
    LOOK_MS,
  );
  return found ?? assert.fail('nothing was found');
};

/** Waits until a trainer process trains, and a random time longer. */
export const someTimeInTraining = async (service: Service, random: () => number): Promise<number> => {
  await trainerOf(service);
  await delay(4_000 * random()); // the moment of the fault is what varies
  return trainerOf(service); // the next chunk's, when the first one has ended
};
