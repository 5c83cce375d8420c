//! From an SVG to pixels. Scripts, styles from elsewhere and links do nothing here: the drawing alone is read.

use std::collections::HashMap;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, roxmltree};

use super::source::SVG_MAX_BYTES;
use super::svg_cost::check_cost;
use crate::images::model::{Bitmap, ImageError, PixelLayout, Size, TooLarge};

/// The longer side of the result, in pixels.
const LONG_SIDE_PX: u32 = 2_048;
/// Elements, attributes and texts, before anything is used again.
const NODES_MAX: u32 = 50_000;
/// Elements after every `use` is followed.
const USED_MAX: usize = 20_000;
/// How deep elements may be nested.
const DEPTH_MAX: usize = 128;

/// Draws an SVG, its longer side 2,048 pixels, see-through where nothing is drawn.
///
/// # Errors
/// `TooLarge` for more work than a drawing makes, `Unsupported` for texts, pictures inside and other files, `Damaged`
/// for what is no SVG.
pub(super) fn rasterise(bytes: &[u8]) -> Result<Bitmap, ImageError> {
    if bytes.len() > SVG_MAX_BYTES {
        return Err(ImageError::TooLarge(TooLarge::Bytes(bytes.len())));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not in UTF-8"))?;
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: NODES_MAX, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => too_much(),
        other => damaged(&other.to_string()),
    })?;
    check_elements(&document)?;
    let tree = Tree::from_xmltree(&document, &closed()).map_err(|error| damaged(&error.to_string()))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = LONG_SIDE_PX as f32 / width.max(height);
    let side = |length: f32| ((length * scale).round() as u32).clamp(1, LONG_SIDE_PX);
    let size = Size { width_px: side(width), height_px: side(height) };
    check_cost(&tree, scale, size)?;
    let mut pixmap = Pixmap::new(size.width_px, size.height_px).ok_or_else(|| damaged("it has no size"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let pixels = pixmap.take_demultiplied();
    Bitmap::new(size, PixelLayout::Rgba, pixels).ok_or_else(|| damaged("it has no pixels"))
}

/// Nothing outside of the file is read, and no picture inside of it.
fn closed() -> Options<'static> {
    let resolver = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    Options { image_href_resolver: resolver, ..Options::default() }
}

/// Refuses what would be left out of the result in silence, and what would be drawn without end.
fn check_elements(document: &roxmltree::Document<'_>) -> Result<(), ImageError> {
    let mut used = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        if node.ancestors().nth(DEPTH_MAX).is_some() {
            return Err(too_much());
        }
        match node.tag_name().name() {
            "text" | "foreignObject" => return Err(ImageError::Unsupported("SVG with text that is not outlined")),
            "image" | "feImage" => return Err(ImageError::Unsupported("SVG with pictures inside")),
            "use" => used.push(node),
            _ => {}
        }
    }
    if used.iter().any(|node| href(node).is_some_and(|href| !href.starts_with('#'))) {
        return Err(ImageError::Unsupported("SVG that refers to other files"));
    }
    let by_id: HashMap<&str, roxmltree::Node<'_, '_>> =
        document.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    let mut left = USED_MAX;
    count(document.root_element(), &by_id, 0, &mut left)
}

/// Follows each `use` as the renderer would, as long as there are not too many elements.
fn count<'a, 'i>(
    node: roxmltree::Node<'a, 'i>,
    by_id: &HashMap<&str, roxmltree::Node<'a, 'i>>,
    depth: usize,
    left: &mut usize,
) -> Result<(), ImageError> {
    *left = left.checked_sub(1).ok_or_else(too_much)?;
    if depth > DEPTH_MAX {
        return Err(too_much());
    }
    if node.tag_name().name() == "use"
        && let Some(id) = href(&node).and_then(|href| href.strip_prefix('#'))
        && let Some(target) = by_id.get(id)
    {
        count(*target, by_id, depth + 1, left)?;
    }
    node.children().filter(roxmltree::Node::is_element).try_for_each(|child| count(child, by_id, depth + 1, left))
}

fn href<'a>(node: &roxmltree::Node<'a, '_>) -> Option<&'a str> {
    node.attribute("href").or_else(|| node.attribute(("http://www.w3.org/1999/xlink", "href"))).map(str::trim)
}

fn too_much() -> ImageError {
    ImageError::Unsupported("SVG that is too complex")
}

fn damaged(what: &str) -> ImageError {
    ImageError::Damaged(format!("SVG: {what}"))
}
