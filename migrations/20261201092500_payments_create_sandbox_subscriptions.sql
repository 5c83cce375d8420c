-- Subscriptions at the sandbox payment provider, and the events that it sends.

-- Customers, and whether the card of each works.
create table public.sandbox_customers (
  id text primary key,
  email text not null constraint sandbox_customers_email_length check (length(email) between 3 and 254),
  locale text not null constraint sandbox_customers_locale_known check (locale in ('ja', 'en')),
  card_works boolean not null,
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

alter table public.sandbox_customers enable row level security;
alter table public.sandbox_customers force row level security;
revoke all on public.sandbox_customers from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_customers to service_role;
create policy sandbox_customers_service on public.sandbox_customers for all to service_role using (true) with check (true);

-- Checkout pages that start a subscription.
create table public.sandbox_subscription_checkouts (
  id text primary key,
  idempotency_key text not null unique,
  customer_id text references public.sandbox_customers (id),
  customer_email text,
  plan_code text not null,
  plan_name text not null,
  period text not null constraint sandbox_subscription_checkouts_period_known check (period in ('month', 'year')),
  price_jpy bigint not null constraint sandbox_subscription_checkouts_price_positive check (price_jpy > 0),
  success_url text not null,
  cancel_url text not null,
  client_reference_id text not null,
  locale text not null,
  metadata jsonb not null,
  status text not null
    constraint sandbox_subscription_checkouts_status_known check (status in ('open', 'complete', 'expired')),
  subscription_id text unique,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sandbox_subscription_checkouts_complete_has_subscription
    check ((status = 'complete') = (subscription_id is not null))
);
create index sandbox_subscription_checkouts_customer_index on public.sandbox_subscription_checkouts (customer_id)
  where customer_id is not null;

alter table public.sandbox_subscription_checkouts enable row level security;
alter table public.sandbox_subscription_checkouts force row level security;
revoke all on public.sandbox_subscription_checkouts from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_subscription_checkouts to service_role;
create policy sandbox_subscription_checkouts_service on public.sandbox_subscription_checkouts
  for all to service_role using (true) with check (true);

create table public.sandbox_subscriptions (
  id text primary key,
  customer_id text not null references public.sandbox_customers (id),
  status text not null
    constraint sandbox_subscriptions_status_known check (status in ('active', 'past_due', 'canceled')),
  plan_code text not null,
  plan_name text not null,
  period text not null constraint sandbox_subscriptions_period_known check (period in ('month', 'year')),
  price_jpy bigint not null constraint sandbox_subscriptions_price_positive check (price_jpy > 0),
  -- The plan from the next period on, when it changes: {plan_code, plan_name, period, price_jpy}.
  next_plan jsonb,
  metadata jsonb not null,
  -- The periods are counted from here, so that a subscription of the 31st does not stay on the 28th after February.
  anchor_at timestamptz not null,
  current_period_start timestamptz not null,
  current_period_end timestamptz not null,
  cancel_at_period_end boolean not null default false,
  canceled_at timestamptz,
  latest_invoice_id text,
  -- How far the sandbox's clock of this subscription is ahead of the program's.
  clock_ahead_seconds bigint not null default 0
    constraint sandbox_subscriptions_clock_in_range check (clock_ahead_seconds between 0 and 3155760000),
  -- When, by the program's clock, the sandbox acts on it next.
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sandbox_subscriptions_period_runs_forward check (current_period_start < current_period_end),
  constraint sandbox_subscriptions_canceled_has_time check ((status = 'canceled') = (canceled_at is not null)),
  constraint sandbox_subscriptions_canceled_is_never_due check (status <> 'canceled' or due_at is null)
);
create index sandbox_subscriptions_customer_index on public.sandbox_subscriptions (customer_id);
create index sandbox_subscriptions_due_index on public.sandbox_subscriptions (due_at) where due_at is not null;

alter table public.sandbox_subscriptions enable row level security;
alter table public.sandbox_subscriptions force row level security;
revoke all on public.sandbox_subscriptions from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_subscriptions to service_role;
create policy sandbox_subscriptions_service on public.sandbox_subscriptions
  for all to service_role using (true) with check (true);

create table public.sandbox_invoices (
  id text primary key,
  -- The order of creation; invoices may share a time.
  number bigint generated always as identity unique,
  subscription_id text not null references public.sandbox_subscriptions (id),
  billing_reason text not null constraint sandbox_invoices_reason_known
    check (billing_reason in ('subscription_create', 'subscription_cycle', 'subscription_update')),
  status text not null
    constraint sandbox_invoices_status_known check (status in ('open', 'paid', 'void', 'uncollectible')),
  amount_jpy bigint not null constraint sandbox_invoices_amount_not_negative check (amount_jpy >= 0),
  refunded_jpy bigint not null default 0,
  payment_intent_id text not null unique,
  lines jsonb not null,
  attempt_count integer not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null,
  paid_at timestamptz,
  updated_at timestamptz not null,
  constraint sandbox_invoices_refund_within_amount check (refunded_jpy between 0 and amount_jpy),
  constraint sandbox_invoices_paid_has_time check ((status = 'paid') = (paid_at is not null)),
  constraint sandbox_invoices_only_open_is_retried check (next_attempt_at is null or status = 'open')
);
create index sandbox_invoices_subscription_index on public.sandbox_invoices (subscription_id, number desc);

alter table public.sandbox_invoices enable row level security;
alter table public.sandbox_invoices force row level security;
revoke all on public.sandbox_invoices from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_invoices to service_role;
create policy sandbox_invoices_service on public.sandbox_invoices for all to service_role using (true) with check (true);

-- Idempotency keys of calls that change a subscription: the same key has its effect once.
create table public.sandbox_calls (
  idempotency_key text primary key,
  created_at timestamptz not null
);

alter table public.sandbox_calls enable row level security;
alter table public.sandbox_calls force row level security;
revoke all on public.sandbox_calls from public, anon, authenticated, service_role;
grant select, insert on public.sandbox_calls to service_role;
create policy sandbox_calls_service on public.sandbox_calls for all to service_role using (true) with check (true);

-- Webhook events, and their delivery.
create table public.sandbox_events (
  id text primary key,
  -- The order of creation; events may share a time.
  number bigint generated always as identity,
  event_type text not null,
  -- The subscription whose page shows the event.
  subscription_id text references public.sandbox_subscriptions (id),
  body text not null,
  created_at timestamptz not null,
  delivered_at timestamptz,
  attempts integer not null default 0,
  last_status smallint
);
create index sandbox_events_waiting_index on public.sandbox_events (created_at) where delivered_at is null;
create index sandbox_events_subscription_index on public.sandbox_events (subscription_id, number desc)
  where subscription_id is not null;

alter table public.sandbox_events enable row level security;
alter table public.sandbox_events force row level security;
revoke all on public.sandbox_events from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_events to service_role;
create policy sandbox_events_service on public.sandbox_events for all to service_role using (true) with check (true);
