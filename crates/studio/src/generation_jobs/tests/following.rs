use std::time::Duration as StdDuration;

use serde_json::{Value, json};
use testkit::ai_doubles::GeminiAnswer;

use crate::tests::{Fixture, request_body, text};

/// An event as the browser gets it: id, name, data.
type Seen = (i128, String, Value);

fn read(stream: &str) -> Vec<Seen> {
    let field = |block: &str, name: &str| {
        block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
    };
    let blocks = stream.split("\n\n").filter(|block| block.contains("data:"));
    blocks
        .map(|block| {
            let id = field(block, "id").unwrap().parse().unwrap();
            (id, field(block, "event").unwrap(), serde_json::from_str(&field(block, "data").unwrap()).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn progress_comes_as_events_until_the_picture_is_there() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("watched")).await.expect(202).json();
    fixture.gemini.take(StdDuration::from_millis(300));
    let client = fixture.hana.client.clone();
    let path = text(&asked["eventsUrl"]).to_owned();
    let watched = async {
        tokio::join!(client.get(&path), async {
            tokio::time::sleep(StdDuration::from_millis(100)).await;
            fixture.app.clock.advance(time::Duration::seconds(1));
            fixture.app.worker().drain().await.unwrap();
        })
    };
    let (answer, ()) = tokio::time::timeout(StdDuration::from_secs(30), watched).await.expect("the stream ends");
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("cache-control"), "no-store");
    let events = read(&answer.text());
    let names: Vec<&str> = events.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!((names[0], names[names.len() - 1]), ("progress", "completed"), "{events:?}");
    assert_eq!(events[0].2, json!({"percent": 0, "stage": "queued"}));
    assert!(events.windows(2).all(|pair| pair[0].0 <= pair[1].0), "ids grow: {events:?}");
    let done = &events[events.len() - 1].2;
    assert_eq!(done["id"], asked["id"]);
    for name in ["url", "path", "thumbnailUrl"] {
        assert!(done[name].is_string(), "{name}: {done}");
    }

    let last = events[0].0.to_string();
    let resumed = fixture.hana.client.clone().with_header("last-event-id", &last).get(&path).await.expect(200);
    let events = read(&resumed.text());
    assert_eq!((events.len(), events[0].1.as_str()), (1, "completed"), "the end is said to whoever asks");
}

#[tokio::test]
async fn a_failure_is_an_event_with_words() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next([GeminiAnswer::Finish("SPII")]);
    let asked = fixture.ask(&request_body("a name")).await.expect(202).json();
    fixture.app.drain().await;
    let answer = fixture.hana.client.get(text(&asked["eventsUrl"])).await.expect(200);
    let events = read(&answer.text());
    let (_, name, data) = &events[0];
    assert_eq!((name.as_str(), &data["error"]), ("failed", &json!("refused_personal_data")));
    assert!(text(&data["title"]).contains("個人"), "{data}");
    assert!(data["detail"].is_string());
}

#[tokio::test]
async fn the_queue_may_forget_and_the_end_is_still_known() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("old").await;
    fixture.app.execute("delete from public.jobs").await;
    let job = fixture.job(&asked).await;
    assert_eq!((&job["status"], &job["percent"]), (&json!("completed"), &json!(100)));
    let events = read(&fixture.hana.client.get(text(&asked["eventsUrl"])).await.expect(200).text());
    assert_eq!(events[0].1, "completed");
}
