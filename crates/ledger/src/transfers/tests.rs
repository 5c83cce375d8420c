//! Attacks. Each is tried as the platform, the strongest log-in that the program has, and where it makes sense as the owner
//! of the tables, whom no grant binds. Each must be refused, and the ledger must be as before.

use kernel::Yen;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::model::{Draft, EntryType, TransferKind};
use super::post;
use crate::accounts::model::{Account, ProviderName};
use crate::error::LedgerError;
use crate::test_fixture::LedgerFixture;

/// What the ledger holds, as one text.
async fn state(owner: &mut PgConnection) -> String {
    sqlx::query_scalar(
        "select (select count(*) from public.ledger_transfers) || '/' || (select count(*) from public.ledger_entries) || '/'
                || (select coalesce(string_agg(account_id || ':' || slot || '=' || debit_jpy, ',' order by account_id, slot), '')
                      from public.ledger_balances)",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

/// Runs the statements in one transaction and returns the SQLSTATE with which they, or the commit, were refused.
async fn refused(connection: &mut PgConnection, statements: &str) -> Option<String> {
    let whole = format!("begin; {statements}; commit");
    let outcome = sqlx::raw_sql(AssertSqlSafe(whole)).execute(&mut *connection).await;
    let _ended = sqlx::raw_sql("rollback").execute(connection).await;
    outcome
        .err()
        .and_then(|error| error.as_database_error().and_then(|inner| inner.code().map(|code| code.to_string())))
}

async fn app(fixture: &LedgerFixture) -> PgConnection {
    let mut connection = PgConnection::connect(fixture.service_url()).await.unwrap();
    sqlx::raw_sql("set role service_role").execute(&mut connection).await.unwrap();
    connection
}

fn call(key: &str, legs: &str) -> String {
    format!(
        "select app.ledger_post(jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'source', 'market',
           'business_key', '{key}', 'kind', 'adjustment', 'occurred_at', now(), 'legs', '{legs}'::jsonb)))"
    )
}

const GOOD: &str = r#"[{"account":"bank","entry_type":"adjustment","debit_jpy":5},
                       {"account":"platform_revenue","entry_type":"adjustment","debit_jpy":-5}]"#;

#[tokio::test]
async fn the_program_cannot_break_the_ledger() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    fixture.sell(&fixture.order(seller, &[1_000])).await;
    let mut app = app(&fixture).await;
    let mut owner = fixture.owner().await;
    assert_eq!(refused(&mut app, &call("first", GOOD)).await, None, "the attacks differ from what works");
    let before = state(&mut owner).await;

    let unbalanced = GOOD.replace("-5", "-4");
    let unknown = GOOD.replace("\"bank\"", "\"suspense\"");
    let stranger = GOOD.replace("\"bank\"", r#""seller_pending","seller_id":"00000000-0000-0000-0000-000000000001""#);
    let nobody = GOOD.replace("\"bank\"", "\"seller_pending\"");
    let no_provider = GOOD.replace("\"bank\"", r#""provider_clearing","provider":"nobody""#);
    let other = GOOD.replace('5', "6");
    let floor = format!(
        r#"[{{"account":"seller_available","seller_id":"{seller}","entry_type":"payout","debit_jpy":1}},
            {{"account":"payout_in_transit","seller_id":"{seller}","entry_type":"payout","debit_jpy":-1}}]"#
    );
    let entry = "insert into public.ledger_entries (transfer_id, account_id, entry_type, debit_jpy)
                 select t.id, a.id, 'refund', 1 from public.ledger_transfers t, public.ledger_accounts a
                  where a.kind = 'bank' limit 1";
    let attacks: [(&str, String, &str); 21] = [
        ("unbalanced", call("a1", &unbalanced), "ML001"),
        ("empty", call("a2", "[]"), "ML001"),
        ("no list", call("a3", "{}"), "ML007"),
        ("no transfers", "select app.ledger_post('{}'::jsonb)".to_owned(), "ML007"),
        ("unknown account", call("a4", &unknown), "ML005"),
        ("unknown seller", call("a5", &stranger), "ML005"),
        ("seller's account without a seller", call("a6", &nobody), "ML005"),
        ("unknown provider", call("a7", &no_provider), "ML005"),
        ("update", "update public.ledger_entries set debit_jpy = 1".to_owned(), "42501"),
        ("delete", "delete from public.ledger_transfers".to_owned(), "42501"),
        ("truncate", "truncate public.ledger_entries".to_owned(), "42501"),
        ("late entry", entry.to_owned(), "42501"),
        ("reused key", call("first", &other), "ML004"),
        ("floor breach", call("a8", &floor), "ML006"),
        (
            "direct insert",
            "insert into public.ledger_accounts (kind, holder) values ('bank', 'platform')".to_owned(),
            "42501",
        ),
        ("trigger disable", "alter table public.ledger_entries disable trigger all".to_owned(), "42501"),
        ("triggers off", "set session_replication_role = replica".to_owned(), "42501"),
        ("balance edit", "update public.ledger_balances set debit_jpy = 0".to_owned(), "42501"),
        ("row security off", "alter table public.ledger_entries no force row level security".to_owned(), "42501"),
        ("owner's helper", "select app.ledger_open_accounts('[]'::jsonb)".to_owned(), "42501"),
        ("drop", "drop table public.ledger_balances".to_owned(), "42501"),
    ];
    for (name, attack, sqlstate) in attacks {
        assert_eq!(refused(&mut app, &attack).await.as_deref(), Some(sqlstate), "{name}");
    }
    assert_eq!(state(&mut owner).await, before);
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn even_the_owner_is_held_to_the_rules() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    fixture.sell(&fixture.order(seller, &[1_000])).await;
    let mut owner = fixture.owner().await;
    let before = state(&mut owner).await;
    let transfer = "insert into public.ledger_transfers (id, source, business_key, kind, body_hash, occurred_at)
                    values ('00000000-0000-0000-0000-0000000000aa', 'market', 'x', 'adjustment', sha256(''), now())";
    let legs = |amounts: &str| {
        format!(
            "insert into public.ledger_entries (transfer_id, account_id, entry_type, debit_jpy)
             select '00000000-0000-0000-0000-0000000000aa', a.id, 'adjustment', v.amount
               from (values {amounts}) v (kind, amount) join public.ledger_accounts a on a.kind = v.kind"
        )
    };
    let attacks: [(&str, String, &str); 11] = [
        ("update", "update public.ledger_entries set debit_jpy = 1".to_owned(), "ML002"),
        ("update of nothing", "update public.ledger_transfers set note = '' where false".to_owned(), "ML002"),
        ("delete", "delete from public.ledger_entries".to_owned(), "ML002"),
        ("truncate", "truncate public.ledger_transfers cascade".to_owned(), "ML002"),
        ("balance edit", "update public.ledger_balances set debit_jpy = debit_jpy + 1".to_owned(), "ML002"),
        ("balance delete", "delete from public.ledger_balances".to_owned(), "ML002"),
        (
            "late entry",
            "insert into public.ledger_entries (transfer_id, account_id, entry_type, debit_jpy)
             select (select id from public.ledger_transfers limit 1), a.id, 'refund', v.amount
               from (values ('bank', 1), ('payment_fee_expense', -1)) v (kind, amount)
               join public.ledger_accounts a on a.kind = v.kind"
                .to_owned(),
            "ML003",
        ),
        ("empty transfer", transfer.to_owned(), "ML001"),
        ("unbalanced", format!("{transfer}; {}", legs("('bank', 5), ('payment_fee_expense', -4)")), "ML001"),
        (
            "added after an early check",
            format!(
                "{transfer}; {}; set constraints all immediate; set constraints all deferred; {}",
                legs("('bank', 5), ('payment_fee_expense', -5)"),
                legs("('bank', 1)")
            ),
            "ML001",
        ),
        (
            "somebody else's entry",
            format!(
            "{transfer}; insert into public.ledger_entries (transfer_id, account_id, entry_type, debit_jpy, seller_id)
             select '00000000-0000-0000-0000-0000000000aa', a.id, 'adjustment', 1, '{seller}'
               from public.ledger_accounts a where a.kind = 'bank'"),
            "ML007",
        ),
    ];
    for (name, attack, sqlstate) in attacks {
        assert_eq!(refused(&mut owner, &attack).await.as_deref(), Some(sqlstate), "{name}");
    }
    assert_eq!(state(&mut owner).await, before);
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn people_and_strangers_cannot_post() {
    let fixture = LedgerFixture::open().await;
    let mut connection = PgConnection::connect(fixture.web_url()).await.unwrap();
    for role in ["anon", "authenticated"] {
        sqlx::raw_sql(AssertSqlSafe(format!("set role {role}"))).execute(&mut connection).await.unwrap();
        assert_eq!(refused(&mut connection, &call("x", GOOD)).await.as_deref(), Some("42501"), "{role}");
        let insert = "insert into public.ledger_balances (account_id, slot, debit_jpy, entry_count)
                      values (gen_random_uuid(), 0, 1, 1)";
        assert_eq!(refused(&mut connection, insert).await.as_deref(), Some("42501"), "{role}");
    }
    assert_eq!(refused(&mut connection, "set role service_role").await.as_deref(), Some("42501"));
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_the_database_is_asked() {
    let fixture = LedgerFixture::open().await;
    let mut tx = fixture.begin().await;
    let mut draft = Draft::new("market", TransferKind::Adjustment, "x");
    assert!(matches!(post(&fixture.ctx, &mut tx, &draft).await, Err(LedgerError::Empty)));
    draft.leg(Account::Bank, EntryType::Adjustment, None, Yen(5));
    draft.leg(Account::PlatformRevenue, EntryType::Adjustment, None, Yen::ZERO);
    assert!(matches!(post(&fixture.ctx, &mut tx, &draft).await, Err(LedgerError::Empty)), "a zero leg is none");
    draft.leg(Account::ProviderClearing(ProviderName::from("sandbox")), EntryType::Adjustment, None, Yen(-4));
    assert!(matches!(post(&fixture.ctx, &mut tx, &draft).await, Err(LedgerError::Unbalanced)));
}
