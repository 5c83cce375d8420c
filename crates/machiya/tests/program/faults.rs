//! `kill -9` at each step between the webhook and the delivery, and the database going away under load.

use sqlx::Connection as _;

use crate::process::{Person, Program};

/// The tables that the way from the buyer's press to the package writes, in its order. A lock on one holds the program
/// exactly at that step; there it is killed.
const STEPS: [&str; 9] = [
    "sandbox_events",
    "webhook_inbox",
    "payments",
    "ledger_transfers",
    "ledger_entries",
    "entitlements",
    "licences",
    "mails",
    "deliveries",
];

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_step_it_sells_and_delivers_exactly_once() {
    let mut program = Program::start().await;
    let hana = program.person("hana").await;
    let (_, listing) = program.publish(&hana, "non-exclusive", 980, "").await;
    for step in STEPS {
        let buyer = program.person(&format!("buyer-{}", step.replace('_', "-"))).await;
        let (order, checkout) = program.check_out(&buyer, &listing).await;
        kill_at(&mut program, step, &checkout).await;
        program.run().await;
        // A press that was cut off before anything was written has not happened; the buyer presses again.
        let _ = program.press(&checkout, "succeed").await;
        program.until_delivered(&order).await;
        exactly_one(&program, &order, step).await;
        let (status, answer) = program.get(Some(&buyer), &format!("/api/orders/{order}")).await;
        assert_eq!((status, answer["status"].as_str()), (200, Some("paid")), "killed at {step}: {answer}");
    }
    program.verify().await;
}

/// Holds `table`, presses *succeed*, waits until the program waits for the table (or has got by without it), kills it.
async fn kill_at(program: &mut Program, table: &str, checkout: &str) {
    let mut holder = sqlx::PgConnection::connect(program.database.superuser_url()).await.expect("the database answers");
    let lock = format!("begin; lock table {table} in access exclusive mode");
    sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut holder).await.expect("the table is held");
    let waiting = "select count(*) from pg_locks where not granted and relation is not null";
    {
        let press = program.press(checkout, "succeed");
        let held = program.until("the program waits for the table", async || program.count(waiting).await > 0);
        // The press itself hangs where its own table is held, so it is dropped as soon as the program waits.
        tokio::pin!(held);
        tokio::select! {
            () = &mut held => {}
            _ = press => held.await,
        }
    }
    program.kill().await;
    sqlx::raw_sql("rollback").execute(&mut holder).await.expect("the table is free");
    holder.close().await.expect("the holder goes");
    // Sessions of the killed program end by themselves; their transactions with them.
    let gone = "select count(*) from pg_stat_activity where application_name in ('machiya_web', 'machiya_service') \
                and datname = current_database()";
    program.until("its sessions are gone", async || program.count(gone).await == 0).await;
}

async fn exactly_one(program: &Program, order: &str, step: &str) {
    let sold = format!("select count(*) from ledger_transfers where order_id = '{order}' and kind = 'sale'");
    let entitled = format!(
        "select count(*) from entitlements e join order_items i on i.id = e.order_item_id where i.order_id = '{order}'"
    );
    let packed = format!("select count(*) from deliveries where order_id = '{order}'");
    for (what, statement) in [("sale", sold), ("entitlement", entitled), ("package", packed)] {
        assert_eq!(program.count(&statement).await, 1, "exactly one {what} after a kill at {step}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_goes_away_under_load_and_nothing_is_lost_or_done_twice() {
    let program = Program::start().await;
    let hana = program.person("hana").await;
    let (_, listing) = program.publish(&hana, "non-exclusive", 500, "").await;
    let mut buyers = Vec::new();
    for number in 0..8 {
        buyers.push(program.person(&format!("buyer{number}")).await);
    }
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
               where application_name in ('machiya_web', 'machiya_service') and datname = current_database()";
    let buying = futures::future::join_all(buyers.iter().map(|buyer| buy(&program, buyer, &listing)));
    let cutting = async {
        for _ in 0..6 {
            program.count(cut).await;
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
    };
    let (orders, ()) = futures::future::join(buying, cutting).await;
    for order in &orders {
        program.until_delivered(order).await;
        exactly_one(&program, order, "a lost database").await;
    }
    program.verify().await;
}

/// Buys as a patient person would: a 5xx is tried again, with the same key, so that it happens once.
async fn buy(program: &Program, buyer: &Person, listing: &str) -> String {
    for _ in 0..100 {
        let (status, answer) =
            program.post(Some(buyer), "/api/checkout", serde_json::json!({"listingId": listing})).await;
        if status == 200 {
            let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
            while !(200..400).contains(&program.press(&text("url"), "succeed").await) {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            return text("orderId");
        }
        assert!(status >= 500 || status == 409 || status == 401, "{status} {answer}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{} could not buy", buyer.email);
}
