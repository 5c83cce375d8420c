//! The dressed figure, layer upon layer.

use crate::colour::Rgb;
use crate::figure::body::{Body, HandPose};
use crate::figure::face;
use crate::figure::hair::paint::{Hair, paint_before, paint_behind};
use crate::figure::limbs::{Skin, paint_arm, paint_legs, paint_torso};
use crate::figure::shoes::{Shoe, paint_shoes};
use crate::garment::tailor::{Cloths, Tailor};
use crate::reading::answers::{Cut, Occasion, Season};
use crate::reading::design::Design;
use crate::surface::geometry::View;
use crate::surface::layer::Layer;
use crate::textile::cloth::Cloth;

/// The pose that suits what the hands have to do.
pub(crate) fn pose(design: &Design) -> Body {
    let holds = matches!(
        design.occasion,
        Occasion::Wedding | Occasion::Date | Occasion::Party | Occasion::Ceremony | Occasion::Festival
    );
    let carries = matches!(design.occasion, Occasion::Daily | Occasion::Office | Occasion::Travel | Occasion::Sports);
    let options: &[usize] = match (design.cut, holds, carries) {
        (Cut::Cape, _, _) => &[0, 2, 5],
        (Cut::KimonoWrap, false, _) => &[2, 3],
        (_, true, _) => &[3],
        (_, _, true) => &[0, 1, 3],
        (_, false, false) => &[0, 1, 2, 4, 5],
    };
    let number = options.get(design.pose % options.len().max(1)).copied().unwrap_or(0);
    let mut body = Body::posed(number);
    if matches!(design.cut, Cut::KimonoWrap | Cut::Slim | Cut::Mermaid | Cut::Cocoon) && number != 1 {
        body = body.narrow();
    }
    if design.cut == Cut::Cape {
        body.hand = [HandPose::Behind; 2];
    }
    body
}

fn shoe(design: &Design) -> Shoe {
    match (design.occasion, design.cut, design.season) {
        (_, Cut::KimonoWrap, _) => Shoe::Zori,
        (Occasion::Sports, _, _) => Shoe::Sneaker,
        (Occasion::Outdoor, _, _) | (Occasion::Festival, _, Season::Rainy | Season::Winter) => Shoe::Boot,
        (Occasion::Party | Occasion::Wedding, _, _) => Shoe::Strappy,
        (Occasion::Office | Occasion::Ceremony | Occasion::Date, _, _) => Shoe::Pump,
        (_, _, Season::Winter | Season::Rainy) => Shoe::Boot,
        (Occasion::Festival, _, _) => Shoe::Sandal,
        (Occasion::Lounge, _, _) => Shoe::Loafer,
        (_, _, Season::Summer) => Shoe::Sandal,
        (Occasion::Travel, _, _) => Shoe::Sneaker,
        _ => {
            if design.rng("shoe").chance(0.5) {
                Shoe::Loafer
            } else {
                Shoe::Sneaker
            }
        }
    }
}

/// Paints the figure onto an empty layer.
pub(crate) fn paint(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    let skin_cloth = Cloth::skin(design.skin);
    let skin = Skin { cloth: &skin_cloth, tone: design.skin, ink: design.skin.times(Rgb([0.52, 0.34, 0.32])) };
    let hair = Hair { style: design.hair, colour: design.hair_colour, seed: design.seed };
    let cloths = Cloths::weave(design, view.scale);
    super::accessories::behind::behind(layer, view, design, body);
    paint_behind(layer, view, body, &hair);
    if body.hand.contains(&HandPose::Behind) && design.cut != Cut::Cape {
        paint_arm(layer, view, body, 0, &skin, 0.0);
        paint_arm(layer, view, body, 1, &skin, 0.0);
    }
    paint_legs(layer, view, body, &skin);
    let shoe_colour = match design.occasion {
        Occasion::Wedding => Rgb::hex("#efe6dc"),
        Occasion::Office | Occasion::Ceremony => design.palette.main.shift(-0.25, 0.5),
        _ => design.palette.accent.mix(design.palette.main.shift(-0.2, 0.7), 0.35),
    };
    paint_shoes(layer, view, body, &skin, shoe(design), shoe_colour);
    paint_torso(layer, view, body, &skin);
    for index in [0, 1] {
        if !matches!(body.hand[index], HandPose::Behind) {
            paint_arm(layer, view, body, index, &skin, 0.0);
        }
    }
    let mut tailor = Tailor { layer, view: *view, body, design, cloths: &cloths, skin: &skin };
    tailor.tailor();
    let lip = design.skin.mix(Rgb::hex("#b8434a"), 0.62);
    face::paint_head(layer, view, body, &skin, lip);
    super::accessories::jewellery::jewellery(layer, view, design, body);
    paint_before(layer, view, body, &hair);
    super::accessories::carried::carried(layer, view, design, body);
}
