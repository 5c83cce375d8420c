//! `verify` finds what somebody with the owner's power could do.

use sqlx::AssertSqlSafe;

use crate::test_fixture::LedgerFixture;

async fn codes(fixture: &LedgerFixture) -> Vec<String> {
    let mut codes: Vec<String> = fixture.findings().await.into_iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

#[tokio::test]
async fn every_rule_finds_its_breach() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    fixture.sell(&fixture.order(seller, &[1_000])).await;
    assert_eq!(codes(&fixture).await, Vec::<String>::new());

    let entry = |item: &str, amount: i64, kind: &str| {
        format!(
            "insert into public.ledger_entries (transfer_id, account_id, entry_type, debit_jpy, seller_id, order_item_id)
             select t.id, a.id, 'adjustment', {amount}, a.seller_id, {item}
               from public.ledger_transfers t, public.ledger_accounts a where a.kind = '{kind}' limit 1"
        )
    };
    let item = "(select order_item_id from public.ledger_entries where order_item_id is not null limit 1)";
    let balances = "delete from public.ledger_balances; insert into public.ledger_balances
                      (account_id, slot, seller_id, debit_jpy, entry_count)
                    select account_id, slot, min(seller_id::text)::uuid, sum(debit_jpy), count(*) from public.ledger_entries group by 1, 2";
    let breaches: [(String, &[&str]); 5] = [
        (
            "update public.ledger_balances set debit_jpy = debit_jpy + 1 where seller_id is not null".to_owned(),
            &["ledger_balance_differs"],
        ),
        (
            format!("{}; {balances}", entry("null", 7, "bank")),
            &["ledger_transfer_unbalanced", "ledger_does_not_sum_to_zero", "ledger_sale_divided_wrongly"],
        ),
        (
            format!("{}; {}; {balances}", entry(item, 900, "seller_pending"), entry(item, -900, "platform_revenue")),
            &["ledger_floor_breached", "ledger_item_overdrawn"],
        ),
        (
            "update public.ledger_entries set seller_id = null where seller_id is not null".to_owned(),
            &["ledger_entry_contradicts_account"],
        ),
        (
            "insert into public.ledger_transfers (id, source, business_key, kind, body_hash, occurred_at)
          values (gen_random_uuid(), 'market', 'empty', 'adjustment', sha256(''), now())"
                .to_owned(),
            &["ledger_transfer_unbalanced"],
        ),
    ];
    for (breach, expected) in breaches {
        // Triggers fire for nobody in this mode, which only a superuser can choose; afterwards all is undone.
        let mut owner = fixture.owner().await;
        let snapshot = "create schema backup; create table backup.t as table public.ledger_transfers;
             create table backup.e as table public.ledger_entries; create table backup.b as table public.ledger_balances";
        sqlx::raw_sql(snapshot).execute(&mut owner).await.unwrap();
        let attack = format!("set session_replication_role = replica; {breach}");
        sqlx::raw_sql(AssertSqlSafe(attack)).execute(&mut owner).await.unwrap();
        assert_eq!(codes(&fixture).await, expected, "{breach}");
        let restore = "delete from public.ledger_balances; delete from public.ledger_entries; delete from public.ledger_transfers;
             insert into public.ledger_transfers select * from backup.t;
             insert into public.ledger_entries (id, transfer_id, account_id, slot, entry_type, order_id, order_item_id, seller_id,
                                                currency, debit_jpy, note, created_at) overriding system value
               select id, transfer_id, account_id, slot, entry_type, order_id, order_item_id, seller_id, currency, debit_jpy,
                      note, created_at from backup.e;
             insert into public.ledger_balances select * from backup.b; drop schema backup cascade";
        sqlx::raw_sql(restore).execute(&mut owner).await.unwrap();
        assert_eq!(codes(&fixture).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_disabled_trigger_and_open_rows_are_found() {
    let fixture = LedgerFixture::open().await;
    let mut owner = fixture.owner().await;
    let weaken = "alter table public.ledger_entries disable trigger ledger_entries_fixed;
                  alter table public.ledger_accounts no force row level security";
    sqlx::raw_sql(weaken).execute(&mut owner).await.unwrap();
    assert_eq!(codes(&fixture).await, ["ledger_trigger_off", "ledger_row_security_off"]);
}
