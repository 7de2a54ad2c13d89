import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportNetwork } from '../../../../src/learning/export/export-network.js';
import { exportFormats } from '../../../../src/learning/export/formats.js';
import { exportOnnx } from '../../../../src/learning/export/onnx.js';
import { readPytorch, writePytorch } from '../../../../src/learning/export/pytorch/pytorch-file.js';
import { readZip, writeZip } from '../../../../src/learning/export/pytorch/zip.js';
import { openOnnxNetwork } from '../../../../src/learning/inference/onnx-network.js';
import { createRandom } from '../../../../src/learning/random.js';
import { smallLearnerOptions, withLearner } from '../../../support/learning/learner.js';

const run = promisify(execFile);
const python = process.env.RATCHET_PYTHON ?? 'python3';
const tensors = [
  { name: 'first', shape: [2, 3], values: Float32Array.of(1, -2.5, 3e-40, Infinity, -0, 6) },
  { name: 'größe', shape: [], values: Float32Array.of(7) },
  { name: 'empty', shape: [0, 4], values: new Float32Array(0) },
];

describe('writePytorch', () => {
  it('is read back bit for bit, shapes and names included', () => {
    assert.deepEqual(readPytorch(writePytorch(tensors)), tensors);
  });

  it('gives equal bytes for equal tensors, in the files that PyTorch looks for', () => {
    assert.deepEqual(writePytorch(tensors), writePytorch(structuredClone(tensors)));
    const names = readZip(writePytorch(tensors)).map(({ name }) => name);
    assert.deepEqual(names, ['model/data.pkl', 'model/byteorder', 'model/data/0', 'model/data/1', 'model/data/2', 'model/version']);
  });

  it('names no class in its pickle but the three that PyTorch allows without trust', () => {
    const pickle = Buffer.from(readZip(writePytorch(tensors))[0]!.bytes).toString('latin1');
    const named = [...pickle.matchAll(/c([a-z._]+\n\w+)\n/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(named)].sort(), ['collections\nOrderedDict', 'torch\nFloatStorage', 'torch._utils\n_rebuild_tensor_v2']);
  });

  it('is refused when it holds an opcode that could run something', () => {
    const files = readZip(writePytorch(tensors));
    const pickle = Uint8Array.from(files[0]!.bytes);
    pickle[pickle.length - 2] = 0x62; // BUILD
    const changed = writeZip([{ name: files[0]!.name, bytes: pickle }, ...files.slice(1)]);
    assert.throws(() => readPytorch(changed), { name: 'PickleInvalid', message: /is 98, which is no opcode of one/ });
  });

  for (const [kind, agent] of [
    ['layer norms', { layerNorm: true }],
    ['convolutions', { layerNorm: true, encoder: 'conv', convolution: [{ stride: 2, channels: 6 }] }],
  ] as const)
    it(`opens in torch.load(weights_only=True), and the module beside it gives the Q-values of the served model to 1e-5, with ${kind}`, async function () {
      this.timeout(120_000);
      const torch = await run(python, ['-c', 'import torch']).then(
        () => true,
        () => false,
      );
      if (!torch) {
        console.log(`      skipped: ${python} has no torch; RATCHET_PYTHON names a Python that has`);
        this.skip();
      }
      const folder = await mkdtemp(join(tmpdir(), 'ratchet-torch-'));
      try {
        const options = smallLearnerOptions(agent);
        const online = await withLearner(options, (learner) => learner.state());
        const onnx = exportOnnx({ online, agent: options.agent, observationSize: 19, lookback: options.lookback, bins: options.bins });
        const { bytes, companion } = await exportNetwork({ onnx, format: exportFormats.pt, random: createRandom(1, 'export'), title: 'A test.', file: 'q.pt' }); // prettier-ignore
        await writeFile(join(folder, 'q.pt'), bytes);
        await writeFile(join(folder, 'q.py'), companion?.text ?? '');
        const rows = Float32Array.from({ length: 8 * 19 }, (_, i) => Math.sin(i));
        const program = `
import json, torch
from q import QNetwork
network = QNetwork()
network.load_state_dict(torch.load("q.pt", weights_only=True))
answers = network(torch.tensor(${JSON.stringify([...rows])}).reshape(8, 19))
print(json.dumps({name: value.flatten().tolist() for name, value in answers.items()}))`;
        const { stdout } = await run(python, ['-c', program], { cwd: folder });
        const answers = JSON.parse(stdout) as Record<string, number[]>;
        const live = await openOnnxNetwork({ onnx, observationSize: 19, bins: options.bins });
        const expected = await live.answer(rows, 8);
        await live.release();
        for (const branch of ['price', 'quantity'] as const)
        expected[branch].forEach((value, i) => assert.ok(Math.abs(value - answers[branch]![i]!) <= 1e-5, `${value} is not ${answers[branch]![i]}`)); // prettier-ignore
        assert.ok(expected.price.some((value) => Math.abs(value) > 1e-3), 'a net that says nothing proves nothing'); // prettier-ignore
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});
