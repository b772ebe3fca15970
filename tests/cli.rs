//! The built binary as people and scripts meet it: what it prints, how it ends.

#[path = "cli/support.rs"]
mod support;

#[path = "cli/errors.rs"]
mod errors;
#[path = "cli/offline.rs"]
mod offline;
#[path = "cli/reference.rs"]
mod reference;
#[path = "cli/story.rs"]
mod story;
