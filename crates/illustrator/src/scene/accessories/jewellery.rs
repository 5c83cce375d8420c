//! What glitters: earrings, necklaces, glasses.

use crate::colour::Rgb;
use crate::figure::body::Body;
use crate::figure::face::head_map;
use crate::reading::answers::Occasion;
use crate::reading::design::Design;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

/// Earrings, necklaces, glasses, flowers pinned on.
pub(in crate::scene) fn jewellery(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    let at = head_map(body);
    let gold = Rgb::hex("#d8b566");
    let pearl = Rgb::hex("#f6f0e6");
    let bead = |layer: &mut Layer, q: P, r: f32, colour: Rgb| {
        layer.fill(&Outline::ellipse(q + p(0.7, 1.2), r, r, 0.0), view, Rgb([0.25, 0.18, 0.16]), 0.28);
        layer.fill_gradient(
            &Outline::ellipse(q, r, r, 0.0),
            view,
            (q - p(r, r), colour.mix(Rgb([1.0; 3]), 0.5), 1.0),
            (q + p(r, r), colour.shift(-0.16, 1.0), 1.0),
        );
    };
    let necklace = |layer: &mut Layer, colour: Rgb, drop: f32, r: f32| {
        for i in 0..=18 {
            let t = i as f32 / 18.0 * 2.0 - 1.0;
            bead(layer, p(t * 25.0, 136.0 + drop * (1.0 - t * t)), r, colour);
        }
    };
    match design.occasion {
        Occasion::Ceremony => {
            necklace(layer, pearl, 24.0, 2.8);
        }
        Occasion::Wedding => necklace(layer, pearl, 16.0, 2.2),
        Occasion::Party => {
            draw_line(
                layer,
                view,
                &[p(-22.0, 136.0), p(-12.0, 154.0), p(0.0, 164.0), p(12.0, 154.0), p(22.0, 136.0)],
                Pen::even(gold, 1.8),
            );
            bead(layer, p(0.0, 168.0), 4.2, design.palette.accent);
        }
        Occasion::Date => {
            draw_line(
                layer,
                view,
                &[p(-21.0, 138.0), p(-10.0, 152.0), p(0.0, 157.0), p(10.0, 152.0), p(21.0, 138.0)],
                Pen::even(gold, 1.2),
            );
            bead(layer, p(0.0, 158.5), 2.4, gold);
        }
        _ => {}
    }
    if matches!(design.occasion, Occasion::Party | Occasion::Wedding | Occasion::Ceremony | Occasion::Date) {
        for side in [-1.0, 1.0] {
            let drop = if design.occasion == Occasion::Party { 22.0 } else { 5.0 };
            let ear = at(side * 33.5, 66.0);
            draw_line(layer, view, &[ear, ear + p(0.0, drop * 0.5), ear + p(0.0, drop)], Pen::even(gold, 1.4));
            bead(layer, ear + p(0.0, drop), 3.2, if design.occasion == Occasion::Party { gold } else { pearl });
        }
    }
    if design.details.glasses {
        for side in [-1.0, 1.0] {
            let c = at(side * 14.8 + body.head_turn * 9.0, 55.0);
            let ring = Outline::ellipse(c, 11.5, 10.0, 0.0).with_hole(Outline::ellipse(c, 10.0, 8.6, 0.0));
            layer.fill(&ring, view, Rgb::hex("#3b2e2a"), 0.95);
            layer.fill(&Outline::ellipse(c, 10.0, 8.6, 0.0), view, Rgb([0.9, 0.95, 1.0]), 0.16);
        }
    }
}
