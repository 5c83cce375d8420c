-- How credits move. Each function locks the wallet's row first, so that the operations of one person queue and those of
-- others do not; each is idempotent by its business key, and the same key with another body is refused (MC004).

-- Locks a wallet, or refuses.
create function app.credits_lock(p_user_id uuid) returns public.wallets
language plpgsql security definer set search_path = '' as $$
declare
  wallet public.wallets%rowtype;
begin
  select * into wallet from public.wallets as w where w.user_id = p_user_id for update;
  if not found then
    raise exception 'there is no such wallet' using errcode = 'MC001';
  end if;
  return wallet;
end $$;

create function app.credits_body_hash(p_body jsonb) returns bytea
language sql immutable set search_path = '' as $$
  select pg_catalog.sha256(convert_to(p_body::text, 'UTF8'))
$$;

-- Puts a lot into a wallet.
create function app.credits_grant(
  p_id uuid, p_user_id uuid, p_unit text, p_amount bigint, p_source text, p_business_key text, p_paid_yen bigint,
  p_payment_id uuid, p_expires_at timestamptz, p_detail jsonb, p_now timestamptz
) returns table (lot_id uuid, created boolean)
language plpgsql security definer set search_path = '' as $$
declare
  wallet public.wallets := app.credits_lock(p_user_id);
  hash bytea := app.credits_body_hash(jsonb_build_object('user', p_user_id, 'unit', p_unit, 'amount', p_amount,
                                        'source', p_source, 'paid', p_paid_yen, 'payment', p_payment_id));
  known record;
  granted uuid;
begin
  insert into public.credit_lots (id, user_id, unit, source, business_key, body_hash, granted, available, paid_yen,
                                  payment_id, issued_at, expires_at, updated_at)
    values (p_id, p_user_id, p_unit, p_source, p_business_key, hash, p_amount, p_amount, p_paid_yen, p_payment_id,
            p_now, p_expires_at, p_now)
    on conflict (business_key) do nothing
    returning id into granted;
  if granted is null then
    select l.id, l.body_hash into strict known from public.credit_lots as l where l.business_key = p_business_key;
    if known.body_hash <> hash then
      raise exception 'key % is taken by another lot', p_business_key using errcode = 'MC004';
    end if;
    return query select known.id, false;
    return;
  end if;
  insert into public.credit_transactions
      (user_id, type, unit, amount, available_after, lot_id, payment_id, detail, created_at)
    values (p_user_id, case p_source when 'sign_up' then 'plan_grant' else p_source end, p_unit, p_amount,
            p_amount + case p_unit when 'token' then wallet.tokens_available else wallet.images_available end,
            granted, p_payment_id, p_detail, p_now);
  return query select granted, true;
exception when check_violation or not_null_violation then
  raise exception 'a lot is malformed' using errcode = 'MC003';
end $$;

-- The lots that give `p_amount` of a unit, in the order in which they are spent: those that expire first come first,
-- what was given before what was bought.
create function app.credits_pick(p_user_id uuid, p_unit text, p_amount bigint, p_now timestamptz)
returns table (lot_id uuid, place integer, amount bigint)
language sql stable security definer set search_path = '' as $$
  select o.id, o.place::integer, least(o.available, p_amount - o.before)::bigint
    from (select l.id, l.available,
                 row_number() over spending as place,
                 coalesce(sum(l.available) over (spending rows between unbounded preceding and 1 preceding), 0) as before
            from public.credit_lots as l
           where l.user_id = p_user_id and l.unit = p_unit and l.available > 0
             and l.ended_at is null and (l.expires_at is null or l.expires_at > p_now)
          window spending as (order by l.expires_at nulls last, (l.source = 'purchase'), l.issued_at, l.id)) as o
   where o.before < p_amount
$$;

-- Reserves the price of an operation: image credits where there are enough, else tokens. Outcomes: held, repeated (the
-- same key and body as before), insufficient, read_only (the plan lets nothing be made); the last two change nothing.
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
  select p.provider, p.model, s.plan_standing into price
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
  if price.plan_standing = 'read_only' then
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

-- Closes a hold whose wallet is locked: `p_used` of it is spent, earliest first, the rest goes back to its lots; what
-- belongs to a lot that is over expires at once.
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

-- Counts what was made, and says whether little is left of what a plan or a pack gave: less than a tenth of a month of
-- both units, or of what five pictures cost. True once a month (of Tokyo) at most.
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
         and w.images_available < greatest(5, p.image_credits_month / 10)
         and w.tokens_available < greatest(5 * 201000, p.tokens_month_milli / 10)
         and (s.low_balance_notified_at is null or s.low_balance_notified_at < month_began_at)
    into is_low
    from public.user_settings as s
    join public.subscription_plans as p on p.code = s.plan
    join public.wallets as w on w.user_id = s.user_id
   where s.user_id = p_hold.user_id;
  if is_low then
    update public.user_settings as s set low_balance_notified_at = p_now where s.user_id = p_hold.user_id;
  end if;
  return coalesce(is_low, false);
end $$;

-- Spends a hold: all of it, or for tokens as much as the work really cost. Outcomes: captured, repeated, released (it
-- was given back before), missing. `is_low`: the person is to be told that little is left.
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

-- Gives a hold back. Outcomes: released, repeated (closed before, either way), missing.
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

-- Ends lots of one locked wallet; what is available in them expires, what is held stays good until its hold is closed.
create function app.credits_end_lots(p_wallet public.wallets, p_lots uuid[], p_now timestamptz) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  ended bigint;
begin
  insert into public.credit_transactions (user_id, type, unit, amount, available_after, lot_id, created_at)
    select l.user_id, 'expiry', l.unit, -l.available,
           case l.unit when 'token' then p_wallet.tokens_available else p_wallet.images_available end
             - sum(l.available) over (partition by l.unit order by l.expires_at nulls last, l.id),
           l.id, p_now
      from public.credit_lots as l
     where l.id = any (p_lots) and l.available > 0
     order by l.unit, l.expires_at nulls last, l.id;
  update public.credit_lots as l
     set expired = l.expired + l.available, available = 0, ended_at = p_now, updated_at = p_now
   where l.id = any (p_lots) and l.ended_at is null;
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Ends the image lots of earlier periods of a plan; those of `p_keep_key` stay.
create function app.credits_end_plan_lots(p_user_id uuid, p_keep_key text, p_now timestamptz) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  wallet public.wallets := app.credits_lock(p_user_id);
begin
  return app.credits_end_lots(wallet, array(
    select l.id from public.credit_lots as l
     where l.user_id = p_user_id and l.unit = 'image' and l.source = 'plan_grant' and l.ended_at is null
       and l.business_key <> p_keep_key), p_now);
end $$;

-- Takes back what is unspent of a lot because its money goes back; once. What is held stays the person's.
create function app.credits_take_back(p_business_key text, p_reason text, p_now timestamptz)
returns table (lot_id uuid, unit text, amount bigint, yen_unspent bigint, created boolean)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  lot public.credit_lots%rowtype;
  wallet public.wallets%rowtype;
  yen bigint;
begin
  select * into lot from public.credit_lots as l where l.business_key = p_business_key;
  if not found then
    return;
  end if;
  wallet := app.credits_lock(lot.user_id);
  select * into lot from public.credit_lots as l where l.id = lot.id;
  if lot.taken_back_at is not null then
    return query select lot.id, lot.unit, lot.refunded, lot.refunded_yen, false;
    return;
  end if;
  -- Rounded so that this and what is earned of the rest make exactly what was paid.
  yen := lot.paid_yen - lot.paid_yen * (lot.granted - lot.available) / lot.granted;
  if lot.available > 0 then
    insert into public.credit_transactions
        (user_id, type, unit, amount, available_after, lot_id, payment_id, detail, created_at)
      values (lot.user_id, 'refund', lot.unit, -lot.available,
              case lot.unit when 'token' then wallet.tokens_available else wallet.images_available end - lot.available,
              lot.id, lot.payment_id, jsonb_build_object('reason', p_reason), p_now);
  end if;
  update public.credit_lots as l
     set refunded = l.refunded + l.available, available = 0, refunded_yen = yen, taken_back_at = p_now, updated_at = p_now
   where l.id = lot.id;
  return query select lot.id, lot.unit, lot.available, yen, true;
end $$;

-- Takes credits away without money going back (an operator's correction). Outcomes: taken, repeated, insufficient.
create function app.credits_withdraw(
  p_user_id uuid, p_unit text, p_amount bigint, p_business_key text, p_detail jsonb, p_now timestamptz
) returns table (outcome text, available bigint)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  wallet public.wallets := app.credits_lock(p_user_id);
  hash bytea := app.credits_body_hash(jsonb_build_object('user', p_user_id, 'unit', p_unit, 'amount', p_amount));
  known bytea;
  balance bigint := case p_unit when 'token' then wallet.tokens_available else wallet.images_available end;
begin
  select t.body_hash into known from public.credit_transactions as t where t.business_key = p_business_key and t.part = 1;
  if found then
    if known <> hash then
      raise exception 'key % is taken by another correction', p_business_key using errcode = 'MC004';
    end if;
    return query select 'repeated', balance;
    return;
  end if;
  if p_amount <= 0 or p_unit not in ('token', 'image') then
    raise exception 'a correction is malformed' using errcode = 'MC003';
  end if;
  if (select coalesce(sum(k.amount), 0) from app.credits_pick(p_user_id, p_unit, p_amount, p_now) as k) < p_amount then
    return query select 'insufficient', balance;
    return;
  end if;
  with picked as materialized (
    select * from app.credits_pick(p_user_id, p_unit, p_amount, p_now)
  ), taken as (
    update public.credit_lots as l
       set available = l.available - k.amount, expired = l.expired + k.amount, updated_at = p_now
      from picked as k where l.id = k.lot_id
  )
  insert into public.credit_transactions
      (user_id, type, unit, amount, available_after, lot_id, business_key, part, body_hash, detail, created_at)
    select p_user_id, 'admin_adjustment', p_unit, -k.amount, balance - sum(k.amount) over (order by k.place), k.lot_id,
           p_business_key, k.place, hash, p_detail, p_now
      from picked as k order by k.place;
  return query select 'taken', balance - p_amount;
end $$;
