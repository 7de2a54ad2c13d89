import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveSettings } from '../../src/cli/start/settings.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('resolveSettings', () => {
  const folder = temporaryFolder();
  const exportsOf = async (...names: string[]): Promise<string> => {
    const path = join(folder(), 'exports');
    await mkdir(path);
    await Promise.all(names.map((name) => writeFile(join(path, name), '20260105 143100;1;1;1;1;1\n')));
    return path;
  };

  it('takes the preset first-run and the simulated market when nothing is said', async () => {
    const { preset, source, config } = await resolveSettings({}, {});
    assert.deepEqual([preset, source.kind], ['first-run', 'simulated']);
    assert.deepEqual(config.training.agent.trunk, [256, 128]);
  });

  it('lets the intervals and the threshold of the command line win over the configuration', async () => {
    const { config } = await resolveSettings({ updateInterval: 2, retrainInterval: 6, performanceThreshold: -0.05 }, {});
    const { retrainingIntervalHours, performanceThreshold } = config.autoRetrain;
    assert.deepEqual([config.watch.rescanSeconds, retrainingIntervalHours, performanceThreshold], [120, 6, -0.05]);
    await assert.rejects(resolveSettings({ performanceThreshold: -2 }, {}), /performance_threshold \(flag\) is -2/);
  });

  it('leaves the preset out when there is a configuration, unless it is named, too', async () => {
    const config = join(folder(), 'own.yaml');
    await writeFile(config, 'training:\n  train_steps: 5000\n');
    const alone = await resolveSettings({ config }, {});
    assert.deepEqual([alone.preset, alone.config.training.trainSteps, alone.config.training.agent.trunk[0]], [null, 5_000, 256]);
    assert.equal(alone.config.training.agent.trunk.length, 3);
    const both = await resolveSettings({ config, preset: 'first-run' }, {});
    assert.deepEqual([both.preset, both.config.training.trainSteps, both.config.training.agent.trunk], ['first-run', 5_000, [256, 128]]);
  });

  it('refuses a learner of buckets whose sequence cannot be trained, before anything is started', async () => {
    const config = join(folder(), 'buckets.yaml');
    await writeFile(config, 'auto_retrain: { cycle: sequence }\nprogressive: { sequence: [Scalpin] }\n');
    await assert.rejects(resolveSettings({ config }, {}), /bucket Scalpin is not configured; did you mean Scalping\?/);
  });

  it('watches the named folder, by its absolute path, for every configured instrument that has a file', async () => {
    const data = await exportsOf('ES 03-26.Last.txt', 'MNQ 03-26.Last.txt', 'ZZZ 03-26.Last.txt');
    const { source, config } = await resolveSettings({ data }, {});
    assert(source.kind === 'exports');
    assert.deepEqual([source.instruments, source.files, config.watch.path, config.watch.instruments], [['ES', 'MNQ'], 2, data, []]);
    assert.match(source.unused[0] ?? '', /^ZZZ 03-26\.Last\.txt: instrument ZZZ is not configured/);
  });

  it('takes --instrument and --symbols together, in the way that people write ids', async () => {
    const data = await exportsOf('ES 03-26.Last.txt', 'BTC_USDT-5m.csv');
    const { source, config } = await resolveSettings({ data, instrument: 'BTC/USDT', symbols: ['ES'] }, {});
    assert.deepEqual(config.watch.instruments, ['BTC-USDT', 'ES']);
    assert(source.kind === 'exports');
    assert.equal(source.files, 2);
  });

  it('takes the watched folder of a configuration, and the simulated market over it with --demo', async () => {
    const data = await exportsOf('ES 03-26.Last.txt');
    const config = join(folder(), 'own.yaml');
    await writeFile(config, `watch:\n  path: ${JSON.stringify(data)}\n`);
    assert.equal((await resolveSettings({ config }, {})).source.kind, 'exports');
    assert.equal((await resolveSettings({ config, demo: true }, {})).source.kind, 'simulated');
  });

  it('refuses to share the bars of an instrument that is not configured, before anything is started', async () => {
    const config = join(folder(), 'own.yaml');
    await writeFile(config, 'instruments: [{ id: GOLD }]\nshared_with:\n  MNQ: [GOLD]\n');
    assert.deepEqual((await resolveSettings({ config }, {})).config.sharedWith, { MNQ: ['GOLD'] });
    await writeFile(config, 'shared_with:\n  MNQ: [GOLD]\n');
    await assert.rejects(resolveSettings({ config }, {}), /shared_with\.MNQ is \["GOLD"\]: GOLD is not configured; known are /);
  });

  const refusals = [
    ['a folder that does not exist', { data: '/does/not/exist' }, /--data \/does\/not\/exist does not exist/],
    ['data beside --demo', { data: '/tmp', demo: true }, /--demo and --data exclude each other/],
    ['an unknown preset', { preset: 'huge' }, /no preset "huge": expected .*first-run/],
    ['an unknown instrument, naming the nearest', { instrument: 'MNK' }, /MNK is not configured; did you mean MNQ\?/],
    ['an id that is none', { instrument: '../x' }, /instrument id "\.\.-x" is not valid|instrument id "\.\.\/x" is not valid/],
    ['a real instrument without data', { instrument: 'ES' }, /ES cannot be traded without data: .*--data DIR/],
    ['a configuration that is not there', { config: '/no.yaml' }, /\/no\.yaml cannot be read/],
  ] as const;
  for (const [what, options, message] of refusals)
    it(`refuses ${what}`, async () => {
      await assert.rejects(resolveSettings(options, {}), message);
    });

  it('refuses --once where nothing could ever be decided on, and says which files are not used', async () => {
    const data = await exportsOf('ES 03-26.Bid.txt');
    await assert.rejects(
      resolveSettings({ data, once: true }, {}),
      /holds no export that can be used \(ES 03-26\.Bid\.txt: bid prices .*\), so --once would wait/,
    );
    assert.equal((await resolveSettings({ data }, {})).source.kind, 'exports');
  });

  it('does not count an empty file as an export that --once could decide on', async () => {
    const data = await exportsOf();
    await writeFile(join(data, 'ES 03-26.Last.txt'), '');
    await assert.rejects(
      resolveSettings({ data, once: true }, {}),
      /holds no export that can be used \(ES 03-26\.Last\.txt: it is empty\), so --once would wait/,
    );
  });
});
