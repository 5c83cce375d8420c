use testkit::ai_doubles::{GeminiAnswer, GeminiDouble, WireError};

use super::*;

const BUSY: Failure = Failure::Retryable { after: None, cause: "the provider is in trouble" };

#[tokio::test]
async fn trouble_is_retried_twice_with_growing_jittered_pauses() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    double.answer_next([GeminiAnswer::Unavailable, GeminiAnswer::Wire(WireError::Status(502))]);
    let attempt = fixture.gemini().await;
    assert!(attempt.result.is_ok());
    assert_eq!(attempt.calls, 3);
    let pauses = fixture.pauses();
    assert!(pauses[0] >= Duration::from_secs(1) && pauses[0] < Duration::from_secs(2), "{pauses:?}");
    assert!(pauses[1] >= Duration::from_secs(2) && pauses[1] < Duration::from_secs(4), "{pauses:?}");

    double.answer_next(vec![GeminiAnswer::Unavailable; 3]);
    let attempt = fixture.gemini().await;
    assert_eq!((attempt.result.unwrap_err(), attempt.calls), (BUSY, 3), "a fourth request is not sent");
}

#[tokio::test]
async fn the_providers_hint_is_honoured_or_left_to_the_queue() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    double.answer_next([GeminiAnswer::RateLimited { retry_delay: "37s" }]);
    assert!(fixture.gemini().await.result.is_ok());
    assert!(fixture.pauses()[0] >= Duration::from_secs(37) && fixture.pauses()[0] < Duration::from_secs(39));

    double.answer_next([GeminiAnswer::RateLimited { retry_delay: "300.5s" }]);
    let attempt = fixture.gemini().await;
    let after = Some(Duration::from_millis(300_500));
    assert_eq!(attempt.result.unwrap_err(), Failure::Retryable { after, cause: "too many requests" });
    assert_eq!(fixture.pauses().len(), 1, "nobody waits five minutes inside a job");

    let asked = double.requests().len();
    let attempt = fixture.gemini().await;
    assert!(matches!(attempt.result, Err(Failure::Retryable { after: Some(_), .. })));
    assert_eq!((attempt.calls, double.requests().len()), (0, asked), "the hint holds for the next request too");
    fixture.clock.advance(time::Duration::seconds(301));
    assert!(fixture.gemini().await.result.is_ok());
}

#[tokio::test]
async fn a_used_up_day_is_not_retried() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    double.answer_next([GeminiAnswer::DailyQuota]);
    let attempt = fixture.gemini().await;
    assert_eq!((attempt.result.unwrap_err(), attempt.calls), (Failure::QuotaExhausted, 1));
}

#[tokio::test]
async fn silence_is_unknown_and_never_asked_twice() {
    let double = GeminiDouble::start().await.unwrap();
    let mut settings = gemini_settings(double.base_url());
    settings.limits.timeout = Duration::from_millis(200);
    let fixture = Fixture::new(Some(settings), None);
    for error in [WireError::Hang, WireError::Cut] {
        double.answer_next([GeminiAnswer::Wire(error)]);
        let attempt = fixture.gemini().await;
        assert!(matches!(attempt.result, Err(Failure::Unknown { .. })), "{error:?}: {:?}", attempt.result);
        assert_eq!(attempt.calls, 1, "{error:?}");
    }
    assert_eq!(double.pictures_made(), 1, "the picture that never arrived was made");
}

#[tokio::test]
async fn a_closed_port_is_certain_to_have_made_nothing() {
    let double = GeminiDouble::start().await.unwrap();
    let settings = gemini_settings(double.base_url());
    drop(double);
    let fixture = Fixture::new(Some(settings), None);
    // The port is freed when the runtime has ended the aborted task.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let attempt = fixture.gemini().await;
    assert_eq!(attempt.result.unwrap_err(), Failure::Retryable { after: None, cause: "no connection" });
    assert_eq!((attempt.calls, fixture.pauses().len()), (3, 2));
}

#[tokio::test]
async fn a_provider_in_trouble_is_left_alone_then_tried_once_then_trusted() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    double.answer_always(GeminiAnswer::Unavailable);
    for _ in 0..5 {
        assert_eq!(fixture.gemini().await.result.unwrap_err(), BUSY);
    }
    let asked = double.requests().len();
    let resting = fixture.gemini().await;
    assert!(matches!(resting.result, Err(Failure::Retryable { after: Some(_), cause: "the circuit is open" })));
    assert_eq!((resting.calls, double.requests().len()), (0, asked));

    let other = PictureRequest { model: "gemini-3-pro-image".to_owned(), ..request("") };
    let other = fixture.providers.make_picture(&fixture.ctx, ProviderKind::Gemini, &other).await;
    assert_eq!(other.calls, 3, "another model has its own breaker");

    fixture.clock.advance(time::Duration::seconds(31));
    assert!(fixture.gemini().await.result.is_err(), "the trial fails");
    assert_eq!(fixture.gemini().await.calls, 0, "and closes the door at once");

    double.answer_always(GeminiAnswer::Picture(testkit::ai_doubles::PictureFile::Png));
    fixture.clock.advance(time::Duration::seconds(31));
    assert_eq!(fixture.gemini().await.calls, 0, "the second rest is longer");
    fixture.clock.advance(time::Duration::seconds(31));
    assert!(fixture.gemini().await.result.is_ok());
    assert!(fixture.gemini().await.result.is_ok());
}

#[tokio::test]
async fn refusals_do_not_open_the_breaker() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    double.answer_next(vec![GeminiAnswer::Blocked("SAFETY"); 9]);
    for _ in 0..9 {
        assert!(matches!(fixture.gemini().await.result, Err(Failure::Refused { .. })));
    }
    assert!(fixture.gemini().await.result.is_ok());
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_says_so() {
    let fixture = Fixture::new(None, None);
    assert_eq!(fixture.providers.preferred(), ProviderKind::Sketch);
    let attempt = fixture.openai().await;
    assert_eq!(attempt.result.unwrap_err(), Failure::Misconfigured { cause: "openai is not configured".to_owned() });
    assert_eq!(attempt.calls, 0);
}
