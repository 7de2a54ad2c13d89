import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { MemoryUse } from '../../domain/memory/zones.js';

const PATIENCE_MS = 5_000;

/** Files in which Linux tells of a group of processes: cgroup v2, then v1, each mounted as usual. */
const cgroups = [
  { folder: '/sys/fs/cgroup', limit: 'memory.max', used: 'memory.current', givenUp: /^inactive_file (\d+)$/m },
  {
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    givenUp: /^total_inactive_file (\d+)$/m,
  },
] as const;

/** The memory that a training on these devices draws on: of the fullest GPU, else of the cgroup where that is limited, else of the host. */
export const readMemory = async (devices?: string): Promise<MemoryUse> => {
  const gpu = await gpuMemory(devices);
  if (gpu !== null) return gpu;
  for (const { folder, ...names } of cgroups) {
    const limited = await cgroupMemory(folder, names);
    if (limited !== null) return limited;
  }
  return { of: 'host', usedBytes: totalmem() - freemem(), totalBytes: totalmem() };
};

/** What `nvidia-smi` says of the fullest of the devices (`CUDA_VISIBLE_DEVICES`); null without any. */
const gpuMemory = async (devices?: string): Promise<MemoryUse | null> => {
  if (devices === '' || devices === '-1') return null;
  const query = ['--query-gpu=memory.used,memory.total', '--format=csv,noheader,nounits'];
  try {
    const chosen = devices === undefined ? [] : [`--id=${devices}`];
    const { stdout } = await promisify(execFile)('nvidia-smi', [...query, ...chosen], { timeout: PATIENCE_MS });
    return fullestGpu(stdout);
  } catch {
    return null; // no NVIDIA driver here, or none that answers
  }
};

/** The fullest GPU of lines `used, total` in MiB; null when no line says so. */
export const fullestGpu = (lines: string): MemoryUse | null => {
  const gpus = lines.split('\n').flatMap((line): MemoryUse[] => {
    const [used = NaN, total = NaN] = line.split(',').map((text) => Number.parseFloat(text));
    return used >= 0 && total > 0 ? [{ of: 'gpu', usedBytes: used * 2 ** 20, totalBytes: total * 2 ** 20 }] : [];
  });
  const [fullest = null] = gpus.sort((a, b) => b.usedBytes / b.totalBytes - a.usedBytes / a.totalBytes);
  return fullest;
};

/** The memory of the cgroup whose files are in `folder`, without file pages that it would give up; null where it is not limited. */
export const cgroupMemory = async (
  folder: string,
  { limit, used, givenUp }: { readonly limit: string; readonly used: string; readonly givenUp: RegExp },
): Promise<MemoryUse | null> => {
  const read = (name: string): Promise<string> => readFile(`${folder}/${name}`, 'utf8').catch(() => '');
  const [totalBytes, usage] = [Number.parseInt(await read(limit), 10), Number.parseInt(await read(used), 10)];
  if (!(totalBytes > 0 && usage >= 0 && totalBytes < totalmem())) return null;
  const cached = Number(givenUp.exec(await read('memory.stat'))?.[1] ?? 0);
  return { of: 'cgroup', usedBytes: Math.max(0, usage - cached), totalBytes };
};
