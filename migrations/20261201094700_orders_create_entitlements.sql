-- What a buyer owns after an order: entitlements, licences and deliveries (specification 2, §1.4).

create table public.entitlements (
  id uuid primary key,
  buyer_id uuid not null references public.user_profiles (user_id) on delete restrict,
  order_item_id uuid not null constraint entitlements_item_once unique,
  product_version_id uuid not null references public.product_versions (id) on delete restrict,
  granted_at timestamptz not null,
  -- Set only when the whole price is refunded.
  revoked_at timestamptz,
  constraint entitlements_owner unique (id, buyer_id),
  constraint entitlements_item_is_own foreign key (order_item_id, buyer_id)
    references public.order_items (id, buyer_id) on delete restrict
);
create index entitlements_buyer_index on public.entitlements (buyer_id, granted_at desc, id desc);
create index entitlements_version_index on public.entitlements (product_version_id, buyer_id);
create index entitlements_item_index on public.entitlements (order_item_id, buyer_id);

alter table public.entitlements enable row level security;
alter table public.entitlements force row level security;
revoke all on public.entitlements from public, anon, authenticated, service_role;
grant select on public.entitlements to authenticated;
grant select, insert, update on public.entitlements to service_role;
create policy entitlements_service on public.entitlements for all to service_role using (true) with check (true);
create policy entitlements_buyer_reads on public.entitlements for select to authenticated
  using (buyer_id = (select auth.uid()));

-- A product version is read by its seller and by buyers who are entitled to it.
create policy product_versions_owners_read on public.product_versions for select to authenticated
  using (seller_id = (select auth.uid()) or exists (
    select from public.entitlements as e
     where e.product_version_id = product_versions.id and e.buyer_id = (select auth.uid()) and e.revoked_at is null));

-- The licence certificate of an entitlement, as it was issued.
create table public.licences (
  entitlement_id uuid primary key,
  buyer_id uuid not null,
  licence_number text not null constraint licences_number_unique unique
    constraint licences_number_shape check (licence_number ~ '^ML-[0-9]{8}-[0-9A-HJKMNP-TV-Z]{8}$'),
  license_type text not null
    constraint licences_license_known check (license_type in ('exclusive', 'non-exclusive', 'single-use')),
  terms_edition text not null,
  locale text not null constraint licences_locale_known check (locale in ('ja', 'en')),
  body_text text not null,
  issued_at timestamptz not null,
  constraint licences_entitlement_is_own foreign key (entitlement_id, buyer_id)
    references public.entitlements (id, buyer_id) on delete restrict
);
create index licences_entitlement_index on public.licences (entitlement_id, buyer_id);
create trigger licences_frozen before update or delete on public.licences
  for each row execute function app.forbid_change();
create trigger licences_no_truncate before truncate on public.licences
  for each statement execute function app.forbid_change();

alter table public.licences enable row level security;
alter table public.licences force row level security;
revoke all on public.licences from public, anon, authenticated, service_role;
grant select on public.licences to authenticated;
grant select, insert on public.licences to service_role;
create policy licences_service_reads on public.licences for select to service_role using (true);
create policy licences_service_writes on public.licences for insert to service_role with check (true);
create policy licences_buyer_reads on public.licences for select to authenticated using (buyer_id = (select auth.uid()));

-- The download package of an entitlement.
create table public.deliveries (
  id uuid primary key,
  order_id uuid not null,
  buyer_id uuid not null,
  entitlement_id uuid not null constraint deliveries_entitlement_once unique,
  state text not null constraint deliveries_state_known check (state in ('pending', 'ready', 'failed')),
  package_key text not null constraint deliveries_key_unique unique
    constraint deliveries_key_shape check (package_key ~ '^deliver/[0-9a-f-]{36}/[a-z0-9-]+\.zip$'),
  sha256 bytea constraint deliveries_sha256_length check (length(sha256) = 32),
  size_bytes bigint constraint deliveries_size_positive check (size_bytes > 0),
  picture_sha256 bytea not null constraint deliveries_picture_sha256_length check (length(picture_sha256) = 32),
  created_at timestamptz not null,
  ready_at timestamptz,
  constraint deliveries_ready_is_measured
    check (state <> 'ready' or (sha256 is not null and size_bytes is not null and ready_at is not null)),
  constraint deliveries_order_is_own foreign key (order_id, buyer_id)
    references public.orders (id, buyer_id) on delete restrict,
  constraint deliveries_entitlement_is_own foreign key (entitlement_id, buyer_id)
    references public.entitlements (id, buyer_id) on delete restrict
);
create index deliveries_order_index on public.deliveries (order_id, buyer_id);
create index deliveries_entitlement_index on public.deliveries (entitlement_id, buyer_id);
create index deliveries_open_index on public.deliveries (created_at) where state = 'pending';

alter table public.deliveries enable row level security;
alter table public.deliveries force row level security;
revoke all on public.deliveries from public, anon, authenticated, service_role;
grant select on public.deliveries to authenticated;
grant select, insert, update on public.deliveries to service_role;
create policy deliveries_service on public.deliveries for all to service_role using (true) with check (true);
create policy deliveries_buyer_reads on public.deliveries for select to authenticated
  using (buyer_id = (select auth.uid()));
