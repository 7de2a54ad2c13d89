import type { MigrationBuilder } from 'node-pg-migrate';

/** What people and channels are told, in order, and the settings that people changed at run time. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table event (
      id bigint generated always as identity primary key,
      operation_key text unique,
      kind text not null,
      instrument text,
      actor text not null,
      payload jsonb not null,
      at timestamptz not null default clock_timestamp()
    );
    create index on event (instrument, id);
    create trigger append_only before update or delete on event for each row execute function refuse_change();

    create table setting (
      name text primary key,
      value jsonb not null,
      set_by text not null,
      set_at timestamptz not null default clock_timestamp()
    );
  `);
};

/** History is not undone. */
export const down = false;
