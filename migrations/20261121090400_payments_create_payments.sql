-- Payments, refunds, the webhook's inbox and what an operator should look at (specification 2, §1.4).

create table public.payment_providers (
  id smallint generated always as identity primary key,
  code text not null unique constraint payment_providers_code_shape check (code ~ '^[a-z][a-z0-9_]{1,30}$'),
  display_name text not null,
  -- What the provider usually keeps; the ledger has what it really kept.
  fee_percent numeric(5, 2) not null constraint payment_providers_fee_in_range check (fee_percent between 0 and 100),
  meta jsonb not null default '{}'
);
insert into public.payment_providers (code, display_name, fee_percent, meta) values
  ('stripe', 'Stripe', 3.60, '{"methods": "dynamic"}'),
  ('sandbox', 'Sandbox', 3.60, '{"note": "no real money"}');

alter table public.payment_providers enable row level security;
alter table public.payment_providers force row level security;
revoke all on public.payment_providers from public, anon, authenticated, service_role;
grant select, insert, update on public.payment_providers to service_role;
grant select (id, code, display_name) on public.payment_providers to authenticated;
create policy payment_providers_service on public.payment_providers for all to service_role using (true) with check (true);
create policy payment_providers_names_are_public on public.payment_providers for select to authenticated using (true);

-- A provider that is not listed has no account on the ledger.
alter table public.ledger_accounts add constraint ledger_accounts_provider_known
  foreign key (provider) references public.payment_providers (code);
create index ledger_accounts_provider on public.ledger_accounts (provider) where provider is not null;

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
  -- Stored before the call that carries it; the generation makes a fresh one when an old one is of no more use.
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
  constraint payments_buyer_known check (buyer_id is not null or purpose = 'orphan'),
  constraint payments_refund_within_amount check (refunded_jpy between 0 and amount_jpy),
  constraint payments_captured_has_time
    check ((status in ('captured', 'partially_refunded', 'refunded')) = (captured_at is not null))
);
create index payments_order_index on public.payments (order_id) where order_id is not null;
create index payments_buyer_index on public.payments (buyer_id, created_at desc);
create index payments_check_index on public.payments (next_check_at) where next_check_at is not null;
create index payments_status_index on public.payments (status, updated_at);

-- States only move forward, whoever asks. Money that arrived late overrules a lapse; nothing overrules money.
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
-- Keys and the provider's words are not for the buyer.
grant select (id, purpose, reference_id, order_id, buyer_id, provider_id, checkout_url, amount_jpy, refunded_jpy, currency,
              status, description, last_failure_code, expires_at, captured_at, created_at, updated_at)
  on public.payments to authenticated;
create policy payments_service on public.payments for all to service_role using (true) with check (true);
create policy payments_buyer_reads on public.payments for select to authenticated
  using (buyer_id = (select auth.uid()));

create table public.refunds (
  id uuid primary key,
  payment_id uuid not null references public.payments (id),
  buyer_id uuid references public.user_profiles (user_id) on delete restrict,
  amount_jpy bigint not null constraint refunds_amount_positive check (amount_jpy > 0),
  reason text not null constraint refunds_reason_known check (reason in (
    'unfulfillable', 'requested', 'duplicate', 'fraudulent', 'unknown_payment', 'made_at_provider')),
  -- What makes asking twice ask once.
  request_key text not null,
  status text not null constraint refunds_status_known check (status in ('requested', 'pending', 'succeeded', 'failed')),
  provider_refund_id text,
  idempotency_key text not null unique,
  generation integer not null default 1,
  attempts integer not null default 0,
  last_failure_code text,
  next_check_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  settled_at timestamptz,
  constraint refunds_asked_once unique (payment_id, request_key),
  constraint refunds_provider_once unique (provider_refund_id)
);
create index refunds_check_index on public.refunds (next_check_at) where next_check_at is not null;
create index refunds_buyer_index on public.refunds (buyer_id) where buyer_id is not null;
alter table public.refunds enable row level security;
alter table public.refunds force row level security;
revoke all on public.refunds from public, anon, authenticated, service_role;
grant select, insert, update on public.refunds to service_role;
grant select (id, payment_id, buyer_id, amount_jpy, reason, status, created_at, updated_at, settled_at)
  on public.refunds to authenticated;
create policy refunds_service on public.refunds for all to service_role using (true) with check (true);
create policy refunds_buyer_reads on public.refunds for select to authenticated using (buyer_id = (select auth.uid()));

-- The items of a refund; none when it is spread over all that was sold.
create table public.refund_lines (
  refund_id uuid not null references public.refunds (id),
  order_item_id uuid not null,
  amount_jpy bigint not null constraint refund_lines_amount_positive check (amount_jpy > 0),
  primary key (refund_id, order_item_id)
);
alter table public.refund_lines enable row level security;
alter table public.refund_lines force row level security;
revoke all on public.refund_lines from public, anon, authenticated, service_role;
grant select, insert on public.refund_lines to service_role;
create policy refund_lines_service on public.refund_lines for all to service_role using (true) with check (true);
