use credits::prices::Operation;
use kernel::{AccountStatus, Actor, Role, UserActor};
use serde_json::{Value, json};
use testkit::TestUser;
use testkit::ai_doubles::{TEXT_TOKENS, TextAnswer};

use crate::generation_jobs::submit::{GenerationRequest, Submitted, submit};
use crate::generations::model::Generation;
use crate::generations::queries;
use crate::generations::spec::{GenerationSpec, TextPurpose, TextSpec};
use crate::models::choose::ModelSelector;
use crate::providers::schema::Schema;
use crate::tests::Fixture;

/// Thousandths of tokens that an answer of the double costs, at 500 tokens per 1,000 of the model.
const COST_MILLI: i64 = (TEXT_TOKENS.0 + TEXT_TOKENS.1) * 500;

fn text(input: &str) -> TextSpec {
    TextSpec {
        purpose: TextPurpose::Write,
        instructions: "Write a headline.".to_owned(),
        input: input.to_owned(),
        schema: None,
        output_tokens_max: 300,
        pictures: Vec::new(),
    }
}

fn headline(input: &str) -> TextSpec {
    TextSpec { schema: Some(Schema::object([("headline", Schema::Text { chars_max: 20 })])), ..text(input) }
}

async fn write(fixture: &Fixture, user: &TestUser, spec: TextSpec) -> Result<Generation, &'static str> {
    let actor = UserActor {
        user_id: user.id,
        session_id: fixture.app.ctx().new_id(),
        role: Role::User,
        status: AccountStatus::Active,
        display_name: String::new(),
    };
    let mut ctx = fixture.app.ctx();
    ctx.actor = Actor::User(actor.clone());
    let request = GenerationRequest {
        spec: GenerationSpec::Text(spec),
        model: ModelSelector::default(),
        again: false,
        seed: None,
        price_id: None,
    };
    match submit(&fixture.studio, &ctx, &actor, &request).await {
        Ok(Submitted::Cached(generation) | Submitted::Running(generation)) => Ok(*generation),
        Err(problem) => Err(problem.code()),
    }
}

async fn content(fixture: &Fixture, generation: &Generation) -> (String, Option<Value>) {
    let mut tx = fixture.app.tx().await;
    let found = queries::find(&mut tx, generation.user_id, generation.id).await.unwrap().unwrap();
    let content = queries::text_output(&mut tx, generation.id).await.unwrap();
    (found.failure_code.unwrap_or_else(|| format!("{:?}", found.status)), content)
}

async fn rich(fixture: &Fixture) -> TestUser {
    let ren = fixture.app.user("蓮").await;
    fixture.app.give_credits(&ren, 0, 10_000_000).await;
    ren
}

#[tokio::test]
async fn a_text_is_held_at_its_most_and_charged_at_what_it_used() {
    let fixture = Fixture::new().await;
    let ren = rich(&fixture).await;
    let (available, _, _) = fixture.tokens(&ren).await;
    fixture.gemini.write_next([TextAnswer::Text("春を羽織る。".to_owned())]);
    let asked = write(&fixture, &ren, text("コート")).await.unwrap();
    let most = text("コート").model_tokens_max() * 500;
    assert_eq!(fixture.tokens(&ren).await, (available - most, most, 0));
    fixture.app.drain().await;
    assert_eq!(content(&fixture, &asked).await, ("Completed".to_owned(), Some(json!("春を羽織る。"))));
    assert_eq!(fixture.tokens(&ren).await, (available - COST_MILLI, 0, COST_MILLI));
    assert!((100_000..=500_000).contains(&COST_MILLI), "about 100 to 500 tokens, as the specification has it");

    let again = write(&fixture, &ren, text("コート")).await.unwrap();
    assert_eq!(again.id, asked.id, "the same request within a day costs nothing");
    assert_eq!(fixture.tokens(&ren).await.2, COST_MILLI);
    let mut tx = fixture.app.tx().await;
    let (filter, first) = (Default::default(), kernel::PageRequest::parse(None, None).unwrap());
    let page = queries::page(&mut tx, ren.id, &filter, &first).await.unwrap();
    assert!(page.is_empty(), "a text is not among the pictures");
    assert_eq!(GenerationSpec::Text(text("x")).operation(), Operation::Text);
}

#[tokio::test]
async fn an_answer_without_its_form_is_asked_for_once_more_and_is_free_when_it_fails_again() {
    let fixture = Fixture::new().await;
    let ren = rich(&fixture).await;
    let (available, _, _) = fixture.tokens(&ren).await;
    let wrong = |answer: &str| TextAnswer::Text(answer.to_owned());
    fixture.gemini.write_next([wrong("Sure! Here it is."), wrong("```json\n{\"headline\": \"春を羽織る\"}\n```")]);
    let repaired = write(&fixture, &ren, headline("one")).await.unwrap();
    fixture.app.drain().await;
    assert_eq!(content(&fixture, &repaired).await.1, Some(json!({"headline": "春を羽織る"})));
    assert_eq!(fixture.tokens(&ren).await, (available - COST_MILLI, 0, COST_MILLI), "one answer is charged");
    let sent = fixture.gemini.requests().pop().unwrap().body;
    assert!(sent["contents"][2]["parts"][0]["text"].as_str().unwrap().contains("not JSON"), "{sent}");

    fixture.gemini.write_next([
        wrong("{\"headline\": 7}"),
        wrong("{\"title\": \"x\"}"),
        wrong("{\"headline\": \"late\"}"),
    ]);
    let failed = write(&fixture, &ren, headline("two")).await.unwrap();
    fixture.app.drain().await;
    assert_eq!(content(&fixture, &failed).await, ("provider_faulty".to_owned(), None));
    assert_eq!(fixture.tokens(&ren).await, (available - COST_MILLI, 0, COST_MILLI), "what failed is free");
}

#[tokio::test]
async fn a_text_that_is_endless_cut_or_refused_costs_nothing() {
    let fixture = Fixture::new().await;
    let ren = rich(&fixture).await;
    let before = fixture.tokens(&ren).await;
    let half = || "half of it".to_owned();
    for (name, answer, code) in [
        ("endless", TextAnswer::ForEver, "provider_faulty"),
        ("ended", TextAnswer::WithoutEnd(half()), "provider_faulty"),
        ("limit", TextAnswer::UpToTheLimit(half()), "provider_faulty"),
        ("refused", TextAnswer::Refused, "refused_safety"),
        ("cut", TextAnswer::Cut(half()), "provider_timeout"),
    ] {
        fixture.gemini.write_always(answer);
        let asked = write(&fixture, &ren, text(name)).await.unwrap();
        fixture.app.drain().await;
        fixture.app.advance(time::Duration::minutes(5));
        fixture.app.drain().await;
        assert_eq!(content(&fixture, &asked).await, (code.to_owned(), None), "{name}");
        assert_eq!(fixture.tokens(&ren).await, before, "{name}");
    }
    let poor = fixture.app.user("貧").await;
    assert_eq!(write(&fixture, &poor, text("poor")).await.unwrap_err(), "insufficient_credits");
}

#[tokio::test]
async fn without_a_key_texts_are_written_from_templates() {
    let fixture = Fixture::with_settings(&[("MACHIYA_IMAGE_PROVIDER", "sketch")]).await;
    let ren = rich(&fixture).await;
    let asked = write(&fixture, &ren, headline("麻のシャツ")).await.unwrap();
    fixture.app.drain().await;
    let (status, made) = content(&fixture, &asked).await;
    assert_eq!(status, "Completed");
    assert!(made.unwrap()["headline"].as_str().unwrap().contains("麻のシャツ"));
    assert!(fixture.gemini.requests().is_empty());
}
