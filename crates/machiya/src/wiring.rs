//! Which routes there are, which work there is, and what follows a payment.

use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use credits::Billing;
use market::Market;
use payments::{Payments, Purpose, PurposeRoutes};
use platform::jobs::Registry;
use platform::mail::{self, Mailer};
use platform::{House, storage};
use studio::Studio;

use crate::start::Running;
use crate::{access, dev, openapi, people};

/// The domains, made once at the start.
#[derive(Clone)]
pub struct Domains {
    /// Makes and keeps.
    pub studio: Studio,
    /// Sells and delivers.
    pub market: Market,
    /// Takes money in and gives it back.
    pub payments: Payments,
    /// Begins plans, renews them, and sells packs.
    pub billing: Billing,
}

impl Domains {
    /// Opens every domain of a house.
    ///
    /// # Errors
    /// When a provider is chosen that is not configured.
    pub fn open(running: &Running) -> anyhow::Result<Self> {
        Self::of(&running.house, &running.seal)
    }

    /// As [`Domains::open`], of the parts.
    ///
    /// # Errors
    /// When a provider is chosen that is not configured.
    pub fn of(house: &House, seal: &std::sync::Arc<media::provenance::Seal>) -> anyhow::Result<Self> {
        let payments = Payments::new(house.clone(), purposes())?;
        let studio = Studio::new(house.clone(), seal.clone());
        let market = Market::new(house.clone(), payments.clone(), seal.clone());
        let billing = Billing::new(house.clone(), payments.clone());
        Ok(Self { studio, market, payments, billing })
    }
}

/// What a payment was for decides who hears of it.
fn purposes() -> PurposeRoutes {
    let routes = PurposeRoutes::new();
    let routes = routes.route::<market::SettleOrder, market::LapseOrder, market::OrderRefunded>(Purpose::Order);
    let routes = routes.route_disputes::<market::OrderDisputed>(Purpose::Order);
    credits::payment_routes(routes)
}

/// Every route of the program, without the layers around them (`identity::wrap`).
pub fn routes(house: &House, domains: &Domains) -> Router<House> {
    let mut routes = Router::new()
        .merge(identity::accounts::routes())
        .merge(studio::routes(domains.studio.clone()))
        .merge(market::routes(&domains.market))
        .merge(domains.payments.routes())
        .merge(credits::routes(&domains.billing))
        .merge(operators::routes())
        .merge(openapi::routes())
        .merge(storage::routes())
        .merge(ui::assets::routes())
        .merge(ui::switches::routes());
    if house.config.is_development() {
        routes = routes.merge(dev::routes()).merge(ui::style_guide::routes());
    }
    routes.layer(from_fn_with_state(house.clone(), credits::show_balance)).layer(Extension(access::route_scopes()))
}

/// Every kind of queued work.
///
/// # Errors
/// When the mail server's address does not parse.
pub fn work(house: &House, domains: &Domains) -> anyhow::Result<Registry> {
    Ok(Registry::new()
        .and(mail::register(Mailer::new(&house.config.mail)?))
        .and(identity::work())
        .and(identity::exports::work(people::contributors()))
        .and(identity::deletion::work(people::hooks()))
        .and(credits::register_jobs())
        .and(credits::billing_jobs(&domains.billing))
        .and(studio::register_jobs(&domains.studio))
        .and(market::jobs(&domains.market))
        .and(domains.payments.jobs()))
}
