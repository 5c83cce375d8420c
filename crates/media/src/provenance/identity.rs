//! The certificate and key under which the platform signs pictures, and the authority that issued them.

use super::model::ProvenanceError;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SerialNumber, SignatureAlgorithm,
};
use sha2::{Digest as _, Sha256};
use std::fmt;
use time::OffsetDateTime;
use time::macros::datetime;

/// The certificates hold for as long as pictures are downloaded, which is for ever.
const VALID_FROM: OffsetDateTime = datetime!(2025-01-01 0:00 UTC);
const VALID_UNTIL: OffsetDateTime = datetime!(2075-01-01 0:00 UTC);

/// A key (ES256) with its certificate, and the authority's certificate that others trust. Make one per installation, keep
/// both texts in the data folder, readable by the program only.
#[derive(Clone)]
pub struct SigningIdentity {
    key: SigningKey,
    /// The leaf, then the authority.
    chain_pem: String,
    leaf_der: Vec<u8>,
}

impl SigningIdentity {
    /// Makes a new identity from 32 random bytes. The same seed and name give the same keys. The authority's own key
    /// is not kept: nobody can sign another certificate with it.
    ///
    /// # Errors
    /// `Identity` when the name cannot be part of a certificate.
    pub fn generate(seed: &[u8; 32], installation_name: &str) -> Result<Self, ProvenanceError> {
        let authority_key = derive_key(seed, b"machiya provenance authority");
        let leaf_key = derive_key(seed, b"machiya provenance leaf");
        let (authority_key, leaf_key) = (CertificateKey::new(authority_key), CertificateKey::new(leaf_key));

        let mut authority = certificate_params(installation_name, "content credentials authority", &authority_key);
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_certificate = authority.self_signed(&authority_key).map_err(identity_error)?;

        let mut leaf = certificate_params(installation_name, "content credentials", &leaf_key);
        leaf.is_ca = IsCa::ExplicitNoCa;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        leaf.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_params(&authority, &authority_key);
        let leaf_certificate = leaf.signed_by(&leaf_key, &issuer).map_err(identity_error)?;

        let chain_pem = format!("{}{}", leaf_certificate.pem(), authority_certificate.pem());
        Ok(Self { key: leaf_key.key, chain_pem, leaf_der: leaf_certificate.der().to_vec() })
    }

    /// Takes an identity from the two texts that [`chain_pem`](Self::chain_pem) and [`key_pem`](Self::key_pem) gave,
    /// or from those of a certificate that someone else issued (ES256, leaf first).
    ///
    /// # Errors
    /// `Identity` when the texts are not PEM, the key is not a P-256 key, or it is not the certificate's.
    pub fn from_pem(chain_pem: &str, key_pem: &str) -> Result<Self, ProvenanceError> {
        let key = SigningKey::from_pkcs8_pem(key_pem).map_err(identity_error)?;
        let leaf_der = certificates(chain_pem)?.into_iter().next();
        let leaf_der = leaf_der.ok_or_else(|| identity_error("there is no certificate"))?;
        let public_key = CertificateKey::new(key.clone()).public_key;
        if !leaf_der.windows(public_key.len()).any(|window| window == public_key) {
            return Err(identity_error("the key does not belong to the certificate"));
        }
        Ok(Self { key, chain_pem: chain_pem.to_owned(), leaf_der })
    }

    /// The certificates, leaf first, as PEM. Public.
    #[must_use]
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// The private key as PKCS#8 PEM. Secret.
    ///
    /// # Errors
    /// `Identity` when the key cannot be written.
    pub fn key_pem(&self) -> Result<String, ProvenanceError> {
        Ok(self.key.to_pkcs8_pem(LineEnding::LF).map_err(identity_error)?.to_string())
    }

    /// The last certificate of the chain: the trust anchor that a verifier needs. Public.
    ///
    /// # Errors
    /// `Identity` when the chain cannot be read.
    pub fn anchor_pem(&self) -> Result<String, ProvenanceError> {
        let begin = self.chain_pem.rfind("-----BEGIN CERTIFICATE-----");
        begin.map(|at| self.chain_pem[at..].to_owned()).ok_or_else(|| identity_error("there is no certificate"))
    }

    pub(super) fn leaf_der(&self) -> &[u8] {
        &self.leaf_der
    }

    /// Signs with ES256; 64 bytes, r and s.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::Signature = self.key.sign(message);
        signature.to_vec()
    }
}

impl fmt::Debug for SigningIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningIdentity(…)")
    }
}

fn certificates(chain_pem: &str) -> Result<Vec<Vec<u8>>, ProvenanceError> {
    let blocks = pem::parse_many(chain_pem).map_err(identity_error)?;
    Ok(blocks.into_iter().filter(|block| block.tag() == "CERTIFICATE").map(pem::Pem::into_contents).collect())
}

/// A key from the seed. Almost every 32 bytes are a valid key; where they are not, the next ones are tried.
fn derive_key(seed: &[u8; 32], purpose: &[u8]) -> SigningKey {
    let mut material = Sha256::new().chain_update(seed).chain_update(purpose).finalize();
    loop {
        let bytes: [u8; 32] = material.into();
        if let Ok(key) = SigningKey::from_bytes(&bytes.into()) {
            return key;
        }
        material = Sha256::digest(bytes);
    }
}

fn certificate_params(installation_name: &str, role: &str, key: &CertificateKey) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, installation_name);
    name.push(DnType::CommonName, format!("{installation_name} {role}"));
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = VALID_FROM;
    params.not_after = VALID_UNTIL;
    let identifier = Sha256::digest(&key.public_key)[..20].to_vec();
    // A serial number is a positive integer: the highest bit stays clear.
    let serial: Vec<u8> = [&[0x4d], &identifier[..15]].concat();
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.key_identifier_method = KeyIdMethod::PreSpecified(identifier);
    params
}

fn identity_error(cause: impl fmt::Display) -> ProvenanceError {
    ProvenanceError::Identity(cause.to_string())
}

/// A P-256 key in the form in which the certificate builder wants it.
struct CertificateKey {
    key: SigningKey,
    public_key: Vec<u8>,
}

impl CertificateKey {
    fn new(key: SigningKey) -> Self {
        let public_key = key.verifying_key().as_affine().to_encoded_point(false).as_bytes().to_vec();
        Self { key, public_key }
    }
}

impl PublicKeyData for CertificateKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public_key
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for CertificateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: DerSignature = self.key.try_sign(message).map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signature.as_bytes().to_vec())
    }
}
