//! Cloth: what is woven, knitted or printed, as tiles that repeat.

/// What the main cloth shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Motif {
    Plain,
    Pinstripe,
    Stripe,
    Border,
    Gingham,
    Tartan,
    Houndstooth,
    Herringbone,
    Dots,
    Ditsy,
    Blossom,
    Seigaiha,
    Asanoha,
    Yagasuri,
    Shippo,
    Paisley,
    Leopard,
    Zebra,
    Denim,
    Lace,
    CableKnit,
    Corduroy,
    Tweed,
    Quilted,
    Argyle,
    Sequins,
    Ombre,
    Brushstroke,
    Geometric,
}

mod cloth;
mod prints;
mod structure;
mod wagara;
mod weave;

pub(crate) use cloth::{Cloth, Inks};
