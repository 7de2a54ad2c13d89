import { z } from 'zod';
import type { Columns } from '../columns.js';
import { readSafetensors, readTensors, TensorFileInvalid, writeSafetensors } from '../safetensors.js';
import type { TrainerState } from './create-trainer.js';

/** The network's, target's and optimizer's tensors. */
export const LEARNER_FILE = 'learner.safetensors';
const COLUMNS_FILE = 'trainer.safetensors';
const COUNTERS_FILE = 'trainer.json';

const stream = z.array(z.number().int()).length(4);
const counters = z.strictObject({
  step: z.number().int().nonnegative(),
  gradientSteps: z.number().int().nonnegative(),
  random: z.strictObject({ exploration: stream, sessions: stream, replay: stream }),
});

/** A trainer's state as the files of a checkpoint. Equal states give equal bytes. */
export const encodeTrainerState = ({ columns, tensors, step, gradientSteps, random }: TrainerState): Record<string, Uint8Array> => ({
  [LEARNER_FILE]: writeSafetensors(tensors),
  [COLUMNS_FILE]: writeSafetensors(Object.entries(columns).map(([name, values]) => ({ name, shape: [values.length], values }))),
  [COUNTERS_FILE]: new TextEncoder().encode(JSON.stringify({ step, gradientSteps, random })),
});

/** The state in a checkpoint's files. Throws `TensorFileInvalid` when one is missing or not what it should be. */
export const decodeTrainerState = (files: Readonly<Record<string, Uint8Array>>): TrainerState => {
  const file = (name: string): Uint8Array => {
    const bytes = files[name];
    if (bytes === undefined) throw new TensorFileInvalid(`the checkpoint has no ${name}`);
    return bytes;
  };
  const columns: Columns = Object.fromEntries(readSafetensors(file(COLUMNS_FILE)).map(({ name, values }) => [name, values]));
  return {
    columns,
    tensors: readTensors(file(LEARNER_FILE)),
    ...counters.parse(JSON.parse(new TextDecoder().decode(file(COUNTERS_FILE)))),
  };
};
