import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { convolving, noiseBatches, relativeDifferences, smallLearnerOptions, withLearner } from '../support/learning/learner.js';

const tensor = z.object({ name: z.string(), shape: z.array(z.number()), values: z.array(z.number()) });
const report = z.object({
  warnings: z.array(z.string()),
  reports: z.array(z.object({ backend: z.string(), loss: z.number(), state: z.array(tensor) })),
});

const dataModule = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

/** A module hook under which the native library cannot be found, as where it was never built. */
const withoutNative = dataModule(
  `import { register } from 'node:module'; register(${JSON.stringify(
    dataModule(`export const resolve = (name, context, next) => {
      if (name === '@tensorflow/tfjs-node') throw new Error('no native library on this machine');
      return next(name, context);
    };`),
  )});`,
);

describe('createLearner without the native library', () => {
  it('warns, trains in plain JavaScript and comes to the parameters of the compiled step, also behind convolutions', async () => {
    const script = fileURLToPath(new URL('../support/learning/learner-process.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', withoutNative, script], { maxBuffer: 2 ** 24 });
    const { warnings, reports } = report.parse(JSON.parse(stdout));
    const slow = 'training runs in plain JavaScript, tens of times slower than compiled';
    assert.deepEqual(warnings, [slow, slow, 'agent.products bfloat16 is without effect in plain JavaScript: products are float32']);
    assert.equal(reports.length, 2);
    for (const [i, plain] of reports.entries()) {
      assert.equal(plain.backend, 'eager');
      const options = smallLearnerOptions([{}, convolving][i]);
      await withLearner(options, (learner) => {
        const { loss } = learner.step(noiseBatches(1, options)[0]!);
        assert.ok(Math.abs(loss - plain.loss) < 1e-5 * loss);
        const state = plain.state.map((tensor) => ({ ...tensor, values: Float32Array.from(tensor.values) }));
        for (const { name, difference } of relativeDifferences(learner.state(), state))
          assert.ok(difference <= 3e-5, `${name}: ${difference}`);
      });
    }
  });
});
