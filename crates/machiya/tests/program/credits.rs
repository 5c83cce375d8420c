//! Credits on the whole program: killed between hold and capture, two hundred presses at once, and a payer who leaves.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::Connection as _;
use testkit::ai_doubles::{GEMINI_KEY, GeminiDouble};

use crate::process::{Person, Program};

const HELD: &str = "select count(*) from credit_holds where state = 'held'";
const CAPTURED: &str = "select count(*) from credit_holds where state = 'captured'";

/// The program with a double of a provider of pictures, and as many presses an hour as a test wants.
async fn with_pictures() -> (Program, GeminiDouble) {
    let double = GeminiDouble::start().await.expect("the double starts");
    let base_url: &'static str = double.base_url().to_owned().leak();
    let settings = [
        ("MACHIYA_VERIFIED_ADDRESSES", "off"),
        ("MACHIYA_GOOGLE_API_KEY", GEMINI_KEY),
        ("MACHIYA_GEMINI_BASE_URL", base_url),
        ("MACHIYA_GENERATIONS_PER_HOUR", "100000"),
    ];
    (Program::start_with(&settings).await, double)
}

/// Asks for a picture and does not wait for it.
async fn asks(program: &Program, who: &Person, extra: &str) -> (u16, Value) {
    let body = json!({"aspectRatio": "3:4", "answers": {"vibe": ["minimal"], "silhouette": ["a-line"],
        "color": ["navy"], "occasion": ["office"], "season": ["spring"], "extra": extra}});
    program.post(Some(who), "/api/nano/generate?wait=0", body).await
}

/// Lets a schedule run now.
async fn runs(program: &Program, schedule: &str) {
    let now = format!("update job_schedules set next_run_at = now() - interval '1 second' where name = '{schedule}'");
    program.execute(&now).await;
}

/// Somebody has asked for a picture, and the program was killed while the provider draws it.
async fn killed_while_the_provider_draws() -> (Program, GeminiDouble, Person) {
    let (mut program, double) = with_pictures().await;
    let hana = program.person("hana").await;
    double.take(Duration::from_secs(600));
    let (status, made) = asks(&program, &hana, "").await;
    assert_eq!(status, 202, "{made}");
    program.until("the provider is at it", async || !double.requests().is_empty()).await;
    program.kill().await;
    (program, double, hana)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_provider_draws_the_picture_is_paid_exactly_once() {
    let (mut program, double, hana) = killed_while_the_provider_draws().await;
    assert_eq!(program.count(HELD).await, 1, "the kill came between hold and capture");
    let balance = "select images_available * 10 + images_held from wallets";
    assert_eq!(program.count(balance).await, 21, "two are left, one is held");

    double.take(Duration::ZERO);
    program.run().await;
    program.until("the picture is paid", async || program.count(CAPTURED).await == 1).await;
    assert_eq!(program.count(balance).await, 20);
    assert_eq!(program.count("select images_used from wallets").await, 1);
    assert_eq!(program.count("select count(*) from credit_transactions where type = 'api_usage'").await, 1);
    let (status, shown) = program.get(Some(&hana), "/api/user-gallery").await;
    assert_eq!((status, shown["items"].as_array().map(Vec::len)), (200, Some(1)), "{shown}");
    program.verify().await;
}

/// What is written between the provider's answer and the end of the payment, in its order.
const STEPS: [&str; 4] = ["media_images", "credit_holds", "credit_transactions", "user_settings"];

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_step_of_the_capture_it_is_paid_exactly_once() {
    let (mut program, double) = with_pictures().await;
    for step in STEPS {
        let person = program.person(&format!("maker-{}", step.replace('_', "-"))).await;
        let before = double.requests().len();
        double.take(Duration::from_secs(2));
        let (status, made) = asks(&program, &person, step).await;
        assert_eq!(status, 202, "{made}");
        program.until("the provider is at it", async || double.requests().len() > before).await;
        let mut holder =
            sqlx::PgConnection::connect(program.database.superuser_url()).await.expect("the database answers");
        let lock = format!("begin; lock table {step} in access exclusive mode");
        sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut holder).await.expect("the table is held");
        let waiting = "select count(*) from pg_locks l join pg_class c on c.oid = l.relation where not l.granted";
        program.until("the program waits for the table", async || program.count(waiting).await > 0).await;
        program.kill().await;
        sqlx::raw_sql("rollback").execute(&mut holder).await.expect("the table is free");
        holder.close().await.expect("the holder goes");
        let gone = "select count(*) from pg_stat_activity where application_name in ('machiya_web', 'machiya_service') \
                    and datname = current_database()";
        program.until("its sessions are gone", async || program.count(gone).await == 0).await;

        double.take(Duration::ZERO);
        program.run().await;
        let open = "select count(*) from credit_holds where state = 'held'";
        program.until("the hold is closed", async || program.count(open).await == 0).await;
        let own = format!("from wallets w join auth.users u on u.id = w.user_id where u.email = '{}'", person.email);
        let paid = format!("select images_used * 100 + images_available * 10 + images_held {own}");
        assert_eq!(program.count(&paid).await, 120, "killed at {step}");
    }
    program.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_nobody_works_on_any_more_comes_back_by_itself() {
    let (mut program, _double, _hana) = killed_while_the_provider_draws().await;
    // The work is lost with the machine, and the two days of the hold are over.
    program.execute("delete from jobs where name like 'studio.%'").await;
    program.execute("update credit_holds set expires_at = now() - interval '1 second'").await;
    runs(&program, "credits.release_forgotten_holds").await;
    program.run().await;
    program.until("the hold is given back", async || program.count(HELD).await == 0).await;
    assert_eq!(program.count("select images_available * 10 + images_held from wallets").await, 30);
    assert_eq!(program.count("select count(*) from credit_holds where release_reason = 'lapsed'").await, 1);
    program.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_presses_at_once_on_a_balance_for_three_exactly_three_run() {
    let (program, double) = with_pictures().await;
    let hana = program.person("hana").await;
    let extras: Vec<String> = (0..200).map(|number| format!("no {number}")).collect();
    let answers = join_all(extras.iter().map(|extra| asks(&program, &hana, extra))).await;
    let begun = answers.iter().filter(|(status, _)| *status == 202).count();
    let refused =
        answers.iter().filter(|(status, answer)| *status == 402 && answer["error"] == "insufficient_credits").count();
    let other = answers.iter().find(|(status, _)| ![202, 402].contains(status));
    assert_eq!((begun, refused), (3, 197), "{other:?}");
    program.until("all three are paid", async || program.count(CAPTURED).await == 3).await;
    assert_eq!(double.pictures_made(), 3);
    assert_eq!(program.count("select images_used * 100 + images_available * 10 + images_held from wallets").await, 300);
    program.verify().await;
}

/// Every table that holds `needle` in any text or JSON.
async fn holders(program: &Program, needle: &str) -> String {
    let statement = format!(
        "select coalesce(string_agg(distinct found.name, ' '), 'none') from (
           select c.oid::regclass::text as name,
                  (xpath('/row/n/text()', query_to_xml(format(
                    'select count(*) as n from %s as t where t::text ilike %L', c.oid::regclass, '%{needle}%'),
                    false, true, '')))[1]::text::bigint as n
           from pg_class c where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace)) found
         where found.n > 0"
    );
    let mut owner = sqlx::PgConnection::connect(program.database.superuser_url()).await.expect("the database answers");
    let found = sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_one(&mut owner).await.expect("a list");
    owner.close().await.expect("the connection closes");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payer_who_leaves_is_named_by_invoices_and_contracts_alone() {
    const NAME: &str = "sakurako-hanamachi";
    let program = Program::start().await;
    let (seller, payer) = (program.person("hana").await, program.person(NAME).await);
    let (_, listing) = program.publish(&seller, "non-exclusive", 980, "").await;
    let (order, checkout) = program.check_out(&payer, &listing).await;
    assert_eq!(program.press(&checkout, "succeed").await, 303);
    program.until_delivered(&order).await;
    let (status, pack) = program.post(Some(&payer), "/api/billing/credits/purchase", json!({"packageId": 1})).await;
    assert_eq!(status, 200, "{pack}");
    assert_eq!(program.press(pack["url"].as_str().expect("an address"), "succeed").await, 303);
    let (status, plan) = program.post(Some(&payer), "/api/billing/checkout", json!({"planId": "pro"})).await;
    assert_eq!(status, 200, "{plan}");
    // As people type it: the sandbox keeps the letters.
    let typed = payer.email.to_uppercase();
    let fields = [("outcome", "succeed"), ("email", typed.as_str())];
    assert_eq!(program.submit(plan["url"].as_str().expect("an address"), &fields).await, 303);
    let paid = "select (select count(*) from pack_purchases where state = 'paid') * 10 \
                     + (select count(*) from subscriptions where status = 'active')";
    program.until("pack and plan are there", async || program.count(paid).await == 11).await;
    program
        .execute(
            "insert into invoice_addressees (user_id, is_company, name, address, updated_at)
               select id, true, 'sakurako-hanamachi', 'Tokyo', now() from auth.users where email like 'sakurako%'",
        )
        .await;
    let before = holders(&program, NAME).await;
    assert!(before.contains("sandbox_customers") && before.contains("sandbox_events"), "{before}");

    let (status, answer) = program.post(Some(&payer), "/api/account/deletion", json!({})).await;
    assert_eq!(status, 202, "{answer}");
    program
        .execute("update account_deletions set requested_at = requested_at - interval '15 days', due_at = now()")
        .await;
    runs(&program, "identity.erase_accounts").await;
    let erased = "select count(*) from account_deletions where erased_at is not null";
    program.until("the person is erased", async || program.count(erased).await == 1).await;
    let ended = "select count(*) from sandbox_subscriptions where status = 'canceled'";
    program.until("the plan is ended at the provider", async || program.count(ended).await == 1).await;
    let busy = "select (select count(*) from jobs where state in ('queued', 'running') and run_at <= now()) \
                     + (select count(*) from mails where sent_at is null)";
    program.until("everything has followed", async || program.count(busy).await == 0).await;
    // The last mail is forgotten once it is on its way.
    runs(&program, "identity.erase_accounts").await;
    let mails = format!("select count(*) from mails where mails::text ilike '%{NAME}%'");
    program.until("the mails are forgotten", async || program.count(&mails).await == 0).await;

    assert_eq!(holders(&program, NAME).await, "licences tax_invoices", "what docs/DATA.md says stays, nothing else");
    for (what, statement) in [
        ("order", "select count(*) from orders where status = 'paid'"),
        ("sale", "select count(*) from ledger_transfers where kind = 'sale'"),
        ("licence", "select count(*) from licences"),
    ] {
        assert_eq!(program.count(statement).await, 1, "the {what} stays");
    }
    program.verify().await;
}
