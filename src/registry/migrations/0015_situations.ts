import type { MigrationBuilder } from 'node-pg-migrate';

/** The market situation in which a trade was decided: 32-bit floats, little-endian, and the name that says what they are; null floats where its bars are not stored. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql('alter table experience add column situation bytea, add column situation_name text;');
};

/** History is not undone. */
export const down = false;
