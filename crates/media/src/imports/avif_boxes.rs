//! The boxes of an AVIF file: where the coded picture and its alpha are, and how they are to be shown.
//! (ISO/IEC 14496-12, ISO/IEC 23008-12, AVIF 1.1.)

use std::borrow::Cow;

use crate::images::header::{check_size, take, u16_big, u32_big};
use crate::images::model::{ColourProfile, ImageError, Size, TooLarge, limits};
use crate::images::orientation::Orientation;

/// More items, properties or parts than this are no picture of ours.
const ENTRIES_MAX: usize = 1_024;
const ALPHA_TYPES: [&[u8]; 2] = [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1"];

/// A still picture.
#[derive(Debug)]
pub(super) struct AvifFile<'a> {
    /// The coded picture.
    pub(super) colour: Cow<'a, [u8]>,
    /// The coded alpha, as a grey picture.
    pub(super) alpha: Option<Cow<'a, [u8]>>,
    /// Whether the colours were multiplied with the alpha.
    pub(super) is_premultiplied: bool,
    /// The size as stored.
    pub(super) stored: Size,
    /// How the picture is to be turned, and then mirrored.
    pub(super) turns: [Orientation; 2],
    /// The ICC profile or code points that the file names.
    pub(super) profile: Option<ColourProfile>,
    /// Matrix coefficients (H.273, table 4) and whether all values of a sample are used, where the file says so.
    pub(super) matrix: Option<(u8, bool)>,
}

/// A box: its type and what is in it.
type Content<'a> = ([u8; 4], &'a [u8]);

/// What is known of one item.
#[derive(Default)]
struct Item<'a> {
    id: u32,
    kind: [u8; 4],
    properties: Vec<Content<'a>>,
}

impl<'a> AvifFile<'a> {
    /// Finds the picture of a file.
    ///
    /// # Errors
    /// `Unsupported` for animations, tiles and cut pictures, `TooLarge`, `Truncated` or `Damaged`.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ImageError> {
        if bytes.len() > limits::FILE_MAX_BYTES {
            return Err(ImageError::TooLarge(TooLarge::Bytes(bytes.len())));
        }
        let top = boxes(bytes)?;
        let kind = find(&top, b"ftyp").ok_or_else(|| damaged("an AVIF without its type"))?;
        if kind.starts_with(b"avis") {
            return Err(ImageError::Unsupported("animated AVIF"));
        }
        let meta = find(&top, b"meta").ok_or(ImageError::Truncated)?;
        let meta = boxes(meta.get(4..).ok_or(ImageError::Truncated)?)?;
        let items = read_items(&meta)?;
        let primary_id = read_primary(required(&meta, b"pitm")?)?;
        let primary = items.iter().find(|item| item.id == primary_id).ok_or_else(|| damaged("no primary item"))?;
        match &primary.kind {
            b"av01" => {}
            b"grid" => return Err(ImageError::Unsupported("AVIF in tiles")),
            _ => return Err(ImageError::Unsupported("this kind of AVIF")),
        }
        let references = find(&meta, b"iref").map(read_references).transpose()?.unwrap_or_default();
        let refers = |kind: &[u8; 4], from: u32, to: u32| references.iter().any(|one| *one == (*kind, from, to));
        let alpha = items.iter().find(|item| refers(b"auxl", item.id, primary_id) && item.is_alpha());
        if let Some(alpha) = alpha
            && (&alpha.kind != b"av01" || alpha.size()? != primary.size()?)
        {
            return Err(ImageError::Unsupported("AVIF whose alpha is of another kind"));
        }
        let locations = required(&meta, b"iloc")?;
        let data = find(&meta, b"idat").unwrap_or_default();
        let (profile, matrix) = primary.colour();
        Ok(Self {
            colour: locate(bytes, data, locations, primary_id)?,
            alpha: alpha.map(|alpha| locate(bytes, data, locations, alpha.id)).transpose()?,
            is_premultiplied: alpha.is_some_and(|alpha| refers(b"prem", primary_id, alpha.id)),
            stored: primary.size()?,
            turns: primary.turns()?,
            profile,
            matrix,
        })
    }

    /// The size after turning.
    pub(super) fn shown_size(&self) -> Size {
        self.turns.iter().fold(self.stored, |size, turn| turn.turned(size))
    }
}

impl Item<'_> {
    fn property(&self, kind: &[u8; 4]) -> Option<&[u8]> {
        find(&self.properties, kind)
    }

    fn size(&self) -> Result<Size, ImageError> {
        let extent = self.property(b"ispe").ok_or_else(|| damaged("an item without a size"))?;
        check_size(u32_big(extent, 4)?, u32_big(extent, 8)?)
    }

    fn is_alpha(&self) -> bool {
        let name = self.property(b"auxC").and_then(|property| property.get(4..));
        name.is_some_and(|name| ALPHA_TYPES.iter().any(|known| name.strip_suffix(b"\0").unwrap_or(name) == *known))
    }

    /// The rotation, counter-clockwise, and the mirroring that follows it.
    fn turns(&self) -> Result<[Orientation; 2], ImageError> {
        if self.property(b"clap").is_some() {
            return Err(ImageError::Unsupported("AVIF that is cut"));
        }
        let rotation = match self.property(b"irot").and_then(<[u8]>::first).map_or(0, |angle| angle & 3) {
            1 => Orientation::CounterClockwise,
            2 => Orientation::UpsideDown,
            3 => Orientation::Clockwise,
            _ => Orientation::Upright,
        };
        let mirroring = match self.property(b"imir").and_then(<[u8]>::first).map(|axis| axis & 1) {
            Some(0) => Orientation::Flipped,
            Some(_) => Orientation::Mirrored,
            None => Orientation::Upright,
        };
        Ok([rotation, mirroring])
    }

    /// There may be two of these: a profile, and code points whose matrix is needed even then.
    fn colour(&self) -> (Option<ColourProfile>, Option<(u8, bool)>) {
        let (mut profile, mut matrix) = (None, None);
        for (_, property) in self.properties.iter().filter(|(kind, _)| kind == b"colr") {
            match property {
                [b'p', b'r' | b'I', b'o' | b'C', b'f' | b'C', icc @ ..] if property[..4] != *b"nclx" => {
                    profile = Some(ColourProfile::Icc(icc.to_vec()));
                }
                [b'n', b'c', b'l', b'x', 0, primaries, 0, transfer, 0, coefficients, range, ..] => {
                    matrix = Some((*coefficients, range & 0x80 != 0));
                    let points = ColourProfile::CodePoints { primaries: *primaries, transfer: *transfer };
                    profile = profile.or(Some(points));
                }
                _ => {}
            }
        }
        (profile, matrix)
    }
}

/// The boxes side by side in `bytes`. One whose end is missing is `Truncated`.
fn boxes(bytes: &[u8]) -> Result<Vec<Content<'_>>, ImageError> {
    let (mut found, mut position) = (Vec::new(), 0);
    while position < bytes.len() {
        if found.len() == ENTRIES_MAX {
            return Err(damaged("too many boxes"));
        }
        let kind = take(bytes, position + 4, 4)?;
        let (header, length) = match u32_big(bytes, position)? as usize {
            0 => (8, bytes.len() - position),
            1 => (16, usize::try_from(number(bytes, position + 8, 8)?).map_err(|_| ImageError::Truncated)?),
            length => (8, length),
        };
        let content = length.checked_sub(header).ok_or_else(|| damaged("a box shorter than its header"))?;
        found.push(([kind[0], kind[1], kind[2], kind[3]], take(bytes, position + header, content)?));
        position += length;
    }
    Ok(found)
}

fn find<'a>(boxes: &[Content<'a>], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes.iter().find(|(found, _)| found == kind).map(|(_, content)| *content)
}

fn required<'a>(boxes: &[Content<'a>], kind: &[u8; 4]) -> Result<&'a [u8], ImageError> {
    find(boxes, kind).ok_or_else(|| damaged("a box is missing"))
}

/// A big-endian number of 0, 2, 4 or 8 bytes.
fn number(bytes: &[u8], start: usize, size: usize) -> Result<u64, ImageError> {
    Ok(take(bytes, start, size)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// An id of 2 bytes, of 4 in later versions of a box.
fn id(bytes: &[u8], start: usize, is_long: bool) -> Result<u32, ImageError> {
    if is_long { u32_big(bytes, start) } else { u16_big(bytes, start).map(u32::from) }
}

fn read_primary(pitm: &[u8]) -> Result<u32, ImageError> {
    id(pitm, 4, take(pitm, 0, 1)?[0] > 0)
}

/// The items with their types (`iinf`) and properties (`iprp`).
fn read_items<'a>(meta: &[Content<'a>]) -> Result<Vec<Item<'a>>, ImageError> {
    let iinf = required(meta, b"iinf")?;
    let start = if take(iinf, 0, 1)?[0] == 0 { 6 } else { 8 };
    let mut items = Vec::new();
    for (_, entry) in boxes(iinf.get(start..).ok_or(ImageError::Truncated)?)?.iter().filter(|(kind, _)| kind == b"infe")
    {
        let is_long = take(entry, 0, 1)?[0] > 2;
        let id = id(entry, 4, is_long)?;
        let kind = take(entry, if is_long { 10 } else { 8 }, 4)?;
        items.push(Item { id, kind: [kind[0], kind[1], kind[2], kind[3]], properties: Vec::new() });
    }
    let iprp = boxes(required(meta, b"iprp")?)?;
    let properties = boxes(required(&iprp, b"ipco")?)?;
    for (_, ipma) in iprp.iter().filter(|(kind, _)| kind == b"ipma") {
        associate(&mut items, &properties, ipma)?;
    }
    Ok(items)
}

/// Which properties belong to which item (`ipma`).
fn associate<'a>(items: &mut [Item<'a>], properties: &[Content<'a>], ipma: &[u8]) -> Result<(), ImageError> {
    let head = take(ipma, 0, 8)?;
    let (has_long_ids, has_long_indices) = (head[0] > 0, head[3] & 1 != 0);
    let mut position = 8;
    for _ in 0..u32_big(ipma, 4)? {
        let id = id(ipma, position, has_long_ids)?;
        position += if has_long_ids { 4 } else { 2 };
        let count = take(ipma, position, 1)?[0];
        position += 1;
        for _ in 0..count {
            // The highest bit says that the property must be understood; those that matter are.
            let index = if has_long_indices {
                usize::from(u16_big(ipma, position)? & 0x7fff)
            } else {
                usize::from(take(ipma, position, 1)?[0] & 0x7f)
            };
            position += if has_long_indices { 2 } else { 1 };
            let property = index.checked_sub(1).and_then(|index| properties.get(index));
            if let (Some(item), Some(property)) = (items.iter_mut().find(|item| item.id == id), property) {
                item.properties.push(*property);
            }
        }
    }
    Ok(())
}

/// Kind, from and to of each reference between items (`iref`).
fn read_references(iref: &[u8]) -> Result<Vec<([u8; 4], u32, u32)>, ImageError> {
    let is_long = take(iref, 0, 1)?[0] > 0;
    let step = if is_long { 4 } else { 2 };
    let mut references = Vec::new();
    for (kind, content) in boxes(iref.get(4..).ok_or(ImageError::Truncated)?)? {
        let from = id(content, 0, is_long)?;
        for index in 0..usize::from(u16_big(content, step)?) {
            if references.len() == ENTRIES_MAX {
                return Err(damaged("too many references"));
            }
            references.push((kind, from, id(content, step + 2 + index * step, is_long)?));
        }
    }
    Ok(references)
}

/// The bytes of an item (`iloc`), from the file or from the box `idat`; in one piece where they are in one piece.
fn locate<'a>(file: &'a [u8], data: &'a [u8], iloc: &[u8], wanted: u32) -> Result<Cow<'a, [u8]>, ImageError> {
    let head = take(iloc, 0, 8)?;
    let version = head[0];
    let (offset_size, length_size) = (usize::from(head[4] >> 4), usize::from(head[4] & 15));
    let (base_size, index_size) = (usize::from(head[5] >> 4), if version > 0 { usize::from(head[5] & 15) } else { 0 });
    let is_long = version > 1;
    let count = id(iloc, 6, is_long)?;
    let mut position = if is_long { 10 } else { 8 };
    for _ in 0..count {
        let id = id(iloc, position, is_long)?;
        position += if is_long { 4 } else { 2 };
        let mut method = 0;
        if version > 0 {
            method = u16_big(iloc, position)? & 15;
            position += 2;
        }
        position += 2; // The data reference, which is this file.
        let base = number(iloc, position, base_size)?;
        position += base_size;
        let extents = u16_big(iloc, position)?;
        position += 2;
        let mut parts = Vec::new();
        for _ in 0..extents {
            position += index_size;
            let offset = number(iloc, position, offset_size)?;
            let length = number(iloc, position + offset_size, length_size)?;
            position += offset_size + length_size;
            parts.push((base.saturating_add(offset), length));
        }
        if id == wanted {
            return match method {
                0 => gather(file, &parts),
                1 => gather(data, &parts),
                _ => Err(ImageError::Unsupported("AVIF whose data is elsewhere")),
            };
        }
    }
    Err(damaged("an item without data"))
}

fn gather<'a>(source: &'a [u8], parts: &[(u64, u64)]) -> Result<Cow<'a, [u8]>, ImageError> {
    let part = |(offset, length): (u64, u64)| {
        let start = usize::try_from(offset).map_err(|_| ImageError::Truncated)?;
        // A length of 0 means to the end.
        let length = if length == 0 { source.len().saturating_sub(start) as u64 } else { length };
        take(source, start, usize::try_from(length).map_err(|_| ImageError::Truncated)?)
    };
    if let [only] = parts {
        return part(*only).map(Cow::Borrowed);
    }
    let mut whole = Vec::new();
    for one in parts {
        whole.extend_from_slice(part(*one)?);
        // Parts may overlap, so many small ones could name more than the file holds.
        if whole.len() > limits::FILE_MAX_BYTES {
            return Err(damaged("parts that are larger than the file"));
        }
    }
    Ok(Cow::Owned(whole))
}

fn damaged(what: &str) -> ImageError {
    ImageError::Damaged(format!("AVIF: {what}"))
}
