import type { MigrationBuilder } from 'node-pg-migrate';

/** Versions whose models a person wants kept; who pinned and unpinned them, and why, is told by events. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table version_pin (
      instrument text not null,
      bucket text not null,
      version text not null,
      pinned_by text not null,
      reason text not null,
      pinned_at timestamptz(3) not null default clock_timestamp(),
      primary key (instrument, bucket, version),
      foreign key (instrument, bucket, version) references version (instrument, bucket, name)
    );
  `);
};

/** History is not undone. */
export const down = false;
