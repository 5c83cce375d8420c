//! Why there is no preview.

use crate::images::encode::EncodeError;
use crate::images::model::ImageError;

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The original is not a picture that can be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The preview could not be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The picture could not be made smaller.
    #[error("the picture could not be resized: {0}")]
    Resize(String),
}

impl PreviewError {
    /// The stable code: that of the image error, or `picture_not_written`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Image(error) => error.code(),
            Self::Encode(error) => error.code(),
            Self::Resize(_) => "picture_not_written",
        }
    }

    pub(super) fn from_cause(cause: impl std::fmt::Display) -> Self {
        Self::Resize(cause.to_string())
    }
}
