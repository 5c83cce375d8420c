//! What is asked of a provider, and every way in which it can end.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::aspect_ratio::AspectRatio;

/// The providers that the program can speak to. Their models are data (`ai_models`).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ProviderKind {
    /// Google Gemini's image models.
    Gemini,
    /// OpenAI, and servers that speak its API.
    OpenAi,
    /// The embedded illustrator: no key, no network, no AI.
    Sketch,
}

impl ProviderKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gemini, Self::OpenAi, Self::Sketch];

    /// The name in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
            Self::Sketch => "sketch",
        }
    }
}

impl fmt::Display for ProviderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProviderKind {
    type Err = UnknownProvider;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownProvider)
    }
}

/// No provider of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such provider")]
pub struct UnknownProvider;

/// A picture that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct PictureRequest {
    /// The provider's name of the model.
    pub model: String,
    /// Prompt and what to leave out, as one text.
    pub text: String,
    /// The shape.
    pub ratio: AspectRatio,
    /// The provider's name of the size (`1K`), for models that take one.
    pub size: Option<String>,
    /// Width and height in pixels as the model's row in `ai_models` has them for this shape.
    pub pixels: Option<(u32, u32)>,
    /// Repeats a picture where the model can; 31 bits, because one of them takes no more.
    pub seed: u32,
    /// What the embedded illustrator draws; the other providers read the text alone.
    pub illustration: Option<Illustration>,
    /// The pictures to go by, the one that is changed first; empty for a picture from text alone.
    pub pictures: Vec<InputPicture>,
    /// Where the first picture may change.
    pub mask: Option<EditMask>,
    /// An opaque name of the customer, for the provider's abuse reports; never a mail address or an account's id.
    pub customer: String,
}

/// What the embedded illustrator draws: the entries of its vocabulary that were chosen. An entry that it does not know
/// changes nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Illustration {
    /// The mood.
    pub vibe: Option<String>,
    /// The cut.
    pub silhouette: Option<String>,
    /// The palette, all of it.
    pub colours: Vec<String>,
    /// What it is worn for.
    pub occasion: Option<String>,
    /// The time of the year.
    pub season: Option<String>,
    /// Free text, which is searched for words that the illustrator knows.
    pub extra: String,
}

/// A picture that a provider is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputPicture {
    /// The file.
    pub bytes: Bytes,
    /// `image/png` or `image/jpeg`.
    pub mime_type: String,
}

/// Where a picture may change, in the two forms that providers read; both PNG, in the picture's own size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EditMask {
    /// White where it may change, black elsewhere.
    pub white: Bytes,
    /// Transparent where it may change, opaque elsewhere.
    pub transparent: Bytes,
}

/// A picture as the provider sent it. Nothing about it has been checked.
#[derive(Clone, Debug)]
pub(crate) struct MadePicture {
    /// The file.
    pub bytes: Bytes,
    /// What the provider says the file is.
    pub claimed_type: String,
    /// The provider's name of the version that answered.
    pub model_version: Option<String>,
    /// What the provider counted.
    pub usage: Usage,
}

/// Tokens as the provider counted them; zero where it did not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Tokens of the request.
    pub input_tokens: i64,
    /// Tokens of the answer.
    pub output_tokens: i64,
    /// Tokens in all.
    pub total_tokens: i64,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The provider does not want to make this picture. Asking again is useless.
    Refused {
        /// On what grounds.
        reason: RefusalReason,
    },
    /// Nothing was made, and asking again later may help.
    Retryable {
        /// How long the provider asks to wait.
        after: Option<Duration>,
        /// What happened, for the log.
        cause: &'static str,
    },
    /// The quota of the day or the account's money is used up.
    QuotaExhausted,
    /// The connection ended without an answer: a picture may have been made, and billed.
    Unknown {
        /// What happened, for the log.
        cause: &'static str,
    },
    /// The provider answered, but not with a picture.
    BadAnswer {
        /// What was wrong with the answer.
        error: AnswerError,
    },
    /// The key, the address or the model is wrong: an operator has to act.
    Misconfigured {
        /// What was refused, for the log; holds no secret.
        cause: String,
    },
}

/// On what grounds a provider refused. The names are stable: they are stored and have sentences in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RefusalReason {
    /// A safety filter for the text or the picture.
    Safety,
    /// Prohibited content, which no setting permits.
    Prohibited,
    /// A word on a list.
    Blocklist,
    /// Personal data.
    PersonalData,
    /// Too close to an existing work.
    Recitation,
    /// The provider does not say.
    Unspecified,
}

impl RefusalReason {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 6] =
        [Self::Safety, Self::Prohibited, Self::Blocklist, Self::PersonalData, Self::Recitation, Self::Unspecified];

    /// The stable error code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Safety => "refused_safety",
            Self::Prohibited => "refused_prohibited",
            Self::Blocklist => "refused_blocklist",
            Self::PersonalData => "refused_personal_data",
            Self::Recitation => "refused_recitation",
            Self::Unspecified => "refused_unspecified",
        }
    }
}

/// What can be wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AnswerError {
    /// Not the JSON that the provider documents.
    NotUnderstood,
    /// No picture in it: text only, or nothing.
    NoPicture,
    /// No text in it.
    NoText,
    /// The text has not the form that was asked for, also after it was asked for once more.
    WrongForm,
    /// The base64 is cut or mangled.
    BrokenEncoding,
    /// More bytes than are taken.
    TooLarge,
    /// It stopped in the middle.
    CutShort,
    /// It ended for a reason that is neither success nor refusal.
    EndedOtherwise,
    /// The request as such was rejected.
    Rejected,
    /// The picture lies at an address that is not the provider's.
    ForeignAddress,
}

impl AnswerError {
    /// The name for the log and the job's record.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotUnderstood => "not_understood",
            Self::NoPicture => "no_picture",
            Self::NoText => "no_text",
            Self::WrongForm => "wrong_form",
            Self::BrokenEncoding => "broken_encoding",
            Self::TooLarge => "too_large",
            Self::CutShort => "cut_short",
            Self::EndedOtherwise => "ended_otherwise",
            Self::Rejected => "rejected",
            Self::ForeignAddress => "foreign_address",
        }
    }
}

impl Failure {
    /// A error of the answer.
    pub(crate) const fn bad_answer(error: AnswerError) -> Self {
        Self::BadAnswer { error }
    }

    /// The stable code that is stored with the job and shown in the user's language.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Refused { reason } => reason.code(),
            Self::Retryable { .. } => "provider_busy",
            Self::QuotaExhausted => "provider_quota_exhausted",
            Self::Unknown { .. } => "provider_timeout",
            Self::BadAnswer { .. } => "provider_faulty",
            Self::Misconfigured { .. } => "provider_misconfigured",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        match self {
            Self::Retryable { cause, .. } | Self::Unknown { cause } => write!(f, ": {cause}"),
            Self::Misconfigured { cause } => write!(f, ": {cause}"),
            Self::BadAnswer { error } => write!(f, ": {}", error.as_str()),
            Self::Refused { .. } | Self::QuotaExhausted => Ok(()),
        }
    }
}
