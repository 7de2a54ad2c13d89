import type { MigrationBuilder } from 'node-pg-migrate';

/** Which code and machine a run was begun with: what reproducing it needs besides its data, configuration and seed. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql('alter table run add column made_with jsonb');
};

/** History is not undone. */
export const down = false;
