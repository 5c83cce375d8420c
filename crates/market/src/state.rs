//! The shop: the platform, the payment fixture and the seal, for whoever publishes or buys. Made once at the start.

use std::sync::Arc;

use media::previews::Watermark;
use media::provenance::Seal;
use payments::Payments;
use platform::App;
use tokio::sync::Semaphore;

use crate::legal::LegalTexts;
use crate::views::Views;

/// A handle to the shop; cheap to clone.
#[derive(Clone)]
pub struct Market(Arc<Parts>);

struct Parts {
    app: App,
    payments: Payments,
    seal: Arc<Seal>,
    watermark: Watermark,
    pixel_work: Semaphore,
    views: Views,
    legal_texts: LegalTexts,
}

impl Market {
    /// Opens the shop. `seal` signs every picture that is shown.
    pub fn new(app: App, payments: Payments, seal: Arc<Seal>) -> Self {
        // Pixels keep a core busy; one core is left for everybody else.
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let pixel_work = Semaphore::new(cores.saturating_sub(1).max(1));
        let legal_texts = LegalTexts::read(app.config.operator.legal_dir.as_deref());
        let (watermark, views) = (Watermark::default(), Views::default());
        Self(Arc::new(Parts { app, payments, seal, watermark, pixel_work, views, legal_texts }))
    }

    /// The parts of the platform.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// The payment fixture.
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }

    pub(crate) fn seal(&self) -> &Seal {
        &self.0.seal
    }

    pub(crate) fn watermark(&self) -> &Watermark {
        &self.0.watermark
    }

    pub(crate) fn views(&self) -> &Views {
        &self.0.views
    }

    pub(crate) fn legal_texts(&self) -> &LegalTexts {
        &self.0.legal_texts
    }

    pub(crate) fn pixel_work(&self) -> &Semaphore {
        &self.0.pixel_work
    }
}
