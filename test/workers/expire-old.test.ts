import assert from 'node:assert/strict';
import { expireOld } from '../../src/workers/api/expire-old.js';
import { recordingLogger } from '../support/recording-logger.js';
import { freshRegistry, seedVersions } from '../support/registry/registry.js';

describe('expireOld', () => {
  it('notes a version that is too old, once, and leaves a younger one alone', async () => {
    const registry = await freshRegistry();
    const [version] = await seedVersions(registry, 1);
    const place = { instrument: 'ES', bucket: 'default', actor: 'test', reason: 'test' };
    await registry.production.promote({ ...place, operationKey: 'a', version: version!.name, expectedPrevious: null, decision: null });
    const registered = Date.parse(version!.registeredAt);
    const at = (now: number) => expireOld({ registry, expiresAfterMs: 1_000, clock: { now: () => now }, logger: recordingLogger() });
    assert.deepEqual(await at(registered + 1_000), []);
    assert.deepEqual((await at(registered + 1_001)).map((one) => one.version), [version!.name]); // prettier-ignore
    assert.deepEqual(await at(registered + 9_000), []);
    const events = await registry.production.history('ES', 'default');
    assert.deepEqual(events.map(({ kind, actor }) => [kind, actor]), [['promote', 'test'], ['expire', 'ratchet']]); // prettier-ignore
  });
});
