//! Writes a licence.

use catalog::products::{LicenseType, Terms};
use kernel::{Locale, ProductId, Yen};
use time::OffsetDateTime;
/// What the head of a licence names.
#[derive(Clone, Copy, Debug)]
pub struct LicenceFacts<'a> {
    /// Its language.
    pub locale: Locale,
    /// Its number.
    pub number: &'a str,
    /// The licence type.
    pub license: LicenseType,
    /// The edition of the terms.
    pub edition: &'a str,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// The seller's name.
    pub licensor: &'a str,
    /// The buyer's name.
    pub licensee: &'a str,
    /// The title as it was when bought.
    pub title: &'a str,
    /// The product.
    pub listing: ProductId,
    /// The number of the order.
    pub order_number: &'a str,
    /// The price that was paid.
    pub price: Yen,
    /// The model or program that made the picture.
    pub made_with: &'a str,
    /// The prompt, which is part of what was bought.
    pub prompt: &'a str,
    /// The picture's SHA-256.
    pub picture_sha256: &'a [u8],
}

macro_rules! edition {
    ($folder:literal, $language:literal, $license:expr) => {{
        let license = match $license {
            LicenseType::Exclusive => include_str!(concat!($folder, "/", $language, "_exclusive.txt")),
            LicenseType::NonExclusive => include_str!(concat!($folder, "/", $language, "_non-exclusive.txt")),
            LicenseType::SingleUse => include_str!(concat!($folder, "/", $language, "_single-use.txt")),
        };
        [
            include_str!(concat!($folder, "/", $language, "_common.txt")),
            license,
            include_str!(concat!($folder, "/", $language, "_closing.txt")),
        ]
        .map(str::trim_end)
        .join("\n\n")
    }};
}

/// The terms of a licence, without names and dates. There is one edition so far.
pub fn terms(locale: Locale, license: LicenseType) -> String {
    match locale {
        Locale::Ja => edition!("2026-11", "ja", license),
        Locale::En => edition!("2026-11", "en", license),
    }
}

/// The whole licence as plain text.
pub fn write(facts: &LicenceFacts<'_>) -> String {
    let date = format!("{} +09:00", ui::dates::iso_second(facts.issued_at));
    let price = if facts.price.is_zero() { "¥0".to_owned() } else { format!("¥{}", facts.price) };
    let sha256: String = facts.picture_sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let t = ui::Messages::new(facts.locale);
    let name = t.say(&Terms::Design(facts.license).message_key("name"));
    let head = match facts.locale {
        Locale::Ja => format!(
            "画像利用許諾書（{name}）\n========================================\n\n\
             許諾番号: {number}\n発行日: {date}\n許諾者（出品者）: {licensor}\n被許諾者（購入者）: {licensee}\n\
             作品: {title}\n出品番号: {listing}\n注文番号: {order}\n代金: {price}\n約款の版: {edition}\n\
             生成に用いたもの: {made_with}\n画像のSHA-256: {sha256}\n\nプロンプト:\n{prompt}\n",
            number = facts.number,
            licensor = facts.licensor,
            licensee = facts.licensee,
            title = facts.title,
            listing = facts.listing,
            order = facts.order_number,
            edition = facts.edition,
            made_with = facts.made_with,
            prompt = facts.prompt,
        ),
        Locale::En => format!(
            "Picture licence ({name})\n========================================\n\n\
             Licence number: {number}\nLicense issued at: {date}\nLicensor (seller): {licensor}\nLicensee (buyer): {licensee}\n\
             Work: {title}\nListing: {listing}\nOrder: {order}\nPrice: {price}\nEdition of the terms: {edition}\n\
             Made with: {made_with}\nSHA-256 of the picture: {sha256}\n\nPrompt:\n{prompt}\n",
            number = facts.number,
            licensor = facts.licensor,
            licensee = facts.licensee,
            title = facts.title,
            listing = facts.listing,
            order = facts.order_number,
            edition = facts.edition,
            made_with = facts.made_with,
            prompt = facts.prompt,
        ),
    };
    format!("{head}\n----------------------------------------\n\n{}\n", terms(facts.locale, facts.license))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_licence_names_both_sides_and_says_what_it_is() {
        for locale in Locale::ALL {
            for license in LicenseType::ALL {
                let text = write(&LicenceFacts {
                    locale,
                    number: "ML-20261121-ABCDEFGH",
                    license,
                    edition: catalog::products::LICENSE_TERMS_EDITION,
                    issued_at: datetime!(2026-11-20 18:30 UTC),
                    licensor: "はな工房",
                    licensee: "山田 花子",
                    title: "庭のワンピース",
                    listing: ProductId(Uuid::from_u128(1)),
                    order_number: "M-20261121-ABCDEFGH",
                    price: Yen(12_800),
                    made_with: "sketch",
                    prompt: "single model, one person only",
                    picture_sha256: &[0xab; 32],
                });
                for part in [
                    "ML-20261121-ABCDEFGH",
                    "はな工房",
                    "山田 花子",
                    "庭のワンピース",
                    "¥12,800",
                    "single model, one person only",
                    "2026-11-21 03:30:00 +09:00",
                    &"ab".repeat(32),
                ] {
                    assert!(text.contains(part), "{locale} {license} lacks {part}");
                }
                assert!(text.contains(&terms(locale, license)));
                assert!(!text.contains("license-"), "a message is missing");
            }
        }
        let all: std::collections::BTreeSet<String> =
            LicenseType::ALL.map(|license| terms(Locale::Ja, license)).into_iter().collect();
        assert_eq!(all.len(), 3);
    }
}
