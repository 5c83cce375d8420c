//! What was made, where it stands, where its files are.

use kernel::{Cursor, GenerationId, MediaImageId, Tokens, UserId};
use platform::storage::StorageKey;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::providers::model::ProviderKind;
use crate::wardrobe::model::Answers;

/// How long an identical request is answered with the same picture.
pub(crate) const CACHE_LIFETIME: Duration = Duration::hours(24);
/// How long a deleted picture can be brought back; afterwards its files are removed.
pub(crate) const UNDO_LIFETIME: Duration = Duration::hours(24);
/// How long a link to an original or thumbnail works.
pub(crate) const LINK_LIFETIME: Duration = Duration::hours(1);

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum GenerationKind {
    /// A fashion design from the five steps or a prompt.
    Wardrobe,
    /// An advertisement.
    Advertisement,
    /// A picture for a section of a landing page.
    PageSection,
    /// A change to an earlier picture.
    Edit,
    /// A text, or the analysis of pictures as text.
    Text,
}

impl GenerationKind {
    /// The kinds that are pictures.
    pub const PICTURES: [Self; 4] = [Self::Wardrobe, Self::Advertisement, Self::PageSection, Self::Edit];

    /// The name in the database and in `?kind=`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wardrobe => "wardrobe",
            Self::Advertisement => "advertisement",
            Self::PageSection => "page_section",
            Self::Edit => "edit",
            Self::Text => "text",
        }
    }
}

/// Where a generation, and its execution, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum GenerationStatus {
    /// Waiting for a worker.
    Queued,
    /// Being made.
    Processing,
    /// The picture is stored.
    Completed,
    /// It could not be made.
    Failed,
    /// The provider refused to make it.
    Refused,
    /// Its owner cancelled it.
    Cancelled,
}

impl GenerationStatus {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Processing)
    }
}

/// Why a picture may not be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum KeptReason {
    /// It is published in the gallery.
    Published,
    /// It was sold, and its buyer may download it for ever.
    Sold,
}

/// A generation as its owner sees it. The original's file is there once it is completed.
#[derive(Clone, Debug)]
pub struct Generation {
    /// The generation.
    pub id: GenerationId,
    /// Whose it is.
    pub user_id: UserId,
    /// What was made.
    pub kind: GenerationKind,
    /// Where it stands.
    pub status: GenerationStatus,
    /// Who made it.
    pub provider: ProviderKind,
    /// With what.
    pub model: String,
    /// The full prompt.
    pub prompt: String,
    /// What was to be left out.
    pub negative_prompt: Option<String>,
    /// The shape that was asked for.
    pub aspect_ratio: String,
    /// Repeats the picture where the model can.
    pub seed: i64,
    /// The answers of the five steps.
    pub answers: Option<sqlx::types::Json<Answers>>,
    /// Which of several pictures for the same request it is, from 0.
    pub variation: i32,
    /// Whether it is published.
    pub is_public: bool,
    /// Why it may not be deleted.
    pub kept_reason: Option<KeptReason>,
    /// Whether something that others see, such as a page, uses it.
    pub is_used: bool,
    /// Image credits that it was paid with.
    pub credits_used: i32,
    /// Tokens that it was paid with, where no image credit was.
    pub tokens_used: Tokens,
    /// When it expires unless something protects it; `None` is never.
    pub expires_at: Option<OffsetDateTime>,
    /// Why there is no picture.
    pub failure_code: Option<String>,
    /// The colour that fills most of the picture.
    pub ground: Option<String>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// When the picture was stored.
    pub completed_at: Option<OffsetDateTime>,
    /// When it was deleted; it can be brought back for [`UNDO_LIFETIME`].
    pub deleted_at: Option<OffsetDateTime>,
    /// The latest execution.
    pub job_id: Option<Uuid>,
    /// The original's key.
    pub storage_key: Option<StorageKey>,
    /// The original's type.
    pub mime_type: Option<String>,
    /// The original's size in bytes.
    pub size_bytes: Option<i64>,
    /// The original's width in pixels.
    pub width: Option<i32>,
    /// The original's height in pixels.
    pub height: Option<i32>,
}

impl Generation {
    /// Its place in lists.
    pub const fn position(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.id.0 }
    }

    /// When it will be removed; `None` while it is published, sold, in use or deleted, and where it never expires.
    pub fn removal_due_at(&self) -> Option<OffsetDateTime> {
        self.expires_at.filter(|_| self.kept_reason.is_none() && !self.is_used && self.deleted_at.is_none())
    }

    /// What was made, in one line: the answers, else the beginning of the prompt.
    pub fn headline(&self) -> String {
        let answers = self.answers.as_ref().map(|answers| &answers.0);
        let steps = answers.map(|answers| [&answers.vibe, &answers.silhouette, &answers.occasion, &answers.season]);
        let words: Vec<&str> = steps
            .into_iter()
            .flatten()
            .filter_map(|list| list.first())
            .map(String::as_str)
            .filter(|w| !w.is_empty())
            .collect();
        if words.is_empty() { self.prompt.chars().take(60).collect() } else { words.join("\u{a0}· ") }
    }
}

/// A stored file of a generation.
#[derive(Clone, Debug)]
pub struct StoredPicture {
    /// The row.
    pub id: MediaImageId,
    /// Where it is.
    pub storage_key: StorageKey,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// Size in bytes.
    pub size_bytes: i64,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub mime_type: String,
}

/// A finished picture whose owner wants to publish it.
#[derive(Clone, Debug)]
pub struct PictureToPublish {
    /// The generation.
    pub id: GenerationId,
    /// Its owner.
    pub user_id: UserId,
    /// The prompt that made it.
    pub prompt: String,
    /// The provider's code.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Where the original is stored.
    pub storage_key: StorageKey,
    /// SHA-256 of the original.
    pub sha256: Vec<u8>,
    /// The size of the original in bytes.
    pub size_bytes: i64,
    /// The width of the original in pixels.
    pub width: i32,
    /// The height of the original in pixels.
    pub height: i32,
    /// The first picture of its line of descent.
    pub root_id: GenerationId,
}

/// A picture that only its owner sees.
#[derive(Clone, Debug)]
pub struct OwnerThumbnail {
    /// Where it is stored.
    pub storage_key: StorageKey,
    /// Its width in pixels.
    pub width: i32,
    /// Its height in pixels.
    pub height: i32,
}
