-- The versions of products and their files: what a buyer gets, frozen at the moment of publishing.

create table public.product_versions (
  id uuid primary key,
  product_id uuid not null,
  seller_id uuid not null,
  version integer not null constraint product_versions_counted check (version >= 1),
  title_snapshot text not null,
  description_snapshot text not null default '',
  sample_output_snapshot text not null default '',
  prompt_snapshot text not null default '',
  content_type text not null
    constraint product_versions_content_known check (content_type in ('text', 'file', 'mixed')),
  license_type text constraint product_versions_license_known
    check (license_type in ('exclusive', 'non-exclusive', 'single-use')),
  license_terms_edition text not null,
  price_yen bigint not null constraint product_versions_price_not_negative check (price_yen >= 0),
  made_with text not null default '',
  created_at timestamptz not null,
  published_at timestamptz,
  constraint product_versions_once unique (product_id, version),
  constraint product_versions_of_product unique (id, product_id),
  constraint product_versions_product_is_own foreign key (product_id, seller_id)
    references public.products (id, seller_id) on delete restrict
);
create index product_versions_product_index on public.product_versions (product_id, seller_id);
create trigger product_versions_frozen before update or delete on public.product_versions
  for each row execute function app.forbid_change();
create trigger product_versions_no_truncate before truncate on public.product_versions
  for each statement execute function app.forbid_change();

alter table public.product_versions enable row level security;
alter table public.product_versions force row level security;
revoke all on public.product_versions from public, anon, authenticated, service_role;
-- Buyers read what they have bought: the policy for `authenticated` is in orders_create_entitlements.
grant select on public.product_versions to authenticated;
grant select, insert on public.product_versions to service_role;
create policy product_versions_service_reads on public.product_versions for select to service_role using (true);
create policy product_versions_service_writes on public.product_versions for insert to service_role with check (true);

create table public.product_assets (
  id uuid primary key,
  product_version_id uuid not null references public.product_versions (id) on delete restrict,
  kind text not null
    constraint product_assets_kind_known check (kind in ('text_body', 'attachment', 'image', 'meta')),
  storage_key text,
  text_content text,
  sha256 bytea not null constraint product_assets_sha256_length check (length(sha256) = 32),
  size_bytes bigint not null constraint product_assets_size_counted check (size_bytes >= 0),
  created_at timestamptz not null,
  constraint product_assets_has_content check ((storage_key is null) <> (text_content is null))
);
create index product_assets_version_index on public.product_assets (product_version_id);
create trigger product_assets_frozen before update or delete on public.product_assets
  for each row execute function app.forbid_change();
create trigger product_assets_no_truncate before truncate on public.product_assets
  for each statement execute function app.forbid_change();

alter table public.product_assets enable row level security;
alter table public.product_assets force row level security;
revoke all on public.product_assets from public, anon, authenticated, service_role;
grant select on public.product_assets to authenticated;
grant select, insert on public.product_assets to service_role;
create policy product_assets_service_reads on public.product_assets for select to service_role using (true);
create policy product_assets_service_writes on public.product_assets for insert to service_role with check (true);
create policy product_assets_owners_read on public.product_assets for select to authenticated
  using (exists (select from public.product_versions as v where v.id = product_version_id));
