import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Experience } from '../../domain/experience/experience.js';
import type { VectorLengths } from '../../serving/known-schemas.js';
import type { ExperienceBody, ExperienceSourceQuery } from './body.js';
import { utcStamp } from './stamps.js';

/** A field of an experience that cannot be stored, with what was expected. */
export class FieldRefused extends Error {
  override readonly name = 'FieldRefused';
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

export interface ExperienceRules {
  /** Ids of all configured instruments. */
  readonly instruments: ReadonlySet<string>;
  /** Lengths of the vectors of each schema that is known for the instrument. */
  readonly schemasOf: (instrument: string) => Promise<VectorLengths>;
  /** Length of vectors that name no schema. */
  readonly stateLength: number;
}

/** The instrument of a record. Throws `FieldRefused`. */
export const instrumentOf = (body: ExperienceBody, source: ExperienceSourceQuery, { instruments }: ExperienceRules): string => {
  const instrument = body.instrument ?? source.instrument;
  if (instrument === undefined)
    throw new FieldRefused('instrument', 'is missing: say whose experience it is, in the record or in the query');
  if (!instruments.has(instrument))
    throw new FieldRefused(
      'instrument',
      `${JSON.stringify(instrument)} is not configured here; known: ${[...instruments].join(', ') || 'none'}`,
    );
  return instrument;
};

/** The experience that a record of known form tells, with what it leaves out taken from its source. Throws `FieldRefused`. */
export const completeExperience = (
  body: ExperienceBody,
  source: ExperienceSourceQuery,
  { instrument, schemas, stateLength }: { readonly instrument: string; readonly schemas: VectorLengths; readonly stateLength: number },
): Experience => {
  const timestamp = stampOf('timestamp', body.timestamp, source);
  const decisionTime = body.decision_time === undefined ? timestamp : stampOf('decision_time', body.decision_time, source);
  const dataAsOf = body.data_as_of == null ? null : stampOf('data_as_of', body.data_as_of, source);
  if (dataAsOf !== null && dataAsOf > decisionTime)
    throw new FieldRefused('data_as_of', `is ${dataAsOf}, after decision_time ${decisionTime}: a decision cannot know later data`);
  const { hash, lengths } = schemaOf(body.schema_hash ?? null, schemas, source.state_length ?? stateLength);
  const { market_conditions: market, trade_outcome: outcome, reflection_insight: said } = body;
  return {
    id: body.id ?? idOf(instrument, body),
    instrument,
    timestamp,
    decisionTime,
    dataAsOf,
    schemaHash: hash,
    state: vectorOf('state', body.state, lengths),
    nextState: vectorOf('next_state', body.next_state, [body.state.length]),
    action: body.action,
    branches: body.branches == null ? null : { price: body.branches.price.bin, quantity: body.branches.quantity.bin },
    reward: body.reward,
    done: body.done,
    marketConditions: market ?? null,
    rlConfidence: body.rl_confidence ?? null,
    reasoningConfidence: body.reasoning_confidence ?? null,
    tradeOutcome: outcome == null ? null : { pnl: outcome.pnl, durationSeconds: outcome.duration, action: outcome.action },
    insight: said == null ? null : { reasoning: said.reasoning, lessonsLearned: said.lessons_learned },
    modelVersion: body.model_version ?? null,
    epsilon: body.epsilon ?? null,
    propensity: body.propensity ?? null,
    fill: body.fill ?? null,
    episodeId: body.episode_id ?? null,
    source: 'reported',
  };
};

/** The name of vectors that name no schema, by their length. */
export const foreignSchema = (length: number): string => `foreign-${length}`;

const schemaOf = (named: string | null, schemas: VectorLengths, length: number): { hash: string; lengths: readonly number[] } => {
  if (named === null) return { hash: foreignSchema(length), lengths: [length] };
  const lengths = schemas.get(named);
  if (lengths !== undefined) return { hash: named, lengths };
  const known = [...schemas.keys()].join(', ') || 'none';
  throw new FieldRefused(
    'schema_hash',
    `${JSON.stringify(named)} is old or unknown: expected that of a model that is live or was so lately, or one of experiences.schemas (${known})`,
  );
};

const vectorOf = (field: string, values: readonly number[], lengths: readonly number[]): Float32Array => {
  if (!lengths.includes(values.length)) throw new FieldRefused(field, `has ${values.length} numbers: expected ${lengths.join(' or ')}`);
  const vector = new Float32Array(values);
  const bad = vector.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new FieldRefused(`${field}.${bad}`, `is ${String(values[bad])}: expected a number that 32 bits can hold`);
  return vector;
};

const stampOf = (field: string, written: string, { time_zone: zone }: ExperienceSourceQuery): string => {
  const stamp = utcStamp(written, zone);
  if (stamp !== null) return stamp;
  throw new FieldRefused(
    field,
    `is ${JSON.stringify(written)}: expected ISO 8601 with a zone, such as 2025-01-15T10:30:00Z, or without one where the query says time_zone`,
  );
};

const idOf = (instrument: string, body: ExperienceBody): string =>
  `sha256-${createHash('sha256')
    .update(canonicalJson({ ...body, instrument }))
    .digest('hex')}`;
