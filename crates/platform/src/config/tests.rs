use std::collections::BTreeMap;

use super::ConfigErrors;
use super::read::{config, describe};

fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn nothing_needs_to_be_set() -> Result<(), ConfigErrors> {
    let config = config("", &environment(&[]))?;
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(config.ai.image_provider, "sketch");
    assert!(config.seed_demo && config.is_development() && !config.is_https());
    Ok(())
}

#[test]
fn the_environment_beats_the_file_and_the_specifications_names_count() -> Result<(), ConfigErrors> {
    let config = config(
        "listen = \"127.0.0.1:1\"\ncheckout_minutes = 45\n",
        &environment(&[("MACHIYA_LISTEN", "127.0.0.1:2"), ("GOOGLE_API_KEY", "k")]),
    )?;
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.payments.checkout_minutes, 45);
    assert_eq!(config.ai.image_provider, "gemini");
    Ok(())
}

#[test]
fn every_fault_is_told_at_once_and_no_secret_with_it() {
    let faults = config(
        "lisen = 1",
        &environment(&[
            ("MACHIYA_ENV", "production"),
            ("MACHIYA_LISTEN", "nowhere"),
            ("MACHIYA_DATABASE_POOL", "0"),
            ("MACHIYA_SECRET", "short-and-secret"),
            ("MACHIYA_STRIPE_BASE_URL", "ftp://x"),
        ]),
    )
    .expect_err("it is wrong in many ways");
    let text = faults.to_string();
    for part in ["lisen", "MACHIYA_LISTEN", "MACHIYA_DATABASE_POOL", "sandbox", "MACHIYA_STRIPE_BASE_URL"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("short-and-secret"));
}

#[test]
fn hosts_of_pictures_are_host_names() -> Result<(), ConfigErrors> {
    let hosts = |text: &str| config("", &environment(&[("MACHIYA_PICTURE_HOSTS", text)]));
    assert_eq!(hosts("")?.ai.picture_hosts, Vec::<String>::new());
    assert_eq!(hosts("CDN.example, 10.0.0.7")?.ai.picture_hosts, ["cdn.example", "10.0.0.7"]);
    let faults = hosts("https://cdn.example/a").expect_err("an address is no host");
    assert!(faults.to_string().contains("MACHIYA_PICTURE_HOSTS"), "{faults}");
    Ok(())
}

#[test]
fn production_is_told_what_the_law_wants_and_nobody_has_said() -> Result<(), ConfigErrors> {
    let live = [
        ("MACHIYA_ENV", "production"),
        ("MACHIYA_STRIPE_SECRET_KEY", "sk"),
        ("MACHIYA_STRIPE_WEBHOOK_SECRET", "whsec"),
        ("MACHIYA_OPERATOR_NAME", "株式会社まちや"),
    ];
    let warnings = config("", &environment(&live))?.warnings();
    assert_eq!(warnings.len(), 5, "{warnings:?}");
    assert!(warnings.iter().any(|warning| warning.starts_with("MACHIYA_OPERATOR_PHONE ")), "{warnings:?}");
    assert!(!warnings.iter().any(|warning| warning.contains("MACHIYA_OPERATOR_NAME ")), "{warnings:?}");
    assert!(config("", &environment(&[]))?.warnings().is_empty());
    Ok(())
}

#[test]
fn a_registration_number_is_checked_before_a_paper_bears_it() -> Result<(), ConfigErrors> {
    let set = |number: &str| {
        let variables = [("MACHIYA_OPERATOR_NAME", "株式会社まちや"), ("MACHIYA_OPERATOR_REGISTRATION_NUMBER", number)];
        config("", &environment(&variables))
    };
    // The number of the National Tax Agency itself.
    assert_eq!(set("T7000012050002")?.operator.registration_number.as_deref(), Some("T7000012050002"));
    assert_eq!(set("t7-0000-1205-0002")?.operator.registration_number.as_deref(), Some("T7000012050002"));
    assert_eq!(set("")?.operator.registration_number, None);
    for wrong in
        ["7000012050002", "T700001205000", "T70000120500022", "T7000012050003", "T7000012005002", "T700001205000x"]
    {
        let faults = set(wrong).expect_err(wrong).to_string();
        assert!(faults.contains("MACHIYA_OPERATOR_REGISTRATION_NUMBER"), "{faults}");
    }
    let nameless = config("", &environment(&[("MACHIYA_OPERATOR_REGISTRATION_NUMBER", "T7000012050002")]));
    assert!(nameless.expect_err("nobody's").to_string().contains("MACHIYA_OPERATOR_NAME"));
    Ok(())
}

#[test]
fn secrets_are_described_and_hidden() -> Result<(), ConfigErrors> {
    let values = describe("", &environment(&[("STRIPE_SECRET_KEY", "sk_test_1")]))?;
    let stripe = values.iter().find(|value| value.setting.name == "MACHIYA_STRIPE_SECRET_KEY").expect("listed");
    assert_eq!((stripe.shown.as_str(), stripe.source.as_str()), ("(hidden)", "STRIPE_SECRET_KEY"));
    Ok(())
}
