import type { MigrationBuilder } from 'node-pg-migrate';

/** Rows of experiences keep their vectors, up to a page: those of the default length were moved into a table of their own one by one, which was dear. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql('alter table experience set (toast_tuple_target = 8160)');
};

/** History is not undone. */
export const down = false;
