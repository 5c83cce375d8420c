-- The wallet's row is locked first, by everybody: also by whoever puts a person on a plan and gives what it brings in one
-- transaction, and by whoever writes on the ledger what is then given. And what is overdue counts no more as what is left.

-- Puts a person on a plan, or changes the standing there. Returns the plan before.
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

-- What of a wallet can no longer be spent although the job that ends its lots has not been there yet.
create function app.credits_overdue(p_user_id uuid, p_now timestamptz)
returns table (tokens bigint, images bigint)
language sql stable security definer set search_path = '' as $$
  select coalesce(sum(l.available) filter (where l.unit = 'token'), 0)::bigint,
         coalesce(sum(l.available) filter (where l.unit = 'image'), 0)::bigint
    from public.credit_lots as l
   where l.user_id = p_user_id and l.available > 0 and l.ended_at is null and l.expires_at <= p_now
$$;

-- Counts what was made, and says whether little is left of what a plan or a pack gave: less than a tenth of a month of
-- both units, or of what five pictures cost. True once a month (of Tokyo) at most.
create or replace function app.credits_count_use(p_hold public.credit_holds, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  month_began_at timestamptz := date_trunc('month', p_now at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo';
  made integer := case when p_hold.generation_id is null then 0 else 1 end;
  is_low boolean;
begin
  update public.user_settings as s
     set total_generations = s.total_generations + made,
         monthly_generations = case when s.usage_reset_at < month_began_at then 0 else s.monthly_generations end + made,
         usage_reset_at = case when s.usage_reset_at < month_began_at then p_now else s.usage_reset_at end,
         last_generation_at = case when made = 0 then s.last_generation_at
                                   else greatest(s.last_generation_at, p_now) end
   where s.user_id = p_hold.user_id;
  select (p.code <> 'free' or w.tokens_granted > 0)
         and w.images_available - o.images < greatest(5, p.image_credits_month / 10)
         and w.tokens_available - o.tokens < greatest(5 * 201000, p.tokens_month_milli / 10)
         and (s.low_balance_notified_at is null or s.low_balance_notified_at < month_began_at)
    into is_low
    from public.user_settings as s
    join public.subscription_plans as p on p.code = s.plan
    join public.wallets as w on w.user_id = s.user_id
   cross join app.credits_overdue(p_hold.user_id, p_now) as o
   where s.user_id = p_hold.user_id;
  if is_low then
    update public.user_settings as s set low_balance_notified_at = p_now where s.user_id = p_hold.user_id;
  end if;
  return coalesce(is_low, false);
end $$;

-- The lock for whoever writes on the ledger before it gives: no other order than wallet, then ledger.
create function app.credits_come_first(p_user_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform app.credits_lock(p_user_id);
end $$;

revoke all on function app.credits_overdue(uuid, timestamptz), app.credits_come_first(uuid)
  from public, anon, authenticated, service_role;
grant execute on function app.credits_come_first(uuid) to service_role;
