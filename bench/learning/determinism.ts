import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { readTensors } from '../../src/learning/safetensors.js';
import { differences, LIMIT } from '../../test/support/learning/compiled-against-eager.js';
import type { Bench, Figure } from '../figure.js';
import { learnerOptions, NETS } from '../speed/nets.js';

const program = fileURLToPath(new URL('./determinism/train-and-write.js', import.meta.url));
const PROCESSES = 2;

/** Ways to compute the same step. Other vector instructions and another kernel library are what another machine has. */
const WAYS = {
  'one thread': { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' },
  'two threads': { TF_NUM_INTRAOP_THREADS: '2', TF_NUM_INTEROP_THREADS: '2' },
  'AVX2 alone': { TF_NUM_INTRAOP_THREADS: '2', ONEDNN_MAX_CPU_ISA: 'AVX2' },
  'without oneDNN': { TF_NUM_INTRAOP_THREADS: '2', TF_ENABLE_ONEDNN_OPTS: '0' },
} as const satisfies Readonly<Record<string, NodeJS.ProcessEnv>>;
type Way = keyof typeof WAYS;

/**
 * Are the bits of a training those of its seed? `--steps` (40) compiled steps of each net (or of `--net NAME`) in two processes with one thread and in two with two must
 * leave equal files; a single step with another number of threads, with other vector instructions, and with another kernel library must be the same to the tolerance of compiled and eager steps.
 */
export const determinism: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: { steps: { type: 'string', default: '40' }, net: { type: 'string' } },
  });
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-determinism-'));
  try {
    const figures: Figure[] = [];
    for (const [index, net] of NETS.entries()) {
      const { name } = net;
      if (options.net !== undefined && options.net !== name) continue;
      const state = async (way: Way, steps: string): Promise<Buffer> => {
        const file = join(folder, 'state');
        await promisify(execFile)(process.execPath, [program, `${index}`, steps, file], { env: { ...process.env, ...WAYS[way] } });
        return readFile(file);
      };
      const after = { 'one thread': [] as Buffer[], 'two threads': [] as Buffer[] };
      for (let run = 0; run < PROCESSES; run++)
        for (const way of ['one thread', 'two threads'] as const) after[way].push(await state(way, options.steps));
      const all = [...after['one thread'], ...after['two threads']];
      for (const [way, files] of Object.entries(after)) figures.push(equal(`${name}: equal bits, ${way}`, files));
      figures.push(equal(`${name}: equal bits, one and two threads`, all));
      const reference = readTensors(await state('two threads', '1'));
      for (const way of ['one thread', 'AVX2 alone', 'without oneDNN'] as const) {
        const found = differences(readTensors(await state(way, '1')), reference, learnerOptions(net));
        const apart = Math.max(...found.map(({ difference, cancelled }) => (cancelled ? 0 : difference)));
        figures.push({
          figure: `${name}: a step, ${way} against two threads`,
          value: apart,
          unit: 'of max',
          limit: LIMIT,
          ratio: LIMIT / Math.max(apart, 1e-12),
        });
      }
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** How many of the files are the first's bits. */
const equal = (figure: string, files: readonly Buffer[]): Figure => {
  const value = files.filter((file) => file.equals(files[0]!)).length;
  return { figure, value, unit: 'runs', limit: files.length, ratio: value / files.length };
};
