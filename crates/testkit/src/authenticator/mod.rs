//! A software authenticator: the client and device side of WebAuthn (level 3), with faults on command.
//!
//! It knows nothing of the crate that it tests and speaks the formats by itself: client data, authenticator data, COSE
//! keys, attestation of the format `none`, ES256 signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use kernel::Random;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// What an authenticator, or whoever sits between it and the platform, does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorError {
    /// The page that asked was another site's.
    ForeignOrigin,
    /// The credential is for another domain.
    ForeignDomain,
    /// The answer is to another challenge.
    OtherChallenge,
    /// The user was there but did not unlock the device.
    NotVerified,
    /// Nobody touched anything.
    NotPresent,
    /// The counter is lower than before, as a copy's is.
    CounterWentBack,
    /// The signature is another key's.
    ForeignSignature,
    /// A registration is answered where a proof was asked for, or the other way round.
    OtherCeremony,
    /// The owner is said to be somebody else.
    OtherOwner,
}

/// A device with one key.
pub struct Authenticator {
    origin: String,
    domain: String,
    key: SigningKey,
    credential_id: [u8; 16],
    owner: Vec<u8>,
    counter: u32,
}

impl Authenticator {
    /// A device in a browser that shows `origin`, whose pages ask for the credentials of `domain`.
    ///
    /// # Panics
    /// When a key cannot be drawn.
    pub fn new(origin: &str, domain: &str) -> Self {
        let random = Random::system();
        #[expect(clippy::expect_used, reason = "a random number is a key but once in 2^128")]
        let key = SigningKey::from_slice(&random.bytes::<32>()).expect("a key");
        Self {
            origin: origin.to_owned(),
            domain: domain.to_owned(),
            key,
            credential_id: random.bytes(),
            owner: Vec::new(),
            counter: 0,
        }
    }

    /// The credential's id in base64url.
    pub fn credential_id(&self) -> String {
        text(&self.credential_id)
    }

    /// `navigator.credentials.create()` with the `publicKey` of the platform, as `toJSON()` says it.
    ///
    /// # Panics
    /// When the options are none.
    pub fn create(&mut self, options: &Value, fault: Option<AuthenticatorError>) -> Value {
        self.owner = bytes(&options["user"]["id"]);
        let client_data = self.client_data("webauthn.create", &options["challenge"], fault);
        let point = self.key.verifying_key().to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| Cbor::Bytes(bytes.map(|b| b.to_vec()).unwrap_or_default());
        // The order is CTAP2's canonical one.
        let cose = Cbor::Map(vec![
            (Cbor::from(1), Cbor::from(2)),
            (Cbor::from(3), Cbor::from(-7)),
            (Cbor::from(-1), Cbor::from(1)),
            (Cbor::from(-2), coordinate(point.x())),
            (Cbor::from(-3), coordinate(point.y())),
        ]);
        let mut data = self.authenticator_data(0x40, fault);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 16]);
        data.extend_from_slice(&self.credential_id);
        data.extend_from_slice(&cbor(&cose));
        let attestation = Cbor::Map(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::from("authData"), Cbor::Bytes(data)),
        ]);
        json!({
            "id": self.credential_id(),
            "rawId": self.credential_id(),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "clientDataJSON": text(client_data.as_bytes()),
                "attestationObject": text(&cbor(&attestation)),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// `navigator.credentials.get()` with the `publicKey` of the platform, as `toJSON()` says it.
    pub fn get(&mut self, options: &Value, fault: Option<AuthenticatorError>) -> Value {
        self.counter = if fault == Some(AuthenticatorError::CounterWentBack) { 1 } else { self.counter + 10 };
        let client_data = self.client_data("webauthn.get", &options["challenge"], fault);
        let data = self.authenticator_data(0, fault);
        let mut signed = data.clone();
        signed.extend_from_slice(&Sha256::digest(client_data.as_bytes()));
        let signature: Signature = if fault == Some(AuthenticatorError::ForeignSignature) {
            Self::new(&self.origin, &self.domain).key.sign(&signed)
        } else {
            self.key.sign(&signed)
        };
        let owner = if fault == Some(AuthenticatorError::OtherOwner) { vec![7; 16] } else { self.owner.clone() };
        json!({
            "id": self.credential_id(),
            "rawId": self.credential_id(),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(client_data.as_bytes()),
                "authenticatorData": text(&data),
                "signature": text(signature.to_der().as_bytes()),
                "userHandle": text(&owner),
            },
        })
    }

    fn client_data(&self, ceremony: &str, challenge: &Value, fault: Option<AuthenticatorError>) -> String {
        let other = if ceremony == "webauthn.get" { "webauthn.create" } else { "webauthn.get" };
        let ceremony = if fault == Some(AuthenticatorError::OtherCeremony) { other } else { ceremony };
        let asked = challenge.as_str().unwrap_or_default();
        let challenge =
            if fault == Some(AuthenticatorError::OtherChallenge) { text(&[9; 16]) } else { asked.to_owned() };
        let foreign = fault == Some(AuthenticatorError::ForeignOrigin);
        let origin = if foreign { "https://machiya.evil.example" } else { &self.origin };
        // The order of the members is the standard's (§5.8.1.1).
        format!(r#"{{"type":"{ceremony}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
    }

    fn authenticator_data(&self, more_flags: u8, fault: Option<AuthenticatorError>) -> Vec<u8> {
        let foreign = fault == Some(AuthenticatorError::ForeignDomain);
        let domain = if foreign { "evil.example" } else { &self.domain };
        let flags = match fault {
            Some(AuthenticatorError::NotVerified) => 0x01,
            Some(AuthenticatorError::NotPresent) => 0x04,
            _ => 0x05,
        };
        let mut data = Sha256::digest(domain.as_bytes()).to_vec();
        data.push(flags | more_flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[expect(clippy::expect_used, reason = "a test that hands over no options is a bad test")]
fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("base64url")).expect("base64url")
}

#[expect(clippy::expect_used, reason = "writing to memory does not fail")]
fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("CBOR is written");
    bytes
}
