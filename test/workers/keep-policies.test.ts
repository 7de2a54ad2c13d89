import assert from 'node:assert/strict';
import type { Registry } from '../../src/registry/open-registry.js';
import { keepPolicies } from '../../src/workers/api/keep-policies.js';
import { testPolicies } from '../support/services/policy-server.js';
import { recordingLogger } from '../support/recording-logger.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

describe('keepPolicies', () => {
  const folder = temporaryFolder();
  const stored = { halted: false, failures: 0 };
  let tell: () => void = () => undefined;
  let tellOfProduction: () => void = () => undefined;
  const registry: Parameters<typeof keepPolicies>[1] = {
    settings: {
      get: (name) => {
        if (stored.failures-- > 0) return Promise.reject(new Error('the connection was cut'));
        return Promise.resolve({ name, value: { halted: stored.halted }, setBy: 'admin', setAt: '2026-01-05T00:00:00.000Z' });
      },
    } satisfies Pick<Registry['settings'], 'get'>,
    onProductionChange: (changed) => {
      tellOfProduction = changed;
      return () => undefined;
    },
    onEvent: (added) => {
      tell = added;
      return () => undefined;
    },
  };
  beforeEach(() => void Object.assign(stored, { halted: false, failures: 0 }));

  it('obeys a kill switch whose first reading fails', async () => {
    const { server } = await testPolicies(folder());
    const stop = await keepPolicies(server, registry, recordingLogger());
    Object.assign(stored, { halted: true, failures: 1 });
    tell();
    await until(() => server.isHalted());
    stop();
  });

  it('leaves a switch alone that was thrown here and could not be stored', async () => {
    const { server } = await testPolicies(folder());
    const stop = await keepPolicies(server, registry, recordingLogger());
    server.halt(true);
    tell(); // as after a reconnection
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(server.isHalted(), true);
    stored.halted = true;
    tell();
    await new Promise((resolve) => setImmediate(resolve));
    stored.halted = false;
    tell();
    await until(() => !server.isHalted());
    stop();
  });

  it('tries a version that could not be loaded again until it can, without being told of any change', async () => {
    const { server, install, setLive, artifacts } = await testPolicies(folder());
    const good = await install('v1', { seed: 1 });
    const stop = await keepPolicies(server, registry, recordingLogger(), { firstMs: 5, longestMs: 20 });
    const lost = await install('v2', { seed: 2 });
    const content = await artifacts.get(lost.bundle);
    await artifacts.remove(lost.bundle);
    setLive([lost]);
    tellOfProduction();
    assert.deepEqual(server.serving(), [good]);
    await artifacts.put(content);
    await until(() => server.serving()[0]?.version === 'v2');
    stop();
    await server.close();
  });

  it('leaves a version that cannot be loaded when production is another by then', async () => {
    const { server, install, setLive, artifacts } = await testPolicies(folder());
    const good = await install('v1', { seed: 1 });
    const log = recordingLogger();
    const stop = await keepPolicies(server, registry, log, { firstMs: 3_600_000, longestMs: 3_600_000 });
    setLive([{ ...good, version: 'v2', bundle: 'f'.repeat(64) }]);
    tellOfProduction();
    await artifacts.has(good.bundle);
    const third = await install('v3', { seed: 3 });
    setLive([third]);
    tellOfProduction();
    await until(() => server.serving()[0]?.version === 'v3');
    stop();
    await server.close();
  });
});
