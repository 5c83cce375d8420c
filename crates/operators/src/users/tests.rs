//! The list of people with a hundred thousand of them: measured in rows that are read, not by the clock.

use kernel::{Cursor, PageRequest};
use platform::Tx;
use platform::jobs::Registry;
use testkit::TestApp;
use time::macros::datetime;
use uuid::Uuid;

use super::model::Search;
use super::queries;

/// A hundred thousand people, one a second; a few banned, a few sellers, a few on a plan, a few with a rare name.
/// Their wallets are opened all at once, without the free pictures.
const PEOPLE: &str = "
  alter table public.user_profiles disable trigger user_profiles_open_wallet;
  with people as (select gen_random_uuid() as id, n from generate_series(1, 100000) n),
       users as (insert into auth.users (id, email, created_at, updated_at)
                 select id, 'person' || n || '@example.org', now(), now() from people returning id)
  insert into public.user_profiles (user_id, display_name, is_banned, role, created_at, updated_at)
  select p.id, case when n % 20000 = 7 then 'Rare name ' || n else 'Person ' || n end, n % 25000 = 3,
         case when n % 33000 = 5 then 'seller' else 'user' end,
         timestamptz '2026-01-01 00:00+00' + n * interval '1 second', now() from people p join users u on u.id = p.id;
  alter table public.user_profiles enable trigger user_profiles_open_wallet;
  insert into public.wallets (user_id, created_at, updated_at) select user_id, now(), now() from public.user_profiles;
  insert into public.user_settings (user_id, plan, history_days, page_limit, usage_reset_at, updated_at)
  select u.id, p.code, p.history_days, p.page_limit, now(), now() from auth.users u join public.subscription_plans p
    on p.code = case when u.email in ('person10@example.org', 'person50000@example.org') then 'pro' else 'free' end;
  analyze;";

/// How many rows of people's tables this transaction has been handed.
async fn rows_read(tx: &mut Tx) -> i64 {
    sqlx::query_scalar(
        "select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint from pg_stat_xact_user_tables
          where relname in ('user_profiles', 'user_settings', 'wallets', 'users')",
    )
    .fetch_one(tx.conn())
    .await
    .unwrap()
}

#[tokio::test]
async fn among_a_hundred_thousand_people_a_page_reads_no_more_than_a_page() {
    let app = TestApp::start(|_| (crate::routes(), Registry::new())).await;
    app.execute(PEOPLE).await;
    let page = |after| PageRequest { after, limit: 50 };
    let deep = page(Some(Cursor { at: datetime!(2026-01-01 12:00 UTC), id: Uuid::max() }));
    let asked = |text: &str, plan: &str, role: &str, banned: &str| Search {
        text: text.to_owned(),
        plan: plan.to_owned(),
        role: role.to_owned(),
        banned: banned.to_owned(),
        ..Search::default()
    };
    let cases = [
        (asked("", "", "", ""), page(None), 51),
        (asked("", "", "", ""), deep, 51),
        (asked("person77777@example.org", "", "", ""), page(None), 1),
        (asked("rare name", "", "", ""), page(None), 5),
        (asked("nobody is called so", "", "", ""), page(None), 0),
        (asked("", "", "", "yes"), page(None), 4),
        (asked("", "", "", "yes"), deep, 2),
        (asked("", "", "seller", ""), page(None), 4),
        (asked("", "", "seller", "yes"), page(None), 0),
        (asked("", "pro", "", ""), page(None), 2),
        (asked("", "free", "user", "no"), deep, 51),
    ];
    let mut tx = app.tx().await;
    for (search, request, count) in cases {
        let filter = search.read().unwrap();
        let before = rows_read(&mut tx).await;
        // Ten times, so that a plan that is kept for any value is met as well.
        for _ in 0..10 {
            assert_eq!(queries::users(&mut tx, &filter, &request).await.unwrap().len(), count, "{search:?}");
        }
        let read = (rows_read(&mut tx).await - before) / 10;
        assert!(read <= 1_000, "{search:?} at {request:?}: {read} rows of tables for {count} people");
    }
}
