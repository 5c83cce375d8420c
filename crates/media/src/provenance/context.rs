//! The settings under which the C2PA library signs and reads.

use c2pa::{Context, Settings};
use serde_json::json;

/// Settings that keep the library off the network and make it trust these certificates only.
pub(super) fn context_that_trusts(anchors_pem: &str) -> c2pa::Result<Context> {
    let settings = json!({
        "version": 1,
        "trust": { "trust_anchors": anchors_pem },
        "verify": {
            "verify_after_reading": true,
            "verify_after_sign": false,
            "ocsp_fetch": false,
            "remote_manifest_fetch": false
        },
        "core": { "max_decompressed_manifest_size_in_mb": 8 }
    });
    Context::new().with_settings(Settings::new().with_json(&settings.to_string())?)
}
