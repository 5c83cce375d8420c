-- The mail outbox: a mail is written in the transaction that causes it and sent by a job afterwards.

create table public.mails (
  id uuid primary key,
  dedupe_key text not null constraint mails_dedupe_key_unique unique,
  recipient_id uuid,
  recipient_address text not null
    constraint mails_address_is_one_line check (recipient_address !~ '[\r\n]' and length(recipient_address) <= 320),
  locale text not null constraint mails_locale_known check (locale in ('ja', 'en')),
  subject text not null constraint mails_subject_is_one_line check (subject !~ '[\r\n]' and length(subject) <= 300),
  body_text text not null,
  state text not null default 'queued' constraint mails_state_known check (state in ('queued', 'sent', 'failed')),
  last_error text,
  -- The request that caused it, as in logs and jobs.
  request_id uuid not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint mails_sent_has_time check ((state = 'sent') = (sent_at is not null))
);
create index mails_created_index on public.mails (created_at desc, id desc);
create index mails_recipient_index on public.mails (recipient_id) where recipient_id is not null;

alter table public.mails enable row level security;
alter table public.mails force row level security;
revoke all on public.mails from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.mails to service_role;
create policy mails_service on public.mails for all to service_role using (true) with check (true);
