//! What is carried, and what is worn over everything else.

use super::flowers::{bouquet, corsage};
use super::headwear::{hat, hat_worn, scarf, scarf_worn};
use super::in_hand::{bag, clutch, fan};
use crate::colour::Rgb;
use crate::figure::body::{Body, HandPose};
use crate::figure::limbs::grip;
use crate::reading::answers::Occasion;
use crate::reading::design::Design;
use crate::surface::geometry::{View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;

/// Hats, scarves, bags, flowers, fans: over everything else.
pub(in crate::scene) fn carried(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    if scarf_worn(design) {
        scarf(layer, view, design);
    }
    if let Some(kind) = hat_worn(design) {
        hat(layer, view, design, body, kind);
    }
    if design.occasion == Occasion::Outdoor {
        for side in [-1.0, 1.0] {
            let strap = [p(side * 50.0, 146.0), p(side * 56.0, 180.0), p(side * 58.0, 230.0), p(side * 62.0, 270.0)];
            let colour = design.palette.accent.shift(-0.05, 0.9);
            draw_line(layer, view, &strap, Pen::even(colour.ink(), 13.0));
            draw_line(layer, view, &strap, Pen::even(colour, 10.5));
        }
    }
    if design.occasion == Occasion::Ceremony {
        corsage(layer, view, body.front(40.0, 186.0), 13.0, design.palette.accent.mix(Rgb::hex("#f6e3df"), 0.6), 5);
    }
    let hold = (0..2).find(|i| body.hand[*i] == HandPose::Hold);
    let hang = (0..2).find(|i| body.hand[*i] == HandPose::Hang);
    match design.occasion {
        Occasion::Wedding => bouquet(layer, view, design, hold.map_or(p(0.0, 330.0), |i| grip(body, i)), 46.0),
        Occasion::Date => {
            if let Some(i) = hold {
                bouquet(layer, view, design, grip(body, i) + p(0.0, -14.0), 27.0);
            }
        }
        Occasion::Party | Occasion::Ceremony => {
            if let Some(i) = hold {
                clutch(layer, view, design, grip(body, i));
            }
        }
        Occasion::Festival => {
            if let Some(i) = hold {
                fan(layer, view, design, grip(body, i));
            }
        }
        _ => {}
    }
    if let Some(i) = hang.or(hold) {
        match design.occasion {
            Occasion::Daily => {
                bag(
                    layer,
                    view,
                    grip(body, i),
                    (64.0, 76.0),
                    92.0,
                    design.palette.second.mix(Rgb::hex("#e9dcc3"), 0.5),
                );
            }
            Occasion::Office => {
                bag(layer, view, grip(body, i), (62.0, 46.0), 30.0, design.palette.main.shift(-0.22, 0.6));
            }
            Occasion::Sports => bag(layer, view, grip(body, i), (82.0, 40.0), 44.0, design.palette.accent),
            _ => {}
        }
    }
}
