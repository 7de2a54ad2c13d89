import { readdir } from 'node:fs/promises';
import { writeCheckpoint } from '../../../src/learning/checkpoint/write-checkpoint.js';

// Writes checkpoints of growing steps into a folder, each of so many bytes, until it is killed or one fails; prints what happened line by line.
const [folder = '', bytes = '0', count = '1000000'] = process.argv.slice(2);
process.on('SIGXFSZ', () => undefined); // a file beyond the limit is then an error, not a death

for (let step = 1; step <= Number(count); step++) {
  const files = {
    'learner.safetensors': new Uint8Array(Number(bytes) * (step === 1 ? 0.1 : 1)).fill(step),
    'trainer.json': Uint8Array.of(step),
  };
  try {
    const owner = { runId: 'train-TEST-000001', config: 'c', dataset: 'd' };
    await writeCheckpoint(folder, { step, epoch: 1, owner, files }, { beforeCommit: () => Promise.resolve() });
    console.log(JSON.stringify({ saved: step }));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const reason = error instanceof Error && 'reason' in error ? error.reason : null;
    console.log(JSON.stringify({ name, message, reason, left: await readdir(folder) }));
    break;
  }
}
