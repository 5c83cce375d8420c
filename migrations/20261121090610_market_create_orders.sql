-- Orders, the stock they hold, and what a buyer owns afterwards (specification 1, `orders`; specification 2, §1.4).

create table public.orders (
  id uuid primary key,
  buyer_id uuid not null references public.user_profiles (user_id) on delete restrict,
  order_number text not null constraint orders_number_unique unique
    constraint orders_number_shape check (order_number ~ '^M-[0-9]{8}-[0-9A-HJKMNP-TV-Z]{8}$'),
  total_amount_jpy bigint not null constraint orders_total_in_range check (total_amount_jpy between 0 and 10000000000),
  currency text not null default 'JPY' constraint orders_currency_known check (currency = 'JPY'),
  status text not null default 'pending' constraint orders_status_known
    check (status in ('pending', 'paid', 'failed', 'cancelled', 'refunded', 'expired')),
  -- The money came, but the goods were gone: a refund is on its way (or has arrived, when the status says so).
  unfulfillable boolean not null default false,
  cancelled_by_buyer boolean not null default false,
  locale text not null constraint orders_locale_known check (locale in ('ja', 'en')),
  expires_at timestamptz not null,
  paid_at timestamptz,
  refunded_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint orders_owner unique (id, buyer_id),
  constraint orders_paid_has_time check (status <> 'paid' or paid_at is not null),
  constraint orders_unfulfillable_is_not_paid check (not unfulfillable or status <> 'paid')
);
create index orders_buyer_index on public.orders (buyer_id, created_at desc, id desc);
create index orders_status_index on public.orders (status, created_at desc);
create index orders_pending_index on public.orders (expires_at) where status = 'pending';

create table public.order_items (
  id uuid primary key,
  order_id uuid not null,
  buyer_id uuid not null,
  product_id uuid not null references public.products (id) on delete restrict,
  product_version_id uuid not null,
  seller_id uuid not null,
  unit_price_jpy bigint not null constraint order_items_price_not_negative check (unit_price_jpy >= 0),
  seller_share_basis_points integer not null
    constraint order_items_share_in_range check (seller_share_basis_points between 0 and 10000),
  quantity integer not null default 1 constraint order_items_quantity_is_one check (quantity = 1),
  created_at timestamptz not null,
  constraint order_items_owner unique (id, buyer_id),
  constraint order_items_order_is_own foreign key (order_id, buyer_id)
    references public.orders (id, buyer_id) on delete restrict,
  constraint order_items_version_of_product foreign key (product_version_id, product_id)
    references public.product_versions (id, product_id) on delete restrict,
  constraint order_items_seller_of_product foreign key (product_id, seller_id)
    references public.products (id, seller_id) on delete restrict,
  constraint order_items_product_once unique (order_id, product_id)
);
create index order_items_order_index on public.order_items (order_id, buyer_id);
create index order_items_product_index on public.order_items (product_id, seller_id);
create index order_items_version_index on public.order_items (product_version_id, product_id);

alter table public.products add constraint products_retired_by_order
  foreign key (retired_by_order_id) references public.orders (id) on delete restrict;

-- Stock that an order holds. One row an item; it moves between the states as the payment does.
create table public.reservations (
  id uuid primary key,
  order_item_id uuid not null constraint reservations_item_once unique references public.order_items (id) on delete restrict,
  order_id uuid not null references public.orders (id) on delete restrict,
  product_id uuid not null references public.products (id) on delete restrict,
  lineage_id uuid references public.design_lineages (id) on delete restrict,
  is_exclusive boolean not null,
  state text not null constraint reservations_state_known check (state in ('reserved', 'sold', 'released')),
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint reservations_exclusive_has_lineage check (not is_exclusive or lineage_id is not null)
);
create index reservations_order_index on public.reservations (order_id);
create index reservations_product_index on public.reservations (product_id, state);
create index reservations_lineage_index on public.reservations (lineage_id, state) where lineage_id is not null;
-- An exclusive licence of a picture, or of anything that descends from it, is held or sold once.
create unique index reservations_exclusive_once on public.reservations (lineage_id)
  where is_exclusive and state in ('reserved', 'sold');

create table public.entitlements (
  id uuid primary key,
  buyer_id uuid not null references public.user_profiles (user_id) on delete restrict,
  order_item_id uuid not null constraint entitlements_item_once unique,
  product_version_id uuid not null references public.product_versions (id) on delete restrict,
  granted_at timestamptz not null,
  -- Only the return of the whole price takes the right away.
  revoked_at timestamptz,
  constraint entitlements_owner unique (id, buyer_id),
  constraint entitlements_item_is_own foreign key (order_item_id, buyer_id)
    references public.order_items (id, buyer_id) on delete restrict
);
create index entitlements_buyer_index on public.entitlements (buyer_id, granted_at desc, id desc);
create index entitlements_version_index on public.entitlements (product_version_id, buyer_id);
create index entitlements_item_index on public.entitlements (order_item_id, buyer_id);

-- The paper that goes with an entitlement, as it was written on the day.
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

-- A sale and what follows from it are never taken back in silence: states move forward only. Money that arrives late
-- overrules a lapse.
create function app.orders_move_forward() returns trigger language plpgsql set search_path = '' as $$
declare
  ranks constant jsonb := '{"pending": 0, "failed": 1, "cancelled": 1, "expired": 1, "paid": 2, "refunded": 3}';
begin
  if (ranks ->> new.status)::int < (ranks ->> old.status)::int
     or (new.status <> old.status and (ranks ->> new.status)::int = (ranks ->> old.status)::int)
     or new.buyer_id <> old.buyer_id or new.total_amount_jpy <> old.total_amount_jpy
     or new.order_number <> old.order_number then
    raise exception 'an order does not move from % to %', old.status, new.status using errcode = 'MM001';
  end if;
  return new;
end $$;
revoke all on function app.orders_move_forward() from public, anon, authenticated;
create trigger orders_forward before update on public.orders
  for each row execute function app.orders_move_forward();

do $$
declare
  name text;
begin
  foreach name in array array['orders', 'order_items', 'reservations', 'entitlements', 'licences', 'deliveries'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
  end loop;
end
$$;

grant select, insert, update on public.orders, public.reservations, public.entitlements, public.deliveries to service_role;
grant select, insert on public.order_items, public.licences to service_role;
create policy orders_service on public.orders for all to service_role using (true) with check (true);
create policy reservations_service on public.reservations for all to service_role using (true) with check (true);
create policy entitlements_service on public.entitlements for all to service_role using (true) with check (true);
create policy deliveries_service on public.deliveries for all to service_role using (true) with check (true);
create policy order_items_service_reads on public.order_items for select to service_role using (true);
create policy order_items_service_writes on public.order_items for insert to service_role with check (true);
create policy licences_service_reads on public.licences for select to service_role using (true);
create policy licences_service_writes on public.licences for insert to service_role with check (true);

grant select on public.orders, public.entitlements, public.licences, public.deliveries to authenticated;
-- How the seller and the platform divide the price is not the buyer's business.
grant select (id, order_id, buyer_id, product_id, product_version_id, seller_id, unit_price_jpy, quantity, created_at)
  on public.order_items to authenticated;
create policy orders_buyer_reads on public.orders for select to authenticated using (buyer_id = (select auth.uid()));
create policy order_items_buyer_reads on public.order_items for select to authenticated
  using (buyer_id = (select auth.uid()));
create policy entitlements_buyer_reads on public.entitlements for select to authenticated
  using (buyer_id = (select auth.uid()));
create policy licences_buyer_reads on public.licences for select to authenticated using (buyer_id = (select auth.uid()));
create policy deliveries_buyer_reads on public.deliveries for select to authenticated
  using (buyer_id = (select auth.uid()));

-- What was bought may be read by who bought it, and by who sells it.
grant select on public.product_versions, public.product_assets to authenticated;
create policy product_versions_owners_read on public.product_versions for select to authenticated
  using (seller_id = (select auth.uid()) or exists (
    select from public.entitlements as e
     where e.product_version_id = product_versions.id and e.buyer_id = (select auth.uid()) and e.revoked_at is null));
create policy product_assets_owners_read on public.product_assets for select to authenticated
  using (exists (select from public.product_versions as v where v.id = product_version_id));

-- The card of a product that somebody bought or is about to buy, whatever has become of the product since.
drop policy products_published_or_own on public.products;
create policy products_published_own_or_bought on public.products for select to authenticated
  using ((visibility <> 'private' and status in ('active', 'sold_out')) or seller_id = (select auth.uid())
    or exists (select from public.order_items as i where i.product_id = products.id and i.buyer_id = (select auth.uid())));
create index order_items_buyer_index on public.order_items (buyer_id, product_id);
