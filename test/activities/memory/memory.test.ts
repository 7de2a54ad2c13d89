import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupMemory, fullestGpu, readMemory } from '../../../src/activities/memory/read-memory.js';
import { memoryAboveLimit } from '../../../src/activities/memory/watch-memory.js';
import type { MemoryUse } from '../../../src/domain/memory/zones.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const MIB = 2 ** 20;

describe('memory', () => {
  const folder = temporaryFolder();
  const names = { limit: 'memory.max', used: 'memory.current', givenUp: /^inactive_file (\d+)$/m } as const;
  const cgroup = async (limit: string, used: number): Promise<string> => {
    const at = folder();
    await writeFile(join(at, 'memory.max'), `${limit}\n`);
    await writeFile(join(at, 'memory.current'), `${used}\n`);
    await writeFile(join(at, 'memory.stat'), `anon 5\ninactive_file ${100 * MIB}\nactive_file 7\n`);
    return at;
  };

  it('of the fullest GPU is that whose share in use is largest', () => {
    assert.deepEqual(fullestGpu('1000, 81920\n 9000, 10000 \n20000, 81920\n'), {
      of: 'gpu',
      usedBytes: 9_000 * MIB,
      totalBytes: 10_000 * MIB,
    });
    assert.equal(fullestGpu('[N/A], [N/A]\n'), null);
    assert.equal(fullestGpu(''), null);
  });

  it('of a cgroup leaves out file pages that would be given up, and is not told where nothing limits it', async () => {
    assert.deepEqual(await cgroupMemory(await cgroup(String(1_000 * MIB), 700 * MIB), names), {
      of: 'cgroup',
      usedBytes: 600 * MIB,
      totalBytes: 1_000 * MIB,
    });
    assert.equal(await cgroupMemory(await cgroup('max', 700 * MIB), names), null);
    assert.equal(await cgroupMemory(await cgroup(String(2 ** 62), 700 * MIB), names), null);
    assert.equal(await cgroupMemory(join(folder(), 'nowhere'), names), null);
  });

  it('of this machine is told, whatever it has', async () => {
    const { usedBytes, totalBytes } = await readMemory('');
    assert.ok(usedBytes > 0 && usedBytes < totalBytes && totalBytes > 100 * MIB);
  });
});

describe('memoryAboveLimit', () => {
  const limits = { warning: 0.65, transfer: 0.8, limit: 0.85 };
  const watch = async (...shares: readonly number[]) => {
    const [logger, ending] = [recordingLogger(), new AbortController()];
    const uses = shares.map((share): MemoryUse => ({ of: 'host', usedBytes: share * MIB, totalBytes: MIB }));
    const read = (): Promise<MemoryUse> => {
      const use = uses.shift();
      if (uses.length === 0) ending.abort();
      return Promise.resolve(use ?? assert.fail('looked once too often'));
    };
    const found = await memoryAboveLimit({ limits, read, logger, run: 'r', everyMs: 1, signal: ending.signal });
    return { found: found === null ? null : found.usedBytes / MIB, warned: logger.lines.map(({ fields }) => fields?.zone) };
  };

  it('gives what was in use when it rose above the limit, warning of each zone on the way once', async () => {
    assert.deepEqual(await watch(0.5, 0.7, 0.71, 0.9, 0.95), { found: 0.9, warned: ['warning', 'lightest'] });
  });

  it('leaves a training alone that began above the limit, until it has been below', async () => {
    assert.deepEqual(await watch(0.9, 0.9), { found: null, warned: ['lightest'] });
    assert.deepEqual(await watch(0.9, 0.6, 0.86, 0.86), { found: 0.86, warned: ['lightest', 'lightest'] });
  });
});
