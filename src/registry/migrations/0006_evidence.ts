import type { MigrationBuilder } from 'node-pg-migrate';

/** Where a decision's evidence pack lies: the artifacts of its JSON and of its page. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql('alter table decision add column evidence_pack text, add column evidence_page text');
};

/** History is not undone. */
export const down = false;
