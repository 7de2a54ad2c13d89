import type { MigrationBuilder } from 'node-pg-migrate';

/** What models handed on to the trainings of others, with the measured effect, and what was refused. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table transfer (
      id bigint generated always as identity primary key,
      operation_key text not null unique,
      run text not null references run,
      instrument text not null,
      from_bucket text not null,
      from_version text not null,
      to_bucket text not null,
      used boolean not null,
      transfer jsonb not null,
      at timestamptz(3) not null default clock_timestamp(),
      foreign key (instrument, from_bucket, from_version) references version (instrument, bucket, name)
    );
    create index on transfer (instrument, id desc);
    create index on transfer (run);
    create trigger append_only before update or delete on transfer for each row execute function refuse_change();
  `);
};

/** History is not undone. */
export const down = false;
