//! Composition: builds the roles of the binary from their parts.
