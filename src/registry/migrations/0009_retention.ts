import type { MigrationBuilder } from 'node-pg-migrate';

/** Versions whose models were deleted to keep no more than are wanted. Their records, lineage and decisions stay. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table version_removal (
      instrument text not null,
      bucket text not null,
      version text not null,
      reason text not null,
      at timestamptz(3) not null default clock_timestamp(),
      primary key (instrument, bucket, version),
      foreign key (instrument, bucket, version) references version (instrument, bucket, name)
    );
    create trigger append_only before update or delete on version_removal for each row execute function refuse_change();
  `);
};

/** History is not undone. */
export const down = false;
