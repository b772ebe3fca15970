//! Matching tokens: VOPRF(ristretto255, SHA-512), RFC 9497.
