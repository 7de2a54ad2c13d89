import assert from 'node:assert/strict';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import type { ModelBundle } from '../../src/domain/model/model.js';
import type { ArtifactStore } from '../../src/domain/ports.js';
import { readModelBundle } from '../../src/learning/export/model-bundle.js';
import { checkServability } from '../../src/serving/check-servability.js';
import { parametersOf, referenceForward } from '../support/learning/reference-step.js';
import { storeModel, type ServedModel, type ServedModelOptions } from '../support/registry/served-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SIZE = 3 * 4 + 4;

describe('checkServability', () => {
  const folder = temporaryFolder();
  const store = async (
    options: ServedModelOptions = {},
  ): Promise<ServedModel & { bundle: string; read: ModelBundle; artifacts: ArtifactStore }> => {
    const artifacts = await openFolderStore(folder());
    const model = await storeModel(artifacts, options);
    return { ...model, artifacts, read: readModelBundle(await artifacts.get(model.bundle)) };
  };

  it('loads the export, times single decisions on it and finds it equal to the learner', async () => {
    const { read: bundle, artifacts, tensors } = await store();
    const states = Float32Array.from({ length: 5 * SIZE }, (_, i) => Math.sin(i));
    const parameters = parametersOf(tensors, 'online/');
    const answers = Array.from({ length: 5 }, (_, row) =>
      referenceForward(parameters, Float64Array.from(states.subarray(row * SIZE, (row + 1) * SIZE))),
    );
    const reference = {
      price: Float32Array.from(answers.flatMap(({ price }) => [...price])),
      quantity: Float32Array.from(answers.flatMap(({ quantity }) => [...quantity])),
    };
    const { loads, finite, p99LatencyMs } = await checkServability({ bundle, artifacts, states, reference });
    assert.deepEqual([loads, finite], [true, true]);
    assert.ok(p99LatencyMs !== null && p99LatencyMs > 0 && p99LatencyMs < 1_000, String(p99LatencyMs));
    reference.quantity[3]! += 1e-3;
    await assert.rejects(checkServability({ bundle, artifacts, states, reference }), {
      name: 'ExportDiffers',
      message: /quantity values differ/,
    });
  });

  it('finds out values that are no numbers', async () => {
    const { read: bundle, artifacts } = await store({ weight: NaN });
    assert.equal((await checkServability({ bundle, artifacts })).finite, false);
  });

  it('says that an export does not load, instead of failing', async () => {
    const { read, artifacts } = await store();
    const onnx = await artifacts.put(new TextEncoder().encode('no model'));
    assert.deepEqual(await checkServability({ bundle: { ...read, onnx }, artifacts }), { loads: false, p99LatencyMs: null, finite: false });
  });

  it('fails when the store cannot be read, which says nothing about the model', async () => {
    const { read: bundle, artifacts } = await store();
    const broken = { ...artifacts, get: () => Promise.reject(new Error('EMFILE: too many open files')) };
    await assert.rejects(checkServability({ bundle, artifacts: broken }), /EMFILE/);
  });

  it('refuses states that are not whole', async () => {
    const { read: bundle, artifacts } = await store();
    await assert.rejects(
      checkServability({ bundle, artifacts, states: new Float32Array(SIZE + 1) }),
      /17 numbers are not whole states of 16/,
    );
  });
});
