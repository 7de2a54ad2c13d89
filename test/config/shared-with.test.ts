import assert from 'node:assert/strict';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { assertSharing } from '../../src/config/shared-with.js';
import { loadConfig } from '../../src/config/load-config.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.js';

const simulated: Readonly<Record<string, boolean>> = { MNQ: false, MES: false, 'BTC-USDT': false, SIM: true, TWIN: true };
const known = { ids: Object.keys(simulated), instrument: (id: string) => ({ simulated: simulated[id] ?? false }) };

describe('shared_with', () => {
  const folder = temporaryFolder();

  it('is empty unless somebody names an instrument, and is written by instrument', async () => {
    assert.deepEqual(ratchetConfig.parse({}).sharedWith, {});
    const file = join(folder(), 'ratchet.yaml');
    await writeFile(file, 'shared_with:\n  MNQ: [MES]\n  BTC-USDT: []\n');
    assert.deepEqual((await loadConfig({ file })).config.sharedWith, { MNQ: ['MES'], 'BTC-USDT': [] });
    await writeFile(file, 'shared_with:\n  MNQ_1: [mnq_june]\n  mnq_june: []\n');
    assert.deepEqual((await loadConfig({ file })).config.sharedWith, { MNQ_1: ['mnq_june'], mnq_june: [] });
  });

  it('is set whole by the environment, whose names know no small letters', async () => {
    const { config } = await loadConfig({ environment: { RATCHET__SHARED_WITH: '{ mnq_june: [MES] }' } });
    assert.deepEqual(config.sharedWith, { mnq_june: ['MES'] });
    await assert.rejects(loadConfig({ environment: { RATCHET__SHARED_WITH__MNQ: '[MES]' } }), {
      name: 'InvalidConfig',
      message: /^RATCHET__SHARED_WITH__MNQ cannot name an instrument, .*: set RATCHET__SHARED_WITH to a mapping/,
    });
  });

  for (const sharedWith of [{}, { MNQ: ['MES'] }, { MNQ: ['MES', 'BTC-USDT'], MES: ['MNQ'] }, { SIM: ['TWIN'] }])
    it(`may be ${JSON.stringify(sharedWith)}`, () => {
      assertSharing(sharedWith, known);
    });

  for (const [sharedWith, problem] of [
    [{ MNQ: ['MESS'] }, 'shared_with.MNQ is ["MESS"]: MESS is not configured; did you mean MES?'],
    [{ BTCUSDT: ['MES'] }, 'shared_with.BTCUSDT is ["MES"]: BTCUSDT is not configured; did you mean BTC-USDT?'],
    [{ MNQ: ['GOLD'] }, 'shared_with.MNQ is ["GOLD"]: GOLD is not configured; known are MNQ, MES, BTC-USDT, SIM, TWIN'],
    [{ MNQ: ['MES', 'MNQ'] }, 'shared_with.MNQ is ["MES","MNQ"]: MNQ learns from its own bars anyway'],
    [{ MNQ: ['MES', 'MES'] }, 'shared_with.MNQ is ["MES","MES"]: each instrument may be named once'],
    [{ MNQ: ['MES', 'SIM'] }, 'shared_with.MNQ is ["MES","SIM"]: of MNQ and SIM one is simulated and the other real'],
  ] satisfies [Record<string, string[]>, string][])
    it(`may not be ${JSON.stringify(sharedWith)}`, () => {
      assert.throws(() => assertSharing(sharedWith, known), { name: 'InvalidConfig', message: problem });
    });
});
