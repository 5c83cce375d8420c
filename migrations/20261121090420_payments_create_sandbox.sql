-- The sandbox is a provider of its own: what it knows is not what payments knows, so that events can be lost, late and
-- doubled as with a real one. Never used in production.

create table public.sandbox_sessions (
  id text primary key,
  payment_intent_id text not null unique,
  amount_jpy bigint not null constraint sandbox_sessions_amount_positive check (amount_jpy > 0),
  refunded_jpy bigint not null default 0,
  description text not null,
  success_url text not null,
  cancel_url text not null,
  client_reference_id text not null,
  locale text not null,
  metadata jsonb not null,
  idempotency_key text not null unique,
  status text not null constraint sandbox_sessions_status_known check (status in ('open', 'complete', 'expired')),
  payment_status text not null
    constraint sandbox_sessions_payment_status_known check (payment_status in ('unpaid', 'paid')),
  -- A convenience store slip that nobody will pay any more.
  konbini_lapsed boolean not null default false,
  last_decline_code text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sandbox_sessions_refund_within_amount check (refunded_jpy between 0 and amount_jpy)
);
create index sandbox_sessions_open_index on public.sandbox_sessions (expires_at) where status = 'open';
alter table public.sandbox_sessions enable row level security;
alter table public.sandbox_sessions force row level security;
revoke all on public.sandbox_sessions from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_sessions to service_role;
create policy sandbox_sessions_service on public.sandbox_sessions for all to service_role using (true) with check (true);

create table public.sandbox_refunds (
  id text primary key,
  payment_intent_id text not null references public.sandbox_sessions (payment_intent_id),
  amount_jpy bigint not null constraint sandbox_refunds_amount_positive check (amount_jpy > 0),
  metadata jsonb not null,
  idempotency_key text not null unique,
  created_at timestamptz not null
);
create index sandbox_refunds_intent_index on public.sandbox_refunds (payment_intent_id);
alter table public.sandbox_refunds enable row level security;
alter table public.sandbox_refunds force row level security;
revoke all on public.sandbox_refunds from public, anon, authenticated, service_role;
grant select, insert on public.sandbox_refunds to service_role;
create policy sandbox_refunds_service on public.sandbox_refunds for all to service_role using (true) with check (true);

create table public.sandbox_events (
  id text primary key,
  event_type text not null,
  body text not null,
  created_at timestamptz not null,
  delivered_at timestamptz,
  attempts integer not null default 0,
  last_status smallint
);
create index sandbox_events_waiting_index on public.sandbox_events (created_at) where delivered_at is null;
alter table public.sandbox_events enable row level security;
alter table public.sandbox_events force row level security;
revoke all on public.sandbox_events from public, anon, authenticated, service_role;
grant select, insert, update on public.sandbox_events to service_role;
create policy sandbox_events_service on public.sandbox_events for all to service_role using (true) with check (true);
