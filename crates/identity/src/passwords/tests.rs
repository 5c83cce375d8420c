//! Which passwords are refused.

use proptest::prelude::*;

use super::policy::NewPassword;

fn fault(text: &str) -> Option<&'static str> {
    let about = ["hanako.yamada@example.jp", "山田花子"];
    NewPassword { text, about: &about, has_second_factor: false }.check().err().map(|problem| problem.code)
}

#[test]
fn what_everybody_tries_first_is_refused() {
    for text in [
        "123456789012345",
        "passwordpassword",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "1234512345123451234512345",
        "password1234567890",
        "iloveyouiloveyou",
        "あああああああああああああああ",
        "qwertyqwertyqwerty",
        "1q2w3e4r5t6y7u8i9o0p",
        "hanako.yamada@example.jp",
        "hanakoyamadahanako",
        "山田花子山田花子山田花子山田花子",
        "machiyamachiyamachiya",
        "Password123456789!",
        "1111111111111111",
        "20001231200012312000",
    ] {
        assert_eq!(fault(text), Some("common_password"), "{text}");
    }
}

#[test]
fn a_phrase_is_accepted_in_any_writing_without_rules_of_composition() {
    for text in [
        "correct horse battery staple",
        "a quiet house on a hill",
        "another house by the sea",
        "machiya-demo-2026",
        "縁側で猫と昼寝をする夏の午後",
        "えんがわでねこがあくびをしている",
        "かぜがふくと風鈴がなる七月のよる",
        "только дождь стучит по крыше",
        "🐈🏠🌧🍵🎐🌙🚲📚🧶🪴🎋🍡🪭🏮🧹",
        "tqxvdjkrpmzwhbn",
    ] {
        let text = if text.chars().count() < 15 { format!("{text}。静かだ") } else { text.to_owned() };
        assert_eq!(fault(&text), None, "{text}");
    }
}

#[test]
fn length_is_counted_in_characters_and_is_less_beside_a_second_factor() {
    assert_eq!(fault(""), Some("required"));
    assert_eq!(fault("tqxvdjkrpmzwhb"), Some("too_short"));
    assert_eq!(fault("縁側で猫と昼寝をする夏の午"), Some("too_short"));
    assert_eq!(fault(&"縁側で猫と昼寝".repeat(50)), Some("too_long"));
    let beside = |text| NewPassword { text, about: &[], has_second_factor: true }.check().is_ok();
    assert!(beside("tqxvdjkr") && !beside("tqxvdjk") && !beside("password") && !beside("12345678"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_judged(text in any::<String>()) {
        let judged = fault(&text);
        prop_assert!(judged.is_none() || ["required", "too_short", "too_long", "common_password"].contains(&judged.unwrap_or_default()));
    }
}

/// The longest that is looked at takes no time that anybody could use against the platform.
#[test]
fn a_long_password_is_judged_soon() {
    for text in ["a1b2c3".repeat(42), "パスワード".repeat(51), "passwordqwerty12".repeat(16)] {
        let judged = std::time::Instant::now();
        let _ = fault(&text);
        assert!(judged.elapsed() < std::time::Duration::from_secs(2), "{text}");
    }
}
