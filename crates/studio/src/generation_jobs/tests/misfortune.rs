use std::time::Duration as StdDuration;

use serde_json::json;
use time::Duration;

use crate::tests::{Fixture, request_body, text};

/// What remains when all is over: one picture with its files, and nothing besides.
async fn exactly_one(fixture: &Fixture, asked: &serde_json::Value) {
    assert_eq!(fixture.job(asked).await["status"], "completed");
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations").await, 1);
    assert_eq!(fixture.app.value::<i64>("select count(*) from media_images").await, 3);
    // What dead attempts left behind is removed after a while.
    fixture.app.advance(Duration::minutes(20));
    fixture.app.drain().await;
    let mut stored = fixture.stored("usergen/").await;
    stored.sort();
    let known: String = fixture
        .app
        .value("select string_agg(storage_key, ',' order by storage_key collate \"C\") from media_images")
        .await;
    assert_eq!(stored.join(","), known);
}

#[tokio::test]
async fn a_worker_that_is_killed_while_the_provider_works_is_replaced() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("killed early")).await.expect(202).json();
    fixture.gemini.take(StdDuration::from_millis(400));
    let worker = fixture.app.worker();
    // Dropped in the middle: what kill -9 does to a task.
    let killed = tokio::time::timeout(StdDuration::from_millis(200), worker.drain()).await;
    assert!(killed.is_err(), "the worker was in the middle");
    assert_eq!(fixture.job(&asked).await["status"], "processing");
    fixture.gemini.take(StdDuration::ZERO);

    fixture.app.drain().await;
    assert_eq!(fixture.job(&asked).await["status"], "processing", "the lease of the dead still holds");
    fixture.app.advance(Duration::minutes(2));
    fixture.app.upkeep().await;
    exactly_one(&fixture, &asked).await;
}

#[tokio::test]
async fn a_worker_that_dies_between_storing_and_recording_is_replaced() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("killed late")).await.expect(202).json();
    fixture
        .app
        .execute(
            "create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
             create trigger media_images_fail before insert on public.media_images
               for each row execute function public.fail();",
        )
        .await;
    fixture.app.drain().await;
    assert_eq!(fixture.job(&asked).await["stage"], "retrying");
    assert_eq!(fixture.stored("usergen/").await.len(), 3, "stored, and nobody knows it yet");
    fixture.app.execute("drop trigger media_images_fail on public.media_images").await;
    fixture.app.advance(Duration::minutes(2));
    fixture.app.drain().await;
    exactly_one(&fixture, &asked).await;
}

#[tokio::test]
async fn a_storage_that_is_down_delays_the_picture() {
    let fixture = Fixture::new().await;
    fixture.app.state.storage.outage().begin();
    let asked = fixture.ask(&request_body("no storehouse")).await.expect(202).json();
    fixture.app.drain().await;
    assert_eq!(fixture.job(&asked).await["stage"], "retrying");
    fixture.app.state.storage.outage().end();
    fixture.app.advance(Duration::minutes(2));
    fixture.app.drain().await;
    exactly_one(&fixture, &asked).await;
}

#[tokio::test]
async fn a_picture_that_kills_every_worker_is_given_up_and_can_be_asked_for_again() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("cursed")).await.expect(202).json();
    fixture.gemini.take(StdDuration::from_millis(400));
    for _ in 0..4 {
        let worker = fixture.app.worker();
        assert!(tokio::time::timeout(StdDuration::from_millis(150), worker.drain()).await.is_err());
        fixture.app.advance(Duration::minutes(2));
        fixture.app.worker().upkeep().await;
    }
    let job = fixture.job(&asked).await;
    assert_eq!((&job["status"], &job["error"]), (&json!("failed"), &json!("generation_interrupted")));
    fixture.gemini.take(StdDuration::ZERO);
    fixture.make("cursed").await;
}

#[tokio::test]
async fn an_execution_without_a_job_does_not_block_the_request_for_ever() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("orphan")).await.expect(202).json();
    fixture.app.execute("delete from public.jobs").await;
    let joined = fixture.ask(&request_body("orphan")).await.expect(202).json();
    assert_eq!(joined["id"], asked["id"]);
    fixture.app.upkeep().await;
    let job = fixture.job(&asked).await;
    assert_eq!((&job["status"], &job["error"]), (&json!("failed"), &json!("generation_interrupted")));
    fixture.make("orphan").await;
}

#[tokio::test]
async fn an_execution_whose_job_is_dead_ends_and_nobody_waits_for_ever() {
    for state in ["dead", "failed", "cancelled"] {
        let fixture = Fixture::new().await;
        let asked = fixture.ask(&request_body("dead")).await.expect(202).json();
        // As if the worker had stored the files, died on its last attempt, and whoever buried it had died as well.
        fixture
            .app
            .execute(&format!(
                "update public.generations set status = 'processing';
                 update public.ai_jobs set status = 'processing', staged_keys = '{{usergen/stray.png}}';
                 update public.jobs set state = '{state}', attempts = max_attempts, finished_at = created_at
                  where name = 'studio.generate_image';",
            ))
            .await;
        assert_eq!(fixture.job(&asked).await["status"], "processing");
        fixture.app.upkeep().await;
        let job = fixture.job(&asked).await;
        assert_eq!((&job["status"], &job["error"]), (&json!("failed"), &json!("generation_interrupted")), "{state}");
        let swept: i64 = fixture.app.value("select count(*) from public.jobs where name = 'studio.remove_files'").await;
        assert_eq!(swept, 1, "what the dead worker had stored is removed");
        fixture.make("dead").await;
    }
}

#[tokio::test]
async fn cancelling_ends_what_waits_and_what_runs() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("never mind")).await.expect(202).json();
    let path = format!("/api/jobs/{}", text(&asked["jobId"]));
    let cancelled = fixture.hana.client.delete(&path).await.expect(200).json();
    assert_eq!(cancelled["status"], "cancelled");
    fixture.hana.client.delete(&path).await.expect_problem(409, "job_has_ended");
    fixture.app.drain().await;
    assert!(fixture.gemini.requests().is_empty());

    let asked = fixture.ask(&request_body("never mind either")).await.expect(202).json();
    fixture.gemini.take(StdDuration::from_millis(300));
    let (worker, path) = (fixture.app.worker(), format!("/api/jobs/{}", text(&asked["jobId"])));
    let cancel = async {
        tokio::time::sleep(StdDuration::from_millis(150)).await;
        fixture.hana.client.delete(&path).await.expect(200)
    };
    let (drained, _) = tokio::join!(worker.drain(), cancel);
    assert_eq!(drained.unwrap().succeeded, 0);
    assert_eq!(fixture.job(&asked).await["status"], "cancelled");
    fixture.app.advance(Duration::hours(1));
    fixture.app.drain().await;
    assert!(fixture.stored("usergen/").await.is_empty());
    fixture.make("never mind either").await;
}
