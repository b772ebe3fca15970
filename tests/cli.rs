//! The built binary as people and scripts meet it: what it prints, how it ends.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "cli/support.rs"]
mod support;

#[path = "cli/errors.rs"]
mod errors;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/offline.rs"]
mod offline;
#[path = "cli/reference.rs"]
mod reference;
#[path = "cli/story.rs"]
mod story;
