//! JSON Schema registry: every schema of this release compiled at start, masked violations, the
//! rules that schemas keep, the comparison of releases, and the field dictionary.
//!
//! Owns `schemas/` and nothing else. Leaves what a message means to `domain`, strict reading of
//! bytes to `json` and the serving of schemas to `api`. This is the only module that names
//! `jsonschema`, whose interface changes often.
//!
//! Architecture invariant: no schema is ever fetched. Compiling and validating open no connection
//! and no file; a reference that is not in the binary stops the start.

mod compat;
mod dictionary;
mod embedded;
mod formats;
mod kept;
mod lint;
mod registry;
mod release;
mod violation;

pub use compat::{Break, Breaking, compat};
pub use dictionary::dictionary;
pub use embedded::{Role, Source};
pub use formats::is_region_code;
pub use kept::KeptSchema;
pub use lint::lint;
pub use registry::{Document, MessageSchema, Registry, SchemaError};
pub use release::{ReleaseFile, release_files};
pub use violation::VIOLATIONS_MAX;
