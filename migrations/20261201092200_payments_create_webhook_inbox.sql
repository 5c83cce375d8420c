-- Provider events as they arrived and their outcome, and findings for the operator. The body of an event is deleted after
-- a while, its row is kept.

create table public.webhook_inbox (
  id bigint generated always as identity primary key,
  provider_id smallint not null references public.payment_providers (id),
  event_id text not null constraint webhook_inbox_event_id_length check (length(event_id) between 1 and 255),
  event_type text not null constraint webhook_inbox_event_type_length check (length(event_type) <= 255),
  object_id text not null constraint webhook_inbox_object_id_length check (length(object_id) <= 255),
  -- Whether the provider's signature was checked. Without one an event is only a hint to ask the provider.
  is_verified boolean not null,
  body text,
  received_at timestamptz not null,
  handled_at timestamptz,
  outcome text constraint webhook_inbox_outcome_known check (outcome in (
    'applied', 'nothing_new', 'ignored_type', 'ignored_unknown', 'refunded_unknown', 'noted', 'unreadable')),
  constraint webhook_inbox_event_once unique (provider_id, event_id),
  constraint webhook_inbox_handled_has_outcome check ((handled_at is null) = (outcome is null))
);
create index webhook_inbox_open_index on public.webhook_inbox (received_at) where handled_at is null;
create index webhook_inbox_body_index on public.webhook_inbox (handled_at) where body is not null;

alter table public.webhook_inbox enable row level security;
alter table public.webhook_inbox force row level security;
revoke all on public.webhook_inbox from public, anon, authenticated, service_role;
grant select, insert, update on public.webhook_inbox to service_role;
create policy webhook_inbox_service on public.webhook_inbox for all to service_role using (true) with check (true);

-- What the program cannot resolve by itself and an operator should look at.
create table public.payment_findings (
  id uuid primary key,
  code text not null constraint payment_findings_code_known check (code in (
    'amount_differs', 'currency_differs', 'captured_twice', 'captured_without_payment', 'refund_attributed', 'dispute_opened', 'dispute_closed', 'refund_failed',
    'refund_exceeds_ledger', 'event_unreadable')),
  subject text not null,
  detail jsonb not null default '{}',
  found_at timestamptz not null,
  resolved_at timestamptz,
  constraint payment_findings_once unique (code, subject)
);
create index payment_findings_open_index on public.payment_findings (found_at) where resolved_at is null;

alter table public.payment_findings enable row level security;
alter table public.payment_findings force row level security;
revoke all on public.payment_findings from public, anon, authenticated, service_role;
grant select, insert, update on public.payment_findings to service_role;
create policy payment_findings_service on public.payment_findings for all to service_role using (true) with check (true);
