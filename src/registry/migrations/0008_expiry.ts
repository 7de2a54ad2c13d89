import type { MigrationBuilder } from 'node-pg-migrate';

/** A live version that became too old to act is noted as such, by an event of its own. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    alter table production add column expired_at timestamptz(3);
    alter table production_event drop constraint production_event_kind_check;
    alter table production_event add constraint production_event_kind_check check (kind in ('promote', 'baseline', 'rollback', 'expire'));
  `);
};

/** History is not undone. */
export const down = false;
