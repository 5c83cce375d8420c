//! A document as PDF: A4, the characters it uses embedded, text that can be searched and copied.

use krilla::Document;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, KrillaGlyph};
use thiserror::Error;

use super::layout;
use super::layout::{Face, Mark};
use super::messages::Sheet;

/// Why there is no PDF.
#[derive(Debug, Error)]
pub(super) enum PdfError {
    /// The browser side, which brings the font, is not built.
    #[error("there is no font for documents: run `npm ci && npm run build` in web/")]
    NoFont,
    /// The font is no font.
    #[error("the font for documents cannot be read")]
    UnreadableFont,
    /// The file could not be put together.
    #[error("the PDF could not be written: {0}")]
    Unwritable(String),
}

/// Draws a sheet. The same sheet gives the same bytes. Takes some milliseconds of computing: not on the async threads.
pub(super) fn draw(sheet: &Sheet, language: &str) -> Result<Vec<u8>, PdfError> {
    let bytes = ui::assets::paper_font().ok_or(PdfError::NoFont)?.into_owned();
    let face = Face::new(&bytes).ok_or(PdfError::UnreadableFont)?;
    let font = Font::new(bytes.clone().into(), 0).ok_or(PdfError::UnreadableFont)?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(format!("{} {}", sheet.title, sheet.number))
            .authors(sheet.issuer.iter().take(1).cloned().collect())
            .keywords(sheet.keywords.clone())
            .language(language.to_owned())
            .creator("Machiya".to_owned()),
    );
    for marks in layout::set(&face, sheet) {
        let (width, height) = layout::PAGE;
        let settings = PageSettings::from_wh(width, height)
            .ok_or_else(|| PdfError::Unwritable("the page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill {
            paint: luma::Color::black().into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
        for mark in marks {
            put(&mut surface, &face, &font, &mark);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|fault| PdfError::Unwritable(fault.to_string()))
}

fn put(surface: &mut Surface<'_>, face: &Face<'_>, font: &Font, mark: &Mark) {
    match mark {
        Mark::Text { x, baseline, size, text } => {
            let glyphs: Vec<KrillaGlyph> = text
                .char_indices()
                .map(|(index, character)| {
                    let (glyph, width) = face.glyph(character);
                    KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, index..index + character.len_utf8(), None)
                })
                .collect();
            surface.draw_glyphs(Point::from_xy(*x, *baseline), &glyphs, font.clone(), text, *size, false);
        }
        Mark::Rule { y, from, to, weight } => {
            let mut path = PathBuilder::new();
            if let Some(area) = Rect::from_xywh(*from, *y, to - from, *weight) {
                path.push_rect(area);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}
