import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCustomTrigger } from '../../src/activities/checks/custom-trigger-process.js';
import { createCustomTriggerActivities } from '../../src/activities/checks/custom-triggers.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import type { CustomTriggerAnswer, CustomTriggerFacts } from '../../src/domain/triggers/custom-trigger.js';
import { recordingLogger } from '../support/recording-logger.js';
import { freshRegistry } from '../support/registry/registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const facts: CustomTriggerFacts = {
  instrument: 'ES',
  production: null,
  metrics: [
    { version: 'v2', registeredAt: '2026-03-02T00:00:00Z', metrics: { sharpe: 0.2 } },
    { version: 'v1', registeredAt: '2026-03-01T00:00:00Z', metrics: { sharpe: 0.9 } },
  ],
};

describe('a trigger of the user’s own', () => {
  const folder = temporaryFolder();
  const ask = async (name: string, source: string): Promise<CustomTriggerAnswer> => {
    const path = join(folder(), name);
    await writeFile(path, source);
    return runCustomTrigger({ path, facts, limitMs: 1_000 });
  };

  it('in TypeScript sees the newest metrics and gives its reason', async () => {
    const source = `
      interface Context { instrument: string; recentMetrics(n: number): { version: string; metrics: { sharpe: number } }[] }
      export default async ({ instrument, recentMetrics }: Context) => {
        const [newest, before] = recentMetrics(2);
        return newest.metrics.sharpe < before.metrics.sharpe && { retrain: true, reason: \`\${instrument}: \${newest.version} is worse\` };
      };`;
    assert.deepEqual(await ask('worse.ts', source), { reason: 'ES: v2 is worse' });
  });

  it('in JavaScript may say no', async () => {
    assert.deepEqual(await ask('never.js', 'export default () => false;'), { reason: null });
  });

  it('that throws, never ends, kills its process, is no function or cannot be compiled has failed, and says how', async () => {
    const failed = async (source: string): Promise<string> => {
      const answer = await ask('bad.js', source);
      return 'failed' in answer ? answer.failed : 'did not fail';
    };
    assert.match(await failed('export default () => { throw new Error("no"); };'), /Error: no/);
    assert.match(await failed('export default () => { for (;;); };'), /did not answer within 1 s/);
    assert.match(await failed('export default () => new Promise(() => setInterval(() => {}, 1e3));'), /did not answer within 1 s/);
    assert.match(await failed('export default () => process.kill(process.pid, "SIGKILL");'), /SIGKILL/);
    assert.match(await failed('export const trigger = 1;'), /no default export/);
    assert.match(await failed('export default () => true;'), /returned true: expected false, or \{ retrain: true, reason/);
    assert.match(await failed('export default ('), /could not be compiled/);
  });

  it('sees nothing of the environment, where credentials are', async () => {
    const source =
      'export default () => ({ retrain: true, reason: Object.keys(process.env).filter((k) => k !== "NODE_CHANNEL_FD" && k !== "NODE_CHANNEL_SERIALIZATION_MODE").join() || "empty" });';
    assert.deepEqual(await ask('look.js', source), { reason: 'empty' });
  });

  it('is asked no more after three failures, with a notice, until its file changes', async () => {
    const registry = await freshRegistry();
    const path = join(folder(), 'mine.mjs');
    const logger = recordingLogger();
    const config = ratchetConfig.parse({ autoRetrain: { customTriggers: [path] } });
    const triggers = createCustomTriggerActivities({ registry, config, logger });
    const request = { instrument: 'ES', bucket: 'default' };
    await writeFile(path, 'export default () => 1;');
    for (let round = 0; round < 5; round++) assert.deepEqual(await triggers.askCustomTriggers(request), []);
    const disabled = (await registry.events.latest()).filter(({ kind }) => kind === 'customTriggerDisabled');
    assert.deepEqual(
      disabled.map(({ payload }) => payload.path),
      [path],
    );
    await writeFile(path, 'export default () => ({ retrain: true, reason: "mended" });');
    assert.deepEqual(await triggers.askCustomTriggers(request), ['mine.mjs: mended']);
  });
});
