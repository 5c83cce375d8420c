//! The embedded illustrator as a provider: no key, no network, the same request always the same picture.

use bytes::Bytes;
use illustrator::{Aspect, Brief, illustrate};

use super::model::{AnswerError, Failure, Illustration, MadePicture, PictureRequest, Usage};

/// What a size name means for the longer edge, in pixels.
const LONG_EDGE_PX: [(&str, u32); 3] = [("1K", 1_280), ("2K", 2_560), ("4K", 4_096)];

/// Draws on a blocking thread: a picture takes about a second of one core.
pub(super) async fn draw(request: &PictureRequest) -> Result<MadePicture, Failure> {
    let brief = brief_of(request);
    let file = tokio::task::spawn_blocking(move || illustrate(&brief).encode_png()).await;
    // A panic in the illustrator ends this picture and not the program.
    let file = file.map_err(|_| Failure::bad_answer(AnswerError::EndedOtherwise))?;
    Ok(MadePicture {
        bytes: Bytes::from(file),
        claimed_type: "image/png".to_owned(),
        model_version: None,
        usage: Usage::default(),
    })
}

/// Without an illustration the prompt itself is searched for words that the illustrator knows.
fn brief_of(request: &PictureRequest) -> Brief {
    let from_text = || Illustration { extra: request.text.clone(), ..Illustration::default() };
    let drawn = request.illustration.clone().unwrap_or_else(from_text);
    let size = request.size.as_deref().unwrap_or("1K");
    Brief {
        vibe: drawn.vibe,
        silhouette: drawn.silhouette,
        colours: drawn.colours,
        occasion: drawn.occasion,
        season: drawn.season,
        extra: drawn.extra,
        aspect: Aspect::parse(request.ratio.as_str()).unwrap_or_default(),
        seed: u64::from(request.seed),
        long_edge_px: LONG_EDGE_PX.iter().find(|(name, _)| *name == size).map_or(1_280, |(_, edge_px)| *edge_px),
    }
}
