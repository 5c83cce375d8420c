-- What a plan brings may be edited. Somebody who is on it keeps the terms of the period that is paid: how long things are kept
-- and how many pages there may be are copied when a person comes onto a plan and with each renewal, and not in between.

create or replace function app.credits_set_plan(
  p_user_id uuid, p_plan text, p_standing text, p_standing_until timestamptz, p_now timestamptz
) returns text language plpgsql security definer set search_path = '' as $$
declare
  plan_before text;
begin
  perform app.credits_lock(p_user_id);
  select s.plan into plan_before from public.user_settings as s where s.user_id = p_user_id for update;
  if not found then
    raise exception 'there is no such wallet' using errcode = 'MC001';
  end if;
  update public.user_settings as s
     set plan = p.code, plan_standing = p_standing, standing_until = p_standing_until,
         history_days = case when s.plan = p.code then s.history_days else p.history_days end,
         page_limit = case when s.plan = p.code then s.page_limit else p.page_limit end, updated_at = p_now
    from public.subscription_plans as p
   where s.user_id = p_user_id and p.code = p_plan;
  if not found then
    raise exception 'there is no such plan' using errcode = 'MC009';
  end if;
  return plan_before;
exception when check_violation then
  raise exception 'a standing is malformed' using errcode = 'MC003';
end $$;

-- Gives somebody who is on a plan its present terms. A row where something changed; with how long things were kept before.
create function app.credits_renew_terms(p_user_id uuid, p_plan text, p_now timestamptz)
returns table (history_days_before integer, is_kept_otherwise boolean)
language plpgsql security definer set search_path = '' as $$
declare
  before public.user_settings%rowtype;
  terms public.subscription_plans%rowtype;
begin
  perform app.credits_lock(p_user_id);
  select * into before from public.user_settings as s where s.user_id = p_user_id for update;
  select * into terms from public.subscription_plans as p where p.code = p_plan;
  if before.plan is distinct from terms.code
     or (before.history_days is not distinct from terms.history_days and before.page_limit = terms.page_limit) then
    return;
  end if;
  update public.user_settings as s
     set history_days = terms.history_days, page_limit = terms.page_limit, updated_at = p_now
   where s.user_id = p_user_id;
  return query select before.history_days, before.history_days is distinct from terms.history_days;
end $$;
revoke all on function app.credits_renew_terms(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function app.credits_renew_terms(uuid, text, timestamptz) to service_role;
