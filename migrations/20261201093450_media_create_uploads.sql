-- Pictures that people bring along (specification 4, §3.4), and who uses which picture. Only the platform writes; the
-- owner reads. A row is there before its file is and until its file is gone.

create table public.uploads (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete restrict,
  kind text not null constraint uploads_kind_known check (kind in ('logo', 'product', 'mask', 'other')),
  state text not null default 'storing' constraint uploads_state_known check (state in ('storing', 'ready', 'deleting')),
  file_name text not null constraint uploads_file_name_length check (length(file_name) between 1 and 255),
  storage_key text not null constraint uploads_key_unique unique,
  sha256 bytea not null constraint uploads_sha256_length check (length(sha256) = 32),
  size_bytes bigint not null constraint uploads_not_empty check (size_bytes > 0),
  width integer not null constraint uploads_width_positive check (width > 0),
  height integer not null constraint uploads_height_positive check (height > 0),
  mime_type text not null constraint uploads_type_known check (mime_type in ('image/png', 'image/jpeg')),
  -- What the file was when it came in.
  source_format text not null
    constraint uploads_source_known check (source_format in ('png', 'jpeg', 'webp', 'avif', 'svg')),
  -- The IPTC digital source type that the file named; it is the uploader's claim.
  digital_source_type text constraint uploads_source_type_known check (digital_source_type in
    ('trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia', 'algorithmicMedia')),
  -- How many days an unused upload is kept, and until when; null is for ever.
  kept_days integer constraint uploads_kept_days_positive check (kept_days > 0),
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint uploads_expiry_has_days check ((kept_days is null) = (expires_at is null))
);
create index uploads_mine_index on public.uploads (user_id, created_at desc, id desc);
create index uploads_kind_index on public.uploads (user_id, kind, created_at desc, id desc);
create index uploads_expiry_index on public.uploads (expires_at) where state = 'ready' and expires_at is not null;
create index uploads_unfinished_index on public.uploads (updated_at) where state <> 'ready';

alter table public.uploads enable row level security;
alter table public.uploads force row level security;
revoke all on public.uploads from public, anon, authenticated, service_role;
grant select on public.uploads to authenticated;
grant select, insert, update, delete on public.uploads to service_role;
create policy uploads_service on public.uploads for all to service_role using (true) with check (true);
create policy uploads_owner_reads on public.uploads for select to authenticated
  using (user_id = (select auth.uid()));

-- Who uses a picture: while there is a row, it is neither deleted nor cleared away.
create table public.asset_uses (
  asset_kind text not null constraint asset_uses_asset_known check (asset_kind in ('upload', 'generation')),
  asset_id uuid not null,
  used_by_kind text not null constraint asset_uses_user_known
    check (used_by_kind in ('generation', 'product', 'page', 'brand', 'ad_template', 'shop')),
  used_by_id uuid not null,
  owner_id uuid not null references public.user_profiles (user_id) on delete restrict,
  created_at timestamptz not null,
  primary key (asset_kind, asset_id, used_by_kind, used_by_id)
);
create index asset_uses_used_by_index on public.asset_uses (used_by_kind, used_by_id);
create index asset_uses_owner_index on public.asset_uses (owner_id);

alter table public.asset_uses enable row level security;
alter table public.asset_uses force row level security;
revoke all on public.asset_uses from public, anon, authenticated, service_role;
grant select on public.asset_uses to authenticated;
grant select, insert, update, delete on public.asset_uses to service_role;
create policy asset_uses_service on public.asset_uses for all to service_role using (true) with check (true);
create policy asset_uses_owner_reads on public.asset_uses for select to authenticated
  using (owner_id = (select auth.uid()));

-- For the statements of other crates, which do not read the table.
create function app.asset_is_used(p_asset_kind text, p_asset_id uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.asset_uses as u where u.asset_kind = p_asset_kind and u.asset_id = p_asset_id)
$$;
revoke all on function app.asset_is_used(text, uuid) from public, anon, authenticated, service_role;
grant execute on function app.asset_is_used(text, uuid) to authenticated, service_role;
