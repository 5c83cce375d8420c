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

-- Every statement that adds entries is checked as a whole, once, however many entries it adds: they belong to transfers
-- of this transaction, they repeat the seller and currency of their accounts, and those of each transfer sum to zero.
-- Then the balances follow, and no floor may be breached.
create function app.ledger_apply_entries() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  breached text;
begin
  if exists (
    select from fresh as f left join public.ledger_transfers as t on t.id = f.transfer_id
     where t.created_in is distinct from pg_catalog.pg_current_xact_id()
        or t.created_at is distinct from pg_catalog.transaction_timestamp()
  ) then
    raise exception 'a transfer takes no entries after its own transaction' using errcode = 'ML003';
  end if;
  if exists (
    select from fresh as f left join public.ledger_accounts as a on a.id = f.account_id
     where a.seller_id is distinct from f.seller_id or a.currency is distinct from f.currency
  ) then
    raise exception 'an entry repeats the party and currency of its account' using errcode = 'ML007';
  end if;
  if exists (
    select from fresh as f group by f.transfer_id, f.currency having sum(f.debit_jpy) <> 0 or count(*) < 2
  ) then
    raise exception 'the entries of a transfer do not balance' using errcode = 'ML001';
  end if;

  insert into public.ledger_balances as b (account_id, slot, seller_id, debit_jpy, entry_count, updated_at)
    select f.account_id, f.slot, f.seller_id, sum(f.debit_jpy), count(*), transaction_timestamp()
      from fresh as f group by f.account_id, f.slot, f.seller_id order by f.account_id, f.slot
    on conflict (account_id, slot) do update
      set debit_jpy = b.debit_jpy + excluded.debit_jpy,
          entry_count = b.entry_count + excluded.entry_count,
          updated_at = excluded.updated_at;

  select k.code into breached
    from (select f.account_id, sum(f.debit_jpy) as moved,
                 bool_and(t.kind in ('refund', 'refund_correction', 'dispute_opened', 'dispute_lost'))
                   filter (where f.debit_jpy > 0) as is_refund
            from fresh as f join public.ledger_transfers as t on t.id = f.transfer_id
           group by f.account_id) as touched
    join public.ledger_accounts as a on a.id = touched.account_id
    join public.ledger_account_kinds as k on k.code = a.kind
    join public.ledger_balances as b on b.account_id = a.id
   where k.floor_rule <> 'none'
     and case when k.nature in ('asset', 'expense') then b.debit_jpy < 0 and touched.moved < 0
              else b.debit_jpy > 0 and touched.moved > 0 end
     and not (k.floor_rule = 'zero_except_refund' and coalesce(touched.is_refund, false))
   limit 1;
  if breached is not null then
    raise exception 'the balance of % would sink below zero', breached using errcode = 'ML006';
  end if;
  return null;
end $$;
create trigger ledger_entries_applied after insert on public.ledger_entries
  referencing new table as fresh for each statement execute function app.ledger_apply_entries();

-- The last guard, at commit: every transfer has two entries or more, and sums to zero in each currency. Entries cannot
-- be added unbalanced (see above), so this finds a transfer without any.
create function app.ledger_check_transfer() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  entries bigint;
begin
  select count(*) into entries from public.ledger_entries as e where e.transfer_id = new.id;
  if entries < 2 or exists (
    select 1 from public.ledger_entries as e where e.transfer_id = new.id
     group by e.currency having sum(e.debit_jpy) <> 0
  ) then
    raise exception 'transfer % does not balance', new.id using errcode = 'ML001';
  end if;
  return null;
end $$;
create constraint trigger ledger_transfers_balance after insert on public.ledger_transfers
  deferrable initially deferred for each row execute function app.ledger_check_transfer();

revoke all on function app.ledger_guard_balance(), app.ledger_apply_entries(), app.ledger_check_transfer()
  from public, anon, authenticated, service_role;
