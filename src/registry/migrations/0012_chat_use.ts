import type { MigrationBuilder } from 'node-pg-migrate';

/** What was asked of the chat endpoint, by day (UTC). */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table chat_use (
      day date primary key,
      requests integer not null,
      tokens bigint not null check (tokens >= 0)
    );
  `);
};

/** History is not undone. */
export const down = false;
