//! What always holds of a picture: it is the same every time, has its size, follows every answer, and no brief breaks it.

use illustrator::{Aspect, Brief, Picture, Step, illustrate, vocabulary};
use proptest::prelude::*;

fn brief() -> Brief {
    Brief {
        vibe: Some("elegant".to_owned()),
        silhouette: Some("a-line".to_owned()),
        colours: vec!["navy".to_owned()],
        occasion: Some("office".to_owned()),
        season: Some("spring".to_owned()),
        extra: String::new(),
        aspect: Aspect::ALL[1],
        seed: 7,
        long_edge_px: 320,
    }
}

fn with(step: Step, answer: &str) -> Brief {
    let mut brief = brief();
    let answer = answer.to_owned();
    match step {
        Step::Vibe => brief.vibe = Some(answer),
        Step::Silhouette => brief.silhouette = Some(answer),
        Step::Colour => brief.colours = vec![answer],
        Step::Occasion => brief.occasion = Some(answer),
        Step::Season => brief.season = Some(answer),
    }
    brief
}

/// Mean difference of two pictures of one size, per channel, 0 to 255.
fn difference(a: &Picture, b: &Picture) -> f64 {
    let (a, b) = (&a.rgb, &b.rgb);
    assert_eq!(a.len(), b.len());
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn the_same_brief_gives_the_same_bytes_and_another_seed_another_picture() {
    let picture = illustrate(&brief());
    assert_eq!(picture.rgb, illustrate(&brief()).rgb);
    let other = illustrate(&Brief { seed: 8, ..brief() });
    assert!(difference(&picture, &other) > 0.5);
}

#[test]
fn every_answer_of_every_step_changes_the_picture() {
    for step in Step::ALL {
        let answers = vocabulary().answers(step);
        let pictures: Vec<Picture> = answers.iter().map(|answer| illustrate(&with(step, answer.slug))).collect();
        for (i, a) in pictures.iter().enumerate() {
            for (j, b) in pictures.iter().enumerate().skip(i + 1) {
                let apart = difference(a, b);
                assert!(apart > 0.25, "{step:?}: {} and {} differ by {apart:.3}", answers[i].slug, answers[j].slug);
            }
        }
    }
}

#[test]
fn every_aspect_has_its_exact_size_and_a_readable_file() {
    for aspect in Aspect::ALL {
        let picture = illustrate(&Brief { aspect, ..brief() });
        let (width, height) = aspect.size_px(320);
        assert_eq!((picture.width_px, picture.height_px), (width, height), "{aspect:?}");
        assert_eq!(picture.rgb.len(), (width * height * 3) as usize);
        let file = picture.encode_png();
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_brief_breaks_it(vibe in any::<Option<String>>(), silhouette in ".{0,30}", colours in prop::collection::vec(any::<String>(), 0..4),
                          extra in any::<String>(), seed in any::<u64>(), edge in any::<u32>(), aspect in 0..10_usize) {
        let brief = Brief {
            vibe, silhouette: Some(silhouette), colours, occasion: None, season: Some(extra.clone()), extra,
            aspect: Aspect::ALL[aspect % Aspect::ALL.len()], seed, long_edge_px: edge % 300,
        };
        let picture = illustrate(&brief);
        prop_assert!(picture.width_px > 0 && picture.height_px > 0);
    }
}
