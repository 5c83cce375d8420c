-- The items of orders, and the stock that they reserve.

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
create index order_items_buyer_index on public.order_items (buyer_id, product_id);

alter table public.order_items enable row level security;
alter table public.order_items force row level security;
revoke all on public.order_items from public, anon, authenticated, service_role;
-- The buyer does not see how the price is divided between the seller and the platform.
grant select (id, order_id, buyer_id, product_id, product_version_id, seller_id, unit_price_jpy, quantity, created_at)
  on public.order_items to authenticated;
grant select, insert on public.order_items to service_role;
create policy order_items_service_reads on public.order_items for select to service_role using (true);
create policy order_items_service_writes on public.order_items for insert to service_role with check (true);
create policy order_items_buyer_reads on public.order_items for select to authenticated
  using (buyer_id = (select auth.uid()));

-- A buyer reads a product that they bought or are about to buy, whatever its state.
create policy products_published_own_or_bought on public.products for select to authenticated
  using ((visibility <> 'private' and status in ('active', 'sold_out')) or seller_id = (select auth.uid())
    or exists (select from public.order_items as i where i.product_id = products.id and i.buyer_id = (select auth.uid())));

-- Stock that an order reserves. One row per item; its state follows the payment.
create table public.reservations (
  id uuid primary key,
  order_item_id uuid not null constraint reservations_item_once unique references public.order_items (id) on delete restrict,
  order_id uuid not null references public.orders (id) on delete restrict,
  product_id uuid not null references public.products (id) on delete restrict,
  -- The line of descent of which this is the exclusive licence; null for any other licence.
  exclusive_lineage_id uuid references public.design_lineages (id) on delete restrict,
  state text not null constraint reservations_state_known check (state in ('reserved', 'sold', 'released')),
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index reservations_order_index on public.reservations (order_id);
create index reservations_product_index on public.reservations (product_id, state);
create index reservations_lineage_index on public.reservations (exclusive_lineage_id)
  where exclusive_lineage_id is not null;
-- An exclusive licence of a line of descent is reserved or sold once.
create unique index reservations_exclusive_once on public.reservations (exclusive_lineage_id)
  where exclusive_lineage_id is not null and state in ('reserved', 'sold');

alter table public.reservations enable row level security;
alter table public.reservations force row level security;
revoke all on public.reservations from public, anon, authenticated, service_role;
grant select, insert, update on public.reservations to service_role;
create policy reservations_service on public.reservations for all to service_role using (true) with check (true);
