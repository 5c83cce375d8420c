use serde_json::json;
use testkit::ai_doubles::{GeminiAnswer, GeminiDouble, PictureFile, WireError};

use super::*;

#[tokio::test]
async fn the_request_is_the_documented_one() {
    let double = GeminiDouble::start().await.unwrap();
    let attempt = Fixture::with_gemini(&double).gemini().await;
    let picture = attempt.result.unwrap();
    assert!(is_png(&picture.bytes));
    assert_eq!(picture.claimed_type, "image/png");
    assert_eq!(picture.usage, Usage { input_tokens: 10, output_tokens: 1120, total_tokens: 1130 });
    assert_eq!(picture.model_version.as_deref(), Some("gemini-nano-banana-2.1-001"));

    let requests = double.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].path_and_query, "/v1beta/models/gemini-nano-banana-2.1:generateContent");
    assert_eq!(requests[0].headers["x-goog-api-key"], GEMINI_KEY);
    assert_eq!(
        requests[0].body,
        json!({
            "contents": [{"role": "user", "parts": [{"text": "a coat. no hats"}]}],
            "safetySettings": [{"category": "HARM_CATEGORY_SEXUALLY_EXPLICIT", "threshold": "BLOCK_LOW_AND_ABOVE"}],
            "generationConfig": {
                "responseModalities": ["IMAGE"], "seed": 7, "imageConfig": {"aspectRatio": "3:4", "imageSize": "1K"},
            },
        })
    );
}

#[tokio::test]
async fn a_model_without_sizes_is_not_told_one() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    let request = PictureRequest { size: None, ..request("gemini-2.5-flash-image") };
    assert!(fixture.providers.make_picture(&fixture.ctx, ProviderKind::Gemini, &request).await.result.is_ok());
    assert_eq!(double.requests()[0].body["generationConfig"]["imageConfig"], json!({"aspectRatio": "3:4"}));
}

#[tokio::test]
async fn thoughts_are_skipped_and_unknown_names_are_no_error() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    for answer in [GeminiAnswer::PictureAfterThoughts, GeminiAnswer::PictureAmongUnknownNames] {
        double.answer_next([answer.clone()]);
        assert!(is_png(&fixture.gemini().await.result.unwrap().bytes), "{answer:?}");
    }
    double.answer_next([GeminiAnswer::Picture(PictureFile::Jpeg)]);
    assert_eq!(fixture.gemini().await.result.unwrap().claimed_type, "image/jpeg", "the type that came is kept");
}

#[tokio::test]
async fn every_refusal_is_a_refusal_with_its_reason_and_is_not_repeated() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    let finishes = [
        ("SAFETY", RefusalReason::Safety),
        ("IMAGE_SAFETY", RefusalReason::Safety),
        ("PROHIBITED_CONTENT", RefusalReason::Prohibited),
        ("IMAGE_PROHIBITED_CONTENT", RefusalReason::Prohibited),
        ("BLOCKLIST", RefusalReason::Blocklist),
        ("SPII", RefusalReason::PersonalData),
        ("RECITATION", RefusalReason::Recitation),
        ("IMAGE_RECITATION", RefusalReason::Recitation),
    ];
    let blocks = [
        ("SAFETY", RefusalReason::Safety),
        ("IMAGE_SAFETY", RefusalReason::Safety),
        ("BLOCKLIST", RefusalReason::Blocklist),
        ("PROHIBITED_CONTENT", RefusalReason::Prohibited),
        ("OTHER", RefusalReason::Unspecified),
        ("A_REASON_OF_NEXT_YEAR", RefusalReason::Unspecified),
    ];
    let answers = finishes.map(|(name, reason)| (GeminiAnswer::Finish(name), reason)).into_iter();
    for (answer, reason) in answers.chain(blocks.map(|(name, reason)| (GeminiAnswer::Blocked(name), reason))) {
        double.answer_next([answer.clone()]);
        let attempt = fixture.gemini().await;
        assert_eq!((attempt.result.unwrap_err(), attempt.calls), (Failure::Refused { reason }, 1), "{answer:?}");
    }
}

#[tokio::test]
async fn an_answer_without_a_picture_is_asked_for_once_more_and_plainly() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    for finish in ["NO_IMAGE", "STOP"] {
        double.answer_next([GeminiAnswer::Finish(finish)]);
        let attempt = fixture.gemini().await;
        assert!(attempt.result.is_ok() && attempt.calls == 2, "{finish}");
        let text = double.requests().last().unwrap().body["contents"][0]["parts"][0]["text"].clone();
        assert_eq!(text, "a coat. no hats\n\nOutput the final image only.");
    }
    double.answer_next([GeminiAnswer::Finish("STOP"), GeminiAnswer::ThoughtOnly]);
    let attempt = fixture.gemini().await;
    assert_eq!((attempt.result.unwrap_err(), attempt.calls), (Failure::bad_answer(AnswerError::NoPicture), 2));
}

#[tokio::test]
async fn other_endings_are_failures_and_not_refusals() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    let cases = [
        (GeminiAnswer::Finish("MAX_TOKENS"), AnswerError::CutShort),
        (GeminiAnswer::Finish("IMAGE_OTHER"), AnswerError::EndedOtherwise),
        (GeminiAnswer::Finish("OTHER"), AnswerError::EndedOtherwise),
        (GeminiAnswer::Finish("LANGUAGE"), AnswerError::EndedOtherwise),
        (GeminiAnswer::TruncatedBase64, AnswerError::BrokenEncoding),
        (GeminiAnswer::InvalidArgument, AnswerError::Rejected),
        (GeminiAnswer::Wire(WireError::NotJson), AnswerError::NotUnderstood),
        (GeminiAnswer::Wire(WireError::Redirect), AnswerError::Rejected),
    ];
    for (answer, error) in cases {
        double.answer_next([answer.clone()]);
        let attempt = fixture.gemini().await;
        assert_eq!((attempt.result.unwrap_err(), attempt.calls), (Failure::bad_answer(error), 1), "{answer:?}");
    }
}

#[tokio::test]
async fn a_wrong_key_or_model_is_for_the_operator_and_names_no_secret() {
    let double = GeminiDouble::start().await.unwrap();
    let mut settings = gemini_settings(double.base_url());
    settings.api_key = "wrong-secret".to_owned().into();
    let fixture = Fixture::new(Some(settings), None);
    let failure = fixture.gemini().await.result.unwrap_err();
    assert!(matches!(&failure, Failure::Misconfigured { .. }), "{failure:?}");
    assert!(!format!("{failure} {failure:?} {:?}", fixture.providers).contains("wrong-secret"));

    let fixture = Fixture::with_gemini(&double);
    let unknown = request("gemini-9");
    let failure =
        fixture.providers.make_picture(&fixture.ctx, ProviderKind::Gemini, &unknown).await.result.unwrap_err();
    assert_eq!(failure, Failure::Misconfigured { cause: "gemini answered 404 NOT_FOUND".to_owned() });
}

#[tokio::test]
async fn a_model_name_cannot_leave_its_place_in_the_address() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    let request = request("../../v1/files?key=x#");
    let _ = fixture.providers.make_picture(&fixture.ctx, ProviderKind::Gemini, &request).await;
    assert!(double.requests().iter().all(|request| request.path_and_query.starts_with("/v1beta/models/..%2F")));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_dropped() {
    let double = GeminiDouble::start().await.unwrap();
    let mut settings = gemini_settings(double.base_url());
    settings.limits.answer_bytes_max = 1024 * 1024;
    let fixture = Fixture::new(Some(settings), None);
    double.answer_next([GeminiAnswer::Wire(WireError::Huge(64 * 1024 * 1024))]);
    assert_eq!(fixture.gemini().await.result.unwrap_err(), Failure::bad_answer(AnswerError::TooLarge));
    double.answer_next([GeminiAnswer::Wire(WireError::Huge(512 * 1024))]);
    assert_eq!(fixture.gemini().await.result.unwrap_err(), Failure::bad_answer(AnswerError::NotUnderstood));
}
