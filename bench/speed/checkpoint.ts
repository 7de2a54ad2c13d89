import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainingConfig } from '../../src/config/sections/training.js';
import { writeCheckpoint } from '../../src/learning/checkpoint/write-checkpoint.js';
import { joinColumns } from '../../src/learning/columns.js';
import { createLearner } from '../../src/learning/create-learner.js';
import { createRandom } from '../../src/learning/random.js';
import { encodeTrainerState } from '../../src/learning/trainer/state-files.js';
import { callsPerSecond, median, type Bench, type Figure } from '../figure.js';
import { killFigures } from './checkpoint/kills.js';
import { learnerOptions, NETS, randomBatch } from './nets.js';
import { fullReplay } from './replay.js';

const ROUNDS = 7;
/** Gradient steps that are timed between two checkpoints. */
const STEPS = 40;
/** Seconds to write one, and share of the time of training that writing them takes. */
const LIMITS = { seconds: 1, share: 0.02 } as const;

/**
 * A checkpoint of the default network with a full replay of 500,000 transitions, made, hashed and synced to the disk, beside the gradient steps between
 * two of them; with `--kills`, also what a trainer process at the default configuration takes of memory, and how soon training goes on
 * after that process, and after its worker, was killed (five minutes, with a Temporal server and a PostgreSQL of its own).
 */
export const checkpoint: Bench = async (flags) => [...(await writing()), ...(flags.includes('--kills') ? await killFigures() : [])];

const writing = async (): Promise<Figure[]> => {
  const { checkpointEvery, trainEvery } = trainingConfig.parse({});
  const learner = await createLearner({ ...learnerOptions(NETS[1]), backend: 'compiled' });
  const replay = fullReplay();
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-checkpoint-'));
  const batch = randomBatch(1);
  const random = createRandom(1, 'unused').state();
  const owner = { runId: 'train-BENCH-000001', dataset: 'none', config: 'none' };
  const write = async (step: number): Promise<number> => {
    const start = performance.now();
    const state = {
      step,
      gradientSteps: step,
      random: { exploration: random, sessions: random, replay: random },
      columns: joinColumns({ replay: replay.state() }),
      tensors: learner.state(),
    };
    await writeCheckpoint(folder, { step, epoch: 1, owner, files: encodeTrainerState(state) }, { beforeCommit: () => Promise.resolve() });
    return (performance.now() - start) / 1_000;
  };
  try {
    await write(0);
    const rounds: { readonly seconds: number; readonly share: number }[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const seconds = await write(round);
      const between = checkpointEvery / trainEvery / callsPerSecond(() => learner.step(batch), STEPS);
      rounds.push({ seconds, share: seconds / (seconds + between) });
    }
    const seconds = median(rounds.map((round) => round.seconds));
    const share = median(rounds.map((round) => round.share));
    return [
      { figure: 'checkpoint with 500,000 transitions', value: seconds, unit: 's', limit: LIMITS.seconds, ratio: LIMITS.seconds / seconds },
      { figure: 'checkpoints, share of training', value: share, unit: '', limit: LIMITS.share, ratio: LIMITS.share / share },
    ];
  } finally {
    learner.dispose();
    await rm(folder, { recursive: true, force: true });
  }
};
