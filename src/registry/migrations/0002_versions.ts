import type { MigrationBuilder } from 'node-pg-migrate';

/** Registered versions, the decisions about them, and which one is live. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table version (
      instrument text not null,
      bucket text not null,
      number integer not null check (number > 0),
      name text not null,
      operation_key text not null unique,
      bundle text not null,
      weights_hash text not null,
      parent text,
      run text references run,
      dataset text not null references dataset,
      data_horizon timestamptz not null,
      metrics jsonb not null,
      simulated boolean not null,
      registered_at timestamptz(3) not null,
      primary key (instrument, bucket, name),
      unique (instrument, bucket, number),
      foreign key (instrument, bucket, parent) references version (instrument, bucket, name)
    );
    create trigger append_only before update or delete on version for each row execute function refuse_change();

    create table decision (
      id bigint generated always as identity primary key,
      operation_key text not null unique,
      instrument text not null,
      bucket text not null,
      version text,
      run text references run,
      verdict text not null check (verdict in ('PROMOTE', 'HOLD', 'REJECT')),
      decision jsonb not null,
      evidence jsonb not null,
      decided_at timestamptz(3) not null default clock_timestamp(),
      foreign key (instrument, bucket, version) references version (instrument, bucket, name)
    );
    create index on decision (instrument, bucket, id desc);
    create trigger append_only before update or delete on decision for each row execute function refuse_change();

    create table production_event (
      id bigint generated always as identity primary key,
      operation_key text not null unique,
      kind text not null check (kind in ('promote', 'baseline', 'rollback')),
      instrument text not null,
      bucket text not null,
      version text not null,
      previous text,
      role text not null check (role in ('production', 'baseline')),
      decision bigint references decision,
      run text,
      epoch integer,
      actor text not null,
      reason text not null,
      at timestamptz(3) not null,
      foreign key (instrument, bucket, version) references version (instrument, bucket, name)
    );
    create index on production_event (instrument, bucket, id desc);
    create trigger append_only before update or delete on production_event for each row execute function refuse_change();

    create table production (
      event bigint primary key references production_event,
      instrument text not null,
      bucket text not null,
      version text not null,
      role text not null,
      live_since timestamptz(3) not null,
      live_until timestamptz(3),
      check (live_until > live_since),
      foreign key (instrument, bucket, version) references version (instrument, bucket, name)
    );
    create unique index one_live_version on production (instrument, bucket) where live_until is null;
    create index on production (instrument, bucket, live_since desc);
  `);
};

/** History is not undone. */
export const down = false;
