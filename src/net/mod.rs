//! Listener, TLS, limits, problem responses, outbound client.
