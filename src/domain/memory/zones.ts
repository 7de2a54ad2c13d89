import type { TransferKind } from '../transfer/plan.js';

/** Shares of memory in use, from 0 to 1, above which something is done. */
export interface MemoryLimits {
  /** Above it people are warned. */
  readonly warning: number;
  /** Above it knowledge is handed on in lighter forms. */
  readonly transfer: number;
  /** Above it batches are halved, and only the lightest form is handed on. */
  readonly limit: number;
}

/** Memory of the device or machine that trains. */
export interface MemoryUse {
  /** What was looked at: a GPU, the cgroup or the host. */
  readonly of: 'gpu' | 'cgroup' | 'host';
  readonly usedBytes: number;
  readonly totalBytes: number;
}

export const memoryZones = ['calm', 'warning', 'light', 'lightest'] as const;
export type MemoryZone = (typeof memoryZones)[number];

/** What a transfer may consist of in each zone. */
const allowed = {
  calm: ['weights', 'featureImportance', 'horizons', 'distillation'],
  warning: ['weights', 'featureImportance', 'horizons', 'distillation'],
  light: ['featureImportance', 'horizons'],
  lightest: ['horizons'],
} as const satisfies Record<MemoryZone, readonly TransferKind[]>;

/** The share of memory that is in use. */
export const usedShare = ({ usedBytes, totalBytes }: MemoryUse): number => usedBytes / totalBytes;

/** The zone of a share of memory in use; a limit itself still belongs to the zone below it. */
export const memoryZone = (share: number, { warning, transfer, limit }: MemoryLimits): MemoryZone => {
  if (share > limit) return 'lightest';
  if (share > transfer) return 'light';
  return share > warning ? 'warning' : 'calm';
};

/** What of a transfer is handed on in a zone, and why the rest is left out; a lighter kind stands in where none of those asked for is light enough. */
export const lighterKinds = (
  asked: readonly TransferKind[],
  zone: MemoryZone,
  use: MemoryUse,
): { readonly kinds: readonly TransferKind[]; readonly fallback: string | null } => {
  const light: readonly TransferKind[] = allowed[zone];
  const kinds = asked.filter((kind) => light.includes(kind));
  const left = asked.filter((kind) => !light.includes(kind));
  if (left.length === 0) return { kinds: asked, fallback: null };
  const instead = kinds.length > 0 ? kinds : light.slice(0, 1);
  return { kinds: instead, fallback: `${describeMemory(use)}: ${instead.join(', ')} without ${left.join(', ')}` };
};

/** Memory in words: `81 % of 16.0 GB of the host is in use`. */
export const describeMemory = (use: MemoryUse): string =>
  `${Math.round(100 * usedShare(use))} % of ${(use.totalBytes / 2 ** 30).toFixed(1)} GiB of the ${use.of} is in use`;
