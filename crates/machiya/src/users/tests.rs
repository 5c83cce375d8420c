//! Nobody's rows are forgotten.

use std::collections::BTreeSet;

use sqlx::{Connection as _, PgConnection};
use testkit::cluster::fresh_database;

use super::*;

/// Tables with an owner that people may read: a new one has a place in the file with somebody's data.
#[tokio::test]
async fn no_table_with_an_owner_is_forgotten() {
    let database = fresh_database().await;
    let mut owner = PgConnection::connect(database.superuser_url()).await.unwrap();
    let readable: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass || '.' || a.attname from pg_class c
           join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.atttypid = 'uuid'::regtype
            and a.attname in ('user_id', 'owner_id', 'buyer_id', 'seller_id', 'recipient_id', 'reviewer_id', 'holder_id')
            and has_column_privilege('authenticated', c.oid, a.attnum, 'select')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let known: BTreeSet<String> = CONTRIBUTORS
        .iter()
        .flat_map(|contributor| contributor.rows)
        .map(|rows| format!("{}.{}", rows.table.trim_start_matches("public."), rows.owner))
        .collect();
    // The platform itself writes the profile into `account.json`.
    let forgotten: Vec<&String> =
        readable.iter().filter(|column| !known.contains(*column) && *column != "user_profiles.user_id").collect();
    assert!(forgotten.is_empty(), "add to CONTRIBUTORS: {forgotten:?}");
    for row in &known {
        assert!(readable.contains(row), "{row} is not readable by its person");
    }
}
