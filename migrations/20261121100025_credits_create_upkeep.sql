-- What happens to wallets by itself, in batches that may be killed: each pass of a job takes what is due, skips wallets
-- that somebody is using, and says how much it did; the opening of a wallet with its account; and the plan of a person.

-- Ends the lots whose time has come, of `p_limit` wallets.
create function app.credits_expire_due(p_now timestamptz, p_limit integer) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  due record;
  wallet public.wallets%rowtype;
  ended bigint := 0;
begin
  for due in
    select distinct l.user_id
      from (select c.user_id from public.credit_lots as c
             where c.ended_at is null and c.expires_at <= p_now order by c.expires_at limit p_limit) as l
  loop
    select * into wallet from public.wallets as w where w.user_id = due.user_id for update skip locked;
    if found then
      ended := ended + app.credits_end_lots(wallet, array(
        select l.id from public.credit_lots as l
         where l.user_id = due.user_id and l.ended_at is null and l.expires_at <= p_now), p_now);
    end if;
  end loop;
  return ended;
end $$;

-- Gives back holds past their time: whoever made them has died.
create function app.credits_release_due(p_now timestamptz, p_limit integer) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  due record;
  hold public.credit_holds%rowtype;
  wallet public.wallets%rowtype;
  released bigint := 0;
begin
  for due in
    select h.id, h.user_id from public.credit_holds as h
     where h.state = 'held' and h.expires_at <= p_now order by h.expires_at limit p_limit
  loop
    select * into wallet from public.wallets as w where w.user_id = due.user_id for update skip locked;
    if found then
      select * into hold from public.credit_holds as h where h.id = due.id;
      if hold.state = 'held' then
        perform app.credits_close_hold(hold, wallet, 0, 'released', 'lapsed', p_now);
        released := released + 1;
      end if;
    end if;
  end loop;
  return released;
end $$;

-- Marks as earned what was used or has expired of lots that were paid for, and says which: the caller posts it to the
-- ledger in the same transaction. Earned is always the floor of the whole so far, so that the parts make the whole.
create function app.credits_recognise_due(p_limit integer)
returns table (lot_id uuid, payment_id uuid, consumed bigint, earned_yen bigint)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  due record;
begin
  for due in
    select l.id, l.user_id from public.credit_lots as l
     where l.paid_yen > l.recognised_yen + l.refunded_yen
       and l.paid_yen * (l.used + l.expired) / l.granted > l.recognised_yen
     order by l.user_id, l.id limit p_limit
  loop
    perform from public.wallets as w where w.user_id = due.user_id for update skip locked;
    if found then
      return query
        with fresh as (
          update public.credit_lots as l set recognised_yen = l.paid_yen * (l.used + l.expired) / l.granted
           where l.id = due.id and l.paid_yen * (l.used + l.expired) / l.granted > l.recognised_yen
          returning l.id, l.payment_id, l.used + l.expired as consumed, l.recognised_yen
        )
        select f.id, f.payment_id, f.consumed, f.recognised_yen - before.recognised_yen
          from fresh as f join public.credit_lots as before on before.id = f.id;
    end if;
  end loop;
end $$;

-- Begins a new month of usage for `p_limit` people.
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

-- Puts a person on a plan, or changes the standing there. Returns the plan before.
create function app.credits_set_plan(
  p_user_id uuid, p_plan text, p_standing text, p_standing_until timestamptz, p_now timestamptz
) returns text language plpgsql security definer set search_path = '' as $$
declare
  plan_before text;
begin
  select s.plan into plan_before from public.user_settings as s where s.user_id = p_user_id for update;
  if not found then
    raise exception 'there is no such wallet' using errcode = 'MC001';
  end if;
  update public.user_settings as s
     set plan = p.code, plan_standing = p_standing, standing_until = p_standing_until, history_days = p.history_days,
         page_limit = p.page_limit, updated_at = p_now
    from public.subscription_plans as p
   where s.user_id = p_user_id and p.code = p_plan;
  if not found then
    raise exception 'there is no such plan' using errcode = 'MC009';
  end if;
  return plan_before;
exception when check_violation then
  raise exception 'a standing is malformed' using errcode = 'MC003';
end $$;

-- Opens a wallet with the plan that everybody begins on, and what that plan gives once.
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

create policy user_profiles_backfill on public.user_profiles for select to current_user using (true);
select app.credits_open_wallet(p.user_id, p.created_at) from public.user_profiles as p order by p.user_id;
drop policy user_profiles_backfill on public.user_profiles;

do $$
declare
  function_name regprocedure;
begin
  for function_name in
    select p.oid::regprocedure from pg_catalog.pg_proc as p
     where p.pronamespace = 'app'::regnamespace and p.proname like 'credits\_%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated, service_role', function_name);
  end loop;
end
$$;
grant execute on function
  app.credits_set_price(uuid, text, text, text, bigint, bigint, timestamptz),
  app.credits_grant(uuid, uuid, text, bigint, text, text, bigint, uuid, timestamptz, jsonb, timestamptz),
  app.credits_hold(uuid, uuid, text, text, uuid, bigint, bigint, uuid, timestamptz, timestamptz),
  app.credits_capture(text, bigint, timestamptz),
  app.credits_release(text, text, timestamptz),
  app.credits_end_plan_lots(uuid, text, timestamptz),
  app.credits_take_back(text, text, timestamptz),
  app.credits_withdraw(uuid, text, bigint, text, jsonb, timestamptz),
  app.credits_expire_due(timestamptz, integer),
  app.credits_release_due(timestamptz, integer),
  app.credits_recognise_due(integer),
  app.credits_reset_usage(timestamptz, timestamptz, integer),
  app.credits_set_plan(uuid, text, text, timestamptz, timestamptz)
  to service_role;
