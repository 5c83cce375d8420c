//! Every message is there in every language, once.

use super::{Finding, SourceFile, Sources};
use std::collections::BTreeMap;

const LANGUAGES: [&str; 2] = ["ja", "en"];

/// The messages of a language: where each is written.
type Messages<'a> = BTreeMap<String, (&'a str, usize)>;

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut languages: BTreeMap<&str, Messages<'_>> = LANGUAGES.map(|language| (language, Messages::new())).into();
    for file in sources.with_extension("ftl") {
        let language = file.path.split("/locales/").nth(1).and_then(|rest| rest.split('/').next());
        let Some(messages) = language.and_then(|language| languages.get_mut(language)) else {
            findings.push(Finding::error(&file.path, 0, "lies in the folder of no language"));
            continue;
        };
        for (line, key) in keys(file) {
            if let Some((other, first)) = messages.insert(key.clone(), (&file.path, line)) {
                findings.push(Finding::error(&file.path, line, format!("`{key}` is already in {other}:{first}")));
            }
        }
    }
    for (language, messages) in &languages {
        for (other, others) in languages.iter().filter(|(other, _)| *other != language) {
            for (key, (path, line)) in messages.iter().filter(|(key, _)| !others.contains_key(*key)) {
                findings.push(Finding::error(path, *line, format!("`{key}` is missing in `{other}`")));
            }
        }
    }
    findings.extend(unknown_keys(sources, &languages));
    findings
}

/// Keys that templates and code write out for a text to show, and that no language has.
fn unknown_keys(sources: &Sources, languages: &BTreeMap<&str, Messages<'_>>) -> Vec<Finding> {
    let known = |key: &str| languages.values().any(|messages| messages.contains_key(key));
    let mut findings = Vec::new();
    let shown = sources.files.iter().filter(|file| ["rs", "html"].contains(&file.extension()) && !file.is_test());
    for file in shown.filter(|file| file.path.starts_with("crates/")) {
        for (index, line) in file.text.lines().enumerate() {
            let calls = ["t.say(\"", "t.say_with(\""].into_iter().flat_map(|call| line.split(call).skip(1));
            for key in calls.filter_map(|rest| rest.split('"').next()).filter(|key| !known(key)) {
                findings.push(Finding::error(&file.path, index + 1, format!("no language has the message `{key}`")));
            }
        }
    }
    findings
}

/// Messages (`name = …`), terms (`-name = …`) and attributes (`name.attribute`), with their lines.
pub(super) fn keys(file: &SourceFile) -> Vec<(usize, String)> {
    let mut message = "";
    let mut found = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let Some((left, _)) = line.split_once('=') else { continue };
        let name = left.trim_end();
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if is_name(name) && !name.starts_with(char::is_numeric) {
            message = name;
            found.push((index + 1, name.to_owned()));
        } else if let Some(attribute) = name.trim_start().strip_prefix('.').filter(|attribute| is_name(attribute)) {
            found.push((index + 1, format!("{message}.{attribute}")));
        }
    }
    found
}
