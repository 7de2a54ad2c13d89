import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidConfigFile, readCalendars, readInstruments } from '../../src/config/read-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the shipped instruments and calendars', () => {
  it('are valid, and each instrument names a calendar that exists', async () => {
    const [instruments, calendars] = [await readInstruments(), await readCalendars()];
    assert.ok(['ES', 'MES', 'NQ', 'MNQ', 'BTC-USDT'].every((id) => instruments.has(id)));
    for (const { id, calendar } of instruments.values()) assert.ok(calendars.has(calendar), `${id} names calendar ${calendar}`);
  });

  it('stamp futures by the close of the bar and spot by its open', async () => {
    const instruments = await readInstruments();
    assert.deepEqual([instruments.get('MNQ')?.stamp, instruments.get('BTC-USDT')?.stamp], ['close', 'open']);
  });
});

describe('readInstruments', () => {
  const folder = temporaryFolder();
  const write = async (text: string): Promise<void> => {
    await mkdir(join(folder(), 'instruments'), { recursive: true });
    await writeFile(join(folder(), 'instruments', 'x.yaml'), text);
  };

  it('fills in what a file leaves out', async () => {
    await write('id: X\ntick_size: 0.5\n');
    const x = (await readInstruments(folder())).get('X');
    assert.deepEqual([x?.tickSize, x?.multiplier, x?.calendar], [0.5, 1, 'always']);
  });

  it('refuses a key that it does not know, naming file and key', async () => {
    await write('id: X\ntick_sise: 0.5\n');
    await assert.rejects(
      readInstruments(folder()),
      (error) => error instanceof InvalidConfigFile && /x\.yaml[^]*tickSise/.test(error.message),
    );
  });

  it('refuses text that is not YAML', async () => {
    await write('id: [');
    await assert.rejects(readInstruments(folder()), InvalidConfigFile);
  });
});
