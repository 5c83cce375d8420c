use serde_json::json;
use testkit::ai_doubles::{OpenAiAnswer, OpenAiDouble, PictureFile, WireError};

use super::*;

#[tokio::test]
async fn the_request_is_the_documented_one() {
    let double = OpenAiDouble::start().await.unwrap();
    let picture = Fixture::with_openai(&double, OpenAiDialect::Original).openai().await.result.unwrap();
    assert!(is_png(&picture.bytes));
    assert_eq!(picture.usage, Usage { input_tokens: 12, output_tokens: 1056, total_tokens: 1068 });

    let request = double.requests().remove(0);
    assert_eq!(request.path_and_query, "/v1/images/generations");
    assert_eq!(request.headers["authorization"], format!("Bearer {OPENAI_KEY}"));
    assert_eq!(
        request.body,
        json!({
            "model": "gpt-image-2.5-flare", "prompt": "a coat. no hats", "size": "1024x1536", "n": 1,
            "output_format": "png", "moderation": "auto", "safety_identifier": "c0ffee",
        })
    );
}

#[tokio::test]
async fn a_compatible_server_gets_its_own_fields_and_no_commands() {
    let double = OpenAiDouble::start().await.unwrap();
    let mut settings = openai_settings(double.base_url().trim_end_matches("/v1"), OpenAiDialect::Compatible);
    settings.api_key = None;
    let fixture = Fixture::new(None, Some(settings));
    let request = PictureRequest {
        text: "a coat|hat <sd_cpp_<sd_cpp_extra_args>extra_args>{\"steps\":900}</SD_CPP_EXTRA_ARGS>".to_owned(),
        ..request("flux")
    };
    assert!(fixture.providers.make_picture(&fixture.ctx, ProviderKind::OpenAi, &request).await.result.is_ok());
    let sent = double.requests().remove(0);
    assert!(!sent.headers.contains_key("authorization"));
    assert_eq!(sent.body["response_format"], "b64_json");
    let prompt = sent.body["prompt"].as_str().unwrap().to_ascii_lowercase();
    assert!(
        !prompt.contains('|') && !prompt.contains("sd_cpp_extra_args>") && prompt.starts_with("a coat hat"),
        "{prompt}"
    );
}

#[tokio::test]
async fn a_picture_may_come_as_an_address_but_only_from_the_provider_itself() {
    let double = OpenAiDouble::start().await.unwrap();
    let fixture = Fixture::with_openai(&double, OpenAiDialect::Compatible);
    for answer in [OpenAiAnswer::OwnAddress, OpenAiAnswer::RelativeAddress, OpenAiAnswer::DataAddress] {
        double.answer_next([answer.clone()]);
        let picture = fixture.providers.make_picture(&fixture.ctx, ProviderKind::OpenAi, &request("flux")).await;
        let picture = picture.result.unwrap_or_else(|failure| panic!("{answer:?}: {failure}"));
        assert!(is_png(&picture.bytes) && picture.claimed_type == "image/png", "{answer:?}");
    }
    let fetched: Vec<_> =
        double.requests().into_iter().filter(|sent| sent.path_and_query.contains("/files/")).collect();
    assert_eq!(fetched.len(), 2);
    assert!(fetched.iter().all(|sent| !sent.headers.contains_key("authorization")), "the key stays at home");

    for place in
        ["http://127.0.0.1:1/x.png", "http://169.254.169.254/latest", "file:///etc/passwd", "https://example.com/x"]
    {
        double.answer_next([OpenAiAnswer::ForeignAddress(place)]);
        let failure = fixture.providers.make_picture(&fixture.ctx, ProviderKind::OpenAi, &request("flux")).await.result;
        assert_eq!(failure.unwrap_err(), Failure::bad_answer(AnswerError::ForeignAddress), "{place}");
    }
}

#[tokio::test]
async fn every_error_shape_is_understood() {
    let double = OpenAiDouble::start().await.unwrap();
    let fixture = Fixture::with_openai(&double, OpenAiDialect::Original);
    let busy = |cause| Failure::Retryable { after: None, cause };
    let cases = [
        (OpenAiAnswer::ModerationBlocked, Failure::Refused { reason: RefusalReason::Safety }, 1),
        (OpenAiAnswer::InsufficientQuota, Failure::QuotaExhausted, 1),
        (OpenAiAnswer::ErrorText(500), busy("the provider is in trouble"), 3),
        (OpenAiAnswer::ErrorText(400), Failure::bad_answer(AnswerError::Rejected), 1),
        (OpenAiAnswer::ErrorDetail(503), busy("the provider is in trouble"), 3),
        (OpenAiAnswer::ErrorDetailList(422), Failure::bad_answer(AnswerError::Rejected), 1),
        (OpenAiAnswer::ModelNotFound, Failure::Misconfigured { cause: "the server answered 404".to_owned() }, 1),
        (OpenAiAnswer::RateLimited { hint: None }, busy("too many requests"), 3),
        (OpenAiAnswer::Wire(WireError::Status(408)), busy("the provider waited in vain"), 3),
        (OpenAiAnswer::NoData, Failure::bad_answer(AnswerError::NoPicture), 2),
        (OpenAiAnswer::TruncatedBase64, Failure::bad_answer(AnswerError::BrokenEncoding), 1),
        (OpenAiAnswer::Picture(PictureFile::Empty), Failure::bad_answer(AnswerError::NoPicture), 2),
        (OpenAiAnswer::Wire(WireError::NotJson), Failure::bad_answer(AnswerError::NotUnderstood), 1),
    ];
    for (answer, failure, calls) in cases {
        double.answer_next(vec![answer.clone(); calls]);
        let attempt = fixture.openai().await;
        assert_eq!(attempt.result.unwrap_err(), failure, "{answer:?}");
        assert_eq!(attempt.calls, u32::try_from(calls).unwrap(), "{answer:?}");
    }
}

#[tokio::test]
async fn the_pause_is_read_from_each_header() {
    let double = OpenAiDouble::start().await.unwrap();
    let hints = [("retry-after", "7"), ("retry-after-ms", "7000"), ("x-ratelimit-reset-requests", "7s")];
    for hint in hints {
        let fixture = Fixture::with_openai(&double, OpenAiDialect::Original);
        double.answer_next([OpenAiAnswer::RateLimited { hint: Some(hint) }]);
        assert!(fixture.openai().await.result.is_ok());
        let pause = fixture.pauses()[0];
        assert!(pause >= Duration::from_secs(7) && pause < Duration::from_secs(8), "{hint:?}: {pause:?}");
    }
}

#[tokio::test]
async fn hosts_of_pictures_are_a_setting() {
    let double = OpenAiDouble::start().await.unwrap();
    let base = double.base_url().to_owned();
    // Nobody listens there: an allowed host is asked in vain, a foreign one is never asked.
    for (hosts, code) in [("", "provider_faulty"), ("pictures.example,127.0.0.1", "provider_busy")] {
        let pairs = [("MACHIYA_OPENAI_BASE_URL", base.as_str()), ("MACHIYA_PICTURE_HOSTS", hosts)];
        let environment = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let config = platform::config::Config::from_sources("", &environment).unwrap();
        let sleeper = Sleeper::Recorded(std::sync::Arc::default());
        let fixture = Fixture::with_openai(&double, OpenAiDialect::Compatible);
        let providers = crate::state::providers_of(&config.ai, &client(), limits(), sleeper);
        let far = OpenAiAnswer::ForeignAddress("https://127.0.0.1:9/picture.png");
        double.answer_next([far.clone(), far.clone(), far]);
        let failure =
            providers.make_picture(&fixture.ctx, ProviderKind::OpenAi, &request("flux")).await.result.unwrap_err();
        assert_eq!(failure.code(), code, "{hosts}: {failure}");
    }
}
