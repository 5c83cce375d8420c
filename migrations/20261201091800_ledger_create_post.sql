-- How the ledger is written: app.ledger_post and the functions that it calls.

-- Opens the accounts of sellers and providers that a set of legs names for the first time. A leg that names no account
-- kind, or the wrong type of party for it, is refused.
create function app.ledger_open_accounts(p_legs jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select 1 from jsonb_to_recordset(p_legs) as l (account text, seller_id uuid, provider text)
      left join public.ledger_account_kinds as k on k.code = l.account
     where k.code is null
        or (k.holder = 'seller') <> (l.seller_id is not null)
        or (k.holder = 'provider') <> (l.provider is not null)
  ) then
    raise exception 'a leg names no account' using errcode = 'ML005';
  end if;
  insert into public.ledger_accounts (kind, holder, seller_id, provider)
    select distinct k.code, k.holder, l.seller_id, l.provider
      from jsonb_to_recordset(p_legs) as l (account text, seller_id uuid, provider text)
      join public.ledger_account_kinds as k on k.code = l.account
     where k.holder <> 'platform'
       and not exists (select 1 from public.ledger_accounts as a
                        where a.kind = k.code and a.party = coalesce(l.seller_id::text, l.provider))
     order by 1, 3, 4
    on conflict (kind, party, currency) do nothing;
exception when foreign_key_violation or check_violation then
  raise exception 'a leg names an unknown party' using errcode = 'ML005';
end $$;

-- After a transfer that takes something back: nothing of an order item may go below what was sold.
create function app.ledger_check_items(p_transfer uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select 1
      from public.ledger_entries as e
      join public.ledger_accounts as a on a.id = e.account_id
      join public.ledger_account_kinds as k on k.code = a.kind
     where e.order_item_id in (select i.order_item_id from public.ledger_entries as i where i.transfer_id = p_transfer)
     group by e.order_item_id
    having sum(e.debit_jpy) filter (where a.kind = 'provider_clearing') < 0
        or sum(e.debit_jpy) filter (where a.kind = 'dispute_receivable') < 0
        or sum(e.debit_jpy) filter (where k.nature = 'income') > 0
        or sum(e.debit_jpy) filter (where k.holder = 'seller') > 0
  ) then
    raise exception 'more would be taken back than was sold' using errcode = 'ML008';
  end if;
end $$;

-- The only way to write. Legs: [{account, seller_id?, provider?, entry_type, order_item_id?, debit_jpy, note?}].
-- Returns the transfer, and whether it is new: the same key with the same body changes nothing.
--
-- The advisory lock makes two workers that post the same transfer queue for it. Without it PostgreSQL could report the
-- second one's payment (which is unique too) before the conflict on the key: an insert that meets a concurrent one on
-- its conflict target goes on to the other unique indexes first.
create function app.ledger_post(
  p_id uuid, p_source text, p_business_key text, p_kind text, p_order_id uuid, p_payment_id uuid,
  p_note text, p_occurred_at timestamptz, p_legs jsonb
) returns table (transfer_id uuid, created boolean)
language plpgsql security definer set search_path = '' as $$
declare
  body_hash bytea;
  posted uuid;
  known record;
begin
  if jsonb_typeof(p_legs) is distinct from 'array' then
    raise exception 'legs are a list' using errcode = 'ML007';
  end if;
  select pg_catalog.sha256(convert_to(jsonb_build_object(
           'order', p_order_id, 'payment', p_payment_id,
           'legs', coalesce(jsonb_agg(legs.leg order by legs.leg), '[]'::jsonb))::text, 'UTF8'))
    into body_hash
    from (select jsonb_strip_nulls(l.leg - 'note') as leg from jsonb_array_elements(p_legs) as l (leg)) as legs;

  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('ledger:' || p_source || ':' || p_kind || ':' || p_business_key, 0));
  insert into public.ledger_transfers
      (id, source, business_key, kind, body_hash, order_id, payment_id, note, occurred_at)
    values (p_id, p_source, p_business_key, p_kind, body_hash, p_order_id, p_payment_id, p_note, p_occurred_at)
    on conflict (source, business_key, kind) do nothing
    returning id into posted;
  if posted is null then
    select t.id, t.body_hash as hash into strict known from public.ledger_transfers as t
     where t.source = p_source and t.business_key = p_business_key and t.kind = p_kind;
    if known.hash <> body_hash then
      raise exception 'key % of % is taken by another %', p_business_key, p_source, p_kind using errcode = 'ML004';
    end if;
    return query select known.id, false;
    return;
  end if;

  perform app.ledger_open_accounts(p_legs);
  insert into public.ledger_entries
      (transfer_id, account_id, slot, entry_type, order_id, order_item_id, seller_id, debit_jpy, note)
    select posted, a.id, (pg_catalog.get_byte(pg_catalog.uuid_send(posted), 15) % k.slot_count)::smallint,
           l.entry_type, p_order_id, l.order_item_id, a.seller_id, l.debit_jpy, coalesce(l.note, '')
      from jsonb_to_recordset(p_legs) as l
             (account text, seller_id uuid, provider text, entry_type text, order_item_id uuid, debit_jpy bigint, note text)
      join public.ledger_account_kinds as k on k.code = l.account
      join public.ledger_accounts as a
        on a.kind = k.code and a.party = coalesce(l.seller_id::text, l.provider, 'platform') and a.currency = 'JPY';
  if p_kind in ('refund', 'dispute_opened', 'dispute_won', 'dispute_lost') then
    perform app.ledger_check_items(posted);
  end if;
  return query select posted, true;
end $$;

revoke all on function app.ledger_open_accounts(jsonb), app.ledger_check_items(uuid),
  app.ledger_post(uuid, text, text, text, uuid, uuid, text, timestamptz, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function app.ledger_post(uuid, text, text, text, uuid, uuid, text, timestamptz, jsonb)
  to service_role;
