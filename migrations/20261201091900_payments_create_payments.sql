-- Payments (specification 2, §1.4), whatever they are for, and the attempts to pay them. An invoice of a subscription that a
-- provider has collected is a payment too.

create table public.payments (
  id uuid primary key,
  -- unmatched: money that no purpose takes (a second capture, another amount, a payment that we lost); it is given back.
  purpose text not null constraint payments_purpose_known
    check (purpose in ('order', 'credit_pack', 'subscription', 'unmatched')),
  reference_id uuid not null,
  order_id uuid generated always as (case when purpose = 'order' then reference_id end) stored,
  buyer_id uuid references public.user_profiles (user_id) on delete restrict,
  amount_jpy bigint not null constraint payments_amount_in_range check (amount_jpy between 1 and 10000000000),
  refunded_jpy bigint not null default 0,
  currency text not null default 'JPY' constraint payments_currency_known check (currency = 'JPY'),
  -- voucher_issued, processing: the buyer has finished and the money is on its way.
  status text not null constraint payments_status_known check (status in (
    'pending', 'voucher_issued', 'processing', 'captured', 'failed', 'expired', 'partially_refunded', 'refunded')),
  description text not null constraint payments_description_length check (length(description) between 1 and 200),
  success_url text not null,
  cancel_url text not null,
  locale text not null constraint payments_locale_known check (locale in ('ja', 'en')),
  -- When the offer ends: nobody may begin to pay any more.
  expires_at timestamptz not null,
  captured_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint payments_one_per_purpose unique (purpose, reference_id),
  -- The payment of a subscription may be known before the account of whoever pays it.
  constraint payments_buyer_known check (buyer_id is not null or purpose in ('unmatched', 'subscription')),
  constraint payments_refund_within_amount check (refunded_jpy between 0 and amount_jpy),
  constraint payments_captured_has_time
    check ((status in ('captured', 'partially_refunded', 'refunded')) = (captured_at is not null))
);
create index payments_order_index on public.payments (order_id) where order_id is not null;
create index payments_buyer_index on public.payments (buyer_id, created_at desc);
create index payments_status_index on public.payments (status, updated_at);

-- States only move forward; those in which nothing is decided may follow one another in any order. A capture overrules a
-- failure or an expiry that was recorded before it; nothing overrules a capture but a refund.
create function app.payments_move_forward() returns trigger language plpgsql set search_path = '' as $$
declare
  ranks constant jsonb := '{"pending": 0, "voucher_issued": 0, "processing": 0, "failed": 1, "expired": 1, "captured": 2,
                            "partially_refunded": 3, "refunded": 4}';
begin
  if (ranks ->> new.status)::int < (ranks ->> old.status)::int
     or (new.status <> old.status and (ranks ->> new.status)::int = (ranks ->> old.status)::int
         and (ranks ->> new.status)::int > 0)
     or new.amount_jpy <> old.amount_jpy or new.purpose <> old.purpose or new.reference_id <> old.reference_id
     or new.refunded_jpy < old.refunded_jpy then
    raise exception 'a payment does not move from % to %', old.status, new.status using errcode = 'MP001';
  end if;
  return new;
end $$;
create trigger payments_forward before update on public.payments
  for each row execute function app.payments_move_forward();

alter table public.payments enable row level security;
alter table public.payments force row level security;
revoke all on public.payments from public, anon, authenticated, service_role;
grant select, insert, update on public.payments to service_role;
grant select on public.payments to authenticated;
create policy payments_service on public.payments for all to service_role using (true) with check (true);
create policy payments_buyer_reads on public.payments for select to authenticated
  using (buyer_id = (select auth.uid()));

-- Every page or call at a provider by which a payment may be paid. At most one of them is the payment's capture; money
-- that arrives by another one becomes a payment of its own (purpose `unmatched`), to which its attempt then belongs.
create table public.payment_attempts (
  id uuid primary key,
  payment_id uuid not null references public.payments (id),
  -- The payment for which it was opened; another than `payment_id` when its money was not the payment's.
  opened_for uuid not null references public.payments (id),
  buyer_id uuid references public.user_profiles (user_id) on delete restrict,
  provider_id smallint not null references public.payment_providers (id),
  -- opening: stored, the provider may or may not know it. voucher_issued: a convenience store slip is printed.
  -- processing: a bank has the order. authorized: the buyer approved, the money is to be captured.
  state text not null constraint payment_attempts_state_known check (state in (
    'opening', 'open', 'voucher_issued', 'processing', 'authorized', 'captured', 'failed', 'expired', 'cancelled')),
  -- Stored before the call that sends it.
  idempotency_key text not null unique,
  amount_jpy bigint not null constraint payment_attempts_amount_in_range check (amount_jpy between 1 and 10000000000),
  captured_jpy bigint constraint payment_attempts_captured_positive check (captured_jpy > 0),
  provider_fee_jpy bigint,
  provider_session_id text
    constraint payment_attempts_session_length check (length(provider_session_id) between 1 and 255),
  provider_txn_id text constraint payment_attempts_transaction_length check (length(provider_txn_id) between 1 and 255),
  checkout_url text,
  voucher_url text
    constraint payment_attempts_voucher_is_an_address check (voucher_url ~ '^https?://' and length(voucher_url) <= 2000),
  voucher_expires_at timestamptz,
  last_failure_code text,
  expires_at timestamptz not null,
  captured_at timestamptz,
  next_check_at timestamptz,
  check_count integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint payment_attempts_session_once unique (provider_id, provider_session_id),
  constraint payment_attempts_transaction_once unique (provider_id, provider_txn_id),
  constraint payment_attempts_open_has_page check (state <> 'open' or checkout_url is not null),
  constraint payment_attempts_voucher_has_page check (state <> 'voucher_issued' or voucher_url is not null),
  constraint payment_attempts_captured_is_whole
    check ((state = 'captured') = (captured_at is not null) and (state = 'captured') = (captured_jpy is not null)),
  constraint payment_attempts_only_captured_moves check (payment_id = opened_for or state = 'captured')
);
create unique index payment_attempts_captured_once on public.payment_attempts (payment_id) where state = 'captured';
create index payment_attempts_payment_index on public.payment_attempts (payment_id);
create index payment_attempts_opened_for_index on public.payment_attempts (opened_for);
create index payment_attempts_buyer_index on public.payment_attempts (buyer_id) where buyer_id is not null;
create index payment_attempts_check_index on public.payment_attempts (next_check_at) where next_check_at is not null;

-- As payments: only forward. A capture overrules every end; nothing overrules a capture.
create function app.payment_attempts_move_forward() returns trigger language plpgsql set search_path = '' as $$
declare
  ranks constant jsonb := '{"opening": 0, "open": 1, "voucher_issued": 2, "processing": 2, "authorized": 2, "failed": 3,
                            "expired": 3, "cancelled": 3, "captured": 4}';
begin
  if (ranks ->> new.state)::int < (ranks ->> old.state)::int
     or (new.state <> old.state and (ranks ->> new.state)::int = (ranks ->> old.state)::int)
     or new.amount_jpy <> old.amount_jpy or new.provider_id <> old.provider_id or new.opened_for <> old.opened_for
     or (new.payment_id <> old.payment_id and old.state = 'captured')
     or (old.captured_jpy is not null and new.captured_jpy is distinct from old.captured_jpy) then
    raise exception 'an attempt does not move from % to %', old.state, new.state using errcode = 'MP001';
  end if;
  return new;
end $$;
create trigger payment_attempts_forward before update on public.payment_attempts
  for each row execute function app.payment_attempts_move_forward();
revoke all on function app.payments_move_forward(), app.payment_attempts_move_forward()
  from public, anon, authenticated;

alter table public.payment_attempts enable row level security;
alter table public.payment_attempts force row level security;
revoke all on public.payment_attempts from public, anon, authenticated, service_role;
grant select, insert, update on public.payment_attempts to service_role;
-- The buyer sees neither keys nor the provider's ids.
grant select (id, payment_id, buyer_id, provider_id, state, amount_jpy, checkout_url, voucher_url, voucher_expires_at,
              last_failure_code, expires_at, captured_at, created_at, updated_at)
  on public.payment_attempts to authenticated;
create policy payment_attempts_service on public.payment_attempts for all to service_role using (true) with check (true);
create policy payment_attempts_buyer_reads on public.payment_attempts for select to authenticated
  using (buyer_id = (select auth.uid()));
