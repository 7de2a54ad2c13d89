import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributePair,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';

/** Values of the search attributes that a workflow shows; null clears one. */
export interface Shown {
  readonly instrument: string;
  readonly bucket: string;
  readonly phase: string;
  readonly production?: string | null;
  readonly pending?: number;
  readonly cycle?: number;
  readonly sharpe?: number | null;
  /** ISO 8601. */
  readonly trainedAt?: string | null;
}

const keys = {
  instrument: defineSearchAttributeKey('Instrument', SearchAttributeType.KEYWORD),
  bucket: defineSearchAttributeKey('Bucket', SearchAttributeType.KEYWORD),
  phase: defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD),
  production: defineSearchAttributeKey('ProductionVersion', SearchAttributeType.KEYWORD),
  pending: defineSearchAttributeKey('Pending', SearchAttributeType.INT),
  cycle: defineSearchAttributeKey('Cycle', SearchAttributeType.INT),
  sharpe: defineSearchAttributeKey('LastSharpe', SearchAttributeType.DOUBLE),
  trainedAt: defineSearchAttributeKey('LastTrainedAt', SearchAttributeType.DATETIME),
} as const;

/** Upserts what differs from what was shown before; each upsert is an event of the history. */
export const showAttributes = (now: Shown, before: Shown | null): void => {
  const changed = pairs(now).filter((pair, index) => before === null || !isSame(pair, pairs(before)[index]));
  if (changed.length > 0) upsertSearchAttributes(changed);
};

/** The attributes to start a workflow with. */
export const startAttributes = (instrument: string, bucket: string): SearchAttributePair[] => [
  { key: keys.instrument, value: instrument },
  { key: keys.bucket, value: bucket },
];

const pairs = (shown: Shown): SearchAttributeUpdatePair[] => [
  { key: keys.instrument, value: shown.instrument },
  { key: keys.bucket, value: shown.bucket },
  { key: keys.phase, value: shown.phase },
  { key: keys.production, value: shown.production ?? null },
  { key: keys.pending, value: shown.pending ?? null },
  { key: keys.cycle, value: shown.cycle ?? null },
  { key: keys.sharpe, value: shown.sharpe ?? null },
  { key: keys.trainedAt, value: dateOrNull(shown.trainedAt) },
];

const isSame = (one: SearchAttributeUpdatePair, other: SearchAttributeUpdatePair | undefined): boolean =>
  String(one.value) === String(other?.value ?? null);

const dateOrNull = (iso: string | null | undefined): Date | null => (iso === null || iso === undefined ? null : new Date(iso));
