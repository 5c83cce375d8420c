-- How the ledger is written: one function, and triggers that hold even against the owner of the tables.
-- Errors have SQLSTATEs of their own (ML0xx), which crates/ledger maps to codes.

create function app.ledger_refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'ML002';
end $$;

create trigger ledger_account_kinds_fixed before update or delete or truncate on public.ledger_account_kinds
  for each statement execute function app.ledger_refuse_change();
create trigger ledger_accounts_fixed before update or delete or truncate on public.ledger_accounts
  for each statement execute function app.ledger_refuse_change();
create trigger ledger_transfers_fixed before update or delete or truncate on public.ledger_transfers
  for each statement execute function app.ledger_refuse_change();
create trigger ledger_entries_fixed before update or delete or truncate on public.ledger_entries
  for each statement execute function app.ledger_refuse_change();
create trigger ledger_balances_fixed before delete or truncate on public.ledger_balances
  for each statement execute function app.ledger_refuse_change();

-- A balance changes only inside the trigger on entries, that is one trigger deeper than this one.
create function app.ledger_guard_balance() returns trigger
language plpgsql set search_path = '' as $$
begin
  if pg_catalog.pg_trigger_depth() < 2 then
    raise exception 'a balance changes only through entries' using errcode = 'ML002';
  end if;
  return new;
end $$;
create trigger ledger_balances_guarded before insert or update on public.ledger_balances
  for each row execute function app.ledger_guard_balance();

-- An entry belongs to the transaction that made its transfer, and repeats what its account says.
create function app.ledger_guard_entry() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  transfer_made_in xid8;
  transfer_made_at timestamptz;
  account_seller uuid;
  account_currency text;
begin
  select t.created_in, t.created_at into transfer_made_in, transfer_made_at
    from public.ledger_transfers as t where t.id = new.transfer_id;
  if transfer_made_in is distinct from pg_catalog.pg_current_xact_id()
     or transfer_made_at is distinct from pg_catalog.transaction_timestamp() then
    raise exception 'a transfer takes no entries after its own transaction' using errcode = 'ML003';
  end if;
  select a.seller_id, a.currency into account_seller, account_currency
    from public.ledger_accounts as a where a.id = new.account_id;
  if account_seller is distinct from new.seller_id or account_currency is distinct from new.currency then
    raise exception 'an entry repeats the party and currency of its account' using errcode = 'ML007';
  end if;
  return new;
end $$;
create trigger ledger_entries_guarded before insert on public.ledger_entries
  for each row execute function app.ledger_guard_entry();

-- Keeps the balances and their floors.
create function app.ledger_apply_entries() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  breached text;
begin
  insert into public.ledger_balances as b (account_id, slot, seller_id, debit_jpy, entry_count, updated_at)
    select f.account_id, f.slot, f.seller_id, sum(f.debit_jpy), count(*), transaction_timestamp()
      from fresh as f group by f.account_id, f.slot, f.seller_id order by f.account_id, f.slot
    on conflict (account_id, slot) do update
      set debit_jpy = b.debit_jpy + excluded.debit_jpy,
          entry_count = b.entry_count + excluded.entry_count,
          updated_at = excluded.updated_at;

  select k.code into breached
    from (select f.account_id, sum(f.debit_jpy) as moved, min(t.kind) as transfer_kind
            from fresh as f join public.ledger_transfers as t on t.id = f.transfer_id
           group by f.account_id) as touched
    join public.ledger_accounts as a on a.id = touched.account_id
    join public.ledger_account_kinds as k on k.code = a.kind
    join public.ledger_balances as b on b.account_id = a.id
   where k.floor_rule <> 'none'
     and case when k.nature in ('asset', 'expense') then b.debit_jpy < 0 and touched.moved < 0
              else b.debit_jpy > 0 and touched.moved > 0 end
     and not (k.floor_rule = 'zero_except_refund'
              and touched.transfer_kind in ('refund', 'dispute_opened', 'dispute_lost'))
   limit 1;
  if breached is not null then
    raise exception 'the balance of % would sink below zero', breached using errcode = 'ML006';
  end if;
  return null;
end $$;
create trigger ledger_entries_applied after insert on public.ledger_entries
  referencing new table as fresh for each statement execute function app.ledger_apply_entries();

-- At commit: every transfer has two entries or more, and sums to zero in each currency. Attached to both tables, so
-- that neither an empty transfer nor an entry added after an early check slips through.
create function app.ledger_check_transfer() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  checked uuid := case tg_table_name when 'ledger_transfers' then (to_jsonb(new) ->> 'id')::uuid
                                     else (to_jsonb(new) ->> 'transfer_id')::uuid end;
  entries bigint;
begin
  select count(*) into entries from public.ledger_entries as e where e.transfer_id = checked;
  if entries < 2 or exists (
    select 1 from public.ledger_entries as e where e.transfer_id = checked
     group by e.currency having sum(e.debit_jpy) <> 0
  ) then
    raise exception 'transfer % does not balance', checked using errcode = 'ML001';
  end if;
  return null;
end $$;
create constraint trigger ledger_transfers_balance after insert on public.ledger_transfers
  deferrable initially deferred for each row execute function app.ledger_check_transfer();
create constraint trigger ledger_entries_balance after insert on public.ledger_entries
  deferrable initially deferred for each row execute function app.ledger_check_transfer();

-- The accounts that a set of legs names; opens those of sellers and providers on first use. A leg that names no kind,
-- or the wrong sort of party for it, is refused.
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

-- What is left of each order item after a transfer that takes something back.
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

revoke all on function app.ledger_refuse_change(), app.ledger_guard_balance(), app.ledger_guard_entry(),
  app.ledger_apply_entries(), app.ledger_check_transfer(), app.ledger_open_accounts(jsonb),
  app.ledger_check_items(uuid),
  app.ledger_post(uuid, text, text, text, uuid, uuid, text, timestamptz, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function app.ledger_post(uuid, text, text, text, uuid, uuid, text, timestamptz, jsonb)
  to service_role;
