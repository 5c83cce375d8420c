//! What a claim states about a picture, and what is read back from one.

use crate::images::model::ImageError;
use c2pa::Ingredient;
use serde::{Deserialize, Serialize};

/// How a picture came to be: terms of the IPTC digital source type vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SourceType {
    /// Made by a trained model.
    TrainedAlgorithmicMedia,
    /// Put together from parts of which a trained model made some.
    CompositeWithTrainedAlgorithmicMedia,
    /// Made by a program without a trained model, as the platform's own `sketch` illustrator does.
    AlgorithmicMedia,
}

impl SourceType {
    /// The term itself, such as `trainedAlgorithmicMedia`.
    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::TrainedAlgorithmicMedia => "trainedAlgorithmicMedia",
            Self::CompositeWithTrainedAlgorithmicMedia => "compositeWithTrainedAlgorithmicMedia",
            Self::AlgorithmicMedia => "algorithmicMedia",
        }
    }

    /// The term as a URI in IPTC's vocabulary.
    #[must_use]
    pub fn uri(self) -> String {
        format!("http://cv.iptc.org/newscodes/digitalsourcetype/{}", self.term())
    }

    /// Reads a URI of the vocabulary; `None` for terms that the platform does not use.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        let all = [Self::TrainedAlgorithmicMedia, Self::CompositeWithTrainedAlgorithmicMedia, Self::AlgorithmicMedia];
        all.into_iter().find(|source_type| source_type.uri() == uri)
    }

    /// What a file says of how its picture came to be, in XMP or in content credentials, which hold the term as text.
    /// Nothing is verified: whoever wrote the file may have left it out. Where several are named, the one of which a
    /// trained model made most.
    #[must_use]
    pub fn declared_in(file: &[u8]) -> Option<Self> {
        const PREFIX: &[u8] = b"cv.iptc.org/newscodes/digitalsourcetype/";
        let all = [Self::TrainedAlgorithmicMedia, Self::CompositeWithTrainedAlgorithmicMedia, Self::AlgorithmicMedia];
        let starts = file.windows(PREFIX.len()).enumerate().filter(|(_, window)| *window == PREFIX);
        let named = starts.filter_map(|(at, _)| {
            let rest = &file[at + PREFIX.len()..];
            all.iter().position(|one| rest.starts_with(one.term().as_bytes()))
        });
        named.min().map(|index| all[index])
    }
}

/// What was done to a picture that existed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Its content was changed.
    Edited,
    /// Its size was changed.
    Resized,
    /// A visible watermark was laid over it.
    Watermarked,
    /// It was written again in another format.
    Transcoded,
}

impl Step {
    /// The C2PA action and, where its name does not say all, a description.
    pub(super) const fn action(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Edited => ("c2pa.edited", None),
            Self::Resized => ("c2pa.resized", None),
            Self::Watermarked => ("c2pa.edited", Some("Visible watermark added")),
            Self::Transcoded => ("c2pa.transcoded", None),
        }
    }
}

/// What is stated about a picture when it is signed.
#[derive(Debug, Clone)]
pub struct Claim<'a> {
    /// How the picture came to be.
    pub source_type: SourceType,
    /// The model or program that made it, such as `gemini-2.5-flash-image` or `sketch`.
    pub made_with: &'a str,
    /// The picture that this one was made from. Without one, the picture is declared as created.
    pub parent: Option<&'a Parent>,
    /// What was done to the parent. Without a parent this is passed over.
    pub steps: &'a [Step],
}

/// A picture that others are made from, read once for any number of derivatives. Of its pixels nothing is kept but
/// their hash.
pub struct Parent(pub(super) Ingredient);

impl std::fmt::Debug for Parent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Parent(…)")
    }
}

/// How far the credentials of a file can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Trust {
    /// Signed under a certificate that the verifier trusts, and unchanged since.
    Trusted,
    /// Unchanged since it was signed, but by someone unknown.
    Unknown,
    /// Changed after it was signed, or signed wrongly.
    Broken,
}

/// What a file's credentials say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// How far to believe it.
    pub trust: Trust,
    /// The program that wrote the claim, such as `Machiya`.
    pub generator: Option<String>,
    /// The name in the certificate that signed.
    pub signed_by: Option<String>,
    /// How the picture came to be, as far as the platform knows the term.
    pub source_type: Option<SourceType>,
    /// The actions in order, such as `c2pa.created`.
    pub actions: Vec<String>,
    /// Whether it names a picture that it was made from.
    pub has_parent: bool,
    /// The C2PA validation codes of what is wrong; empty when nothing is.
    pub validation_codes: Vec<String>,
}

/// Why a picture could not be signed, or its credentials not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProvenanceError {
    /// Not a picture that the platform takes.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The key or certificate cannot be used.
    #[error("the signing identity cannot be used: {0}")]
    Identity(String),
    /// The metadata could not be written.
    #[error("the picture's metadata could not be written: {0}")]
    Metadata(String),
    /// The signature could not be made.
    #[error("the picture could not be signed: {0}")]
    Signing(String),
    /// There are no credentials in the file.
    #[error("the picture has no content credentials")]
    NoCredentials,
    /// There are credentials, but they cannot be read.
    #[error("the content credentials cannot be read: {0}")]
    Unreadable(String),
}

impl ProvenanceError {
    /// The stable code: `signing_identity_invalid`, `metadata_not_written`, `picture_not_signed`, `no_credentials`,
    /// `credentials_unreadable`, or that of the image error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Image(error) => error.code(),
            Self::Identity(_) => "signing_identity_invalid",
            Self::Metadata(_) => "metadata_not_written",
            Self::Signing(_) => "picture_not_signed",
            Self::NoCredentials => "no_credentials",
            Self::Unreadable(_) => "credentials_unreadable",
        }
    }
}
