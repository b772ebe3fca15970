//! The `Store` port's implementations.
pub mod sqlite;
