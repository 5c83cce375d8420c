//! What a handler returns when it answers with a page.

use std::fmt::Display;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::http::Cacheable;
use time::Duration;

use crate::views::ViewTally;

/// A page without its frame: the shell around it is added by [`crate::shell::wrap`].
#[derive(Clone, Debug)]
pub struct Page {
    /// The status of the answer; 200 unless something is wrong.
    pub status: StatusCode,
    /// The title without the name of the platform; empty for the home page.
    pub title: String,
    /// The description for search engines and previews; may be empty.
    pub description: String,
    /// The `robots` directive, such as `noindex`; may be empty.
    pub robots: String,
    /// The path under which search engines should know this page, starting with `/`; may be empty.
    pub canonical_path: String,
    /// `website` or `product`, as Open Graph has it.
    pub og_type: &'static str,
    /// An absolute address of a preview picture; may be empty.
    pub og_image: String,
    /// JSON-LD; may be null.
    pub structured_data: serde_json::Value,
    /// The scripts beyond `core`, as logical names of built files: `studio.js`.
    pub islands: Vec<String>,
    /// Notices shown when the page opens.
    pub toasts: Vec<Toast>,
    /// Whether and how long the page is kept for all anonymous visitors; see [`Page::shared`].
    pub cacheable: Option<Cacheable>,
    /// Counts views; see [`Page::counted`].
    pub view_tally: Option<ViewTally>,
    /// The rendered template, trusted as it is.
    pub body: String,
}

/// A notice that closes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// `success` or `danger`.
    pub kind: &'static str,
    /// The message in the visitor's language.
    pub message: String,
}

/// Origins, besides our own, to which a form of a page may lead: those of the payment providers. An extension of the response.
#[derive(Clone, Debug, Default)]
pub struct FormTargets(pub std::sync::Arc<[&'static str]>);

/// The balance in the header of every page; a middleware of the credits puts it into the answer's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceChip {
    /// The page with its details.
    pub href: &'static str,
    /// The balance as a sentence, for screen readers and the menu.
    pub label: String,
    /// Image credits.
    pub images: String,
    /// Tokens.
    pub tokens: String,
}

impl Page {
    /// A page with its title (in the visitor's language) and its rendered template.
    pub fn new(title: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            description: String::new(),
            robots: String::new(),
            canonical_path: String::new(),
            og_type: "website",
            og_image: String::new(),
            structured_data: serde_json::Value::Null,
            islands: Vec::new(),
            toasts: Vec::new(),
            cacheable: None,
            view_tally: None,
            body: body.into(),
        }
    }

    /// Answers with another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Describes the page for search engines and previews.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Keeps the page out of search engines: everything personal.
    #[must_use]
    pub fn private(mut self) -> Self {
        "noindex, nofollow".clone_into(&mut self.robots);
        self
    }

    /// Sets the `robots` directive.
    #[must_use]
    pub fn robots(mut self, directive: impl Into<String>) -> Self {
        self.robots = directive.into();
        self
    }

    /// The path (with the part of the query that matters) under which the page is known.
    #[must_use]
    pub fn canonical(mut self, path: impl Into<String>) -> Self {
        self.canonical_path = path.into();
        self
    }

    /// Says that the page shows something for sale.
    #[must_use]
    pub fn product(mut self) -> Self {
        self.og_type = "product";
        self
    }

    /// The picture of previews, as an absolute address.
    #[must_use]
    pub fn og_image(mut self, address: impl Into<String>) -> Self {
        self.og_image = address.into();
        self
    }

    /// Structured data (schema.org) as JSON-LD.
    #[must_use]
    pub fn structured_data(mut self, data: serde_json::Value) -> Self {
        self.structured_data = data;
        self
    }

    /// Loads an island: `gallery`, `studio`, `publish`, `orders`.
    #[must_use]
    pub fn island(mut self, name: &str) -> Self {
        self.islands.push(format!("{name}.js"));
        self
    }

    /// Sends every anonymous visitor the same page for up to `lifetime` without asking the handler again. Only for pages
    /// that say the same to all of them. Any change ends it, until [`Page::tagged`] says which do.
    #[must_use]
    pub fn shared(mut self, lifetime: Duration) -> Self {
        self.cacheable = Some(Cacheable::during(lifetime));
        self
    }

    /// Names something that a [`Page::shared`] page shows, such as the id of a product: only changes of such tags end it.
    #[must_use]
    pub fn tagged(mut self, tag: impl Display) -> Self {
        self.cacheable = self.cacheable.map(|cacheable| cacheable.tagged(tag));
        self
    }

    /// Counts every view of this page by a person, cached answers included. Prefetching browsers and programs that name
    /// themselves do not count.
    #[must_use]
    pub fn counted(mut self, tally: ViewTally) -> Self {
        self.view_tally = Some(tally);
        self
    }

    /// Shows a notice when the page opens.
    #[must_use]
    pub fn toast(mut self, kind: &'static str, message: impl Into<String>) -> Self {
        self.toasts.push(Toast { kind, message: message.into() });
        self
    }
}

impl IntoResponse for Page {
    /// The page travels in the response's extensions; its body stays empty until the shell has wrapped it.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}
