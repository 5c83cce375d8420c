-- Orders (specification 1, `orders`; specification 2, §1.4).

create table public.orders (
  id uuid primary key,
  buyer_id uuid not null references public.user_profiles (user_id) on delete restrict,
  order_number text not null constraint orders_number_unique unique
    constraint orders_number_shape check (order_number ~ '^M-[0-9]{8}-[0-9A-HJKMNP-TV-Z]{8}$'),
  total_amount_jpy bigint not null constraint orders_total_in_range check (total_amount_jpy between 0 and 10000000000),
  currency text not null default 'JPY' constraint orders_currency_known check (currency = 'JPY'),
  status text not null default 'pending' constraint orders_status_known
    check (status in ('pending', 'paid', 'failed', 'cancelled', 'refunded', 'expired')),
  -- Paid when the goods were no longer available: a refund is pending, or complete when the status is 'refunded'.
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

-- States only move forward. A payment that arrives late overrules a failure, a cancellation or an expiry.
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

alter table public.orders enable row level security;
alter table public.orders force row level security;
revoke all on public.orders from public, anon, authenticated, service_role;
grant select on public.orders to authenticated;
grant select, insert, update on public.orders to service_role;
create policy orders_service on public.orders for all to service_role using (true) with check (true);
create policy orders_buyer_reads on public.orders for select to authenticated using (buyer_id = (select auth.uid()));
