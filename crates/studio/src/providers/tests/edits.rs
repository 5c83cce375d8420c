use serde_json::json;
use testkit::ai_doubles::{GeminiDouble, OpenAiDouble, png};

use super::*;

/// A change to a picture, with one picture to go by and a mask.
fn edit(model: &str) -> PictureRequest {
    let picture =
        |mime_type: &str, bytes: Vec<u8>| InputPicture { bytes: bytes.into(), mime_type: mime_type.to_owned() };
    PictureRequest {
        text: "make the collar white".to_owned(),
        ratio: AspectRatio::ThreeToFour,
        pictures: vec![picture("image/png", png(4, 4, 1)), picture("image/jpeg", b"jpeg".to_vec())],
        mask: Some(EditMask { white: png(4, 4, 2).into(), transparent: png(4, 4, 3).into() }),
        ..request(model)
    }
}

#[tokio::test]
async fn gemini_is_given_the_pictures_inline_and_the_mask_with_an_instruction() {
    let double = GeminiDouble::start().await.unwrap();
    let fixture = Fixture::with_gemini(&double);
    let request = edit("gemini-nano-banana-2.1");
    let attempt = fixture.providers.make_picture(&fixture.ctx, ProviderKind::Gemini, &request).await;
    assert!(is_png(&attempt.result.unwrap().bytes));
    let sent = &double.requests()[0].body["contents"][0]["parts"];
    let parts = sent.as_array().unwrap();
    assert_eq!(parts.len(), 4, "the text, two pictures, the mask: {sent}");
    let text = parts[0]["text"].as_str().unwrap();
    assert!(text.starts_with("make the collar white\n\n") && text.contains("is a mask of the first one"), "{text}");
    let types: Vec<_> = parts[1..].iter().map(|part| part["inlineData"]["mimeType"].as_str().unwrap()).collect();
    assert_eq!(types, ["image/png", "image/jpeg", "image/png"]);
    assert_eq!(parts[2]["inlineData"]["data"], "anBlZw==");
    assert_eq!(double.requests()[0].body["generationConfig"]["imageConfig"]["aspectRatio"], "3:4");
}

#[tokio::test]
async fn openai_is_given_a_form_with_the_pictures_and_the_mask() {
    let double = OpenAiDouble::start().await.unwrap();
    for (dialect, name) in [(OpenAiDialect::Original, "image[]"), (OpenAiDialect::Compatible, "image")] {
        let fixture = Fixture::with_openai(&double, dialect);
        let model = if dialect == OpenAiDialect::Original { "gpt-image-2.5-flare" } else { "flux" };
        let attempt = fixture.providers.make_picture(&fixture.ctx, ProviderKind::OpenAi, &edit(model)).await;
        assert!(is_png(&attempt.result.unwrap().bytes));
        let sent = double.requests().pop().unwrap();
        assert_eq!(sent.path_and_query, "/v1/images/edits");
        let form = &sent.body;
        assert_eq!((&form["prompt"], &form["size"]), (&json!("make the collar white"), &json!("1024x1536")));
        let pictures = form[name].as_array().unwrap();
        let types: Vec<_> = pictures.iter().map(|file| file["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["image/png", "image/jpeg"], "{form}");
        assert_eq!(form["mask"], json!({"fileName": "mask.png", "type": "image/png", "bytes": png(4, 4, 3).len()}));
        assert_eq!(form.get("safety_identifier").is_some(), dialect == OpenAiDialect::Original);
        assert_eq!(form.get("seed").is_some(), dialect == OpenAiDialect::Compatible);
    }
}
