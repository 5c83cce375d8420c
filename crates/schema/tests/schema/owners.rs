//! Nobody sees, changes or deletes another's rows: for every table that says whose its rows are, with real rows.
//!
//! Checks, foreign keys and triggers are taken off a copy of the database, so that rows can be made from the types of
//! the columns alone; grants and policies stay, and they are what is tested. A new table takes part by itself.

use std::collections::BTreeMap;

use kernel::{AccountStatus, Actor, Clock, Ctx, Locale, ManualClock, Random, Role, SystemReason, UserActor, UserId};
use platform::Database;
use platform::db::DatabaseAddresses;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use testkit::BEGINNING;
use testkit::cluster::{TestDatabase, fresh_database};
use uuid::Uuid;

use crate::catalogue::{connect, rows, run, texts};

/// The columns that name a person whose row it is.
const OWNER_COLUMNS: &str =
    "'user_id', 'owner_id', 'buyer_id', 'seller_id', 'recipient_id', 'actor_user_id', 'reviewer_id', 'holder_id'";
/// What is meant for everyone's eyes.
const PUBLIC: [&str; 1] = ["public.user_profiles"];

const HANA: Uuid = Uuid::from_u128(0xa);
const KEN: Uuid = Uuid::from_u128(0xb);

struct Rig {
    database: TestDatabase,
    db: Database,
    /// The owner columns of each table.
    tables: BTreeMap<String, Vec<String>>,
}

impl Rig {
    async fn new() -> Self {
        let database = fresh_database().await;
        let mut owner = connect(database.superuser_url()).await;
        run(&mut owner, include_str!("loosen.sql")).await;
        let found = rows(
            &mut owner,
            &format!(
                "select 'public.' || c.relname, array_agg(a.attname::text order by a.attnum)
                   from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
                  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attgenerated = ''
                    and a.atttypid = 'uuid'::regtype and a.attname in ({OWNER_COLUMNS})
                  group by c.relname"
            ),
        )
        .await;
        let tables: BTreeMap<String, Vec<String>> = found.iter().map(|row| (row.get(0), row.get(1))).collect();
        let addresses = DatabaseAddresses {
            web_url: database.web_url().to_owned(),
            service_url: database.service_url().to_owned(),
            pool_size: 4,
        };
        let db = Database::open(&addresses).unwrap();
        for (table, owners) in &tables {
            for person in [HANA, KEN] {
                // A row that is wholly this person's, and for each owner column a row that is so in that column alone.
                for mine in owners.iter().map(Some).chain([None]) {
                    let whose = owners.iter().filter(|column| mine.is_none_or(|mine| mine == *column));
                    insert(&mut owner, table, &whose.cloned().collect::<Vec<_>>(), person).await;
                }
            }
        }
        Self { database, db, tables }
    }

    fn ctx(actor: Actor) -> Ctx {
        Ctx::new(actor, Clock::Manual(ManualClock::starting_at(BEGINNING)), Random::system(), Locale::Ja)
    }

    fn person(id: Uuid) -> Ctx {
        let user_id = UserId::from(id);
        let (role, status) = (Role::User, AccountStatus::Active);
        let session_id = Uuid::from_u128(1).into();
        Self::ctx(Actor::User(UserActor { user_id, session_id, role, status, display_name: "花".to_owned() }))
    }
}

/// Writes a row by the types of its columns; those in `mine` name `person`, other owners are strangers.
async fn insert(owner: &mut PgConnection, table: &str, mine: &[String], person: Uuid) {
    let columns = rows(
        owner,
        &format!(
            "select attname::text, format_type(atttypid, null) from pg_attribute
              where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
                and attidentity = '' order by attnum"
        ),
    )
    .await;
    let mut names = Vec::new();
    let mut values = Vec::new();
    for column in &columns {
        let (name, kind): (String, String) = (column.get(0), column.get(1));
        let value = match kind.as_str() {
            _ if mine.contains(&name) => format!("'{person}'::uuid"),
            "uuid" => "gen_random_uuid()".to_owned(),
            "text" => "md5(random()::text)".to_owned(),
            "smallint" | "integer" | "bigint" => "(random() * 30000)::int".to_owned(),
            "numeric" => "1".to_owned(),
            "boolean" => "false".to_owned(),
            "jsonb" => "'{}'".to_owned(),
            "bytea" => "decode(md5(random()::text), 'hex')".to_owned(),
            "date" => "'2026-11-20'".to_owned(),
            "timestamp with time zone" => "'2026-11-20T03:00:00Z'".to_owned(),
            "inet" => "'192.0.2.1'".to_owned(),
            "xid8" => "pg_current_xact_id()".to_owned(),
            "tsvector" => "''".to_owned(),
            array if array.ends_with("[]") => "'{}'".to_owned(),
            other => panic!("{table}.{name} has the type {other}; say here what a value of it is"),
        };
        names.push(format!("\"{name}\""));
        values.push(value);
    }
    run(owner, &format!("insert into {table} ({}) values ({})", names.join(", "), values.join(", "))).await;
}

/// How many rows whose `column` names `whose` the actor of `ctx` sees; none where it may not even ask.
async fn seen(rig: &Rig, ctx: &Ctx, table: &str, column: &str, whose: Uuid) -> i64 {
    let mut tx = rig.db.begin_as(ctx).await.unwrap();
    let statement = format!("select count(*) from {table} where {column} = '{whose}'");
    match sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(tx.conn()).await {
        Ok(count) => count,
        Err(error) => {
            let code = error.as_database_error().and_then(|error| error.code().map(String::from));
            assert_eq!(code.as_deref(), Some("42501"), "{table}: {error}");
            0
        }
    }
}

#[tokio::test]
async fn nobody_sees_the_rows_of_others() {
    let rig = Rig::new().await;
    let expected = [
        "jobs",
        "sessions",
        "mails",
        "generations",
        "media_images",
        "orders",
        "order_items",
        "entitlements",
        "payments",
        "refunds",
        "user_passwords",
        "idempotency_keys",
        "audit_logs",
        "ledger_entries",
        "licences",
    ];
    for table in expected {
        assert!(rig.tables.contains_key(&format!("public.{table}")), "{table} has owners: {:?}", rig.tables.keys());
    }
    let mut owner = connect(rig.database.superuser_url()).await;
    for (table, owners) in &rig.tables {
        if PUBLIC.contains(&table.as_str()) {
            continue;
        }
        for column in owners {
            let there = rows(&mut owner, &format!("select count(*) from {table} where {column} = '{KEN}'")).await;
            assert_eq!(there[0].get::<i64, _>(0), 2, "{table}.{column} has its rows");
            // Rows in which nobody else is named but the other person: whoever asks has no part in them.
            assert_eq!(
                seen(&rig, &Rig::person(HANA), table, column, KEN).await,
                0,
                "{table}.{column} to another person"
            );
            assert_eq!(
                seen(&rig, &Rig::ctx(Actor::Anonymous), table, column, KEN).await,
                0,
                "{table}.{column} to strangers"
            );
            let app = Rig::ctx(Actor::System(SystemReason::Verification));
            assert_eq!(
                seen(&rig, &app, table, column, KEN).await,
                0,
                "{table}.{column} to the app by the pages' log-in"
            );
        }
    }
}

#[tokio::test]
async fn everybody_sees_the_own_rows_where_that_is_promised() {
    let rig = Rig::new().await;
    let mut shown = Vec::new();
    for (table, owners) in &rig.tables {
        for column in owners {
            if seen(&rig, &Rig::person(HANA), table, column, HANA).await > 0 {
                shown.push(format!("{table}.{column}"));
            }
        }
    }
    for promised in [
        "jobs.owner_id",
        "sessions.user_id",
        "generations.user_id",
        "media_images.user_id",
        "orders.buyer_id",
        "order_items.buyer_id",
        "entitlements.buyer_id",
        "licences.buyer_id",
        "deliveries.buyer_id",
        "payments.buyer_id",
        "refunds.buyer_id",
        "products.seller_id",
        "product_versions.seller_id",
        "ledger_entries.seller_id",
    ] {
        assert!(shown.contains(&format!("public.{promised}")), "{promised} is not shown to its owner: {shown:?}");
    }
    for secret in
        ["user_passwords.user_id", "mails.recipient_id", "idempotency_keys.owner_id", "audit_logs.actor_user_id"]
    {
        assert!(!shown.contains(&format!("public.{secret}")), "{secret} is for the app alone");
    }
}

#[tokio::test]
async fn nobody_changes_or_deletes_the_rows_of_others() {
    let rig = Rig::new().await;
    let mut owner = connect(rig.database.superuser_url()).await;
    for (table, owners) in &rig.tables {
        let column = &owners[0];
        let before =
            texts(&mut owner, &format!("select md5(string_agg(t::text, '|' order by t::text)) from {table} t")).await;
        for ctx in [Rig::person(HANA), Rig::ctx(Actor::Anonymous)] {
            for statement in [
                format!("update {table} set {column} = '{HANA}'"),
                format!("delete from {table} where {column} = '{KEN}'"),
                format!("truncate {table} cascade"),
                format!("insert into {table} ({column}) values ('{KEN}')"),
            ] {
                let mut tx = rig.db.begin_as(&ctx).await.unwrap();
                // Refused or without effect; a commit of either changes nothing.
                if sqlx::raw_sql(AssertSqlSafe(statement)).execute(tx.conn()).await.is_ok() {
                    tx.commit().await.unwrap();
                }
            }
        }
        let after =
            texts(&mut owner, &format!("select md5(string_agg(t::text, '|' order by t::text)) from {table} t")).await;
        assert_eq!(before, after, "{table}");
    }
}
