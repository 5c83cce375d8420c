//! What stands in a room: daily life, the office, a date, an evening at home.

use super::paint::{PIXELS, Props};
use crate::colour::Rgb;
use crate::scalar::{cos, sin};
use crate::surface::outline::Outline;

impl Props<'_> {
    pub(super) fn plant(&mut self, x: f32) {
        self.shadow_on_floor(x, 72.0, 60.0);
        let green = Rgb::hex("#6f8c62");
        for i in 0..9 {
            let a = -1.15 + i as f32 * 0.29;
            let length = 150.0 + 60.0 * sin(i as f32 * 2.2);
            let (tx, ty) = (x + sin(a) * length * 0.9, 150.0 + cos(a) * length * 1.15);
            let (mx, my) = (x + sin(a) * length * 0.34, 150.0 + cos(a) * length * 0.72);
            let w = 15.0;
            let shape = [(x, 146.0), (mx - w, my - w * 0.2), (tx, ty), (mx + w, my + w * 0.2)];
            self.blob(&shape, green.shift(0.06 * sin(i as f32 * 1.7), 1.0));
            self.line(&[(x, 148.0), (mx, my), (tx, ty)], 1.3, green.shift(-0.16, 1.0));
        }
        let pot = self.map(&[(x - 40.0, 152.0), (x - 30.0, 72.0), (x + 30.0, 72.0), (x + 40.0, 152.0)]);
        self.solid(pot, Rgb::hex("#c98a68"));
        self.box_shape(x - 44.0, x + 44.0, 144.0, 160.0, Rgb::hex("#d2977a"));
    }

    pub(super) fn fixture(&mut self, accent: Rgb) {
        self.shadow_on_floor(190.0, 82.0, 120.0);
        let (wood, metal) = (Rgb::hex("#b58d66"), Rgb::hex("#5c5f66"));
        for x in [112.0, 300.0] {
            self.line(&[(x, 84.0), (x + 3.0, 200.0), (x, 330.0)], 5.0, metal);
        }
        self.box_shape(92.0, 380.0, 326.0, 342.0, wood);
        let lid = self.map(&[(150.0, 342.0), (140.0, 424.0), (252.0, 424.0), (262.0, 342.0)]);
        self.solid(lid, Rgb::hex("#aeb3ba"));
        self.box_shape(284.0, 318.0, 342.0, 382.0, accent);
        self.line(&[(120.0, 342.0), (118.0, 420.0), (130.0, 486.0), (158.0, 500.0)], 3.6, metal);
        self.blob(&[(148.0, 512.0), (160.0, 520.0), (186.0, 490.0), (162.0, 476.0), (144.0, 496.0)], metal);
        for i in 0..9 {
            let up = 640.0 + i as f32 * 34.0;
            self.line(&[(70.0, up), (230.0, up), (390.0, up)], 9.0, Rgb([0.98, 0.97, 0.94]));
            self.line(&[(70.0, up - 6.0), (230.0, up - 6.0), (390.0, up - 6.0)], 1.6, Rgb::hex("#a9a49a"));
        }
    }

    pub(super) fn cafe(&mut self, accent: Rgb) {
        self.shadow_on_floor(182.0, 78.0, 70.0);
        let metal = Rgb::hex("#4b4540");
        self.line(&[(182.0, 84.0), (182.0, 200.0), (182.0, 318.0)], 7.0, metal);
        self.line(&[(140.0, 78.0), (182.0, 96.0), (224.0, 78.0)], 5.0, metal);
        self.round(182.0, 324.0, 92.0, 15.0, Rgb::hex("#efe9df"));
        self.blob(&[(146.0, 356.0), (149.0, 334.0), (172.0, 334.0), (176.0, 356.0)], Rgb::hex("#faf7f1"));
        self.line(&[(208.0, 332.0), (209.0, 370.0), (206.0, 410.0)], 2.4, Rgb::hex("#6d8a60"));
        self.blob(&[(200.0, 366.0), (203.0, 330.0), (215.0, 330.0), (218.0, 366.0)], Rgb::hex("#b9d2d8"));
        let q = self.at(206.0, 420.0);
        self.bloom(q, 17.0 * self.unit(), accent.mix(Rgb::hex("#d9465a"), 0.5));
        self.line(&[(182.0, 1100.0), (182.0, 900.0), (182.0, 742.0)], 2.0, metal);
        let glow = Outline::ellipse(self.at(182.0, 690.0), 66.0 * self.unit(), 50.0 * self.unit(), 0.0).cover(
            PIXELS,
            self.canvas.width,
            self.canvas.height,
        );
        self.canvas.glow(&glow, 40.0 * self.unit(), Rgb([1.0, 0.88, 0.62]), 0.85);
        self.blob(
            &[(120.0, 690.0), (150.0, 738.0), (182.0, 748.0), (214.0, 738.0), (244.0, 690.0), (182.0, 684.0)],
            accent.shift(0.02, 0.9),
        );
    }

    pub(super) fn armchair(&mut self, colour: Rgb) {
        let cloth = colour.mix(Rgb::hex("#c9a98a"), 0.45).shift(-0.06, 1.0);
        let rug = Outline::ellipse(self.at(40.0, 40.0), 330.0 * self.unit(), 46.0 * self.unit(), 0.0);
        self.canvas.fill(&rug, PIXELS, cloth.shift(0.13, 0.8), 0.85);
        self.line(&[(322.0, 96.0), (322.0, 400.0), (322.0, 690.0)], 4.6, Rgb::hex("#6b533d"));
        let glow = Outline::ellipse(self.at(322.0, 700.0), 70.0 * self.unit(), 60.0 * self.unit(), 0.0).cover(
            PIXELS,
            self.canvas.width,
            self.canvas.height,
        );
        self.canvas.glow(&glow, 46.0 * self.unit(), Rgb([1.0, 0.90, 0.66]), 0.85);
        let shade = self.map(&[(276.0, 680.0), (294.0, 772.0), (350.0, 772.0), (368.0, 680.0)]);
        self.solid(shade, Rgb::hex("#f6e8c8"));
        self.shadow_on_floor(198.0, 72.0, 150.0);
        for x in [110.0, 290.0] {
            self.line(&[(x, 72.0), (x, 110.0)], 8.0, Rgb::hex("#6b4a30"));
        }
        self.blob(
            &[
                (112.0, 220.0),
                (112.0, 420.0),
                (140.0, 472.0),
                (200.0, 482.0),
                (262.0, 472.0),
                (290.0, 420.0),
                (290.0, 220.0),
                (200.0, 200.0),
            ],
            cloth.shift(0.03, 1.0),
        );
        self.blob(
            &[(104.0, 104.0), (104.0, 216.0), (200.0, 236.0), (300.0, 216.0), (298.0, 104.0), (200.0, 98.0)],
            cloth,
        );
        self.blob(
            &[(78.0, 110.0), (74.0, 276.0), (98.0, 296.0), (122.0, 276.0), (122.0, 110.0)],
            cloth.shift(0.05, 1.0),
        );
        self.blob(
            &[(282.0, 110.0), (282.0, 276.0), (306.0, 296.0), (330.0, 276.0), (328.0, 110.0)],
            cloth.shift(-0.02, 1.0),
        );
        self.blob(
            &[(150.0, 236.0), (146.0, 330.0), (200.0, 340.0), (250.0, 330.0), (246.0, 238.0)],
            colour.shift(0.08, 1.1),
        );
    }
}
