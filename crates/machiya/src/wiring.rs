//! Which routes there are, which work there is, and what follows a payment.

use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::{Extension, Router};
use catalog::Catalog;
use credits::Billing;
use orders::Orders;
use payments::{Payments, Purpose, PurposeRoutes};
use platform::jobs::Registry;
use platform::mail::{self, Mailer};
use platform::{App, storage};
use studio::Studio;

use crate::start::Running;
use crate::{access, dev, openapi, users};

/// The domains, made once at the start.
#[derive(Clone)]
pub struct Domains {
    /// Makes and keeps.
    pub studio: Studio,
    /// Publishes and shows.
    pub catalog: Catalog,
    /// Sells and delivers.
    pub orders: Orders,
    /// Takes money in and gives it back.
    pub payments: Payments,
    /// Begins plans, renews them, and sells packs.
    pub billing: Billing,
}

impl Domains {
    /// Opens every domain of an installation.
    ///
    /// # Errors
    /// When a provider is chosen that is not configured.
    pub fn open(running: &Running) -> anyhow::Result<Self> {
        Self::of(&running.app, &running.seal)
    }

    /// As [`Domains::open`], of the parts.
    ///
    /// # Errors
    /// When a provider is chosen that is not configured.
    pub fn of(app: &App, seal: &std::sync::Arc<media::provenance::Seal>) -> anyhow::Result<Self> {
        let payments = Payments::new(app.clone(), purposes())?;
        let studio = Studio::new(app.clone(), seal.clone());
        let catalog = Catalog::new(app.clone(), seal.clone(), orders::purchases::find_purchase);
        let orders = Orders::new(app.clone(), payments.clone());
        let billing = Billing::new(app.clone(), payments.clone());
        Ok(Self { studio, catalog, orders, payments, billing })
    }
}

/// What a payment was for decides who hears of it.
fn purposes() -> PurposeRoutes {
    let routes = PurposeRoutes::new();
    let routes = routes.route::<orders::SettleOrder, orders::LapseOrder, orders::OrderRefunded>(Purpose::Order);
    let routes = routes.route_disputes::<orders::OrderDisputed>(Purpose::Order);
    credits::payment_routes(routes)
}

/// Every route of the program, without the layers around them (`identity::wrap`).
pub fn routes(app: &App, domains: &Domains) -> Router<App> {
    let mut routes = Router::new()
        .merge(identity::routes(app))
        .merge(studio::routes(domains.studio.clone()))
        .merge(catalog::routes(&domains.catalog))
        .merge(orders::routes(&domains.orders))
        .merge(payments::routes(&domains.payments))
        .merge(credits::routes(&domains.billing))
        .merge(operators::routes())
        .merge(openapi::routes())
        .merge(storage::routes())
        .merge(ui::assets::routes())
        .merge(ui::switches::routes());
    if app.config.is_development() {
        routes = routes.merge(dev::routes()).merge(ui::style_guide::routes());
    }
    let targets = ui::FormTargets(domains.payments.page_origins().into());
    let mark = move |mut response: Response| {
        response.extensions_mut().insert(targets.clone());
        std::future::ready(response)
    };
    routes
        .layer(from_fn_with_state(app.clone(), credits::show_balance))
        .layer(map_response(mark))
        .layer(Extension(access::route_scopes()))
}

/// Every kind of queued work.
///
/// # Errors
/// When the mail server's address does not parse.
pub fn work(app: &App, domains: &Domains) -> anyhow::Result<Registry> {
    Ok(Registry::new()
        .and(mail::register(Mailer::new(&app.config.mail)?))
        .and(identity::jobs())
        .and(identity::exports::jobs(users::contributors()))
        .and(identity::deletion::jobs(users::hooks()))
        .and(credits::register_jobs())
        .and(credits::billing_jobs(&domains.billing))
        .and(studio::register_jobs(&domains.studio))
        .and(catalog::jobs())
        .and(orders::jobs(&domains.orders))
        .and(payments::jobs(&domains.payments)))
}
