//! Signs pictures with content credentials (C2PA).

use super::context::context_that_trusts;
use super::identity::SigningIdentity;
use super::metadata::replace_metadata;
use super::model::{Claim, Credentials, Parent, ProvenanceError, Step};
use super::verify::verify;
use crate::images::inspect::inspect;
use crate::images::model::ImageFacts;
use c2pa::{Builder, BuilderIntent, ClaimGeneratorInfo, Context, DigitalSourceType, SigningAlg};
use serde_json::json;
use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

/// The name under which claims are made.
const GENERATOR: &str = "Machiya";
/// What a signature takes beside its certificate: headers, 64 bytes, padding.
const ROOM_FOR_SIGNATURE_BYTES: usize = 1024;
/// The parent's name inside a claim.
const PARENT_LABEL: &str = "original";

/// Signs pictures with content credentials. Keeps what signing needs, so that a picture costs a few milliseconds.
pub struct Seal {
    context: Arc<Context>,
    identity: SigningIdentity,
    anchor_pem: String,
}

impl Seal {
    /// A signer with this identity.
    ///
    /// # Errors
    /// `Identity` when certificate or settings are refused.
    pub fn new(identity: SigningIdentity) -> Result<Self, ProvenanceError> {
        let anchor_pem = identity.anchor_pem()?;
        let context = context_that_trusts(&anchor_pem).map_err(|cause| ProvenanceError::Identity(cause.to_string()))?;
        Ok(Self { context: context.into_shared(), identity, anchor_pem })
    }

    /// Reads a picture that others will name as their parent, with its own credentials if it has any.
    ///
    /// # Errors
    /// `Image` when it is none, `Unreadable` when its credentials are broken beyond reading.
    pub fn read_parent(&self, picture: &[u8]) -> Result<Parent, ProvenanceError> {
        let facts = inspect(picture)?;
        let unreadable = |cause: c2pa::Error| ProvenanceError::Unreadable(cause.to_string());
        let mut builder = Builder::from_shared_context(&self.context);
        let description = json!({
            "title": file_name(facts),
            "relationship": "parentOf",
            "label": PARENT_LABEL,
        });
        let format = facts.format.mime_type();
        let ingredient = builder
            .add_ingredient_from_stream(description.to_string(), format, &mut Cursor::new(picture))
            .map_err(unreadable)?;
        Ok(Parent(ingredient.clone()))
    }

    /// Replaces a picture's metadata and signs it: the very last step before it is stored. Returns the signed file; its
    /// pixels are those of the picture, bit for bit.
    ///
    /// # Errors
    /// `Image` when the bytes are not a usable picture, `Metadata` or `Signing` when it cannot be signed.
    pub fn sign(&self, picture: &[u8], claim: &Claim<'_>) -> Result<Vec<u8>, ProvenanceError> {
        let facts = inspect(picture)?;
        let clean = replace_metadata(picture, claim.source_type)?;
        self.sign_clean(&clean, facts, claim).map_err(|cause| ProvenanceError::Signing(cause.to_string()))
    }

    fn sign_clean(&self, clean: &[u8], facts: ImageFacts, claim: &Claim<'_>) -> c2pa::Result<Vec<u8>> {
        let format = facts.format.mime_type();
        let mut builder = Builder::from_shared_context(&self.context);
        builder.definition.title = Some(file_name(facts).to_owned());
        builder.set_format(format);
        let mut generator = ClaimGeneratorInfo::new(GENERATOR);
        generator.set_version(env!("CARGO_PKG_VERSION"));
        builder.set_claim_generator_info(generator);
        let agent = json!({ "name": claim.made_with });
        if let Some(Parent(parent)) = claim.parent {
            builder.set_intent(BuilderIntent::Edit);
            builder.add_ingredient(parent.clone());
            for step in claim.steps {
                builder.add_action(step_action(*step, claim))?;
            }
        } else {
            builder.set_intent(BuilderIntent::Create(source_type(claim)?));
            builder.add_action(json!({
                "action": "c2pa.created",
                "digitalSourceType": claim.source_type.uri(),
                "softwareAgent": agent,
            }))?;
        }
        let mut sealed = Cursor::new(Vec::with_capacity(clean.len() + 16 * 1024));
        builder.sign(&PictureSigner(&self.identity), format, &mut Cursor::new(clean), &mut sealed)?;
        Ok(sealed.into_inner())
    }

    /// Reads the credentials of a picture and trusts those of this installation.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(&self, picture: &[u8]) -> Result<Credentials, ProvenanceError> {
        verify(picture, &self.anchor_pem)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seal(…)")
    }
}

fn step_action(step: Step, claim: &Claim<'_>) -> serde_json::Value {
    let (action, description) = step.action();
    let mut value = json!({ "action": action, "softwareAgent": { "name": GENERATOR } });
    if let Some(description) = description {
        value["description"] = json!(description);
    }
    if step == Step::Edited {
        value["digitalSourceType"] = json!(claim.source_type.uri());
        value["softwareAgent"] = json!({ "name": claim.made_with });
    }
    value
}

/// The platform's term as the library's type.
fn source_type(claim: &Claim<'_>) -> c2pa::Result<DigitalSourceType> {
    serde_json::from_value(json!(claim.source_type.uri())).map_err(c2pa::Error::JsonError)
}

/// The only title that a claim ever has.
const fn file_name(facts: ImageFacts) -> &'static str {
    match facts.format {
        crate::images::PictureFormat::Png => "design.png",
        crate::images::PictureFormat::Jpeg => "design.jpg",
        crate::images::PictureFormat::WebP => "design.webp",
    }
}

/// Signs in this process; asks no time stamp authority, so that nothing leaves the platform and the room for one is saved
/// in every picture.
struct PictureSigner<'a>(&'a SigningIdentity);

impl c2pa::Signer for PictureSigner<'_> {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        Ok(self.0.sign(data))
    }

    fn alg(&self) -> SigningAlg {
        SigningAlg::Es256
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(vec![self.0.leaf_der().to_vec()])
    }

    fn reserve_size(&self) -> usize {
        ROOM_FOR_SIGNATURE_BYTES + self.0.leaf_der().len()
    }
}
