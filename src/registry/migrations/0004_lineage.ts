import type { MigrationBuilder } from 'node-pg-migrate';

/**
 * What each version learned from: data with its horizon and reach, and other versions, which lead to theirs. Versions of earlier schemas get what is
 * known of them: their dataset, up to the horizon that was noted, with the purge of their run's configuration, and their parent.
 */
export const up = (migration: MigrationBuilder): void => {
  migration.sql(`
    create table version_source (
      id bigint generated always as identity primary key,
      instrument text not null,
      bucket text not null,
      version text not null,
      kind text not null check (kind in ('parent', 'transfer', 'dataset', 'normaliser', 'tuning', 'replay')),
      source text not null,
      source_instrument text,
      source_bucket text,
      horizon timestamptz,
      reach_ms bigint check (reach_ms >= 0),
      foreign key (instrument, bucket, version) references version (instrument, bucket, name),
      foreign key (source_instrument, source_bucket, source) references version (instrument, bucket, name),
      check ((source_instrument is null) = (kind not in ('parent', 'transfer')) and (source_bucket is null) = (source_instrument is null)),
      check ((horizon is null) = (kind in ('parent', 'transfer')) and (reach_ms is null) = (horizon is null))
    );
    create index on version_source (instrument, bucket, version);

    insert into version_source (instrument, bucket, version, kind, source, horizon, reach_ms)
    select version.instrument, version.bucket, version.name, kind, version.dataset, version.data_horizon, coalesce(dataset.frequency_ms * (
      (run.config #>> '{training,environment,lookback}')::bigint
        + greatest((run.config #>> '{training,nStep}')::bigint, (run.config #>> '{training,hindsight,horizon}')::bigint)), 0)
    from version join dataset on dataset.id = version.dataset left join run on run.id = version.run
      cross join unnest(array['dataset', 'normaliser']) as kind
    order by version.instrument, version.bucket, version.number;

    insert into version_source (instrument, bucket, version, kind, source_instrument, source_bucket, source)
    select instrument, bucket, name, 'parent', instrument, bucket, parent from version where parent is not null;

    create trigger append_only before update or delete on version_source for each row execute function refuse_change();
  `);
};

/** History is not undone. */
export const down = false;
