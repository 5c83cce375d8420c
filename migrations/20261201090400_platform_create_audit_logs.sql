-- Who did what to which entity (specification 2, §1.8). Append-only: a correction is another row.

create table public.audit_logs (
  id bigint generated always as identity primary key,
  actor_user_id uuid,
  actor_kind text not null constraint audit_logs_actor_kind_known check (actor_kind in ('user', 'system', 'anonymous')),
  action text not null constraint audit_logs_action_is_dotted check (action ~ '^[a-z_]+\.[a-z_]+$'),
  entity_type text not null,
  entity_id uuid,
  diff jsonb not null default '{}',
  ip inet,
  request_id uuid not null,
  created_at timestamptz not null
);
create index audit_logs_entity_index on public.audit_logs (entity_type, entity_id, created_at desc);
create index audit_logs_actor_index on public.audit_logs (actor_user_id, created_at desc) where actor_user_id is not null;
create index audit_logs_newest_index on public.audit_logs (created_at desc);

create trigger audit_logs_append_only before update or delete on public.audit_logs
  for each row execute function app.forbid_change();
create trigger audit_logs_no_truncate before truncate on public.audit_logs
  for each statement execute function app.forbid_change();

alter table public.audit_logs enable row level security;
alter table public.audit_logs force row level security;
revoke all on public.audit_logs from public, anon, authenticated, service_role;
grant select, insert on public.audit_logs to service_role;
create policy audit_logs_service_reads on public.audit_logs for select to service_role using (true);
create policy audit_logs_service_writes on public.audit_logs for insert to service_role with check (true);
