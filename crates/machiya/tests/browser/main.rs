//! The whole program as people meet it in a browser: the walks of `web/tests/product`, each against a program of its own.
//!
//! `sketch` draws and the sandbox takes the money, so that nothing leaves the machine. A walk says in its output what it
//! found; here it only passes or fails.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

#[path = "../program/process.rs"]
#[expect(dead_code, reason = "the tests of the program use more of it")]
mod process;

use std::path::PathBuf;

use process::{PASSWORD, Person, Program};
use tokio::process::Command;

fn web_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web"))
}

/// Somebody who runs the platform, for the walks that look into the operators' console.
async fn operator_of(program: &Program) -> Person {
    let operator = program.person("operator").await;
    let granted =
        program.command("admin").args(["grant-operator", &operator.email]).output().await.expect("admin runs");
    assert!(granted.status.success(), "{}", String::from_utf8_lossy(&granted.stderr));
    operator
}

/// Runs one walk with Node against a fresh program, then has the books of the program checked.
async fn walks(name: &str) {
    walks_in(name, "ja,en").await;
}

/// The same for those that look at one language at a time.
async fn walks_in(name: &str, languages: &str) {
    let web = web_folder();
    assert!(web.join("node_modules/playwright-core").is_dir(), "run `npm ci` and `npm run build` in web/ first");
    assert!(web.join("dist/manifest.json").is_file(), "run `npm run build` in web/ first");
    let mut program = Program::start().await;
    let operator = operator_of(&program).await;
    let walk = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .arg(format!("tests/product/{name}.mjs"))
        .current_dir(&web)
        .env("MACHIYA_URL", &program.url)
        .env("MACHIYA_LANGUAGE", languages)
        .env("MACHIYA_OPERATOR", &operator.email)
        .env("MACHIYA_OPERATOR_PASSWORD", PASSWORD)
        .kill_on_drop(true)
        .output()
        .await
        .expect("Node.js runs");
    let printed = format!("{}{}", String::from_utf8_lossy(&walk.stdout), String::from_utf8_lossy(&walk.stderr));
    assert!(walk.status.success(), "{printed}");
    program.verify().await;
    assert!(program.stop().await, "an orderly end");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_make_publish_buy_and_download() {
    walks("walk").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_where_no_script_runs() {
    walks("scriptless").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_studio_needs_no_pointer() {
    walks("keyboard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_in_japanese() {
    walks_in("accessibility", "ja").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_in_english() {
    walks_in("accessibility", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_an_account_is_accessible_in_japanese() {
    walks_in("accessibility_accounts", "ja").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_an_account_is_accessible_in_english() {
    walks_in("accessibility_accounts", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_needs_no_pointer() {
    walks("keyboard_accounts").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_pay_first_and_keep_a_plan_for_a_year() {
    walks("plans").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_loses_nothing_and_shows_the_way_on() {
    walks("trouble").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_while_a_page_loads() {
    walks("stillness").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_open_the_door() {
    walks("passkeys").await;
}
