//! Bounds of HTTP, each with its reason in one sentence.

use std::time::Duration;

/// Largest body of a message: the bulk form (≤ 1,000 records) after base64url. The cap of a single
/// message is smaller and applies once the form is known (formats.md §3).
pub const BODY_BYTES_MAX: usize = 3 * 1024 * 1024;

/// Largest body of a local request in plain JSON: one record with room to spare.
pub const LOCAL_BODY_BYTES_MAX: usize = 256 * 1024;

/// Longest time for a whole body to arrive: 3 MiB over a line of 2.5 Mbit/s.
pub const BODY_READ_TIME: Duration = Duration::from_secs(10);

/// Requests that are worked on at once; above it the answer is `overloaded`, not a longer queue.
pub const REQUESTS_MAX: usize = 1024;

/// Bounds of one listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open connections; above it new ones wait in the kernel's backlog.
    pub connections: usize,
    /// Longest TLS handshake: an honest one takes milliseconds.
    pub handshake: Duration,
    /// Longest time for a request head to arrive, and longest silence on a kept HTTP/1.1 connection.
    pub header_read: Duration,
    /// Longest time that requests in flight get after shutdown was asked for.
    pub drain: Duration,
    /// HTTP/2 streams open at once on one connection.
    pub http2_streams: u32,
    /// Bytes of a request head: HTTP/2 header list, HTTP/1.1 read buffer.
    pub head_bytes: u32,
    /// Interval of HTTP/2 pings, and the longest wait for the answer to one.
    pub http2_ping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            handshake: Duration::from_secs(5),
            header_read: Duration::from_secs(30),
            drain: Duration::from_secs(20),
            http2_streams: 64,
            head_bytes: 16 * 1024,
            http2_ping: Duration::from_secs(20),
        }
    }
}
