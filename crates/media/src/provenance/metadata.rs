//! Takes every piece of metadata off a picture, writes the one that the platform stands for, and touches no pixel.

use super::model::{ProvenanceError, SourceType};
use crate::images::inspect::{inspect, read_orientation};
use crate::images::model::{PictureFormat, Size};
use crate::images::orientation::Orientation;
use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;

const XMP_JPEG_PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const XMP_PNG_PREFIX: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";
const ICC_JPEG_PREFIX: &[u8] = b"ICC_PROFILE\0";

/// What a PNG keeps: the pixels, and what is needed to show them right. Text chunks, times, EXIF, old credentials and
/// animation go.
const PNG_KEPT: [&[u8; 4]; 12] =
    [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs", b"IDAT", b"IEND"];
/// What a WebP keeps.
const WEBP_KEPT: [&[u8; 4]; 4] = [b"VP8 ", b"VP8L", b"ALPH", b"ICCP"];

/// Strips EXIF, XMP, IPTC, comments and credentials from a picture and writes XMP that tells its source type. Colour
/// profile and orientation stay. The pixels stay bit for bit.
///
/// # Errors
/// `Image` when the bytes are not a usable picture, `Metadata` when the file's structure cannot be rewritten.
pub fn replace_metadata(picture: &[u8], source_type: SourceType) -> Result<Vec<u8>, ProvenanceError> {
    let facts = inspect(picture)?;
    let orientation = read_orientation(picture)?;
    let bytes = Bytes::copy_from_slice(picture);
    let xmp = xmp_packet(source_type);
    match facts.format {
        PictureFormat::Png => replace_in_png(bytes, &xmp, orientation),
        PictureFormat::Jpeg => replace_in_jpeg(bytes, &xmp, orientation),
        PictureFormat::WebP => replace_in_webp(bytes, &xmp, orientation, orientation.turned(facts.size())),
    }
}

fn replace_in_png(bytes: Bytes, xmp: &str, orientation: Orientation) -> Result<Vec<u8>, ProvenanceError> {
    let mut png = Png::from_bytes(bytes).map_err(metadata_error)?;
    let chunks = png.chunks_mut();
    chunks.retain(|chunk| PNG_KEPT.contains(&&chunk.kind()));
    let first_data = chunks.iter().position(|chunk| &chunk.kind() == b"IDAT").unwrap_or(chunks.len().min(1));
    let text = [XMP_PNG_PREFIX, xmp.as_bytes()].concat();
    chunks.insert(first_data, PngChunk::new(*b"iTXt", Bytes::from(text)));
    if orientation != Orientation::Upright {
        chunks.insert(first_data, PngChunk::new(*b"eXIf", Bytes::from(orientation.to_exif().to_vec())));
    }
    Ok(png.encoder().bytes().to_vec())
}

fn replace_in_jpeg(bytes: Bytes, xmp: &str, orientation: Orientation) -> Result<Vec<u8>, ProvenanceError> {
    let mut jpeg = Jpeg::from_bytes(bytes).map_err(metadata_error)?;
    let segments = jpeg.segments_mut();
    segments.retain(|segment| match segment.marker() {
        0xe0 | 0xee => true,
        0xe2 => segment.contents().starts_with(ICC_JPEG_PREFIX),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    });
    // JFIF wants to be first; everything else comes behind it.
    let behind_jfif = segments.iter().take_while(|segment| segment.marker() == 0xe0).count();
    let packet = [XMP_JPEG_PREFIX, xmp.as_bytes()].concat();
    segments.insert(behind_jfif, JpegSegment::new_with_contents(0xe1, Bytes::from(packet)));
    if orientation != Orientation::Upright {
        let exif = [b"Exif\0\0".as_slice(), &orientation.to_exif()].concat();
        segments.insert(behind_jfif, JpegSegment::new_with_contents(0xe1, Bytes::from(exif)));
    }
    Ok(jpeg.encoder().bytes().to_vec())
}

fn replace_in_webp(
    bytes: Bytes,
    xmp: &str,
    orientation: Orientation,
    stored: Size,
) -> Result<Vec<u8>, ProvenanceError> {
    let mut webp = WebP::from_bytes(bytes).map_err(metadata_error)?;
    let alpha = webp_has_alpha(&webp);
    let chunks = webp.chunks_mut();
    chunks.retain(|chunk| WEBP_KEPT.contains(&&chunk.id()));
    let profile = chunks.iter().any(|chunk| &chunk.id() == b"ICCP");
    let turned = orientation != Orientation::Upright;
    if turned {
        chunks.push(data_chunk(*b"EXIF", orientation.to_exif().to_vec()));
    }
    chunks.push(data_chunk(*b"XMP ", xmp.as_bytes().to_vec()));
    let flags = u8::from(profile) << 5 | u8::from(alpha) << 4 | u8::from(turned) << 3 | 1 << 2;
    let side = |pixels: u32| (pixels - 1).to_le_bytes();
    let ([w0, w1, w2, _], [h0, h1, h2, _]) = (side(stored.width_px), side(stored.height_px));
    chunks.insert(0, data_chunk(*b"VP8X", vec![flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]));
    Ok(webp.encoder().bytes().to_vec())
}

/// Lossy pictures have their alpha in a chunk of its own, lossless ones announce it in a bit behind the size.
fn webp_has_alpha(webp: &WebP) -> bool {
    let lossless = webp.chunk_by_id(*b"VP8L").and_then(|chunk| chunk.content().data().cloned());
    webp.has_chunk(*b"ALPH") || lossless.is_some_and(|data| data.get(4).is_some_and(|byte| byte & 0x10 != 0))
}

fn data_chunk(id: [u8; 4], data: Vec<u8>) -> RiffChunk {
    RiffChunk::new(id, RiffContent::Data(Bytes::from(data)))
}

/// The XMP packet: which program wrote the file, and the IPTC digital source type.
fn xmp_packet(source_type: SourceType) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" \
         xmp:CreatorTool=\"Machiya\" Iptc4xmpExt:DigitalSourceType=\"{}\"/>\
         </rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>",
        source_type.uri()
    )
}

fn metadata_error(cause: impl std::fmt::Display) -> ProvenanceError {
    ProvenanceError::Metadata(cause.to_string())
}
