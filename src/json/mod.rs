//! Strict JSON reader (I-JSON, RFC 7493, with bounds and without duplicate keys).
