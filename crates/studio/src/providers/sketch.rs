//! The embedded illustrator as a provider: no key, no network, the same request always the same picture.

use bytes::Bytes;
use illustrator::{Aspect, Brief, illustrate};

use super::model::{AnswerError, Failure, MadePicture, PictureRequest, Usage};
use crate::wardrobe::Answers;

/// What a size name means for the longer edge, in pixels.
const LONG_EDGE_PX: [(&str, u32); 3] = [("1K", 1_280), ("2K", 2_560), ("4K", 4_096)];

/// Draws on a blocking thread: a picture takes about a second of one core.
pub(super) async fn draw(request: &PictureRequest) -> Result<MadePicture, Failure> {
    let brief = brief_of(request);
    let file = tokio::task::spawn_blocking(move || illustrate(&brief).encode_png()).await;
    // A panic in the illustrator ends this picture and not the program.
    let file = file.map_err(|_| Failure::faulty(AnswerError::EndedOtherwise))?;
    Ok(MadePicture {
        bytes: Bytes::from(file),
        claimed_type: "image/png".to_owned(),
        model_version: None,
        usage: Usage::default(),
    })
}

/// Without answers the prompt itself is read for words that the illustrator knows.
fn brief_of(request: &PictureRequest) -> Brief {
    let answers =
        request.answers.clone().unwrap_or_else(|| Answers { extra: request.text.clone(), ..Answers::default() });
    let first = |list: Vec<String>| list.into_iter().next().filter(|entry| !entry.is_empty());
    let size = request.size.as_deref().unwrap_or("1K");
    Brief {
        vibe: first(answers.vibe),
        silhouette: first(answers.silhouette),
        colours: answers.color,
        occasion: first(answers.occasion),
        season: first(answers.season),
        extra: answers.extra,
        aspect: Aspect::parse(request.ratio.as_str()).unwrap_or_default(),
        seed: u64::from(request.seed),
        long_edge_px: LONG_EDGE_PX.iter().find(|(name, _)| *name == size).map_or(1_280, |(_, edge_px)| *edge_px),
    }
}
