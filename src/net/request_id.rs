//! The id of a request: in the response, in problems and in the access log, nowhere else.

use std::fmt;

use http::{HeaderName, HeaderValue};
use uuid::Uuid;

/// Response header that carries the id. One in a request is ignored: a client cannot name ours.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A UUIDv7 that the gateway gave to one request; a request extension for handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// As header value.
    pub fn header(self) -> Option<HeaderValue> {
        let mut buffer = Uuid::encode_buffer();
        HeaderValue::from_str(self.0.hyphenated().encode_lower(&mut buffer)).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
