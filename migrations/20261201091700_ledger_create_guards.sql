-- The triggers that keep the ledger consistent. They hold against the owner of the tables too.

-- A balance changes only inside the trigger on entries, which is one trigger deeper than this one.
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

-- An entry belongs to the transaction that created its transfer, and repeats the seller and currency of its account.
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

-- At commit every transfer has two entries or more, and sums to zero in each currency. The check is attached to both
-- tables, so that it catches an empty transfer as well as an entry that was added after `set constraints immediate`.
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

revoke all on function app.ledger_guard_balance(), app.ledger_guard_entry(), app.ledger_apply_entries(),
  app.ledger_check_transfer() from public, anon, authenticated, service_role;
