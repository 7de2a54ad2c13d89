import { createHash } from 'node:crypto';
import type { Experience } from '../../domain/experience/experience.js';
import type { PreparedStatement, SqlValue } from '../database/database.js';
import { byteArray } from './byte-array.js';

/** A column of the table and the value that an experience has there, as PostgreSQL reads it within an array. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (experience: Experience) => string;
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
const text = (value: string | null | undefined): string => (value === null || value === undefined ? 'NULL' : quoted(value));
const number = (value: number | null | undefined): string => (value === null || value === undefined ? 'NULL' : String(value));
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

const columns: readonly Column[] = [
  { name: 'id', type: 'text', value: ({ id }) => text(id) },
  { name: 'instrument', type: 'text', value: ({ instrument }) => text(instrument) },
  { name: 'at', type: 'timestamptz', value: ({ timestamp }) => text(timestamp) },
  { name: 'decision_time', type: 'timestamptz', value: ({ decisionTime }) => text(decisionTime) },
  { name: 'data_as_of', type: 'timestamptz', value: ({ dataAsOf }) => text(dataAsOf) },
  { name: 'schema_hash', type: 'text', value: ({ schemaHash }) => text(schemaHash) },
  { name: 'action', type: 'float8', value: ({ action }) => number(action) },
  { name: 'price_bin', type: 'int2', value: ({ branches }) => number(branches?.price) },
  { name: 'quantity_bin', type: 'int2', value: ({ branches }) => number(branches?.quantity) },
  { name: 'reward', type: 'float8', value: ({ reward }) => number(reward) },
  { name: 'done', type: 'bool', value: ({ done }) => (done ? 't' : 'f') },
  { name: 'volatility', type: 'float8', value: ({ marketConditions }) => number(marketConditions?.volatility) },
  { name: 'trend', type: 'text', value: ({ marketConditions }) => text(marketConditions?.trend) },
  { name: 'rl_confidence', type: 'float8', value: ({ rlConfidence }) => number(rlConfidence) },
  { name: 'reasoning_confidence', type: 'float8', value: ({ reasoningConfidence }) => number(reasoningConfidence) },
  { name: 'pnl', type: 'float8', value: ({ tradeOutcome }) => number(tradeOutcome?.pnl) },
  { name: 'duration_seconds', type: 'float8', value: ({ tradeOutcome }) => number(tradeOutcome?.durationSeconds) },
  { name: 'trade_action', type: 'text', value: ({ tradeOutcome }) => text(tradeOutcome?.action) },
  { name: 'model_version', type: 'text', value: ({ modelVersion }) => text(modelVersion) },
  { name: 'epsilon', type: 'float8', value: ({ epsilon }) => number(epsilon) },
  { name: 'propensity', type: 'float8', value: ({ propensity }) => number(propensity) },
  { name: 'fill_price', type: 'float8', value: ({ fill }) => number(fill?.price) },
  { name: 'fill_slippage', type: 'float8', value: ({ fill }) => number(fill?.slippage) },
  { name: 'episode_id', type: 'text', value: ({ episodeId }) => text(episodeId) },
  { name: 'source', type: 'text', value: ({ source }) => text(source) },
  { name: 'insight', type: 'jsonb', value: ({ insight }) => text(insight === null ? null : JSON.stringify(insight)) },
  { name: 'annotated_by', type: 'text', value: ({ insight }) => text(insight === null ? null : 'reporter') },
];

/** Columns of bytes, which need not become text. */
const byteColumns: readonly { readonly name: string; readonly value: (experience: Experience) => Uint8Array }[] = [
  { name: 'state', value: ({ state }) => bytesOf(state) },
  { name: 'next_state', value: ({ nextState }) => bytesOf(nextState) },
  { name: 'content_hash', value: (experience) => contentHash(experience) },
];

const names = [...columns, ...byteColumns].map(({ name }) => name).join(', ');
const types = [...columns.map(({ type }) => type), ...byteColumns.map(() => 'bytea')];

/** Stores what is not stored yet, in the order of ids so that writers cannot block each other, and counts it by instrument. Parameters are `columnArrays`. */
export const INSERT: PreparedStatement = {
  name: 'store-experiences',
  text: `
  with stored as (
    insert into experience (${names}, annotated_at)
    select ${names}, case when annotated_by is null then null else clock_timestamp() end
    from unnest(${types.map((type, at) => `$${at + 1}::${type}[]`).join(', ')}) as given (${names})
    order by id on conflict (id) do nothing returning instrument),
  counted as (
    insert into experience_count (instrument, stored) select instrument, count(*) from stored group by instrument order by instrument
    on conflict (instrument) do update set stored = experience_count.stored + excluded.stored)
  select count(*)::int as stored from stored`,
};

/** One array for each column of the table. */
export const columnArrays = (experiences: readonly Experience[]): SqlValue[] => [
  ...columns.map(({ value }) => `{${experiences.map(value).join()}}`),
  ...byteColumns.map(({ value }) => byteArray(experiences.map(value))),
];

/** SHA-256 of all that a reporter says of an experience but its explanation, which may come later. */
export const contentHash = (experience: Experience): Uint8Array => {
  const said = JSON.stringify({ ...experience, state: null, nextState: null, insight: null, source: null });
  return createHash('sha256').update(said).update(experience.state).update(experience.nextState).digest();
};
