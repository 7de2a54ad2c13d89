import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { translate } from '../../src/config/dialects/translate.js';
import { upperCaseDialect } from '../../src/config/dialects/upper-case.js';
import { InvalidConfig, isGroup, nested, type ConfigValues } from '../../src/config/layers.js';
import { loadConfig } from '../../src/config/load-config.js';
import { sharedFolder } from '../support/shared.js';

describe('loadConfig', () => {
  let folder = '';
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'config-'))));
  after(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const refusal = async (text: string): Promise<string> => {
    const path = await file('bad.yaml', text);
    const error = await loadConfig({ file: path }).then(
      () => assert.fail('the file was accepted'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof InvalidConfig);
    return error.message;
  };

  it('lets flags win over the environment, the environment over the file, and the file over the defaults, and says where each comes from', async () => {
    const path = await file('own.yaml', 'training:\n  batch_size: 64\n  seed: 7\ngate:\n  profile: strict\nserving:\n  port: 1\n');
    const loaded = await loadConfig({
      file: path,
      environment: { RATCHET__GATE__PROFILE: 'simple', RATCHET__SERVING__PORT: '2', OTHER: 'x' },
      flags: { serving: { port: 3 } },
    });
    assert.deepEqual(
      [loaded.config.training.batchSize, loaded.config.gate.profile, loaded.config.serving.port, loaded.config.training.agent.gamma],
      [64, 'simple', 3, 0.99],
    );
    assert.deepEqual(['training.batchSize', 'gate.profile', 'serving.port', 'training.agent.gamma'].map(loaded.origin), [
      'file own.yaml',
      'environment',
      'flag',
      'default',
    ]);
  });

  it('refuses an unknown key with its origin and the setting that was probably meant', async () => {
    assert.match(
      await refusal('training:\n  batch_sise: 1\n'),
      /^training\.batch_sise \(file bad\.yaml\) is not a setting; did you mean batch_size\? Known here: seed, /,
    );
  });

  it('refuses a value out of range with the value and where it was set', async () => {
    assert.match(await refusal('training:\n  agent:\n    gamma: 1.5\n'), /^training\.agent\.gamma \(file bad\.yaml\) is 1\.5: .*<=1/);
    assert.match(await refusal('- a\n'), /holds a list: expected a mapping/);
    assert.match(await refusal('a: [\n'), /cannot be read/);
  });

  for (const [preset, frequency, least, episodes] of [
    ['conservative', 5_000, 2_000, 20],
    ['balanced', 1_000, 500, 10],
    ['aggressive', 500, 200, 5],
  ] as const)
    it(`trains with the preset ${preset} on ${frequency} new of ${least} experiences and judges on ${episodes} sessions`, async () => {
      const { config } = await loadConfig({ preset });
      const { retrainFrequency, minExperiences } = config.autoRetrain;
      assert.deepEqual([retrainFrequency, minExperiences, config.evaluation.evaluationEpisodes], [frequency, least, episodes]);
    });

  it('lays presets over one another in their order, and the file over all', async () => {
    const path = await file('few.yaml', 'auto_retrain:\n  min_experiences: 300\n');
    const { config, origin } = await loadConfig({ preset: 'first-run,conservative,aggressive', file: path });
    const { retrainFrequency, minExperiences } = config.autoRetrain;
    assert.deepEqual([config.training.trainSteps, retrainFrequency, minExperiences], [320_000, 500, 300]);
    assert.deepEqual(['training.trainSteps', 'autoRetrain.retrainFrequency', 'autoRetrain.minExperiences'].map(origin), [
      'preset first-run',
      'preset aggressive',
      'file few.yaml',
    ]);
    await assert.rejects(loadConfig({ preset: 'first-run,no-such' }), /no-such\.yaml cannot be read/);
  });

  it('refuses a preset and a file that do not exist', async () => {
    await assert.rejects(loadConfig({ preset: 'no-such' }), /no-such\.yaml cannot be read/);
    await assert.rejects(loadConfig({ file: join(folder, 'absent.yaml') }), /absent\.yaml cannot be read/);
  });

  it('refuses a key that a dialect does not have', async () => {
    const path = await file('settings.json', '{"nt8_data_path": "x", "performance_mod": "quiet"}');
    await assert.rejects(
      loadConfig({ file: path }),
      /performance_mod is not a key of the form settings\.json; did you mean performance_mode\?/,
    );
  });

  describe('with the example files of the guides', () => {
    const shared = sharedFolder();
    const example = (name: string): string => join(shared ?? '', 'spec', 'examples', name);
    before(function () {
      if (shared === null) this.skip();
    });

    it('takes settings.json as it is', async () => {
      const { config } = await loadConfig({ file: example('settings.json') });
      assert.deepEqual([config.autoRetrain.enabled, config.performance.mode], [true, 'quiet']);
      assert.match(config.watch.path ?? '', /NinjaTrader 8\\export$/);
    });

    it('takes train_config.yaml as it is and says which keys have no effect', async () => {
      const { config, notices } = await loadConfig({ file: example('train_config.yaml') });
      assert.deepEqual([config.autoRetrain.debounceSeconds, config.evaluation.evaluationEpisodes], [30, 10]);
      assert.deepEqual([config.autoRetrain.retrainFrequency, config.autoRetrain.minExperiences], [1_000, 500]);
      assert.equal(config.experiences.minAnnotatedForFinetune, 100);
      assert.ok(notices.some((notice) => notice.startsWith('continuous_learning.experience_storage has no effect')));
    });

    it('takes the upper-case dialect as it is', async () => {
      const { config, notices } = await loadConfig({ file: example('btc-ai.json') });
      assert.deepEqual(
        [config.training.agent.learningRate, config.training.batchSize, config.training.bufferSize, config.logging.level],
        [0.0005, 32, 10_000, 'info'],
      );
      const { sequence, episodesPerBucket, maxEpisodes, pauseBetweenBucketsSeconds, transfer } = config.progressive;
      assert.deepEqual(
        [sequence, episodesPerBucket, maxEpisodes, pauseBetweenBucketsSeconds, transfer.enabled],
        [['Scalping', 'Short', 'Medium', 'Long'], 20, 100, 3, true],
      );
      assert.deepEqual(config.buckets.Medium, {
        horizon: { shortest: 24, longest: 288 },
        features: ['price', 'volume', 'macd', 'rsi', 'ema', 'bollinger', 'ichimoku'],
      });
      assert.deepEqual(config.memory, { warning: 0.65, transfer: 0.8, limit: 0.85 });
      assert.deepEqual([transfer.horizons, config.performance.gpu], [true, true]);
      assert.equal(notices.length, 10);
    });

    it('gives every key of the upper-case dialect an effect, or says by name that it has none, and why', async () => {
      const content = JSON.parse(await readFile(example('btc-ai.json'), 'utf8')) as ConfigValues;
      const check = (group: ConfigValues, path: readonly string[]): void => {
        for (const [name, value] of Object.entries(group)) {
          const key = [...path, name];
          if (isGroup(value)) check(value, key);
          else {
            const { values, notices } = translate(nested(key, value), upperCaseDialect);
            const named = notices.some(
              (notice) => key.join('.').startsWith(notice.split(' ')[0] ?? '?') && notice.length > notice.indexOf(': ') + 10,
            );
            assert.equal(Object.keys(values).length > 0, !named, key.join('.'));
          }
        }
      };
      check(content, []);
    });
  });
});
