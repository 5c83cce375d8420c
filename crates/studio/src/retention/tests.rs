use credits::plans::{DunningState, PlanCode, set_plan};
use kernel::GenerationId;
use platform::storage::StorageKey;
use serde_json::{Value, json};
use time::Duration;

use crate::deletion::{lock_original, mark_published, mark_sold, mark_unpublished, mark_unused, mark_used};
use crate::generation_jobs::submit::{Submitted, submit_unmetered};
use crate::tests::{Fixture, request_body, text};

/// Puts Hana on a plan and lets what follows happen.
async fn change_plan(fixture: &Fixture, plan: &str) {
    let ctx = fixture.app.ctx();
    let mut tx = fixture.app.tx().await;
    set_plan(&ctx, &mut tx, fixture.hana.id, &PlanCode::from(plan), DunningState::Active).await.unwrap();
    tx.commit().await.unwrap();
    fixture.app.drain().await;
}

/// Whole days from now until a picture goes; -1 for never, -2 when it is gone.
async fn days_left(fixture: &Fixture, asked: &Value) -> i64 {
    let statement = format!(
        "select coalesce((select case when deleted_at is not null then -2 when expires_at is null then -1
             else extract(epoch from expires_at - '{}')::bigint / 86400 end
           from public.generations where id = '{}'), -2)::bigint",
        fixture.app.ctx().now(),
        text(&asked["id"]),
    );
    fixture.app.value(&statement).await
}

async fn is_gone(fixture: &Fixture, asked: &Value) -> bool {
    let id = text(&asked["id"]);
    fixture
        .app
        .value(&format!("select not exists (select from generations where id = '{id}' and deleted_at is null)"))
        .await
}

/// As [`Fixture::make`] at a time when Hana's session is long over.
async fn make_later(fixture: &Fixture, detail: &str) -> Value {
    let (request, hana) = (crate::wardrobe::read_request(&request_body(detail)).unwrap(), &fixture.hana);
    let asked = submit_unmetered(&fixture.studio, &hana.ctx, hana.ctx.user().unwrap(), &request).await.unwrap();
    let (Submitted::Cached(generation) | Submitted::Running(generation)) = asked;
    fixture.app.drain().await;
    json!({"id": generation.id})
}

fn id_of(asked: &Value) -> GenerationId {
    text(&asked["id"]).parse().unwrap()
}

async fn audit_rows(fixture: &Fixture) -> i64 {
    fixture.app.value("select count(*) from public.audit_logs where action = 'studio.remove_expired'").await
}

/// Many pictures of Hana that are long past their time, without files.
async fn old_pictures(fixture: &Fixture, count: u32) {
    fixture
        .app
        .execute(&format!(
            "insert into public.generations
               (id, user_id, status, provider, model, prompt, aspect_ratio, seed, request_key, cache_key, width, height,
                created_at, updated_at, completed_at, expires_at)
             select gen_random_uuid(), '{}', 'completed', 'sketch', 'studio-illustrator-1', 'old', '1:1', n,
               sha256(n::text::bytea), sha256(n::text::bytea), 4, 4, timestamptz '2026-09-01' + n * interval '1 s',
               timestamptz '2026-09-01', timestamptz '2026-09-01', timestamptz '2026-09-08' + n * interval '1 s'
             from generate_series(1, {count}) n",
            fixture.hana.id
        ))
        .await;
}

#[tokio::test]
async fn every_plan_keeps_for_its_time() {
    for (plan, days) in [("free", 7), ("starter", 30), ("pro", 90), ("business", -1), ("enterprise", -1)] {
        let fixture = Fixture::new().await;
        change_plan(&fixture, plan).await;
        let asked = fixture.make("kept").await;
        assert_eq!(days_left(&fixture, &asked).await, days, "{plan}");
        if days > 0 {
            fixture.app.advance(Duration::days(days) - Duration::SECOND);
            fixture.app.upkeep().await;
            assert_eq!(days_left(&fixture, &asked).await, 0, "{plan}");
            assert_eq!(fixture.stored("usergen/").await.len(), 3);
            fixture.app.advance(Duration::minutes(11));
        } else {
            fixture.app.advance(Duration::days(4_000));
        }
        fixture.app.upkeep().await;
        assert_eq!(days_left(&fixture, &asked).await, if days > 0 { -2 } else { -1 }, "{plan}");
    }
}

#[tokio::test]
async fn what_goes_goes_wholly_and_is_reported() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("short-lived").await;
    fixture.app.advance(Duration::days(5));
    let other = fixture.make("younger").await;
    let files = fixture.stored("usergen/").await.len();
    assert_eq!((files, audit_rows(&fixture).await), (6, 0));
    fixture.app.advance(Duration::days(2) + Duration::minutes(1));
    fixture.app.upkeep().await;
    let path = format!("/api/generations/{}", text(&asked["id"]));
    fixture.hana.client.get(&path).await.expect_problem(404, "not_found");
    fixture.hana.client.post(&format!("{path}/restore"), &json!({})).await.expect_problem(404, "not_found");
    assert_eq!(fixture.stored("usergen/").await.len(), 3, "the younger one's");
    for table in ["generations", "ai_jobs"] {
        let rows: i64 = fixture.app.value(&format!("select count(*) from public.{table}")).await;
        assert_eq!(rows, 1, "{table}");
    }
    assert_eq!(fixture.app.value::<i64>("select count(*) from public.media_images").await, 3);
    let facts: Value =
        fixture.app.value("select diff from public.audit_logs where action = 'studio.remove_expired'").await;
    assert_eq!((&facts["pictures"], &facts["files"]), (&json!(1), &json!(3)));
    assert!(facts["bytes"].as_i64().unwrap() > 1_000);
    assert_eq!(fixture.image_credits(&fixture.hana).await.2, 2, "what was paid stays in the books");
    fixture.hana.client.get(&format!("/api/generations/{}", text(&other["id"]))).await.expect(200);
    fixture.app.advance(Duration::minutes(11));
    fixture.app.upkeep().await;
    assert_eq!(audit_rows(&fixture).await, 1, "nothing done, nothing recorded");
}

#[tokio::test]
async fn a_larger_plan_keeps_longer_at_once() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("growing").await;
    fixture.app.advance(Duration::days(6));
    change_plan(&fixture, "starter").await;
    assert_eq!(days_left(&fixture, &asked).await, 24);
    change_plan(&fixture, "pro").await;
    assert_eq!(days_left(&fixture, &asked).await, 84);
    change_plan(&fixture, "business").await;
    assert_eq!(days_left(&fixture, &asked).await, -1);
    assert_eq!(fixture.app.value::<i64>("select count(*) from public.retention_notices").await, 0);
    assert_eq!(fixture.app.value::<i64>("select count(*) from public.mails").await, 0);
}

#[tokio::test]
async fn a_smaller_plan_takes_nothing_before_its_owner_was_told_for_thirty_days() {
    let fixture = Fixture::new().await;
    change_plan(&fixture, "pro").await;
    let old = fixture.make("old").await;
    fixture.app.advance(Duration::days(50));
    let young = make_later(&fixture, "young").await;
    change_plan(&fixture, "free").await;
    assert_eq!(days_left(&fixture, &old).await, 30, "40 days were left of 90");
    assert_eq!(days_left(&fixture, &young).await, 30);
    let fresh = make_later(&fixture, "fresh").await;
    assert_eq!(days_left(&fixture, &fresh).await, 7, "what is made now is made on the plan of now");
    let mail: String = fixture.app.value("select subject || body_text from public.mails").await;
    assert!(
        mail.contains("2027-02-08") && mail.contains("短くなる作品: 2点") && mail.contains("フリープラン"),
        "{mail}"
    );
    change_plan(&fixture, "free").await;
    assert_eq!(fixture.app.value::<i64>("select count(*) from public.mails").await, 1, "told once");

    fixture.app.advance(Duration::days(29));
    fixture.app.upkeep().await;
    assert_eq!(days_left(&fixture, &old).await, 1);
    assert_eq!(days_left(&fixture, &fresh).await, -2);
    fixture.app.advance(Duration::days(1) + Duration::minutes(1));
    fixture.app.upkeep().await;
    assert_eq!((days_left(&fixture, &old).await, days_left(&fixture, &young).await), (-2, -2));
}

#[tokio::test]
async fn going_back_to_the_plan_withdraws_the_notice_without_a_trace() {
    let fixture = Fixture::new().await;
    change_plan(&fixture, "business").await;
    let kept = fixture.make("for ever").await;
    fixture.app.advance(Duration::days(40));
    change_plan(&fixture, "starter").await;
    assert_eq!(days_left(&fixture, &kept).await, 30);
    fixture.app.advance(Duration::days(10));
    // A plan in between makes the notice milder and does not withdraw it.
    change_plan(&fixture, "pro").await;
    assert_eq!(days_left(&fixture, &kept).await, 40, "90 days from its beginning");
    let open = "select count(*) from public.retention_notices where withdrawn_at is null";
    assert_eq!(fixture.app.value::<i64>(open).await, 1);
    change_plan(&fixture, "business").await;
    assert_eq!(days_left(&fixture, &kept).await, -1);
    assert_eq!(fixture.app.value::<i64>(open).await, 0);
    fixture.app.advance(Duration::days(400));
    fixture.app.upkeep().await;
    assert_eq!(days_left(&fixture, &kept).await, -1);
}

#[tokio::test]
async fn what_is_on_show_sold_or_in_use_never_goes_and_begins_its_days_again_afterwards() {
    let fixture = Fixture::new().await;
    let ctx = fixture.app.ctx();
    let preview = StorageKey::new("public/2026/11/x/preview.png").unwrap();
    let (shown, sold, used) = (fixture.make("shown").await, fixture.make("sold").await, fixture.make("used").await);
    let mut tx = fixture.app.tx().await;
    mark_published(&ctx, &mut tx, id_of(&shown), &preview).await.unwrap();
    mark_sold(&ctx, &mut tx, id_of(&sold)).await.unwrap();
    assert!(lock_original(&mut tx, fixture.hana.id, id_of(&used)).await.unwrap().is_some());
    assert!(mark_used(&ctx, &mut tx, id_of(&used)).await.unwrap());
    tx.commit().await.unwrap();
    let path = format!("/api/generations/{}", text(&used["id"]));
    fixture.hana.client.delete(&path).await.expect_problem(409, "picture_is_used");
    assert_eq!(fixture.hana.client.get(&path).await.expect(200).json()["expiresAt"], Value::Null);

    fixture.app.advance(Duration::days(100));
    fixture.app.upkeep().await;
    for kept in [&shown, &sold, &used] {
        assert!(!is_gone(&fixture, kept).await, "{kept}");
    }
    let ctx = fixture.app.ctx();
    let mut tx = fixture.app.tx().await;
    mark_unpublished(&ctx, &mut tx, id_of(&shown)).await.unwrap();
    mark_unused(&ctx, &mut tx, id_of(&used)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((days_left(&fixture, &shown).await, days_left(&fixture, &used).await), (7, 7));
    fixture.app.advance(Duration::days(8));
    fixture.app.upkeep().await;
    assert_eq!((days_left(&fixture, &shown).await, days_left(&fixture, &used).await), (-2, -2));
    assert!(!is_gone(&fixture, &sold).await);
    let left: String =
        fixture.app.value("select string_agg(prompt, '|' order by prompt) from public.generations").await;
    assert!(
        left.starts_with("(deleted)|") && left.contains("sold"),
        "one that was on show leaves an empty row: {left}"
    );
    assert_eq!(fixture.stored("usergen/").await.len(), 3);
}

#[tokio::test]
async fn clearing_away_is_finished_however_often_it_is_killed() {
    let fixture = Fixture::new().await;
    fixture.make("one").await;
    fixture.make("two").await;
    fixture.app.advance(Duration::days(8));
    // The storehouse is away: marked, and no file is gone.
    fixture.app.state.storage.outage().begin();
    fixture.app.upkeep().await;
    let marked = "select count(*) from public.generations where removal_begun_at is not null";
    assert_eq!(fixture.app.value::<i64>(marked).await, 2);
    assert_eq!(fixture.hana.client.get("/api/user-gallery").await.json()["items"], json!([]));
    fixture.app.state.storage.outage().end();
    // The files go, and the one who removed them dies before the rows do.
    fixture
        .app
        .execute(
            "create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
             create trigger media_images_fail before delete on public.media_images
               for each row execute function public.fail();",
        )
        .await;
    fixture.app.advance(Duration::minutes(11));
    fixture.app.upkeep().await;
    assert!(fixture.stored("usergen/").await.is_empty());
    assert_eq!((fixture.app.value::<i64>(marked).await, audit_rows(&fixture).await), (2, 0));
    fixture.app.execute("drop trigger media_images_fail on public.media_images").await;
    fixture.app.advance(Duration::minutes(11));
    fixture.app.upkeep().await;
    for table in ["generations", "media_images", "ai_jobs"] {
        assert_eq!(fixture.app.value::<i64>(&format!("select count(*) from public.{table}")).await, 0, "{table}");
    }
    assert_eq!(audit_rows(&fixture).await, 1);
}

#[tokio::test]
async fn a_plan_of_this_moment_saves_what_the_news_of_it_has_not_reached() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("saved").await;
    fixture.app.advance(Duration::days(8));
    fixture
        .app
        .execute(&format!(
            "update public.user_settings set plan = 'pro', history_days = 90 where user_id = '{}'",
            fixture.hana.id
        ))
        .await;
    fixture.app.upkeep().await;
    assert_eq!(days_left(&fixture, &asked).await, 82);
}

#[tokio::test]
async fn several_batches_are_cleared_in_one_run_and_what_is_being_made_stays() {
    let fixture = Fixture::new().await;
    old_pictures(&fixture, 450).await;
    fixture.ask(&request_body("in the making")).await.expect(202);
    fixture.app.execute("update public.generations set expires_at = '2026-09-01' where status = 'queued'").await;
    fixture.app.upkeep().await;
    let left: i64 = fixture.app.value("select count(*) from public.generations").await;
    assert_eq!((left, audit_rows(&fixture).await), (1, 3));
}

#[tokio::test]
async fn what_is_due_is_found_by_its_index_among_a_million() {
    let fixture = Fixture::new().await;
    fixture
        .app
        .execute(&format!(
            "alter table public.generations disable trigger all;
             drop index public.generations_mine_index, public.generations_cache_index,
               public.generations_request_index;
             insert into public.generations
               (id, user_id, status, provider, model, prompt, aspect_ratio, seed, request_key, cache_key, width, height,
                created_at, updated_at, completed_at, expires_at, kept_reason)
             select gen_random_uuid(), '{}', 'completed', 'sketch', 'm', 'p', '1:1', n, sha256(n::text::bytea),
               sha256(n::text::bytea), 4, 4, timestamptz '2026-09-01', timestamptz '2026-09-01',
               timestamptz '2026-09-01',
               case when n % 10 = 0 then timestamptz '2026-10-01'
                    else timestamptz '2026-11-21' + (n / 100) * interval '1 minute' end,
               case when n % 10 = 0 then 'sold' end
             from generate_series(1, 1000000) n;
             alter table public.generations enable trigger all;
             analyze public.generations;",
            fixture.hana.id
        ))
        .await;
    let plan: Value = fixture
        .app
        .value(
            "explain (format json) select g.id from public.generations as g
             where g.expires_at <= '2026-11-21 01:00Z' and g.deleted_at is null and g.kept_reason is null
               and not g.is_used and g.expires_at is not null and g.status not in ('queued', 'processing')
             order by g.expires_at limit 200 for update of g skip locked",
        )
        .await;
    assert!(plan.to_string().contains("generations_due_index"), "{plan}");
    assert!(!plan.to_string().contains("Seq Scan"), "{plan}");
    let began = std::time::Instant::now();
    let mut tx = fixture.app.tx().await;
    let due = super::remove_expired::mark_expired(&mut tx, fixture.app.ctx().now()).await.unwrap();
    assert_eq!(due, 0, "a hundred thousand that are kept for ever do not stand in the way");
    assert!(began.elapsed() < std::time::Duration::from_millis(500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_pages_say_kindly_when_a_picture_goes_and_only_when_that_is_near() {
    let fixture = Fixture::new().await;
    let browser = fixture.hana.client.clone().as_browser();
    change_plan(&fixture, "starter").await;
    let asked = fixture.make("page").await;
    let path = format!("/me/{}", text(&asked["id"]));
    assert!(!browser.get(&path).await.expect(200).text().contains("に消えます"));
    assert!(!browser.get("/me").await.expect(200).text().contains("あと"));
    // A session lives for a fortnight without use: the picture gets older instead.
    fixture.app.execute("update public.generations set expires_at = timestamptz '2026-11-24 02:00Z'").await;
    let page = browser.get(&path).await.expect(200).text();
    assert!(
        page.contains("2026-11-24に消えます（あと4日）") && page.contains("公開しているあいだは消えません"),
        "{page}"
    );
    assert!(browser.get("/me").await.expect(200).text().contains("あと4日"));
    let body: Value = fixture.hana.client.get(&path.replace("/me/", "/api/generations/")).await.expect(200).json();
    assert_eq!(body["expiresAt"], "2026-11-24T02:00:00Z");

    fixture.app.execute("update public.generations set expires_at = '2027-02-01'").await;
    change_plan(&fixture, "free").await;
    let page = browser.get("/me").await.expect(200).text();
    assert!(page.contains("2026-12-20から、つくって7日を過ぎた作品は消えます"), "{page}");
    fixture.sora.client.clone().as_browser().get("/me").await.expect(200);
}
