//! The commands, and the documents that must agree with them.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use platform::config::SETTINGS;

fn machiya(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_machiya"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs")
}

fn document(name: &str) -> String {
    let path = format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect("the document is there")
}

#[test]
fn config_prints_every_setting_and_no_secret() {
    let done =
        machiya(&["config"], &[("STRIPE_SECRET_KEY", "sk_test_hidden"), ("STRIPE_WEBHOOK_SECRET", "whsec_hidden")]);
    assert!(done.status.success());
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    for setting in SETTINGS {
        assert!(printed.contains(setting.name), "{} is printed", setting.name);
    }
    assert!(!printed.contains("_hidden"), "{printed}");
}

#[test]
fn every_setting_is_in_the_operations_manual() {
    let manual = document("OPERATIONS.md");
    let missing: Vec<_> = SETTINGS
        .iter()
        .filter(|setting| !manual.contains(&format!("`{}`", setting.name)))
        .map(|setting| format!("| `{}` | {} | {} |", setting.name, setting.default, setting.meaning))
        .collect();
    assert!(missing.is_empty(), "add to docs/OPERATIONS.md:\n{}", missing.join("\n"));
}

#[test]
fn a_wrong_configuration_is_told_whole_and_the_program_does_not_start() {
    let done = machiya(&["serve"], &[("MACHIYA_LISTEN", "nowhere"), ("MACHIYA_DATABASE_POOL", "0")]);
    assert!(!done.status.success());
    let printed = String::from_utf8_lossy(&done.stderr);
    assert!(printed.contains("MACHIYA_LISTEN") && printed.contains("MACHIYA_DATABASE_POOL"), "{printed}");
}

#[test]
fn production_refuses_the_sandbox() {
    let done = machiya(&["serve"], &[("MACHIYA_ENV", "production")]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("sandbox"));
}

#[test]
fn the_api_document_names_what_the_specification_names() {
    let done = machiya(&["openapi"], &[]);
    let document: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let paths: BTreeSet<&str> =
        document["paths"].as_object().into_iter().flatten().map(|(path, _)| path.as_str()).collect();
    for path in [
        "/api/auth/signup",
        "/api/auth/login",
        "/api/auth/me",
        "/api/auth/logout",
        "/api/nano/generate",
        "/api/jobs/{id}",
        "/api/jobs/{id}/events",
        "/api/user-gallery",
        "/api/catalog",
        "/api/user-gallery/publish",
        "/api/user-gallery/unpublish",
        "/api/gallery/public",
        "/api/checkout",
        "/api/webhooks/{provider}",
        "/api/orders",
        "/api/orders/{id}",
        "/api/entitlements",
        "/api/entitlements/{id}/download",
    ] {
        assert!(paths.contains(path), "{path} is described");
    }
}
