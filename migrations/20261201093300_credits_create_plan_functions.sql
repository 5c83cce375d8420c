-- The plan of a user: opened with the account, changed by a subscription, renewed with each paid period.

-- Opens a wallet on the plan that every account starts with, and grants what that plan gives once.
create function app.credits_open_wallet(p_user_id uuid, p_now timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
declare
  beginning public.subscription_plans%rowtype;
begin
  select * into strict beginning from public.subscription_plans as p where p.code = 'free';
  insert into public.wallets (user_id, created_at, updated_at) values (p_user_id, p_now, p_now);
  insert into public.user_settings (user_id, plan, history_days, page_limit, usage_reset_at, updated_at)
    values (p_user_id, beginning.code, beginning.history_days, beginning.page_limit, p_now, p_now);
  if beginning.image_credits_once > 0 then
    perform app.credits_grant(gen_random_uuid(), p_user_id, 'image', beginning.image_credits_once, 'sign_up',
      'sign_up:' || p_user_id, 0, null, null, '{}', p_now);
  end if;
end $$;

create function app.credits_account_opened() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform app.credits_open_wallet(new.user_id, new.created_at);
  return null;
end $$;
create trigger user_profiles_open_wallet after insert on public.user_profiles
  for each row execute function app.credits_account_opened();

-- Puts a user on a plan, or changes the standing on it. Returns the plan before. A user who is on the plan already keeps
-- the terms of the paid period.
create function app.credits_set_plan(
  p_user_id uuid, p_plan text, p_dunning_state text, p_dunning_until timestamptz, p_now timestamptz
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
     set plan = p.code, dunning_state = p_dunning_state, dunning_until = p_dunning_until,
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

-- Gives a user who is on a plan its present terms. Returns a row where something changed: the days of history before, and
-- whether they changed.
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

-- Starts a new month of usage for up to `p_limit` users and returns for how many.
create function app.credits_reset_usage(p_month_began_at timestamptz, p_now timestamptz, p_limit integer) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  reset_count bigint;
begin
  update public.user_settings as s set monthly_generations = 0, usage_reset_at = p_now, updated_at = p_now
   where s.user_id in (select d.user_id from public.user_settings as d
                        where d.monthly_generations > 0 and d.usage_reset_at < p_month_began_at
                        order by d.usage_reset_at limit p_limit for update skip locked);
  get diagnostics reset_count = row_count;
  return reset_count;
end $$;

revoke all on function app.credits_open_wallet(uuid, timestamptz), app.credits_account_opened(),
  app.credits_set_plan(uuid, text, text, timestamptz, timestamptz), app.credits_renew_terms(uuid, text, timestamptz),
  app.credits_reset_usage(timestamptz, timestamptz, integer)
  from public, anon, authenticated, service_role;
grant execute on function app.credits_set_plan(uuid, text, text, timestamptz, timestamptz),
  app.credits_renew_terms(uuid, text, timestamptz), app.credits_reset_usage(timestamptz, timestamptz, integer)
  to service_role;
