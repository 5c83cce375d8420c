-- How lots are granted, spent first to last, ended and withdrawn. Each function of the credits locks the wallet's row
-- first, so that operations of one user queue and those of others do not. A function with a business key is idempotent by
-- it; the same key with another body is refused (MC004). All are plpgsql, which keeps the plans of its statements; PostgreSQL
-- plans the body of a function in the language sql anew at each call.

-- Locks a wallet; MC001 when there is none.
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

-- The lock for a transaction that writes to the ledger before it grants: the order is always wallet, then ledger.
create function app.credits_come_first(p_user_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform app.credits_lock(p_user_id);
end $$;

create function app.credits_body_hash(p_body jsonb) returns bytea
language plpgsql immutable set search_path = '' as $$
begin
  return pg_catalog.sha256(pg_catalog.convert_to(p_body::text, 'UTF8'));
end $$;

-- Adds a lot to a wallet.
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
-- granted lots before bought ones. `rows` makes a join with the lots use their key: with the default of 1,000 every lot of
-- every wallet is read.
create function app.credits_pick(p_user_id uuid, p_unit text, p_amount bigint, p_now timestamptz)
returns table (lot_id uuid, place integer, amount bigint)
language plpgsql stable rows 2 security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select o.id, o.place::integer, least(o.available, p_amount - o.before)::bigint
    from (select l.id, l.available,
                 row_number() over spending as place,
                 coalesce(sum(l.available) over (spending rows between unbounded preceding and 1 preceding), 0) as before
            from public.credit_lots as l
           where l.user_id = p_user_id and l.unit = p_unit and l.available > 0
             and l.ended_at is null and (l.expires_at is null or l.expires_at > p_now)
          window spending as (order by l.expires_at nulls last, (l.source = 'purchase'), l.issued_at, l.id)) as o
   where o.before < p_amount;
end $$;

-- What of a wallet has expired although the job that ends lots has not ended its lots yet.
create function app.credits_overdue(p_user_id uuid, p_now timestamptz)
returns table (tokens bigint, images bigint)
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
  select coalesce(sum(l.available) filter (where l.unit = 'token'), 0)::bigint,
         coalesce(sum(l.available) filter (where l.unit = 'image'), 0)::bigint
    from public.credit_lots as l
   where l.user_id = p_user_id and l.available > 0 and l.ended_at is null and l.expires_at <= p_now;
end $$;

-- Ends lots of one locked wallet: what is available in them expires, what is held stays valid until its hold is closed.
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

-- Ends the expired lots of up to `p_limit` wallets and returns how many; skips wallets that are locked.
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

-- Withdraws credits without a refund of money (an operator's correction). Outcomes: taken, repeated, insufficient.
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

revoke all on function app.credits_lock(uuid), app.credits_come_first(uuid), app.credits_body_hash(jsonb),
  app.credits_grant(uuid, uuid, text, bigint, text, text, bigint, uuid, timestamptz, jsonb, timestamptz),
  app.credits_pick(uuid, text, bigint, timestamptz), app.credits_overdue(uuid, timestamptz),
  app.credits_end_lots(public.wallets, uuid[], timestamptz), app.credits_end_plan_lots(uuid, text, timestamptz),
  app.credits_expire_due(timestamptz, integer),
  app.credits_withdraw(uuid, text, bigint, text, jsonb, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function app.credits_come_first(uuid),
  app.credits_grant(uuid, uuid, text, bigint, text, text, bigint, uuid, timestamptz, jsonb, timestamptz),
  app.credits_end_plan_lots(uuid, text, timestamptz), app.credits_expire_due(timestamptz, integer),
  app.credits_withdraw(uuid, text, bigint, text, jsonb, timestamptz)
  to service_role;
