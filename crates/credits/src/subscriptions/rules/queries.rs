//! The rules in SQL. Each lists what breaks it as (subject, detail); `$1` limits the list, `$2` is the moment before which
//! everything that follows by a job has followed.

use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

/// Code and query of every rule.
pub(crate) const RULES: [(&str, &str); 9] = [
    (
        "subscriptions_two_at_once",
        "select s.user_id::text, count(*) || ' live subscriptions' from public.subscriptions as s
          where s.status in ('active', 'past_due') and $2::timestamptz is not null
          group by s.user_id having count(*) > 1 order by 1 limit $1",
    ),
    (
        "subscriptions_plan_differs",
        "select s.id::text, 'pays for ' || s.plan || ', is on ' || coalesce(u.plan, 'nothing')
           from public.subscriptions as s left join public.user_settings as u on u.user_id = s.user_id
          where s.status in ('active', 'past_due') and u.plan is distinct from s.plan and $2::timestamptz is not null
          order by 1 limit $1",
    ),
    (
        "subscriptions_invoice_without_payment",
        "select i.id::text, i.provider_invoice_id || ': paid ' || i.amount_yen
           from public.subscription_invoices as i left join public.payments as p on p.id = i.payment_id
          where i.status = 'paid' and i.amount_yen > 0 and $2::timestamptz is not null
            and (p.id is null or p.captured_at is null or p.amount_jpy <> i.amount_yen or p.reference_id <> i.id)
          order by 1 limit $1",
    ),
    (
        "subscriptions_invoice_without_receipt",
        "select i.id::text, i.provider_invoice_id || ': paid ' || i.amount_yen || ', on the ledger ' || coalesce(r.yen, 0)
           from public.subscription_invoices as i
           left join lateral (select sum(-e.debit_jpy) as yen
                                from public.ledger_transfers as t
                                join public.ledger_entries as e on e.transfer_id = t.id
                                join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'deferred_credits'
                               where t.payment_id = i.payment_id and t.kind = 'receipt') as r on true
          where i.status = 'paid' and i.amount_yen > 0 and coalesce(r.yen, 0) <> i.amount_yen
            and $2::timestamptz is not null
          order by 1 limit $1",
    ),
    (
        "subscriptions_invoice_gave_nothing",
        "select i.id::text, i.provider_invoice_id || ': paid, neither given nor given back'
           from public.subscription_invoices as i
          where i.status = 'paid' and i.amount_yen > 0 and i.months_granted = 0 and i.reason in ('create', 'cycle')
            and not exists (select from public.refunds as r where r.payment_id = i.payment_id)
            and $2::timestamptz is not null
          order by 1 limit $1",
    ),
    (
        "subscriptions_invoice_differs_from_lots",
        "select i.id::text, i.provider_invoice_id || ': ' || u.unit || ' expected ' || u.expected || ', given ' || l.given
           from public.subscription_invoices as i
          cross join lateral (values
                  ('token', i.tokens_first_milli + i.tokens_month_milli * (i.months_granted - 1)),
                  ('image', i.image_credits_first + i.image_credits_month * (i.months_granted - 1))) as u (unit, expected)
          cross join lateral (select coalesce(sum(c.granted), 0) as given from public.credit_lots as c
                               where c.user_id = i.user_id and c.unit = u.unit and c.source = 'plan_grant'
                                 and (c.business_key in ('plan_grant:' || i.provider_invoice_id,
                                                         'plan_grant:' || i.provider_invoice_id || ':tokens')
                                      or c.business_key like 'plan\\_grant:' || replace(i.provider_invoice_id, '_', '\\_')
                                                             || ':%')) as l
          where i.months_granted > 0 and u.expected <> l.given and $2::timestamptz is not null
          order by 1 limit $1",
    ),
    (
        "subscriptions_grant_overdue",
        "select i.id::text, i.provider_invoice_id || ': due ' || i.next_grant_at
           from public.subscription_invoices as i where i.next_grant_at < $2 order by 1 limit $1",
    ),
    (
        "subscriptions_given_back_kept_money",
        "select s.id::text, 'paid ' || i.amount_yen || ' and never a plan, without a refund'
           from public.subscriptions as s join public.subscription_invoices as i on i.subscription_id = s.id
          where s.status = 'given_back' and i.status = 'paid' and i.amount_yen > 0 and $2::timestamptz is not null
            and not exists (select from public.refunds as r where r.payment_id = i.payment_id)
          order by 1 limit $1",
    ),
    (
        "packs_payment_without_lot",
        "select k.id::text, 'paid ' || p.amount_jpy || ', ' || k.state
           from public.payments as p
           join public.pack_purchases as k on k.id = p.reference_id
           left join public.credit_lots as l on l.payment_id = p.id and l.source = 'purchase'
          where p.purpose = 'credit_pack' and p.captured_at < $2
            and (k.state not in ('paid', 'refunded') or l.granted is distinct from k.tokens_milli
                 or l.paid_yen is distinct from p.amount_jpy)
          order by 1 limit $1",
    ),
];

pub(crate) async fn broken(
    tx: &mut Tx,
    sql: &'static str,
    limit: i64,
    before: OffsetDateTime,
) -> Result<Vec<(String, String)>, DatabaseError> {
    sqlx::query_as::<_, (String, String)>(sql).bind(limit).bind(before).fetch_all(tx.conn()).await
}
