-- How credits are held before work, captured after success and released after failure.

-- Reserves the price of an operation: image credits where there are enough, else tokens. Outcomes: held, repeated (the
-- same key and body as before), insufficient, read_only (the user's plan is read-only); the last two change nothing.
create function app.credits_hold(
  p_id uuid, p_user_id uuid, p_business_key text, p_operation text, p_price_id uuid, p_image_credits bigint,
  p_tokens_milli bigint, p_generation_id uuid, p_expires_at timestamptz, p_now timestamptz
) returns table (outcome text, hold_id uuid, unit text, amount bigint, state text,
                 tokens_available bigint, images_available bigint)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  wallet public.wallets := app.credits_lock(p_user_id);
  hash bytea := app.credits_body_hash(jsonb_build_object('user', p_user_id, 'operation', p_operation,
      'price', p_price_id, 'images', p_image_credits, 'tokens', p_tokens_milli, 'generation', p_generation_id));
  known public.credit_holds%rowtype;
  price record;
  tokens bigint;
  images bigint;
  chosen_unit text;
  chosen_amount bigint;
begin
  select * into known from public.credit_holds as h where h.business_key = p_business_key;
  if found then
    if known.body_hash <> hash then
      raise exception 'key % is taken by another hold', p_business_key using errcode = 'MC004';
    end if;
    return query select 'repeated', known.id, known.unit, known.amount, known.state,
                        wallet.tokens_available, wallet.images_available;
    return;
  end if;
  if p_image_credits < 0 or p_tokens_milli < 0 then
    raise exception 'a hold is malformed' using errcode = 'MC003';
  end if;
  select p.provider, p.model, s.dunning_state into price
    from public.operation_prices as p left join public.user_settings as s on s.user_id = p_user_id
   where p.id = p_price_id and p.operation = p_operation;
  if not found then
    raise exception 'there is no such price' using errcode = 'MC008';
  end if;
  select coalesce(sum(l.available) filter (where l.unit = 'token'), 0),
         coalesce(sum(l.available) filter (where l.unit = 'image'), 0)
    into tokens, images
    from public.credit_lots as l
   where l.user_id = p_user_id and l.available > 0 and l.ended_at is null
     and (l.expires_at is null or l.expires_at > p_now);
  if price.dunning_state = 'read_only' then
    return query select 'read_only', null::uuid, null::text, null::bigint, null::text, tokens, images;
    return;
  end if;
  if p_image_credits > 0 and images >= p_image_credits then
    chosen_unit := 'image';
    chosen_amount := p_image_credits;
  elsif tokens >= p_tokens_milli and (p_tokens_milli > 0 or p_image_credits = 0) then
    chosen_unit := 'token';
    chosen_amount := p_tokens_milli;
  else
    return query select 'insufficient', null::uuid, null::text, null::bigint, null::text, tokens, images;
    return;
  end if;

  insert into public.credit_holds (id, user_id, business_key, body_hash, operation, provider, model, price_id, unit,
                                   amount, state, generation_id, expires_at, created_at)
    values (p_id, p_user_id, p_business_key, hash, p_operation, price.provider, price.model, p_price_id, chosen_unit,
            chosen_amount, 'held', p_generation_id, p_expires_at, p_now);
  with picked as materialized (
    select * from app.credits_pick(p_user_id, chosen_unit, chosen_amount, p_now)
  ), taken as (
    update public.credit_lots as l set available = l.available - k.amount, held = l.held + k.amount, updated_at = p_now
      from picked as k where l.id = k.lot_id
  )
  insert into public.credit_hold_lots (hold_id, position, lot_id, amount)
    select p_id, k.place, k.lot_id, k.amount from picked as k;
  insert into public.credit_transactions (user_id, type, unit, amount, available_after, hold_id, generation_id,
                                          operation, provider, model, created_at)
    values (p_user_id, 'hold', chosen_unit, -chosen_amount,
            case chosen_unit when 'token' then wallet.tokens_available else wallet.images_available end - chosen_amount,
            p_id, p_generation_id, p_operation, price.provider, price.model, p_now);
  return query select 'held', p_id, chosen_unit, chosen_amount, 'held',
    tokens - case chosen_unit when 'token' then chosen_amount else 0 end,
    images - case chosen_unit when 'image' then chosen_amount else 0 end;
end $$;

-- Closes a hold whose wallet is locked: `p_used` of it is spent, from the earliest lot on, the rest returns to its lots;
-- what returns to a lot that has ended expires at once.
create function app.credits_close_hold(
  p_hold public.credit_holds, p_wallet public.wallets, p_used bigint, p_state text, p_reason text, p_now timestamptz
) returns void language plpgsql security definer set search_path = '' as $$
declare
  available_before bigint := case p_hold.unit when 'token' then p_wallet.tokens_available
                                              else p_wallet.images_available end;
begin
  update public.credit_holds set state = p_state, captured = p_used, release_reason = p_reason, closed_at = p_now
   where id = p_hold.id;
  insert into public.credit_transactions (user_id, type, unit, amount, available_after, hold_id, generation_id,
                                          operation, provider, model, detail, created_at)
    select p_hold.user_id, m.type, p_hold.unit, m.amount, available_before + m.after, p_hold.id, p_hold.generation_id,
           p_hold.operation, p_hold.provider, p_hold.model, m.detail, p_now
      from (values (1, 'release', p_hold.amount, p_hold.amount,
                    jsonb_strip_nulls(jsonb_build_object('reason', p_reason))),
                   (2, 'api_usage', -p_used, p_hold.amount - p_used, '{}'::jsonb)) as m (place, type, amount, after, detail)
     where m.place = 1 or p_state = 'captured'
     order by m.place;
  with parts as materialized (
    select k.lot_id, k.position, k.amount, greatest(0, least(k.amount, p_used - k.before))::bigint as used,
           k.ended_at is not null or coalesce(k.expires_at <= p_now, false) as is_over
      from (select hl.lot_id, hl.position, hl.amount, l.ended_at, l.expires_at,
                   sum(hl.amount) over (order by hl.position) - hl.amount as before
              from public.credit_hold_lots as hl join public.credit_lots as l on l.id = hl.lot_id
             where hl.hold_id = p_hold.id) as k
  ), given_back as (
    update public.credit_lots as l
       set held = l.held - k.amount, used = l.used + k.used, updated_at = p_now,
           available = l.available + case when k.is_over then 0 else k.amount - k.used end,
           expired = l.expired + case when k.is_over then k.amount - k.used else 0 end
      from parts as k where l.id = k.lot_id
  ), noted as (
    update public.credit_hold_lots as hl
       set used = k.used, expired = case when k.is_over then k.amount - k.used else 0 end
      from parts as k where hl.hold_id = p_hold.id and hl.position = k.position
  )
  insert into public.credit_transactions (user_id, type, unit, amount, available_after, lot_id, hold_id, created_at)
    select p_hold.user_id, 'expiry', p_hold.unit, k.used - k.amount,
           available_before + p_hold.amount - p_used - sum(k.amount - k.used) over (order by k.position),
           k.lot_id, p_hold.id, p_now
      from parts as k where k.is_over and k.amount > k.used order by k.position;
end $$;

-- Counts a generation, and returns whether the balance is low: less than a tenth of the plan's month in both units, or
-- than the price of five pictures. Credits that have expired do not count. True at most once a month (of Tokyo).
create function app.credits_count_use(p_hold public.credit_holds, p_now timestamptz) returns boolean
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

-- Captures a hold: all of it, or for tokens the actual cost. Outcomes: captured, repeated, released (it was released
-- before), missing. `is_low`: the user is to be notified that the balance is low.
create function app.credits_capture(p_business_key text, p_tokens_milli bigint, p_now timestamptz)
returns table (outcome text, hold_id uuid, unit text, amount bigint, captured bigint, user_id uuid, is_low boolean)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  hold public.credit_holds%rowtype;
  wallet public.wallets%rowtype;
  wanted bigint;
begin
  select * into hold from public.credit_holds as h where h.business_key = p_business_key;
  if not found then
    return query select 'missing', null::uuid, null::text, null::bigint, null::bigint, null::uuid, false;
    return;
  end if;
  wallet := app.credits_lock(hold.user_id);
  select * into hold from public.credit_holds as h where h.id = hold.id;
  wanted := case when hold.unit = 'image' then hold.amount else coalesce(p_tokens_milli, hold.amount) end;
  if wanted < 0 or wanted > hold.amount then
    raise exception 'more would be taken than was held' using errcode = 'MC006';
  end if;
  if hold.state = 'captured' and hold.captured <> wanted then
    raise exception 'hold % was captured with another amount', p_business_key using errcode = 'MC004';
  end if;
  if hold.state <> 'held' then
    return query select case hold.state when 'captured' then 'repeated' else 'released' end,
                        hold.id, hold.unit, hold.amount, hold.captured, hold.user_id, false;
    return;
  end if;
  perform app.credits_close_hold(hold, wallet, wanted, 'captured', null, p_now);
  return query select 'captured', hold.id, hold.unit, hold.amount, wanted, hold.user_id,
                      app.credits_count_use(hold, p_now);
end $$;

-- Releases a hold. Outcomes: released, repeated (it was captured or released before), missing.
create function app.credits_release(p_business_key text, p_reason text, p_now timestamptz) returns text
language plpgsql security definer set search_path = '' as $$
declare
  hold public.credit_holds%rowtype;
  wallet public.wallets%rowtype;
begin
  select * into hold from public.credit_holds as h where h.business_key = p_business_key;
  if not found then
    return 'missing';
  end if;
  wallet := app.credits_lock(hold.user_id);
  select * into hold from public.credit_holds as h where h.id = hold.id;
  if hold.state <> 'held' then
    return 'repeated';
  end if;
  perform app.credits_close_hold(hold, wallet, 0, 'released', p_reason, p_now);
  return 'released';
end $$;

-- Releases up to `p_limit` holds past their time, whose process has died, and returns how many; skips wallets that are
-- locked.
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

revoke all on function
  app.credits_hold(uuid, uuid, text, text, uuid, bigint, bigint, uuid, timestamptz, timestamptz),
  app.credits_close_hold(public.credit_holds, public.wallets, bigint, text, text, timestamptz),
  app.credits_count_use(public.credit_holds, timestamptz), app.credits_capture(text, bigint, timestamptz),
  app.credits_release(text, text, timestamptz), app.credits_release_due(timestamptz, integer)
  from public, anon, authenticated, service_role;
grant execute on function
  app.credits_hold(uuid, uuid, text, text, uuid, bigint, bigint, uuid, timestamptz, timestamptz),
  app.credits_capture(text, bigint, timestamptz), app.credits_release(text, text, timestamptz),
  app.credits_release_due(timestamptz, integer)
  to service_role;
