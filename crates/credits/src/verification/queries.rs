//! The rules in SQL. Each lists what breaks it as (subject, detail); `$1` limits the list.

use platform::Tx;

use crate::error::CreditError;

/// Code and query of every rule.
pub(super) const RULES: [(&str, &str); 11] = [
    (
        "credits_account_without_wallet",
        "select p.user_id::text, 'no wallet or no settings'
           from public.user_profiles as p
           left join public.wallets as w on w.user_id = p.user_id
           left join public.user_settings as s on s.user_id = p.user_id
          where w.user_id is null or s.user_id is null order by 1 limit $1",
    ),
    (
        "credits_lot_does_not_add_up",
        "select l.id::text, l.unit || ' granted ' || l.granted from public.credit_lots as l
          where l.granted <> l.available + l.held + l.used + l.expired + l.refunded
             or least(l.available, l.held, l.used, l.expired, l.refunded) < 0
          order by 1 limit $1",
    ),
    (
        "credits_lot_differs_from_statement",
        "select l.id::text, l.unit || ': granted ' || l.granted || '/' || coalesce(t.granted, 0)
                || ', expired ' || l.expired || '/' || coalesce(t.expired, 0)
                || ', refunded ' || l.refunded || '/' || coalesce(t.refunded, 0)
           from public.credit_lots as l
           left join (select x.lot_id,
                             sum(x.amount) filter (where x.amount > 0) as granted,
                             -sum(x.amount) filter (where x.amount < 0 and x.type in ('expiry', 'admin_adjustment')) as expired,
                             -sum(x.amount) filter (where x.amount < 0 and x.type = 'refund') as refunded
                        from public.credit_transactions as x where x.lot_id is not null group by x.lot_id) as t
             on t.lot_id = l.id
          where l.granted <> coalesce(t.granted, 0) or l.expired <> coalesce(t.expired, 0)
             or l.refunded <> coalesce(t.refunded, 0)
          order by 1 limit $1",
    ),
    (
        "credits_lot_differs_from_holds",
        "select l.id::text, l.unit || ': held ' || l.held || '/' || coalesce(h.held, 0)
                || ', used ' || l.used || '/' || coalesce(h.used, 0)
           from public.credit_lots as l
           left join (select p.lot_id, sum(p.amount) filter (where c.state = 'held') as held, sum(p.used) as used
                        from public.credit_hold_lots as p join public.credit_holds as c on c.id = p.hold_id
                       group by p.lot_id) as h
             on h.lot_id = l.id
          where l.held <> coalesce(h.held, 0) or l.used <> coalesce(h.used, 0)
          order by 1 limit $1",
    ),
    (
        "credits_wallet_differs_from_lots",
        "select w.user_id::text, 'the wallet is not the sum of its lots'
           from public.wallets as w
           left join (select l.user_id, l.unit, array[sum(l.available), sum(l.held), sum(l.granted), sum(l.used),
                             sum(l.expired), sum(l.refunded)]::bigint[] as sums
                        from public.credit_lots as l group by l.user_id, l.unit) as t
             on t.user_id = w.user_id and t.unit = 'token'
           left join (select l.user_id, l.unit, array[sum(l.available), sum(l.held), sum(l.granted), sum(l.used),
                             sum(l.expired), sum(l.refunded)]::bigint[] as sums
                        from public.credit_lots as l group by l.user_id, l.unit) as i
             on i.user_id = w.user_id and i.unit = 'image'
          where array[w.tokens_available, w.tokens_held, w.tokens_granted, w.tokens_used, w.tokens_expired, w.tokens_refunded]
                  <> coalesce(t.sums, '{0,0,0,0,0,0}')
             or array[w.images_available, w.images_held, w.images_granted, w.images_used, w.images_expired, w.images_refunded]
                  <> coalesce(i.sums, '{0,0,0,0,0,0}')
          order by 1 limit $1",
    ),
    (
        "credits_wallet_differs_from_statement",
        "select w.user_id::text, u.unit || ': available ' || u.available || '/' || coalesce(t.available, 0)
                || ', held ' || u.held || '/' || coalesce(t.held, 0) || ', used ' || u.used || '/' || coalesce(t.used, 0)
           from public.wallets as w
          cross join lateral (values ('token', w.tokens_available, w.tokens_held, w.tokens_used),
                                     ('image', w.images_available, w.images_held, w.images_used))
                       as u (unit, available, held, used)
           left join (select x.user_id, x.unit, sum(x.amount) as available,
                             -sum(x.amount) filter (where x.type in ('hold', 'release')) as held,
                             -sum(x.amount) filter (where x.type = 'api_usage') as used
                        from public.credit_transactions as x group by x.user_id, x.unit) as t
             on t.user_id = w.user_id and t.unit = u.unit
          -- Closing a hold gives all of it back before it takes what was used, so hold and release leave what is held.
          where u.available <> coalesce(t.available, 0) or u.held <> coalesce(t.held, 0) or u.used <> coalesce(t.used, 0)
          order by 1 limit $1",
    ),
    (
        "credits_statement_does_not_run_on",
        "select r.id::text, r.unit || ': after ' || r.available_after || ', sum ' || r.running
           from (select x.id, x.unit, x.available_after,
                        sum(x.amount) over (partition by x.user_id, x.unit order by x.id) as running
                   from public.credit_transactions as x) as r
          where r.available_after <> r.running order by r.id limit $1",
    ),
    (
        "credits_hold_differs_from_its_lots",
        "select h.id::text, h.unit || ': amount ' || h.amount || '/' || coalesce(sum(p.amount), 0)
                || ', captured ' || h.captured || '/' || coalesce(sum(p.used), 0)
           from public.credit_holds as h left join public.credit_hold_lots as p on p.hold_id = h.id
          group by h.id
         having h.amount <> coalesce(sum(p.amount), 0) or h.captured <> coalesce(sum(p.used), 0)
             or bool_or(p.used + p.expired > p.amount)
          order by 1 limit $1",
    ),
    (
        "credits_earned_differs_from_ledger",
        "select coalesce(l.id::text, posted.lot_id), 'recognised ' || coalesce(l.recognised_yen, 0)
                || ', on the ledger ' || coalesce(posted.yen, 0)
           from (select l.id, l.recognised_yen from public.credit_lots as l where l.recognised_yen > 0) as l
           full join (select split_part(t.business_key, ':', 1) as lot_id, sum(-e.debit_jpy) as yen
                        from public.ledger_transfers as t
                        join public.ledger_entries as e on e.transfer_id = t.id
                        join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'credit_revenue'
                       where t.source = 'credits' and t.kind = 'credit_recognised'
                         and t.business_key ~ '^[0-9a-f]{8}-[0-9a-f-]{27}:[0-9]+(:[0-9]+)?$'
                       group by 1) as posted
             on posted.lot_id = l.id::text
          where coalesce(l.recognised_yen, 0) <> coalesce(posted.yen, 0)
          order by 1 limit $1",
    ),
    (
        "credits_deferred_differs_from_ledger",
        "select coalesce(l.payment_id, m.payment_id)::text, 'receipt ' || coalesce(m.receipt, 0) || ', paid for lots '
                || coalesce(l.paid, 0) || ', given back ' || coalesce(m.given_back, 0) || ' of taken back '
                || coalesce(l.taken_back, 0) || ', still owed ' || coalesce(m.owed, 0)
           from (select coalesce(c.payment_id, c.id) as payment_id, sum(c.paid_yen) as paid,
                        sum(c.refunded_yen) as taken_back
                   from public.credit_lots as c where c.paid_yen > 0 group by 1) as l
           full join (select t.payment_id,
                             sum(-e.debit_jpy) filter (where t.kind = 'receipt') as receipt,
                             coalesce(sum(e.debit_jpy) filter (where t.kind = 'refund'), 0) as given_back,
                             sum(-e.debit_jpy) as owed
                        from public.ledger_entries as e
                        join public.ledger_transfers as t on t.id = e.transfer_id
                        join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'deferred_credits'
                       group by t.payment_id) as m
             on m.payment_id = l.payment_id
          where coalesce(l.paid, 0) > coalesce(m.receipt, 0)
             -- What no lot was given for (a plan that could not begin) may go back beside what was taken back.
             or coalesce(m.given_back, 0) > coalesce(l.taken_back, 0) + coalesce(m.receipt, 0) - coalesce(l.paid, 0)
             or coalesce(m.owed, 0) < 0
          order by 1 limit $1",
    ),
    (
        "credits_guard_off",
        "select wanted.name, 'the trigger is missing or disabled'
           from (values ('credit_transactions_fixed'), ('wallets_fixed'), ('credit_lots_fixed'),
                        ('credit_lots_terms_fixed'), ('credit_holds_fixed'), ('credit_holds_closed_fixed'),
                        ('credit_holds_terms_fixed'), ('credit_hold_lots_fixed'), ('wallets_guarded'),
                        ('wallets_begin_empty'), ('credit_lots_opened'), ('credit_lots_applied'),
                        ('operation_prices_guarded'), ('operation_prices_fixed'), ('user_profiles_open_wallet')) as wanted (name)
           left join pg_catalog.pg_trigger as t on t.tgname = wanted.name and t.tgenabled in ('O', 'A')
          where t.tgname is null
          union all
         select c.relname::text, 'row level security is not enabled and forced'
           from pg_catalog.pg_class as c
          where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and (c.relname like 'credit\\_%' or c.relname in ('wallets', 'user_settings', 'operation_prices'))
            and not (c.relrowsecurity and c.relforcerowsecurity)
          order by 1 limit $1",
    ),
];

pub(super) async fn broken(tx: &mut Tx, sql: &'static str, limit: i64) -> Result<Vec<(String, String)>, CreditError> {
    Ok(sqlx::query_as::<_, (String, String)>(sql).bind(limit).fetch_all(tx.conn()).await?)
}
