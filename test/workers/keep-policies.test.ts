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
  const registry: Parameters<typeof keepPolicies>[1] = {
    settings: {
      get: (name) => {
        if (stored.failures-- > 0) return Promise.reject(new Error('the connection was cut'));
        return Promise.resolve({ name, value: { halted: stored.halted }, setBy: 'admin', setAt: '2026-01-05T00:00:00.000Z' });
      },
    } satisfies Pick<Registry['settings'], 'get'>,
    onProductionChange: () => () => undefined,
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
});
