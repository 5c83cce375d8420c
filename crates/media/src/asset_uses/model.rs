//! Pictures, and what uses them.

use kernel::GenerationId;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::uploads::model::UploadId;

/// A picture that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asset {
    /// Brought along by its owner.
    Upload(UploadId),
    /// Made in the studio.
    Generation(GenerationId),
}

impl Asset {
    /// `upload` or `generation`.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Upload(_) => "upload",
            Self::Generation(_) => "generation",
        }
    }

    /// The id of the picture.
    pub(crate) const fn id(self) -> Uuid {
        match self {
            Self::Upload(id) => id.uuid(),
            Self::Generation(id) => id.uuid(),
        }
    }

    pub(crate) fn of(kind: &str, id: Uuid) -> Self {
        if kind == "upload" { Self::Upload(id.into()) } else { Self::Generation(id.into()) }
    }
}

/// The kinds of thing that use pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AssetUserKind {
    /// A generation that is made from the picture.
    Generation,
    /// A product that shows or sells the picture.
    Product,
    /// A landing page.
    Page,
    /// A brand, whose logo it is.
    Brand,
    /// A template of advertisements.
    AdTemplate,
    /// A seller's shop page.
    Shop,
}

impl AssetUserKind {
    /// The name in the database and in the API; the message `asset-use-{name}` (with `-` for `_`) names it to people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generation => "generation",
            Self::Product => "product",
            Self::Page => "page",
            Self::Brand => "brand",
            Self::AdTemplate => "ad_template",
            Self::Shop => "shop",
        }
    }
}

/// What uses a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetUser {
    /// What kind of thing it is.
    pub kind: AssetUserKind,
    /// Its id.
    pub id: Uuid,
}

/// One use of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AssetUse {
    /// What kind of thing uses it.
    pub kind: AssetUserKind,
    /// The id of that thing.
    pub id: Uuid,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}
