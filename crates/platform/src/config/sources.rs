//! Values of settings by name, from the file and the environment. Collects every error instead of stopping at the first.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use secrecy::SecretString;
use url::Url;

use super::settings::{SETTINGS, Setting};

/// All that is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} fault(s):", self.0.len())?;
        self.0.iter().try_for_each(|fault| writeln!(f, "  - {fault}"))
    }
}

pub(super) struct Sources<'a> {
    file: toml::Table,
    environment: &'a BTreeMap<String, String>,
    pub(super) faults: Vec<String>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(file: &str, environment: &'a BTreeMap<String, String>) -> Self {
        let mut faults = Vec::new();
        let file = file.parse::<toml::Table>().unwrap_or_else(|error| {
            faults.push(format!("machiya.toml: {error}"));
            toml::Table::new()
        });
        for key in file.keys() {
            if !SETTINGS.iter().any(|setting| file_key(setting) == *key) {
                faults.push(format!("machiya.toml: there is no setting {key}"));
            }
        }
        Self { file, environment, faults }
    }

    pub(super) fn find(&self, setting: &Setting) -> (String, String) {
        for name in std::iter::once(&setting.name).chain(setting.also) {
            if let Some(value) = self.environment.get(*name).filter(|value| !value.is_empty()) {
                return (value.trim().to_owned(), (*name).to_owned());
            }
        }
        match self.file.get(&file_key(setting)) {
            Some(toml::Value::String(text)) => (text.trim().to_owned(), "machiya.toml".to_owned()),
            Some(other) => (other.to_string(), "machiya.toml".to_owned()),
            None => (setting.default.to_owned(), "default".to_owned()),
        }
    }

    pub(super) fn text(&self, name: &str) -> String {
        SETTINGS.iter().find(|setting| setting.name == name).map(|setting| self.find(setting).0).unwrap_or_default()
    }

    pub(super) fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.optional(name).map(SecretString::from)
    }

    pub(super) fn parse<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = self.text(name);
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.faults.push(format!("{name}: {text:?} is not {what}"));
        }
        parsed
    }

    pub(super) fn url(&mut self, name: &str) -> Option<Url> {
        let url: Option<Url> = self.parse(name, "an address that begins with http:// or https://");
        url.filter(|url| {
            let fits = matches!(url.scheme(), "http" | "https") && url.host().is_some();
            if !fits {
                self.faults.push(format!("{name}: {url} does not begin with http:// or https://"));
            }
            fits
        })
    }

    pub(super) fn list<T: FromStr>(&mut self, name: &str, what: &str) -> Vec<T> {
        let text = self.text(name);
        let mut found = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(value) => found.push(value),
                Err(_) => self.faults.push(format!("{name}: {part:?} is not {what}")),
            }
        }
        found
    }

    pub(super) fn one_of(&mut self, name: &str, allowed: &[&str], otherwise: &str) -> String {
        let text = self.optional(name).unwrap_or_else(|| otherwise.to_owned());
        if !allowed.contains(&text.as_str()) {
            self.faults.push(format!("{name}: {text:?} is none of {}", allowed.join(", ")));
        }
        text
    }

    pub(super) fn number(&mut self, name: &str, from: u32, to: u32) -> u32 {
        let number: Option<u32> = self.parse(name, "a whole number");
        match number {
            Some(number) if (from..=to).contains(&number) => number,
            Some(number) => {
                self.faults.push(format!("{name}: {number} is not between {from} and {to}"));
                from
            }
            None => from,
        }
    }
}

fn file_key(setting: &Setting) -> String {
    setting.name.trim_start_matches("MACHIYA_").to_ascii_lowercase()
}
