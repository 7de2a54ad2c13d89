import assert from 'node:assert/strict';
import { readEnvironment } from '../../src/config/environment.js';
import { deploymentOptions } from '../../src/workers/temporal/deployment-options.js';
import { recordingLogger } from '../support/recording-logger.js';

const optionsFor = async (variables: Readonly<Record<string, string>>, code = 'code') => {
  const { workerDeploymentOptions } = await deploymentOptions(readEnvironment(variables), { code }, recordingLogger());
  return workerDeploymentOptions ?? null;
};

describe('deploymentOptions', () => {
  it('binds nothing to builds unless a deployment is named', async () => {
    assert.equal(await optionsFor({ RATCHET_BUILD: 'v1', RATCHET_DEPLOYMENT: '' }), null);
  });

  it('pins runs to the build that is named', async () => {
    assert.deepEqual(await optionsFor({ RATCHET_BUILD: 'v1', RATCHET_DEPLOYMENT: 'ratchet' }), {
      useWorkerVersioning: true,
      version: { deploymentName: 'ratchet', buildId: 'v1' },
      defaultVersioningBehavior: 'PINNED',
    });
  });

  it('names a build by its code', async () => {
    const buildOf = async (code: string): Promise<string | undefined> =>
      (await optionsFor({ RATCHET_DEPLOYMENT: 'ratchet' }, code))?.version.buildId;
    assert.match((await buildOf('one')) ?? '', /^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
    assert.equal(await buildOf('one'), await buildOf('one'));
    assert.notEqual(await buildOf('one'), await buildOf('other'));
    const mapped = (path: string): string => `one\n//# sourceMappingURL=data:${path}`;
    assert.equal(await buildOf(mapped('/home')), await buildOf(mapped('/srv')), 'wherever it is installed');
  });
});
