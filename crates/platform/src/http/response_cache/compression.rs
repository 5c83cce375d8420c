//! The encodings of a kept answer.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, header};

/// The effort for brotli, 0 to 11; 5 is where more stops paying for pages.
const BROTLI_QUALITY: i32 = 5;

/// What a client can unpack, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The best that `Accept-Encoding` allows.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut best = Self::Plain;
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            for part in value.to_str().unwrap_or_default().split(',') {
                let mut pieces = part.split(';').map(str::trim);
                let name = pieces.next().unwrap_or_default();
                // A weight of nothing forbids, whatever the number of its zeros.
                if pieces.any(|piece| piece.strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0_f32))) {
                    continue;
                }
                match name {
                    "br" => return Self::Brotli,
                    "gzip" => best = Self::Gzip,
                    _ => {}
                }
            }
        }
        best
    }

    /// The bytes packed; nothing where that does not make them fewer.
    pub(super) fn pack(self, plain: &Bytes) -> Option<Bytes> {
        let packed = match self {
            Self::Brotli => brotli(plain),
            Self::Gzip => gzip(plain),
            Self::Plain => return None,
        };
        (packed.len() < plain.len()).then(|| packed.into())
    }
}

/// The headers of a request that decide in which form a kept answer is sent.
pub(super) fn relevant_headers(headers: &HeaderMap) -> HeaderMap {
    const NAMES: [HeaderName; 2] = [header::ACCEPT_ENCODING, header::IF_NONE_MATCH];
    let mut some = HeaderMap::new();
    for name in NAMES {
        for value in headers.get_all(&name) {
            some.append(name.clone(), value.clone());
        }
    }
    some
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(plain.len() / 4);
    let params =
        brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, size_hint: plain.len(), ..Default::default() };
    // Reading from and writing to memory cannot fail.
    let _ = brotli::BrotliCompress(&mut &*plain, &mut packed, &params);
    packed
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::with_capacity(plain.len() / 4), flate2::Compression::default());
    // Writing to memory cannot fail.
    let _ = packing.write_all(plain);
    packing.finish().unwrap_or_default()
}
