-- Payments (specification 2, §1.4), whatever they are for. An invoice of a subscription that a provider has collected is
-- a payment too.

create table public.payments (
  id uuid primary key,
  purpose text not null constraint payments_purpose_known
    check (purpose in ('order', 'credit_pack', 'subscription', 'orphan')),
  reference_id uuid not null,
  order_id uuid generated always as (case when purpose = 'order' then reference_id end) stored,
  buyer_id uuid references public.user_profiles (user_id) on delete restrict,
  provider_id smallint not null references public.payment_providers (id),
  provider_session_id text,
  provider_txn_id text,
  checkout_url text,
  -- The page of a convenience store slip, and until when the slip can be paid.
  slip_url text constraint payments_slip_is_an_address check (slip_url ~ '^https?://' and length(slip_url) <= 2000),
  slip_expires_at timestamptz,
  amount_jpy bigint not null constraint payments_amount_in_range check (amount_jpy between 1 and 10000000000),
  refunded_jpy bigint not null default 0,
  provider_fee_jpy bigint,
  currency text not null default 'JPY' constraint payments_currency_known check (currency = 'JPY'),
  status text not null constraint payments_status_known check (status in (
    'pending', 'authorized', 'captured', 'failed', 'expired', 'partially_refunded', 'refunded')),
  description text not null constraint payments_description_length check (length(description) between 1 and 200),
  success_url text not null,
  cancel_url text not null,
  locale text not null constraint payments_locale_known check (locale in ('ja', 'en')),
  -- Stored before the call that sends it. A new generation is a new key, for when the old one cannot be used again.
  idempotency_key text not null unique,
  generation integer not null default 1,
  last_failure_code text,
  raw_payload jsonb not null default '{}',
  expires_at timestamptz not null,
  next_check_at timestamptz,
  check_count integer not null default 0,
  captured_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint payments_one_per_purpose unique (purpose, reference_id),
  constraint payments_session_once unique (provider_id, provider_session_id),
  constraint payments_transaction_once unique (provider_id, provider_txn_id),
  -- The payment of a subscription may be known before the account of whoever pays it.
  constraint payments_buyer_known check (buyer_id is not null or purpose in ('orphan', 'subscription')),
  constraint payments_refund_within_amount check (refunded_jpy between 0 and amount_jpy),
  constraint payments_captured_has_time
    check ((status in ('captured', 'partially_refunded', 'refunded')) = (captured_at is not null))
);
create index payments_order_index on public.payments (order_id) where order_id is not null;
create index payments_buyer_index on public.payments (buyer_id, created_at desc);
create index payments_check_index on public.payments (next_check_at) where next_check_at is not null;
create index payments_status_index on public.payments (status, updated_at);

-- States only move forward. A capture overrules a failure or an expiry that was recorded before it; nothing overrules a
-- capture but a refund.
create function app.payments_move_forward() returns trigger language plpgsql set search_path = '' as $$
declare
  ranks constant jsonb := '{"pending": 0, "authorized": 1, "failed": 2, "expired": 2, "captured": 3,
                            "partially_refunded": 4, "refunded": 5}';
begin
  if (ranks ->> new.status)::int < (ranks ->> old.status)::int
     or (new.status <> old.status and (ranks ->> new.status)::int = (ranks ->> old.status)::int)
     or new.amount_jpy <> old.amount_jpy or new.purpose <> old.purpose or new.reference_id <> old.reference_id
     or new.provider_id <> old.provider_id or new.refunded_jpy < old.refunded_jpy then
    raise exception 'a payment does not move from % to %', old.status, new.status using errcode = 'MP001';
  end if;
  return new;
end $$;
revoke all on function app.payments_move_forward() from public, anon, authenticated;
create trigger payments_forward before update on public.payments
  for each row execute function app.payments_move_forward();

alter table public.payments enable row level security;
alter table public.payments force row level security;
revoke all on public.payments from public, anon, authenticated, service_role;
grant select, insert, update on public.payments to service_role;
-- The buyer sees neither keys nor what the provider sent.
grant select (id, purpose, reference_id, order_id, buyer_id, provider_id, checkout_url, slip_url, slip_expires_at,
              amount_jpy, refunded_jpy, currency, status, description, last_failure_code, expires_at, captured_at,
              created_at, updated_at)
  on public.payments to authenticated;
create policy payments_service on public.payments for all to service_role using (true) with check (true);
create policy payments_buyer_reads on public.payments for select to authenticated
  using (buyer_id = (select auth.uid()));
