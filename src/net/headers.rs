//! Headers that every response carries.

use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue};

/// Sets `Cache-Control: no-store` unless the handler chose otherwise (immutable log tiles do), and
/// `X-Content-Type-Options: nosniff`. No HSTS: the peers are programs with pinned roots.
pub fn secure(headers: &mut HeaderMap) {
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}
