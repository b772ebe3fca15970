//! Responses that several endpoints give.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::domain::code::Code;

/// `true` on a reply that was given before for the same bytes. HTTP has no standard field for it;
/// this is the name that payment interfaces made common.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// 200 with JSON.
pub(super) fn json(value: &impl Serialize) -> Result<Response, Code> {
    let bytes = serde_json::to_vec(value).map_err(|_| Code::Internal)?;
    Ok(with_type("application/json", bytes))
}

/// 200 with these bytes.
pub(super) fn with_type(content_type: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// How long others may keep a response.
pub(super) fn cached(mut response: Response, policy: &'static str) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    response
}

/// The version of a resource as entity tag (RFC 9110 §8.8.3): `"v3"`, `"<sha256>"`.
pub(super) struct Tag(HeaderValue);

impl Tag {
    /// From letters, digits and dashes; `None` for anything else.
    pub(super) fn new(version: &str) -> Option<Self> {
        let plain = version.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let value = HeaderValue::from_str(&format!("\"{version}\"")).ok()?;
        plain.then_some(Self(value))
    }

    /// Does the client hold this version already? Weak comparison, as RFC 9110 §13.1.2 asks.
    pub(super) fn is_held(&self, headers: &HeaderMap) -> bool {
        let own = self.0.as_bytes();
        headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .flat_map(|value| value.as_bytes().split(|b| *b == b','))
            .map(<[u8]>::trim_ascii)
            .any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == own)
    }

    /// 304 without a body.
    pub(super) fn not_modified(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        self.on(response)
    }

    /// The response under this tag.
    pub(super) fn on(self, mut response: Response) -> Response {
        response.headers_mut().insert(ETAG, self.0);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_as_lists() {
        let tag = Tag::new("v3").unwrap();
        for (header, held) in [
            ("\"v3\"", true),
            ("W/\"v3\"", true),
            ("\"v1\" , \"v3\"", true),
            ("*", true),
            ("\"v33\"", false),
            ("v3", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(header));
            assert_eq!(tag.is_held(&headers), held, "{header}");
        }
        assert!(!tag.is_held(&HeaderMap::new()));
        assert!(Tag::new("a\"b").is_none());
    }
}
