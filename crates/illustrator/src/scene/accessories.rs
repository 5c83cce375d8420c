//! What is worn and carried besides clothes, by occasion, season and wish.

use crate::colour::Rgb;
use crate::figure::face::head_map;
use crate::figure::limbs::{Skin, grip};
use crate::figure::{Body, HandPose};
use crate::garment::Cloths;
use crate::reading::{Cut, Design, Hat, Occasion, Season};
use crate::surface::{Layer, Outline, P, Pen, View, draw_line, p, smooth};

/// Behind the figure: umbrella, veil, rucksack.
pub(crate) fn behind(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    if design.occasion == Occasion::Wedding && design.cut != Cut::KimonoWrap {
        let veil = [
            p(-30.0, 6.0),
            p(-62.0, 120.0),
            p(-104.0, 300.0),
            p(-132.0, 520.0),
            p(-96.0, 560.0),
            p(0.0, 540.0),
            p(98.0, 562.0),
            p(134.0, 520.0),
            p(104.0, 300.0),
            p(62.0, 120.0),
            p(30.0, 6.0),
            p(0.0, -8.0),
        ];
        layer.fill_gradient(
            &Outline::blob(&veil),
            view,
            (p(0.0, 0.0), Rgb([1.0, 0.995, 0.985]), 0.72),
            (p(0.0, 560.0), Rgb([1.0, 0.995, 0.985]), 0.30),
        );
        for side in [-1.0, 1.0] {
            draw_line(
                layer,
                view,
                &[p(side * 30.0, 10.0), p(side * 62.0, 120.0), p(side * 104.0, 300.0), p(side * 131.0, 520.0)],
                Pen::tapered(Rgb::hex("#b9b2a8"), 1.2).faint(0.6),
            );
        }
    }
    if design.season == Season::Rainy {
        umbrella(layer, view, design, body);
    }
    if design.occasion == Occasion::Outdoor {
        let colour = design.palette.accent.shift(-0.05, 0.9);
        let pack = Outline::blob(&[
            p(-70.0, 150.0),
            p(-82.0, 200.0),
            p(-80.0, 300.0),
            p(0.0, 320.0),
            p(80.0, 300.0),
            p(82.0, 200.0),
            p(70.0, 150.0),
            p(0.0, 136.0),
        ]);
        layer.fill_gradient(
            &pack,
            view,
            (p(-80.0, 150.0), colour.shift(0.05, 1.0), 1.0),
            (p(80.0, 320.0), colour.shift(-0.1, 1.0), 1.0),
        );
    }
}

fn umbrella(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    let colour = design.palette.accent.mix(Rgb::hex("#8fa6c4"), 0.35);
    let side = if body.head_turn < 0.0 { 1.0 } else { -1.0 };
    let top = p(side * 70.0, -116.0);
    let tilt = side * 0.22;
    let at = |x: f32, y: f32| top + p(x, y).rotate(tilt);
    draw_line(layer, view, &[at(0.0, 0.0), at(0.0, 180.0), at(0.0, 330.0)], Pen::even(Rgb::hex("#5a4636"), 5.0));
    let edge: Vec<P> =
        (0..=6).map(|i| -210.0 + i as f32 * 70.0).map(|x| at(x, 128.0 - 26.0 * (x / 210.0) * (x / 210.0))).collect();
    let mut dome: Vec<P> = (0..=24)
        .map(|i| core::f32::consts::PI * (1.0 + i as f32 / 24.0))
        .map(|t| at(210.0 * crate::scalar::cos(t), 102.0 + 108.0 * crate::scalar::sin(t)))
        .collect();
    for pair in edge.windows(2).rev() {
        if let [a, b] = pair {
            for i in 0..8 {
                let t = i as f32 / 8.0;
                dome.push(b.lerp(*a, t) + p(0.0, -64.0 * t * (1.0 - t)).rotate(tilt));
            }
        }
    }
    let shape = Outline::polygon(&dome);
    layer.fill_gradient(
        &shape,
        view,
        (at(-120.0, 0.0), colour.shift(0.10, 0.9), 0.94),
        (at(180.0, 130.0), colour.shift(-0.12, 1.0), 0.94),
    );
    for (i, q) in edge.iter().enumerate() {
        let x = -210.0 + i as f32 * 70.0;
        draw_line(layer, view, &[at(0.0, -6.0), at(x * 0.66, 34.0), *q], Pen::tapered(colour.ink(), 1.6).faint(0.7));
    }
    let mut rim = dome.clone();
    rim.truncate(25);
    draw_line(layer, view, &rim, Pen::even(colour.ink(), 1.7).faint(0.8));
}

/// Earrings, necklaces, glasses, flowers pinned on.
pub(crate) fn jewellery(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
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

/// Hats, scarves, bags, flowers, fans: over everything else.
pub(crate) fn carried(layer: &mut Layer, view: &View, design: &Design, body: &Body, cloths: &Cloths, skin: &Skin<'_>) {
    let _ = (cloths, skin);
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

fn scarf_worn(design: &Design) -> bool {
    let formal = matches!(design.occasion, Occasion::Wedding | Occasion::Party | Occasion::Sports | Occasion::Lounge);
    design.details.scarf
        || design.season == Season::Winter && !formal && !matches!(design.cut, Cut::KimonoWrap | Cut::Cape)
}

fn hat_worn(design: &Design) -> Option<Hat> {
    let wish = design.details.hat;
    if wish.is_some() {
        return wish;
    }
    match (design.occasion, design.season) {
        (Occasion::Outdoor, Season::Winter) => Some(Hat::Knit),
        (Occasion::Outdoor | Occasion::Travel, Season::Summer) => Some(Hat::Straw),
        (Occasion::Travel, Season::Autumn | Season::Winter) => Some(Hat::Beret),
        (Occasion::Outdoor | Occasion::Sports, _) => Some(Hat::Cap),
        _ => None,
    }
}

fn scarf(layer: &mut Layer, view: &View, design: &Design) {
    let colour = design.palette.accent;
    let ink = colour.ink();
    let tail = Outline::polygon(&smooth(
        &[p(6.0, 146.0), p(26.0, 150.0), p(34.0, 210.0), p(38.0, 286.0), p(12.0, 290.0), p(8.0, 214.0)],
        true,
        8,
    ));
    let ring = Outline::blob(&[
        p(-34.0, 122.0),
        p(-40.0, 140.0),
        p(-24.0, 160.0),
        p(4.0, 168.0),
        p(30.0, 158.0),
        p(40.0, 138.0),
        p(33.0, 120.0),
        p(0.0, 128.0),
    ]);
    for (shape, low) in [(tail, 290.0), (ring, 168.0)] {
        let patch = shape.cover(view, layer.width, layer.height);
        let reach = view.scale * 4.0;
        layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.6);
        layer.fill_gradient(
            &shape,
            view,
            (p(-34.0, 120.0), colour.shift(0.07, 1.0), 1.0),
            (p(36.0, low), colour.shift(-0.08, 1.0), 1.0),
        );
    }
    for y in [0.0, 9.0, 18.0] {
        draw_line(
            layer,
            view,
            &[p(-36.0, 132.0 + y * 0.6), p(-14.0, 146.0 + y), p(10.0, 150.0 + y * 0.9), p(37.0, 134.0 + y * 0.7)],
            Pen::tapered(ink, 1.5).faint(0.65),
        );
    }
    for x in 0..8 {
        let x = 14.0 + x as f32 * 3.2;
        draw_line(
            layer,
            view,
            &[p(x, 286.0), p(x + 0.8, 296.0), p(x, 305.0)],
            Pen::even(colour.shift(-0.05, 1.0), 1.6),
        );
    }
    for side in [10.0, 36.0] {
        draw_line(
            layer,
            view,
            &[p(side * 0.8, 166.0), p(side * 0.95, 220.0), p(side, 286.0)],
            Pen::tapered(ink, 1.5).faint(0.75),
        );
    }
}

fn hat(layer: &mut Layer, view: &View, design: &Design, body: &Body, kind: Hat) {
    let at = head_map(body);
    let map = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(x, y)| at(*x, *y)).collect() };
    let (colour, crown, brim): (Rgb, Vec<P>, Option<Vec<P>>) = match kind {
        Hat::Straw => (
            Rgb::hex("#e2c690"),
            map(&[
                (-33.0, 20.0),
                (-32.0, -6.0),
                (-18.0, -22.0),
                (0.0, -25.0),
                (18.0, -22.0),
                (32.0, -6.0),
                (33.0, 20.0),
                (0.0, 27.0),
            ]),
            Some(map(&[
                (-84.0, 22.0),
                (-40.0, 8.0),
                (0.0, 6.0),
                (40.0, 8.0),
                (84.0, 22.0),
                (44.0, 34.0),
                (0.0, 37.0),
                (-44.0, 34.0),
            ])),
        ),
        Hat::Beret => (
            design.palette.accent,
            map(&[
                (-37.0, 20.0),
                (-50.0, 4.0),
                (-34.0, -16.0),
                (4.0, -22.0),
                (34.0, -10.0),
                (38.0, 12.0),
                (20.0, 20.0),
                (-16.0, 24.0),
            ]),
            None,
        ),
        Hat::Knit => (
            design.palette.accent,
            map(&[
                (-38.0, 30.0),
                (-38.0, 6.0),
                (-24.0, -16.0),
                (0.0, -24.0),
                (24.0, -16.0),
                (38.0, 6.0),
                (38.0, 30.0),
                (0.0, 34.0),
            ]),
            None,
        ),
        Hat::Cap => (
            design.palette.accent,
            map(&[
                (-37.0, 22.0),
                (-36.0, 0.0),
                (-20.0, -15.0),
                (2.0, -18.0),
                (24.0, -13.0),
                (37.0, 4.0),
                (37.0, 20.0),
                (0.0, 26.0),
            ]),
            Some(map(&[(-30.0, 22.0), (0.0, 18.0), (30.0, 22.0), (33.0, 34.0), (0.0, 40.0), (-33.0, 34.0)])),
        ),
    };
    let ink = colour.ink();
    let mut order = vec![crown];
    order.extend(brim);
    if kind == Hat::Straw {
        order.reverse();
    }
    for points in order {
        let shape = Outline::blob(&points);
        let patch = shape.cover(view, layer.width, layer.height);
        layer.shade_below(&patch, (view.scale, view.scale * 7.0), view.scale * 4.0, Rgb([0.5, 0.4, 0.4]), 0.65);
        layer.fill_gradient(
            &shape,
            view,
            (at(-30.0, -20.0), colour.shift(0.06, 1.0), 1.0),
            (at(40.0, 36.0), colour.shift(-0.10, 1.0), 1.0),
        );
        let mut edge = points.clone();
        edge.extend(points.first());
        draw_line(layer, view, &edge, Pen::even(ink, 1.6).faint(0.85));
    }
    match kind {
        Hat::Straw => {
            let band = map(&[(-33.0, 14.0), (0.0, 21.0), (33.0, 14.0)]);
            draw_line(layer, view, &band, Pen::even(design.palette.accent, 9.0));
        }
        Hat::Knit => {
            draw_line(
                layer,
                view,
                &map(&[(-38.0, 24.0), (0.0, 30.0), (38.0, 24.0)]),
                Pen::even(colour.shift(0.06, 1.0), 13.0),
            );
            for i in 0..14 {
                let x = -35.0 + i as f32 * 5.4;
                draw_line(
                    layer,
                    view,
                    &map(&[(x, 20.0 + 6.0 * (1.0 - x * x / 1500.0)), (x * 1.02, 32.0)]),
                    Pen::even(ink, 0.9).faint(0.5),
                );
            }
            layer.fill(&Outline::ellipse(at(0.0, -31.0), 12.0, 11.0, 0.0), view, colour.shift(0.10, 0.8), 1.0);
        }
        Hat::Beret | Hat::Cap => {}
    }
}

fn corsage(layer: &mut Layer, view: &View, centre: P, size: f32, colour: Rgb, petals: usize) {
    for i in 0..2 {
        let leaf = centre + p(size * (0.9 - 1.7 * i as f32), size * 0.7);
        layer.fill(
            &Outline::ellipse(leaf, size * 0.6, size * 0.24, 0.7 - 1.4 * i as f32),
            view,
            Rgb::hex("#6d8560"),
            1.0,
        );
    }
    for ring in 0..3 {
        let reach = size * (0.66 - 0.26 * ring as f32);
        for i in 0..petals {
            let a = i as f32 * core::f32::consts::TAU / petals as f32 + ring as f32 * 0.6;
            let q = centre + p(crate::scalar::cos(a), crate::scalar::sin(a)) * reach;
            let tone = colour.shift(0.04 * ring as f32 - 0.04 * crate::scalar::sin(a) - 0.05, 1.0);
            layer.fill(&Outline::ellipse(q, size * 0.46, size * 0.36, a), view, tone, 1.0);
            let rim: Vec<P> = (0..7)
                .map(|k| a - 0.9 + k as f32 * 0.3)
                .map(|t| q + p(crate::scalar::cos(t), crate::scalar::sin(t)) * (size * 0.40))
                .collect();
            draw_line(layer, view, &rim, Pen::tapered(colour.ink(), 0.8).faint(0.4));
        }
    }
}

fn bouquet(layer: &mut Layer, view: &View, design: &Design, at: P, size: f32) {
    let mut dice = design.dice("bouquet");
    let green = Rgb::hex("#6f8a63");
    for i in 0..7 {
        let x = (i as f32 - 3.0) * size * 0.06;
        draw_line(
            layer,
            view,
            &[at + p(x * 0.6, 0.0), at + p(x, size * 0.8), at + p(x * 1.5, size * 1.4)],
            Pen::even(green.shift(-0.08, 1.0), 2.6),
        );
    }
    for i in 0..12 {
        let a = i as f32 * 0.52;
        let q = at + p(crate::scalar::cos(a), crate::scalar::sin(a) * 0.85) * (size * 0.92) + p(0.0, -size * 0.2);
        layer.fill(
            &Outline::ellipse(q, size * 0.30, size * 0.11, a),
            view,
            green.shift(dice.range(-0.08, 0.06), 1.0),
            1.0,
        );
    }
    let petals = [
        Rgb::hex("#f7ece6"),
        design.palette.accent.mix(Rgb::hex("#f6dcd8"), 0.5),
        design.palette.second.mix(Rgb::hex("#fbf3ea"), 0.5),
    ];
    for i in 0..13 {
        let a = i as f32 * 2.4;
        let r = size * 0.20 * libm::sqrtf(i as f32);
        let q = at + p(crate::scalar::cos(a) * r, crate::scalar::sin(a) * r * 0.85 - size * 0.2);
        corsage(layer, view, q, size * 0.24, petals.get(i % 3).copied().unwrap_or(green), 5);
    }
}

fn clutch(layer: &mut Layer, view: &View, design: &Design, at: P) {
    let colour = design.palette.accent;
    let shape = Outline::polygon(&smooth(
        &[
            at + p(-38.0, -6.0),
            at + p(0.0, -10.0),
            at + p(38.0, -4.0),
            at + p(36.0, 30.0),
            at + p(0.0, 32.0),
            at + p(-36.0, 28.0),
        ],
        true,
        8,
    ));
    let patch = shape.cover(view, layer.width, layer.height);
    let reach = view.scale * 5.0;
    layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.6);
    layer.fill_gradient(
        &shape,
        view,
        (at + p(-38.0, -8.0), colour.shift(0.10, 1.0), 1.0),
        (at + p(38.0, 32.0), colour.shift(-0.14, 1.0), 1.0),
    );
    let ink = colour.ink();
    draw_line(
        layer,
        view,
        &[at + p(-37.0, -4.0), at + p(-16.0, 12.0), at + p(0.0, 18.0), at + p(16.0, 12.0), at + p(37.0, -3.0)],
        Pen::even(ink, 1.6),
    );
    layer.fill(&Outline::ellipse(at + p(0.0, 17.0), 3.6, 3.6, 0.0), view, Rgb::hex("#e7cf94"), 1.0);
}

fn fan(layer: &mut Layer, view: &View, design: &Design, at: P) {
    let centre = at + p(-6.0, -52.0);
    draw_line(layer, view, &[at + p(3.0, 30.0), at + p(0.0, 0.0), centre], Pen::even(Rgb::hex("#9c7a4a"), 5.0));
    let paper = design.palette.second.mix(Rgb::hex("#fbf5e8"), 0.6);
    let disc = Outline::ellipse(centre, 46.0, 42.0, 0.1);
    let patch = disc.cover(view, layer.width, layer.height);
    let reach = view.scale * 5.0;
    layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.5);
    layer.fill_gradient(
        &disc,
        view,
        (centre - p(40.0, 40.0), paper.shift(0.04, 1.0), 1.0),
        (centre + p(40.0, 40.0), paper.shift(-0.08, 1.0), 1.0),
    );
    for i in 0..13 {
        let a = core::f32::consts::PI * (1.05 + 0.9 * i as f32 / 12.0);
        draw_line(
            layer,
            view,
            &[centre + p(0.0, 36.0), centre + p(crate::scalar::cos(a) * 44.0, crate::scalar::sin(a) * 40.0)],
            Pen::even(Rgb::hex("#b89b6a"), 0.9).faint(0.45),
        );
    }
    layer.fill(&Outline::ellipse(centre + p(8.0, -6.0), 20.0, 20.0, 0.0), view, design.palette.accent, 0.9);
    let rim: Vec<P> = (0..=30)
        .map(|i| i as f32 / 30.0 * core::f32::consts::TAU)
        .map(|t| centre + p(46.0 * crate::scalar::cos(t), 42.0 * crate::scalar::sin(t)))
        .collect();
    draw_line(layer, view, &rim, Pen::even(design.palette.accent.ink(), 2.0));
}

fn bag(layer: &mut Layer, view: &View, at: P, (half, height): (f32, f32), handle: f32, colour: Rgb) {
    let (half, top) = (half * 0.5, at + p(0.0, handle * 0.55));
    let ink = colour.ink();
    for dx in [-0.5, 0.5] {
        let loop_line =
            [top + p(half * (dx - 0.28), 4.0), at + p(half * dx * 0.3, 0.0), top + p(half * (dx + 0.28), 4.0)];
        draw_line(layer, view, &loop_line, Pen::even(ink, 5.2));
        draw_line(layer, view, &loop_line, Pen::even(colour.shift(-0.04, 1.0), 3.4));
    }
    let shape = Outline::polygon(&smooth(
        &[
            top + p(-half, 0.0),
            top + p(0.0, 2.0),
            top + p(half, 0.0),
            top + p(half * 1.12, height * 0.5),
            top + p(half * 1.16, height),
            top + p(0.0, height + 3.0),
            top + p(-half * 1.16, height),
            top + p(-half * 1.12, height * 0.5),
        ],
        true,
        6,
    ));
    let patch = shape.cover(view, layer.width, layer.height);
    let reach = view.scale * 5.0;
    layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.55);
    layer.fill_gradient(
        &shape,
        view,
        (top + p(-half, 0.0), colour.shift(0.06, 1.0), 1.0),
        (top + p(half, height), colour.shift(-0.10, 1.0), 1.0),
    );
    draw_line(
        layer,
        view,
        &[
            top + p(-half, 0.0),
            top + p(-half * 1.12, height * 0.5),
            top + p(-half * 1.16, height),
            top + p(0.0, height + 3.0),
            top + p(half * 1.16, height),
            top + p(half * 1.12, height * 0.5),
            top + p(half, 0.0),
        ],
        Pen::even(ink, 1.7).faint(0.85),
    );
    draw_line(
        layer,
        view,
        &[top + p(-half, 0.0), top + p(0.0, 2.0), top + p(half, 0.0)],
        Pen::even(ink, 1.5).faint(0.85),
    );
}
