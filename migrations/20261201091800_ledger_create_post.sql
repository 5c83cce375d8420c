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

-- After transfers that take something back: nothing of an order item may go below what was sold.
create function app.ledger_check_items(p_transfers uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select 1
      from public.ledger_entries as e
      join public.ledger_accounts as a on a.id = e.account_id
      join public.ledger_account_kinds as k on k.code = a.kind
     where e.order_item_id in (
             select i.order_item_id from public.ledger_entries as i where i.transfer_id = any (p_transfers))
     group by e.order_item_id
    having sum(e.debit_jpy) filter (where a.kind = 'provider_clearing') < 0
        or sum(e.debit_jpy) filter (where a.kind = 'dispute_receivable') < 0
        or sum(e.debit_jpy) filter (where k.nature = 'income') > 0
        or sum(e.debit_jpy) filter (where k.holder = 'seller') > 0
  ) then
    raise exception 'more would be taken back than was sold' using errcode = 'ML008';
  end if;
end $$;

-- The only way to write. Posts many transfers at once, each once: the same key with the same body changes nothing.
-- Transfers: [{id, source, business_key, kind, order_id?, payment_id?, note?, occurred_at, legs}], with
-- legs: [{account, seller_id?, provider?, entry_type, order_item_id?, debit_jpy, note?}].
-- Returns, in the order given, the transfer of each key and whether this call has written it.
--
-- The advisory locks make two workers that post the same transfer queue for it. Without them PostgreSQL could report the
-- second one's payment (which is unique too) before the conflict on the key: an insert that meets a concurrent one on
-- its conflict target goes on to the other unique indexes first. They are taken in one order, so that two batches with
-- common keys do not deadlock.
--
-- All transfers of a call keep the balances of busy accounts in the same slot, so that two batches seldom wait for each
-- other.
create function app.ledger_post(p_transfers jsonb) returns table (transfer_id uuid, created boolean)
language plpgsql security definer set search_path = '' as $$
declare
  hashes bytea[];
  fresh uuid[];
  legs jsonb;
  slot_seed integer;
begin
  if jsonb_typeof(p_transfers) is distinct from 'array' or jsonb_array_length(p_transfers) > 1000 or exists (
    select from jsonb_array_elements(p_transfers) as t (transfer)
     where jsonb_typeof(t.transfer -> 'legs') is distinct from 'array'
  ) then
    raise exception 'transfers and their legs are lists' using errcode = 'ML007';
  end if;
  select array_agg(pg_catalog.sha256(convert_to(jsonb_build_object(
           'order', t.transfer -> 'order_id', 'payment', t.transfer -> 'payment_id', 'legs', body.legs)::text, 'UTF8'))
           order by t.position)
    into hashes
    from jsonb_array_elements(p_transfers) with ordinality as t (transfer, position)
   cross join lateral (
     select coalesce(jsonb_agg(legs.leg order by legs.leg), '[]'::jsonb) as legs
       from (select jsonb_strip_nulls(l.leg - 'note') as leg
               from jsonb_array_elements(t.transfer -> 'legs') as l (leg)) as legs) as body;

  perform pg_catalog.pg_advisory_xact_lock(keys.hash)
    from (select distinct pg_catalog.hashtextextended('ledger:' || t.source || ':' || t.kind || ':' || t.business_key, 0)
                   as hash
            from jsonb_to_recordset(p_transfers) as t (source text, kind text, business_key text) order by 1) as keys;
  with inserted as (
    insert into public.ledger_transfers
        (id, source, business_key, kind, body_hash, order_id, payment_id, note, occurred_at)
      select t.id, t.source, t.business_key, t.kind, hashes[g.position], t.order_id, t.payment_id,
             coalesce(t.note, ''), t.occurred_at
        from jsonb_array_elements(p_transfers) with ordinality as g (transfer, position)
       cross join lateral jsonb_to_record(g.transfer) as t
             (id uuid, source text, business_key text, kind text, order_id uuid, payment_id uuid, note text,
              occurred_at timestamptz)
       order by g.position
      on conflict (source, business_key, kind) do nothing
      returning id)
  select array_agg(id) into fresh from inserted;

  if exists (
    select from jsonb_array_elements(p_transfers) with ordinality as g (transfer, position)
      join public.ledger_transfers as t on t.source = g.transfer ->> 'source' and t.kind = g.transfer ->> 'kind'
       and t.business_key = g.transfer ->> 'business_key'
     where t.body_hash <> hashes[g.position]
  ) then
    raise exception 'a business key is taken by another transfer' using errcode = 'ML004';
  end if;

  if fresh is not null then
    select jsonb_agg(l.leg || jsonb_build_object('transfer', g.transfer -> 'id', 'order_id', g.transfer -> 'order_id')
                     order by g.position, l.place)
      into legs
      from jsonb_array_elements(p_transfers) with ordinality as g (transfer, position)
     cross join lateral jsonb_array_elements(g.transfer -> 'legs') with ordinality as l (leg, place)
     where (g.transfer ->> 'id')::uuid = any (fresh);
    if legs is not null then
      perform app.ledger_open_accounts(legs);
      slot_seed := pg_catalog.get_byte(pg_catalog.uuid_send(fresh[1]), 15);
      insert into public.ledger_entries
          (transfer_id, account_id, slot, entry_type, order_id, order_item_id, seller_id, debit_jpy, note)
        select l.transfer, a.id, (slot_seed % k.slot_count)::smallint,
               l.entry_type, l.order_id, l.order_item_id, a.seller_id, l.debit_jpy, coalesce(l.note, '')
          from jsonb_to_recordset(legs) as l
                 (transfer uuid, order_id uuid, account text, seller_id uuid, provider text, entry_type text,
                  order_item_id uuid, debit_jpy bigint, note text)
          join public.ledger_account_kinds as k on k.code = l.account
          join public.ledger_accounts as a
            on a.kind = k.code and a.party = coalesce(l.seller_id::text, l.provider, 'platform') and a.currency = 'JPY';
    end if;
    if exists (select from jsonb_to_recordset(p_transfers) as t (kind text)
                where t.kind in ('refund', 'refund_correction', 'dispute_opened', 'dispute_won', 'dispute_lost')) then
      perform app.ledger_check_items(fresh);
    end if;
  end if;
  return query
    select t.id, t.id = (g.transfer ->> 'id')::uuid and t.id = any (coalesce(fresh, '{}'))
      from jsonb_array_elements(p_transfers) with ordinality as g (transfer, position)
      join public.ledger_transfers as t on t.source = g.transfer ->> 'source' and t.kind = g.transfer ->> 'kind'
       and t.business_key = g.transfer ->> 'business_key'
     order by g.position;
end $$;

revoke all on function app.ledger_open_accounts(jsonb), app.ledger_check_items(uuid[]), app.ledger_post(jsonb)
  from public, anon, authenticated, service_role;
grant execute on function app.ledger_post(jsonb) to service_role;
