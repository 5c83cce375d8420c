use super::*;

fn sketch(seed: u32, ratio: AspectRatio) -> PictureRequest {
    PictureRequest { seed, ratio, ..request("studio-illustrator-1") }
}

async fn draw(request: &PictureRequest) -> Vec<u8> {
    let fixture = Fixture::new(None, None);
    let attempt = fixture.providers.make_picture(&fixture.ctx, ProviderKind::Sketch, request).await;
    attempt.result.unwrap().bytes.to_vec()
}

#[tokio::test]
async fn the_same_request_gives_the_same_picture_and_another_seed_another() {
    let first = draw(&sketch(1, AspectRatio::ThreeToFour)).await;
    assert!(is_png(&first));
    assert_eq!((&first[16..20], &first[20..24]), (&960_u32.to_be_bytes()[..], &1280_u32.to_be_bytes()[..]));
    assert!(first == draw(&sketch(1, AspectRatio::ThreeToFour)).await);
    assert!(first != draw(&sketch(2, AspectRatio::ThreeToFour)).await);
}

#[tokio::test]
async fn a_prompt_without_answers_is_drawn_too() {
    let request = PictureRequest { illustration: None, ..sketch(1, AspectRatio::Square) };
    let other = PictureRequest { text: "a red kimono in the snow".to_owned(), ..request.clone() };
    assert!(draw(&request).await != draw(&other).await);
}
