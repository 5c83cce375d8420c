-- The sandbox payment provider: its checkout pages and refunds. It keeps its own records, apart from those of payments, so
-- that its events can be lost, late or duplicated as a real provider's are. Never used in production.

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
  -- manual: what the buyer approved is to be captured by a call, as at PayPal.
  capture_method text not null default 'automatic'
    constraint sandbox_sessions_capture_method_known check (capture_method in ('automatic', 'manual')),
  -- The buyer has approved what is to be captured.
  is_approved boolean not null default false,
  -- The convenience store slip has expired unpaid.
  konbini_lapsed boolean not null default false,
  -- A lost dispute may be reversed later, as banks do; one that was won stays won.
  dispute_state text constraint sandbox_sessions_dispute_known check (dispute_state in ('open', 'won', 'lost')),
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
  -- The payment of a checkout session or of a subscription's invoice.
  payment_intent_id text not null,
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
