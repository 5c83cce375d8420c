//! What is to be made, by kind: each kind has its own typed input, price, size rule, storage prefix and retention.

use credits::prices::Operation;
use kernel::GenerationId;
use serde::{Deserialize, Serialize};
use time::Duration;
use uuid::Uuid;

use super::model::GenerationKind;
use crate::aspect_ratio::AspectRatio;
use crate::output_size::OutputSize;
use crate::providers::schema::Schema;
use crate::wardrobe::model::Answers;

/// What is to be made. The same specification from the same model is the same request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GenerationSpec {
    /// A fashion design from the five steps or a prompt.
    Wardrobe(GenerationParams),
    /// An advertisement.
    Advertisement(AdvertisementSpec),
    /// A picture for a section of a landing page.
    PageSection(PageSectionSpec),
    /// A change to an earlier picture.
    Edit(EditSpec),
    /// A text, or the analysis of pictures as text.
    Text(TextSpec),
}

/// The validated input of a wardrobe picture: safe to store, show and send to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationParams {
    /// The prompt: built from the answers when there are any, else as the client wrote it.
    pub prompt: String,
    /// What to leave out, as the client wrote it.
    pub negative: Option<String>,
    /// The shape.
    pub ratio: AspectRatio,
    /// The answers, normalised.
    pub answers: Option<Answers>,
}

/// An advertisement in one format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdvertisementSpec {
    /// The prompt, built from template and content.
    pub prompt: String,
    /// The format's stable code, such as `x-post`.
    pub format_type: String,
    /// The format's name.
    pub format_name: String,
    /// The format's exact width in pixels.
    pub width_px: u32,
    /// The format's exact height in pixels.
    pub height_px: u32,
    /// The template.
    pub template_id: Option<Uuid>,
    /// The template's name when it was used.
    pub template_name: Option<String>,
    /// What it advertises.
    pub content: AdContent,
    /// How it looks.
    pub branding: Branding,
    /// The picture of the product.
    pub product: Option<InputAsset>,
    /// The logo.
    pub logo: Option<InputAsset>,
}

/// What an advertisement says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdContent {
    /// The product.
    pub product_name: String,
    /// The headline.
    pub catchphrase: String,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For whom it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_audience: Option<String>,
    /// The tone of voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<String>,
    /// The call to action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cta: Option<String>,
    /// The price as it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
}

/// The colours of a brand, as `#rrggbb`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Branding {
    /// The main colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_color: Option<String>,
    /// The second colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary_color: Option<String>,
}

/// A picture for a section of a landing page, in exact pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSectionSpec {
    /// The prompt.
    pub prompt: String,
    /// Exact width in pixels.
    pub width_px: u32,
    /// Exact height in pixels.
    pub height_px: u32,
    /// Pictures that it is to resemble.
    #[serde(default)]
    pub references: Vec<InputAsset>,
}

/// A change to an earlier picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EditSpec {
    /// The picture that is changed; the result is its descendant.
    pub source: GenerationId,
    /// What is changed.
    pub edit_type: EditType,
    /// What is to be done.
    pub instruction: String,
    /// White where the picture may change; everything else stays identical.
    pub mask: Option<InputAsset>,
    /// Pictures that the change refers to.
    #[serde(default)]
    pub references: Vec<InputAsset>,
    /// The size of the result; the source's.
    pub size: OutputSize,
}

/// What an edit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditType {
    /// The words in the picture.
    TextChange,
    /// The colours.
    ColorAdjust,
    /// The style.
    StyleChange,
    /// Something is taken out.
    ElementRemove,
}

/// A text that is to be written, or pictures that are to be analysed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextSpec {
    /// Whether pictures are analysed or a text is written.
    pub purpose: TextPurpose,
    /// What the model is to do; written by the program, never by a person.
    pub instructions: String,
    /// What a person typed, as data.
    pub input: String,
    /// The form of a structured answer; without one the answer is plain text.
    pub schema: Option<Schema>,
    /// Tokens of the answer at most.
    pub output_tokens_max: u32,
    /// The pictures that are analysed.
    #[serde(default)]
    pub pictures: Vec<InputAsset>,
}

/// What a text model is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextPurpose {
    /// A text.
    Write,
    /// An analysis of pictures.
    Analyse,
}

/// A file that goes into a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum InputAsset {
    /// The first output of another generation of the same account.
    Generation(GenerationId),
}

/// What an input is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum InputRole {
    /// The picture that is changed.
    Source,
    /// A picture to resemble, or to analyse.
    Reference,
    /// Where the source may change.
    Mask,
    /// The product that is advertised.
    Product,
    /// The logo that is shown.
    Logo,
}

impl InputRole {
    /// The name in `generation_inputs.role`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Reference => "reference",
            Self::Mask => "mask",
            Self::Product => "product",
            Self::Logo => "logo",
        }
    }
}

/// How long a generation is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// As long as the owner's plan keeps the history.
    Plan,
    /// As long as the plan, but not longer than this: what was made of it is kept where it is used.
    PlanAtMost(Duration),
}

/// How long a text is kept at most: by then it is part of an advertisement or a page, or nobody wanted it.
const TEXT_LIFETIME: Duration = Duration::days(30);

/// Tokens that a picture counts for, whatever the provider: about what the largest tiling of one comes to.
const TOKENS_PER_PICTURE: i64 = 1_500;
/// Tokens for what the program itself adds to a request.
const TOKENS_OVERHEAD: i64 = 100;

impl TextSpec {
    /// Tokens of the model that one answer can use at most, input and output together. No tokenizer makes more tokens
    /// than a text has bytes; Japanese comes to about one per character, and English to a quarter.
    pub fn model_tokens_max(&self) -> i64 {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let form = self.schema.as_ref().map_or(0, Schema::size);
        let text = self.instructions.chars().count() + self.input.chars().count() + form;
        let pictures = count(self.pictures.len()).saturating_mul(TOKENS_PER_PICTURE);
        count(text).saturating_add(pictures).saturating_add(TOKENS_OVERHEAD + i64::from(self.output_tokens_max))
    }
}

impl GenerationSpec {
    /// Its kind.
    pub const fn kind(&self) -> GenerationKind {
        match self {
            Self::Wardrobe(_) => GenerationKind::Wardrobe,
            Self::Advertisement(_) => GenerationKind::Advertisement,
            Self::PageSection(_) => GenerationKind::PageSection,
            Self::Edit(_) => GenerationKind::Edit,
            Self::Text(_) => GenerationKind::Text,
        }
    }

    /// What a model is asked to do, which decides the price.
    pub fn operation(&self) -> Operation {
        match self {
            Self::Wardrobe(_) => Operation::Generate,
            Self::Edit(_) => Operation::Edit,
            Self::Text(text) => match text.purpose {
                TextPurpose::Write => Operation::Text,
                TextPurpose::Analyse => Operation::Analyse,
            },
            // With pictures to go by, a model has to take pictures.
            Self::Advertisement(_) | Self::PageSection(_) if self.inputs().is_empty() => Operation::Generate,
            Self::Advertisement(_) | Self::PageSection(_) => Operation::Edit,
        }
    }

    /// The size of the picture; `None` for a text.
    pub fn size(&self) -> Option<OutputSize> {
        let exact = |width_px, height_px| Some(OutputSize::Exact { width_px, height_px });
        match self {
            Self::Wardrobe(params) => Some(OutputSize::Ratio(params.ratio)),
            Self::Advertisement(ad) => exact(ad.width_px, ad.height_px),
            Self::PageSection(section) => exact(section.width_px, section.height_px),
            Self::Edit(edit) => Some(edit.size),
            Self::Text(_) => None,
        }
    }

    /// The prompt, as it is stored and shown.
    pub fn prompt(&self) -> &str {
        match self {
            Self::Wardrobe(params) => &params.prompt,
            Self::Advertisement(ad) => &ad.prompt,
            Self::PageSection(section) => &section.prompt,
            Self::Edit(edit) => &edit.instruction,
            Self::Text(text) => &text.input,
        }
    }

    /// What to leave out.
    pub fn negative(&self) -> Option<&str> {
        match self {
            Self::Wardrobe(params) => params.negative.as_deref(),
            Self::Advertisement(_) | Self::PageSection(_) | Self::Edit(_) | Self::Text(_) => None,
        }
    }

    /// The picture that this one descends from.
    pub const fn parent(&self) -> Option<GenerationId> {
        match self {
            Self::Edit(edit) => Some(edit.source),
            Self::Wardrobe(_) | Self::Advertisement(_) | Self::PageSection(_) | Self::Text(_) => None,
        }
    }

    /// The files that go in, in the order in which a provider is given them.
    pub fn inputs(&self) -> Vec<(InputRole, InputAsset)> {
        let all =
            |role: InputRole, assets: &[InputAsset]| assets.iter().map(|asset| (role, *asset)).collect::<Vec<_>>();
        match self {
            Self::Wardrobe(_) => Vec::new(),
            Self::Advertisement(ad) => {
                let product = ad.product.map(|asset| (InputRole::Product, asset));
                product.into_iter().chain(ad.logo.map(|asset| (InputRole::Logo, asset))).collect()
            }
            Self::PageSection(section) => all(InputRole::Reference, &section.references),
            Self::Edit(edit) => {
                let mut inputs = vec![(InputRole::Source, InputAsset::Generation(edit.source))];
                inputs.extend(all(InputRole::Reference, &edit.references));
                inputs.extend(edit.mask.map(|mask| (InputRole::Mask, mask)));
                inputs
            }
            Self::Text(text) => all(InputRole::Reference, &text.pictures),
        }
    }

    /// The first part of the keys under which its files are stored; `None` for a text, which has none.
    pub const fn storage_prefix(&self) -> Option<&'static str> {
        match self {
            Self::Wardrobe(_) => Some("usergen"),
            Self::Advertisement(_) => Some("ads"),
            Self::PageSection(_) => Some("images"),
            Self::Edit(_) => Some("edits"),
            Self::Text(_) => None,
        }
    }

    /// How long it is kept.
    pub const fn retention(&self) -> Retention {
        match self {
            Self::Wardrobe(_) | Self::Advertisement(_) | Self::PageSection(_) | Self::Edit(_) => Retention::Plan,
            Self::Text(_) => Retention::PlanAtMost(TEXT_LIFETIME),
        }
    }
}
