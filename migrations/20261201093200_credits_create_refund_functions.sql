-- How credits follow the money that was paid for them: taken back in proportion to refunds, and earned as they are used or
-- expire. What was refunded is never earned.

-- Takes back the unspent part of a lot because its payment is refunded; once. What is held stays with the user.
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
    return query select lot.id, lot.unit, lot.refunded, lot.taken_back_yen, false;
    return;
  end if;
  -- Rounded so that this and what the rest earns add up to exactly what was paid.
  yen := least(lot.paid_yen - lot.paid_yen * (lot.granted - lot.available) / lot.granted,
               lot.paid_yen - lot.recognised_yen - lot.refunded_yen);
  if lot.available > 0 then
    insert into public.credit_transactions
        (user_id, type, unit, amount, available_after, lot_id, payment_id, detail, created_at)
      values (lot.user_id, 'refund', lot.unit, -lot.available,
              case lot.unit when 'token' then wallet.tokens_available else wallet.images_available end - lot.available,
              lot.id, lot.payment_id, jsonb_build_object('reason', p_reason), p_now);
  end if;
  update public.credit_lots as l
     set refunded = l.refunded + l.available, available = 0, refunded_yen = l.refunded_yen + yen, taken_back_yen = yen,
         refund_seen_yen = l.refund_seen_yen + yen, taken_back_at = p_now, updated_at = p_now
   where l.id = lot.id;
  return query select lot.id, lot.unit, lot.available, yen, true;
end $$;

-- The share of `p_spread` yen for `p_owed` of `p_pool`, rounded up, so that the last share is never too large.
create function app.credits_share(p_spread bigint, p_owed bigint, p_pool bigint) returns bigint
language sql immutable set search_path = '' as $$
  select case when p_spread <= 0 or p_owed <= 0 or p_pool <= 0 then 0
              else least(p_owed, p_spread, ceil(p_spread::numeric * p_owed / p_pool)::bigint) end
$$;

-- Follows all refunds of a payment: of `p_received` yen, `p_given_back` were refunded, `p_from_owed` of them from what was
-- still owed as credits. Of every lot of the payment the same share is taken back, as far as it is unspent and not held;
-- `p_from_owed` is spread over what no lot has earned yet, including lots that are still to be granted. Both totals are
-- counted from the first refund on, so that a repeated or late call changes nothing. Returns how many units were taken.
create function app.credits_follow_refunds(
  p_payment_id uuid, p_received bigint, p_given_back bigint, p_from_owed bigint, p_reason text, p_now timestamptz
) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  owner_id uuid;
  lot public.credit_lots%rowtype;
  seen bigint;
  to_give bigint;
  spread bigint;
  pool bigint;
  share bigint;
  taking bigint;
  taken bigint := 0;
begin
  select l.user_id into owner_id from public.credit_lots as l where l.payment_id = p_payment_id limit 1;
  if not found or p_given_back <= 0 or p_received <= 0 then
    return 0;
  end if;
  perform app.credits_lock(owner_id);

  -- First, lots that were granted after a refund get their share of it.
  select coalesce(max(l.refund_seen_yen), 0), p_received - coalesce(sum(l.paid_yen), 0),
         coalesce(max(l.refund_seen_yen), 0) - coalesce(sum(l.refunded_yen), 0)
    into seen, to_give, spread from public.credit_lots as l where l.payment_id = p_payment_id;
  select to_give + coalesce(sum(l.paid_yen - l.recognised_yen - l.refunded_yen), 0) into pool
    from public.credit_lots as l where l.payment_id = p_payment_id and l.refund_seen_yen < seen;
  for lot in
    select * from public.credit_lots as l
     where l.payment_id = p_payment_id and l.refund_seen_yen < seen order by l.issued_at, l.id
  loop
    share := app.credits_share(spread, lot.paid_yen - lot.recognised_yen - lot.refunded_yen, pool);
    update public.credit_lots as l
       set refunded_yen = l.refunded_yen + share, refund_seen_yen = seen, updated_at = p_now where l.id = lot.id;
    spread := spread - share;
    pool := pool - (lot.paid_yen - lot.recognised_yen - lot.refunded_yen);
  end loop;

  -- Then new refunds are spread over all lots; `spread` is the part of earlier ones that waits for lots still to be granted.
  pool := greatest(to_give - greatest(spread, 0), 0) + (
    select coalesce(sum(l.paid_yen - l.recognised_yen - l.refunded_yen), 0)
      from public.credit_lots as l where l.payment_id = p_payment_id);
  spread := p_from_owed - seen;
  for lot in select * from public.credit_lots as l where l.payment_id = p_payment_id order by l.issued_at, l.id loop
    share := app.credits_share(spread, lot.paid_yen - lot.recognised_yen - lot.refunded_yen, pool);
    taking := greatest(0, least(lot.available,
      div(lot.granted::numeric * least(p_given_back, p_received), p_received::numeric)::bigint - lot.refunded));
    if taking > 0 then
      insert into public.credit_transactions
          (user_id, type, unit, amount, available_after, lot_id, payment_id, detail, created_at)
        select owner_id, 'refund', lot.unit, -taking,
               case lot.unit when 'token' then w.tokens_available else w.images_available end - taking,
               lot.id, p_payment_id, jsonb_build_object('reason', p_reason), p_now
          from public.wallets as w where w.user_id = owner_id;
    end if;
    update public.credit_lots as l
       set refunded = l.refunded + taking, available = l.available - taking, refunded_yen = l.refunded_yen + share,
           refund_seen_yen = greatest(l.refund_seen_yen, p_from_owed), updated_at = p_now
     where l.id = lot.id and (taking > 0 or share > 0 or l.refund_seen_yen < p_from_owed);
    spread := spread - share;
    pool := pool - (lot.paid_yen - lot.recognised_yen - lot.refunded_yen);
    taken := taken + taking;
  end loop;
  return taken;
end $$;

-- What paid lots have earned that is not on the ledger yet, after the lot `p_after_lot`; their wallets are locked. Earned
-- is the floor of the whole so far, without what was refunded; of a lot that is used up it is all that was not refunded,
-- so that the parts add up to the whole. Wallets that are locked are skipped.
create function app.credits_recognise_due(p_after_user uuid, p_after_lot uuid, p_limit integer)
returns table (lot_id uuid, user_id uuid, payment_id uuid, consumed bigint, earned_yen bigint, earned_so_far bigint)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  due record;
begin
  for due in
    select l.id, l.user_id from public.credit_lots as l
     where l.paid_yen > l.recognised_yen + l.refunded_yen
       and (p_after_lot is null or (l.user_id, l.id) > (p_after_user, p_after_lot))
       and (l.available + l.held = 0 or l.paid_yen * (l.used + l.expired) / l.granted > l.recognised_yen)
     order by l.user_id, l.id limit p_limit
  loop
    perform from public.wallets as w where w.user_id = due.user_id for update skip locked;
    if found then
      return query
        select e.id, e.user_id, e.payment_id, e.consumed, e.earned - e.recognised_yen, e.earned
          from (select l.id, l.user_id, l.payment_id, l.used + l.expired as consumed, l.recognised_yen,
                       case when l.available + l.held = 0 then l.paid_yen - l.refunded_yen
                            else least(l.paid_yen * (l.used + l.expired) / l.granted, l.paid_yen - l.refunded_yen)
                       end as earned
                  from public.credit_lots as l where l.id = due.id) as e
         where e.earned > e.recognised_yen;
    end if;
  end loop;
end $$;

-- Marks an amount as earned; the caller, who holds the wallet's lock, posts it to the ledger in the same transaction.
create function app.credits_mark_recognised(p_lot_id uuid, p_earned_so_far bigint) returns void
language sql security definer set search_path = '' as $$
  update public.credit_lots set recognised_yen = p_earned_so_far where id = p_lot_id
$$;

revoke all on function app.credits_take_back(text, text, timestamptz), app.credits_share(bigint, bigint, bigint),
  app.credits_follow_refunds(uuid, bigint, bigint, bigint, text, timestamptz),
  app.credits_recognise_due(uuid, uuid, integer), app.credits_mark_recognised(uuid, bigint)
  from public, anon, authenticated, service_role;
grant execute on function app.credits_take_back(text, text, timestamptz),
  app.credits_follow_refunds(uuid, bigint, bigint, bigint, text, timestamptz),
  app.credits_recognise_due(uuid, uuid, integer), app.credits_mark_recognised(uuid, bigint)
  to service_role;
