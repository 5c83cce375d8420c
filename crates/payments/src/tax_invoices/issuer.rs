//! Who issues.

use platform::config::Config;

/// Who issues a document, as it was on the day of issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The name of the business.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
    /// `T` and thirteen digits, where the business is registered as an issuer of qualified invoices.
    pub registration_number: Option<String>,
}

/// The longest name and address, in characters.
const NAME_CHARS_MAX: usize = 200;
const ADDRESS_CHARS_MAX: usize = 300;

impl Issuer {
    /// As the settings have it now. An installation that has not said who runs it issues by its own name.
    pub fn of(config: &Config) -> Self {
        let operator = &config.operator;
        let short = |text: &str, chars: usize| text.chars().take(chars).collect::<String>();
        Self {
            name: short(operator.name.as_deref().unwrap_or("Machiya"), NAME_CHARS_MAX),
            address: operator.address.as_deref().map(|address| short(address, ADDRESS_CHARS_MAX)),
            registration_number: operator.registration_number.clone(),
        }
    }
}
