import type { MigrationBuilder } from 'node-pg-migrate';

/**
 * Traded decisions with what came of them, one row for each id; the days that were archived; how many of each instrument were ever stored, and how
 * many of these its learner was told of. Vectors are 32-bit floats, little-endian.
 */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table experience (
      id text primary key,
      instrument text not null,
      at timestamptz(3) not null,
      decision_time timestamptz(3) not null,
      data_as_of timestamptz(3),
      schema_hash text not null,
      state bytea not null,
      next_state bytea not null,
      action double precision not null,
      price_bin smallint,
      quantity_bin smallint,
      reward double precision not null,
      done boolean not null,
      volatility double precision,
      trend text,
      rl_confidence double precision,
      reasoning_confidence double precision,
      pnl double precision,
      duration_seconds double precision,
      trade_action text,
      model_version text,
      epsilon double precision,
      propensity double precision,
      fill_price double precision,
      fill_slippage double precision,
      episode_id text,
      source text not null,
      content_hash bytea not null,
      received_at timestamptz(3) not null default clock_timestamp(),
      insight jsonb,
      annotated_by text,
      annotated_at timestamptz(3)
    );
    create index on experience (instrument, decision_time);
    create index on experience (instrument, pnl) where pnl is not null;
    alter table experience alter column state set storage external, alter column next_state set storage external;

    create table experience_count (
      instrument text primary key,
      stored bigint not null check (stored >= announced),
      announced bigint not null default 0,
      announcing bigint not null default 0 check (announcing >= announced)
    );

    create table experience_archive (
      instrument text not null,
      day date not null,
      artifact text not null,
      experiences integer not null check (experiences > 0),
      archived_at timestamptz(3) not null default clock_timestamp(),
      primary key (instrument, day)
    );
  `);
};

/** History is not undone. */
export const down = false;
