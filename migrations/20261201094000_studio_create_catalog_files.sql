-- An index of the sample pictures under catalog/ in the storage, so that they can be paged newest first at any depth.

create table public.catalog_files (
  id uuid primary key,
  storage_key text not null constraint catalog_files_key_unique unique
    constraint catalog_files_key_is_a_sample check (storage_key ~ '^catalog/.+\.(png|jpe?g|webp)$'),
  size_bytes bigint not null constraint catalog_files_size_counted check (size_bytes >= 0),
  modified_at timestamptz not null
);
create index catalog_files_newest_index on public.catalog_files (modified_at desc, id desc);

alter table public.catalog_files enable row level security;
alter table public.catalog_files force row level security;
revoke all on public.catalog_files from public, anon, authenticated, service_role;
grant select on public.catalog_files to anon, authenticated;
grant select, insert, update, delete on public.catalog_files to service_role;
create policy catalog_files_service on public.catalog_files for all to service_role using (true) with check (true);
create policy catalog_files_are_public on public.catalog_files for select to anon, authenticated using (true);
