//! The design system: components, page shell, forms, icons, dates, mails and messages.
//!
//! Templates in `templates/` (`components.html`, `shell.html`, `studio_parts.html`), messages in `locales/`, drawings in
//! `drawings/`, styles and scripts in `web/`. A handler renders its own template into a [`Page`]; [`shell::wrap`] puts
//! the frame around it: head, header, footer, the nonce and the security headers.
//!
//! What always holds: a page needs no script; no page has an inline script, an inline style or an event handler; every
//! message exists in both languages.
//!
//! Absent on purpose: anything that knows a table or a route of another crate beyond the links of the header.

// Templates name these functions as `ui::…`, here as in every other crate.
extern crate self as ui;

mod address;
pub mod assets;
mod charts;
pub mod dates;
mod flash;
mod form_errors;
mod icons;
pub mod mails;
mod marks;
mod messages;
mod page;
mod picture;
pub mod shell;
#[cfg(test)]
mod stand_in;
pub mod style_guide;
pub mod switches;
#[cfg(test)]
mod tests;
mod views;

pub use assets::asset_url;
pub use charts::{Bar, ChartLabels, bar_chart};
pub use flash::redirect_with_toast;
pub use form_errors::FormErrors;
pub use icons::{drawing, icon};
pub use marks::{brand_mark, initial, ratio_shape, swatch};
pub use messages::{Args, Messages, arg, languages};
pub use page::{BalanceChip, FormTargets, Page, Toast};
pub use picture::Picture;
pub use views::ViewTally;
