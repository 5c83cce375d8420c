//! Sealed pictures: believable, unchanged to the eye, and silent about prompts.

use super::*;
use crate::images::samples::{cutout, files, jpeg_with, photo, png_chunk, png_with};
use crate::images::{Bitmap, ImageFacts, decode, encode_png, encode_webp, inspect};
use std::sync::LazyLock;

static SEAL: LazyLock<Seal> = LazyLock::new(|| Seal::new(identity(7)).unwrap());

fn identity(seed: u8) -> SigningIdentity {
    SigningIdentity::generate(&[seed; 32], "Open Wardrobe Market").unwrap()
}

fn created(source_type: SourceType) -> Claim<'static> {
    Claim { source_type, made_with: "gemini-2.5-flash-image", parent: None, steps: &[] }
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

fn assert_sealed(picture: &[u8], facts: ImageFacts, pixels: &Bitmap, source_type: SourceType) {
    let sealed = SEAL.sign(picture, &created(source_type)).unwrap();
    assert_eq!(inspect(&sealed), Ok(facts));
    assert!(&decode(&sealed).unwrap() == pixels, "the pixels of {facts:?} changed");
    let credentials = SEAL.verify(&sealed).unwrap();
    assert_eq!(credentials.validation_codes, Vec::<String>::new());
    assert_eq!(credentials.trust, Trust::Trusted);
    assert_eq!(credentials.source_type, Some(source_type));
    assert_eq!(credentials.actions, ["c2pa.created"]);
    assert_eq!(credentials.generator.as_deref(), Some("Machiya"));
    assert!(!credentials.has_parent);
    assert!(contains(&sealed, &format!("Iptc4xmpExt:DigitalSourceType=\"{}\"", source_type.uri())));
    let grown = sealed.len() - picture.len();
    assert!(grown < 6 * 1024, "credentials of {grown} bytes");
}

#[test]
fn every_format_and_source_type_is_sealed_and_keeps_its_pixels() {
    let types = [
        SourceType::TrainedAlgorithmicMedia,
        SourceType::CompositeWithTrainedAlgorithmicMedia,
        SourceType::AlgorithmicMedia,
    ];
    for file in files(&photo(211, 133, 1)) {
        let (facts, pixels) = (inspect(&file).unwrap(), decode(&file).unwrap());
        for source_type in types {
            assert_sealed(&file, facts, &pixels, source_type);
        }
    }
}

#[test]
fn transparent_pictures_are_sealed_too() {
    let bitmap = cutout(99, 51);
    for file in [encode_png(&bitmap).unwrap(), encode_webp(&bitmap, 80).unwrap(), lossless_webp(&bitmap)] {
        assert_sealed(&file, inspect(&file).unwrap(), &decode(&file).unwrap(), SourceType::AlgorithmicMedia);
    }
}

fn lossless_webp(bitmap: &Bitmap) -> Vec<u8> {
    webp::Encoder::from_rgba(bitmap.pixels(), bitmap.width_px(), bitmap.height_px()).encode_lossless().to_vec()
}

#[test]
fn a_derivative_names_its_parent_and_what_was_done() {
    let bitmap = photo(300, 200, 1);
    let original = SEAL.sign(&files(&bitmap)[0], &created(SourceType::TrainedAlgorithmicMedia)).unwrap();
    let parent = SEAL.read_parent(&original).unwrap();
    for preview in files(&photo(150, 100, 1)) {
        let claim = Claim {
            source_type: SourceType::TrainedAlgorithmicMedia,
            made_with: "gemini-2.5-flash-image",
            parent: Some(&parent),
            steps: &[Step::Resized, Step::Watermarked],
        };
        let sealed = SEAL.sign(&preview, &claim).unwrap();
        let credentials = SEAL.verify(&sealed).unwrap();
        assert_eq!((credentials.trust, &credentials.validation_codes), (Trust::Trusted, &vec![]));
        assert!(credentials.has_parent);
        assert_eq!(credentials.actions, ["c2pa.opened", "c2pa.resized", "c2pa.edited"]);
        assert!(decode(&sealed).unwrap() == decode(&preview).unwrap());
        assert!(contains(&sealed, "digitalsourcetype/trainedAlgorithmicMedia"));
        let grown = sealed.len() - preview.len();
        assert!(grown < 16 * 1024, "credentials of {grown} bytes");
    }
}

#[test]
fn a_parent_without_credentials_will_do() {
    let [png, jpeg, _] = files(&photo(100, 80, 1));
    let parent = SEAL.read_parent(&jpeg).unwrap();
    let claim = Claim {
        source_type: SourceType::CompositeWithTrainedAlgorithmicMedia,
        made_with: "gpt-image-1",
        parent: Some(&parent),
        steps: &[Step::Edited, Step::Transcoded],
    };
    let credentials = SEAL.verify(&SEAL.sign(&png, &claim).unwrap()).unwrap();
    assert_eq!((credentials.trust, credentials.has_parent), (Trust::Trusted, true));
    assert_eq!(credentials.source_type, Some(SourceType::CompositeWithTrainedAlgorithmicMedia));
}

#[test]
fn a_changed_picture_is_noticed() {
    for file in files(&photo(120, 90, 1)) {
        let sealed = SEAL.sign(&file, &created(SourceType::TrainedAlgorithmicMedia)).unwrap();
        let mut changed = sealed.clone();
        let at = if inspect(&file).unwrap().format.extension() == "webp" { 90 } else { changed.len() - 20 };
        changed[at] ^= 1;
        let trust = SEAL.verify(&changed).map(|credentials| credentials.trust);
        assert!(matches!(trust, Ok(Trust::Broken)), "{trust:?} at {at}");
    }
}

#[test]
fn an_unknown_signer_is_valid_but_not_trusted() {
    let unknown = Seal::new(identity(8)).unwrap();
    let file = &files(&photo(64, 64, 1))[1];
    let sealed = unknown.sign(file, &created(SourceType::TrainedAlgorithmicMedia)).unwrap();
    assert_eq!(unknown.verify(&sealed).unwrap().trust, Trust::Trusted);
    assert_eq!(SEAL.verify(&sealed).unwrap().trust, Trust::Unknown);
    let both = format!("{}{}", identity(7).anchor_pem().unwrap(), identity(8).anchor_pem().unwrap());
    assert_eq!(verify(&sealed, &both).unwrap().trust, Trust::Trusted);
    assert_eq!(verify(file, &both).unwrap_err().code(), "no_credentials");
    assert_eq!(verify(b"no picture", &both).unwrap_err().code(), "not_a_picture");
}

#[test]
fn nothing_that_a_person_wrote_stays_in_the_file() {
    let secret = "parameters\0a model in a secret red dress";
    let [png, jpeg, _] = files(&photo(64, 48, 1));
    let xmp = b"XML:com.adobe.xmp\0\0\0\0\0<x>a model in a secret red dress</x>";
    let chatty_png = png_with(
        &png,
        &[png_chunk(b"tEXt", secret.as_bytes()), png_chunk(b"iTXt", xmp), png_chunk(b"teSt", b"secret")],
    );
    let comment = jpeg_with(&jpeg, 0xfe, secret.as_bytes());
    let exif = [b"Exif\0\0".as_slice(), secret.as_bytes()].concat();
    let chatty_jpeg = jpeg_with(&jpeg_with(&comment, 0xe1, &exif), 0xed, secret.as_bytes());
    for chatty in [chatty_png, chatty_jpeg] {
        assert!(contains(&chatty, "secret"));
        let sealed = SEAL.sign(&chatty, &created(SourceType::TrainedAlgorithmicMedia)).unwrap();
        assert!(!contains(&sealed, "secret"));
        assert_eq!(SEAL.verify(&sealed).unwrap().trust, Trust::Trusted);
    }
}

#[test]
fn orientation_and_colour_profile_stay() {
    let [png, jpeg, webp] = files(&photo(64, 48, 1));
    let exif = {
        let mut exif = crate::images::Orientation::Upright.to_exif();
        exif[18] = 6;
        exif
    };
    let turned_jpeg = jpeg_with(&jpeg, 0xe1, &[b"Exif\0\0".as_slice(), &exif].concat());
    let profiled_jpeg = jpeg_with(&turned_jpeg, 0xe2, b"ICC_PROFILE\0\x01\x01profile");
    let turned_png = png_with(&png, &[png_chunk(b"eXIf", &exif)]);
    let turned_webp = {
        let chunk = [b"EXIF".as_slice(), &26_u32.to_le_bytes(), &exif].concat();
        let header = [0b1000, 0, 0, 0, 63, 0, 0, 47, 0, 0];
        let body = [b"WEBPVP8X".as_slice(), &10_u32.to_le_bytes(), &header, &webp[12..], &chunk].concat();
        [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
    };
    for turned in [turned_jpeg, profiled_jpeg.clone(), turned_png, turned_webp] {
        let facts = inspect(&turned).unwrap();
        assert_eq!((facts.width_px, facts.height_px), (48, 64));
        assert_sealed(&turned, facts, &decode(&turned).unwrap(), SourceType::TrainedAlgorithmicMedia);
    }
    let sealed = SEAL.sign(&profiled_jpeg, &created(SourceType::TrainedAlgorithmicMedia)).unwrap();
    assert!(contains(&sealed, "ICC_PROFILE\0\u{1}\u{1}profile"));
}

#[test]
fn sealing_again_replaces_the_seal() {
    for file in files(&photo(80, 60, 1)) {
        let once = SEAL.sign(&file, &created(SourceType::TrainedAlgorithmicMedia)).unwrap();
        let twice = SEAL.sign(&once, &created(SourceType::AlgorithmicMedia)).unwrap();
        let credentials = SEAL.verify(&twice).unwrap();
        assert_eq!((credentials.trust, credentials.source_type), (Trust::Trusted, Some(SourceType::AlgorithmicMedia)));
        assert!(twice.len() < once.len() + 64);
    }
}

#[test]
fn an_identity_is_kept_as_two_texts() {
    let identity = identity(3);
    let again = SigningIdentity::from_pem(identity.chain_pem(), &identity.key_pem().unwrap()).unwrap();
    let file = &files(&photo(32, 32, 1))[0];
    let sealed = Seal::new(again).unwrap().sign(file, &created(SourceType::AlgorithmicMedia)).unwrap();
    let credentials = verify(&sealed, &identity.anchor_pem().unwrap()).unwrap();
    assert_eq!(credentials.trust, Trust::Trusted);
    assert_eq!(credentials.signed_by.as_deref(), Some("Open Wardrobe Market content credentials"));
    assert_eq!(identity.chain_pem(), self::identity(3).chain_pem());
    assert_ne!(identity.chain_pem(), self::identity(4).chain_pem());
    assert!(!format!("{identity:?}").contains("PRIVATE"));
}

#[test]
fn texts_that_are_no_identity_are_refused() {
    let (one, two) = (identity(1), identity(2));
    let key = two.key_pem().unwrap();
    for (chain, key) in [(one.chain_pem(), key.as_str()), ("", key.as_str()), (one.chain_pem(), "x"), ("x", "y")] {
        assert_eq!(SigningIdentity::from_pem(chain, key).unwrap_err().code(), "signing_identity_invalid");
    }
}

#[test]
fn what_is_no_picture_is_not_sealed() {
    let claim = created(SourceType::AlgorithmicMedia);
    assert_eq!(SEAL.sign(b"hello", &claim).unwrap_err().code(), "not_a_picture");
    let whole = &files(&photo(64, 64, 1))[0];
    assert_eq!(SEAL.sign(&whole[..whole.len() / 2], &claim).unwrap_err().code(), "picture_truncated");
}
