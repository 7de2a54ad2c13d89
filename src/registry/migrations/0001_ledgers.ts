import type { MigrationBuilder } from 'node-pg-migrate';

/** What arrived, what was frozen of it, what was trained on it and every candidate that was ever scored. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'table % is append-only: % refused', tg_table_name, tg_op;
    end $$;

    create table ingested_file (
      id bigint generated always as identity unique,
      instrument text not null,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      path_id text not null,
      report jsonb not null,
      ingested_at timestamptz not null default now(),
      primary key (instrument, sha256)
    );

    create table dataset (
      id text primary key check (id ~ '^[0-9a-f]{64}$'),
      instrument text not null,
      frequency_ms bigint not null,
      artifact text not null,
      bars integer not null,
      sessions integer not null,
      first_close timestamptz not null,
      last_close timestamptz not null,
      quality double precision not null,
      simulated boolean not null,
      saved_at timestamptz not null default clock_timestamp()
    );
    create index on dataset (instrument, saved_at desc);

    create table run (
      id text primary key,
      number bigint generated always as identity unique,
      instrument text not null,
      bucket text not null,
      dataset text references dataset,
      parent text,
      seed bigint not null,
      config jsonb not null,
      epoch integer not null default 0,
      outcome jsonb,
      status text not null default 'running',
      progress jsonb,
      started_at timestamptz not null default now(),
      finished_at timestamptz
    );
    create index on run (instrument, number desc);

    create table run_metric (
      run text not null references run on delete cascade,
      step bigint not null,
      at timestamptz not null default clock_timestamp(),
      numbers jsonb not null,
      primary key (run, step)
    );

    create table trial (
      id bigint generated always as identity primary key,
      operation_key text not null unique,
      instrument text not null,
      bucket text not null,
      run text references run,
      weights_hash text not null,
      sharpe double precision,
      bars integer not null,
      periods_per_year double precision not null,
      metrics jsonb not null,
      scored_at timestamptz not null default clock_timestamp()
    );
    create index on trial (instrument, bucket, scored_at);
    create trigger append_only before update or delete on trial for each row execute function refuse_change();
  `);
};

/** History is not undone. */
export const down = false;
