//! The bounds of what is read, by what it is.

/// Largest integer that every JSON implementation holds exactly: 2^53 − 1 (RFC 7493 §2.2).
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// Bounds of one JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Most bytes.
    pub size_max_bytes: usize,
    /// Deepest nesting of objects and arrays; a scalar has depth 0, `[]` has depth 1.
    pub depth_max: usize,
    /// Most members of one object.
    pub members_max: usize,
    /// Most items of one array.
    pub items_max: usize,
}

impl Bounds {
    /// A JWS header. The longest that the profile allows has about 200 bytes; the rest is room
    /// for members that an inbound `vc+jwt` may carry and we ignore.
    pub const HEADER: Self =
        Self { size_max_bytes: 1024, depth_max: 4, members_max: 32, items_max: 32 };

    /// The payload of one message, receipt or answer. Depth stays far below the 128 at which
    /// `serde_json` stops by itself.
    pub const MESSAGE: Self =
        Self { size_max_bytes: 256 * 1024, depth_max: 16, members_max: 1000, items_max: 1000 };

    /// The bulk form, up to 1,000 records under one signature, and the directory document.
    pub const BULK: Self = Self { size_max_bytes: 3 * 1024 * 1024, ..Self::MESSAGE };
}
