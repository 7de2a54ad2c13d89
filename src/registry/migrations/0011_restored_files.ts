import type { MigrationBuilder } from 'node-pg-migrate';

/** What lies where, so that a file restored to earlier content counts as the newest again; files are ordered by their newest arrival. */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create sequence file_arrival;
    alter table ingested_file add column arrival bigint;
    update ingested_file set arrival = id;
    select setval('file_arrival', coalesce(max(id), 0) + 1, false) from ingested_file;
    alter table ingested_file alter column arrival set default nextval('file_arrival'), alter column arrival set not null;

    create table file_place (
      instrument text not null,
      path_id text not null,
      sha256 text not null,
      revision integer not null default 0,
      primary key (instrument, path_id)
    );
    insert into file_place (instrument, path_id, sha256, revision)
    select instrument, path_id, (array_agg(sha256 order by id desc))[1], count(*) - 1 from ingested_file group by instrument, path_id;
  `);
};

/** History is not undone. */
export const down = false;
