//! The rules in SQL. Each lists what breaks it as (subject, detail); `$1` limits the list.

use kernel::{PaymentId, RefundId, Yen};
use platform::Tx;
use uuid::Uuid;

use super::model::PaymentFacts;
use crate::error::LedgerError;

/// Code and query of every rule.
pub(super) const RULES: [(&str, &str); 9] = [
    (
        "ledger_transfer_unbalanced",
        "select t.id::text, 'entries ' || count(e.id) || ', sum ' || coalesce(sum(e.debit_jpy), 0)
           from public.ledger_transfers as t left join public.ledger_entries as e on e.transfer_id = t.id
          group by t.id, e.currency having count(e.id) < 2 or sum(e.debit_jpy) <> 0 order by 1 limit $1",
    ),
    (
        "ledger_balance_differs",
        "select coalesce(b.account_id, e.account_id)::text || '/' || coalesce(b.slot, e.slot),
                'balance ' || coalesce(b.debit_jpy, 0) || ' of ' || coalesce(b.entry_count, 0)
                || ', entries ' || coalesce(e.debit_jpy, 0) || ' of ' || coalesce(e.entry_count, 0)
           from public.ledger_balances as b
           full join (select account_id, slot, sum(debit_jpy) as debit_jpy, count(*) as entry_count
                        from public.ledger_entries group by account_id, slot) as e
             on e.account_id = b.account_id and e.slot = b.slot
          where b.debit_jpy is distinct from e.debit_jpy or b.entry_count is distinct from e.entry_count
          order by 1 limit $1",
    ),
    (
        "ledger_does_not_sum_to_zero",
        "select currency, 'sum ' || sum(debit_jpy) from public.ledger_entries
          group by currency having sum(debit_jpy) <> 0 limit $1",
    ),
    (
        "ledger_floor_breached",
        "select a.kind || ' ' || a.party, 'debit ' || sum(b.debit_jpy)
           from public.ledger_balances as b
           join public.ledger_accounts as a on a.id = b.account_id
           join public.ledger_account_kinds as k on k.code = a.kind
          where k.floor_rule = 'zero'
          group by a.id, k.nature
         having case when k.nature in ('asset', 'expense') then sum(b.debit_jpy) < 0 else sum(b.debit_jpy) > 0 end
          order by 1 limit $1",
    ),
    (
        "ledger_entry_contradicts_account",
        "select e.id::text, 'party or currency differ from the account' from public.ledger_entries as e
           join public.ledger_accounts as a on a.id = e.account_id
          where e.seller_id is distinct from a.seller_id or e.currency <> a.currency order by 1 limit $1",
    ),
    (
        "ledger_sale_divided_wrongly",
        "select coalesce(e.order_item_id, t.id)::text,
                'gross ' || coalesce(sum(e.debit_jpy) filter (where e.entry_type = 'sale_gross'), 0)
           from public.ledger_transfers as t join public.ledger_entries as e on e.transfer_id = t.id
          where t.kind = 'sale'
          group by t.id, e.order_item_id having sum(e.debit_jpy) <> 0 or e.order_item_id is null
          order by 1 limit $1",
    ),
    (
        "ledger_item_overdrawn",
        "select e.order_item_id::text, 'more was taken back than was sold'
           from public.ledger_entries as e
           join public.ledger_accounts as a on a.id = e.account_id
           join public.ledger_account_kinds as k on k.code = a.kind
          where e.order_item_id is not null
          group by e.order_item_id
         having sum(e.debit_jpy) filter (where a.kind = 'provider_clearing') < 0
             or sum(e.debit_jpy) filter (where a.kind = 'dispute_receivable') < 0
             or sum(e.debit_jpy) filter (where k.nature = 'income') > 0
             or sum(e.debit_jpy) filter (where k.holder = 'seller') > 0
          order by 1 limit $1",
    ),
    (
        "ledger_trigger_off",
        "select wanted.name, 'the trigger is missing or disabled'
           from (values ('ledger_account_kinds_fixed'), ('ledger_accounts_fixed'), ('ledger_transfers_fixed'),
                        ('ledger_entries_fixed'), ('ledger_balances_fixed'), ('ledger_balances_guarded'),
                        ('ledger_entries_applied'), ('ledger_transfers_balance')) as wanted (name)
           left join pg_catalog.pg_trigger as t on t.tgname = wanted.name and t.tgenabled in ('O', 'A')
          where t.tgname is null order by 1 limit $1",
    ),
    (
        "ledger_row_security_off",
        "select c.relname::text, 'row level security is not enabled and forced'
           from pg_catalog.pg_class as c
          where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname like 'ledger\\_%'
            and not (c.relrowsecurity and c.relforcerowsecurity) order by 1 limit $1",
    ),
];

pub(super) async fn broken(tx: &mut Tx, sql: &'static str, limit: i64) -> Result<Vec<(String, String)>, LedgerError> {
    Ok(sqlx::query_as::<_, (String, String)>(sql).bind(limit).fetch_all(tx.conn()).await?)
}

pub(super) async fn payment_facts(tx: &mut Tx, ids: &[PaymentId]) -> Result<Vec<PaymentFacts>, LedgerError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    Ok(sqlx::query_as!(
        PaymentFacts,
        r#"select t.payment_id as "payment_id!: PaymentId",
                  (sum(e.debit_jpy) filter (where t.kind in ('sale', 'receipt') and a.kind = 'provider_clearing'))::bigint
                    as "received: Yen",
                  coalesce(sum(e.debit_jpy) filter (where t.kind = 'provider_fee' and a.kind = 'payment_fee_expense'), 0)
                    ::bigint as "fee!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'dispute_receivable'), 0)::bigint as "disputed!: Yen"
             from public.ledger_transfers as t
             join public.ledger_entries as e on e.transfer_id = t.id
             join public.ledger_accounts as a on a.id = e.account_id
            where t.payment_id = any($1) group by t.payment_id"#,
        &ids,
    )
    .fetch_all(tx.conn())
    .await?)
}

pub(super) async fn refund_facts(tx: &mut Tx, ids: &[RefundId]) -> Result<Vec<(RefundId, Yen)>, LedgerError> {
    let keys: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select t.business_key, (-sum(e.debit_jpy))::bigint as "refunded!: Yen"
             from public.ledger_transfers as t
             join public.ledger_entries as e on e.transfer_id = t.id
             join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'provider_clearing'
            where t.source in ('payments', 'credits') and t.kind = 'refund' and t.business_key = any($1)
            group by t.business_key"#,
        &keys,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.business_key.parse().ok()?, row.refunded))).collect())
}

pub(super) async fn accounted_payments(
    tx: &mut Tx,
    after: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<PaymentId>, LedgerError> {
    Ok(sqlx::query_scalar!(
        r#"select payment_id as "id!: PaymentId" from public.ledger_transfers
            where kind in ('sale', 'receipt') and payment_id is not null and ($1::uuid is null or payment_id > $1)
            order by payment_id limit $2"#,
        after as Option<PaymentId>,
        limit,
    )
    .fetch_all(tx.conn())
    .await?)
}
