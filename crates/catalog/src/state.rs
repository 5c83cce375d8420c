//! What the catalogue works with, made once at the start.

use std::sync::Arc;

use axum::extract::FromRef;
use media::previews::Watermark;
use media::provenance::Seal;
use platform::App;
use tokio::sync::Semaphore;

use crate::products::ownership::PurchaseLookup;
use crate::views::tallies::Views;

/// A handle to the catalogue; cheap to clone.
#[derive(Clone)]
pub struct Catalog(Arc<Parts>);

struct Parts {
    app: App,
    seal: Arc<Seal>,
    purchase_lookup: PurchaseLookup,
    watermark: Watermark,
    pixel_work: Semaphore,
    views: Views,
}

impl Catalog {
    /// Makes the catalogue of an installation. `seal` signs every picture that is shown;
    /// `purchase_lookup` says by which order a visitor has a product.
    pub fn new(app: App, seal: Arc<Seal>, purchase_lookup: PurchaseLookup) -> Self {
        // Pixels keep a core busy; one core is left for everybody else.
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let pixel_work = Semaphore::new(cores.saturating_sub(1).max(1));
        let (watermark, views) = (Watermark::default(), Views::default());
        Self(Arc::new(Parts { app, seal, purchase_lookup, watermark, pixel_work, views }))
    }

    /// The parts of the platform.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    pub(crate) fn seal(&self) -> &Seal {
        &self.0.seal
    }

    /// Finds the order by which somebody has a product.
    pub(crate) fn purchase_lookup(&self) -> PurchaseLookup {
        self.0.purchase_lookup
    }

    pub(crate) fn watermark(&self) -> &Watermark {
        &self.0.watermark
    }

    pub(crate) fn views(&self) -> &Views {
        &self.0.views
    }

    /// How many publications may work on pixels at once.
    pub(crate) fn pixel_work(&self) -> &Semaphore {
        &self.0.pixel_work
    }
}

impl FromRef<Catalog> for App {
    fn from_ref(catalog: &Catalog) -> Self {
        catalog.0.app.clone()
    }
}
