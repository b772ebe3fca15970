//! Tables become records: a real gateway, tokeniser and connector, and files as districts keep them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[expect(dead_code, reason = "shared with tests/connector.rs, which uses the rest")]
#[path = "connector/plain.rs"]
mod plain;
#[path = "import/support.rs"]
mod support;
#[expect(dead_code, reason = "shared with tests/connector.rs, which uses the rest")]
#[path = "connector/world.rs"]
mod world;

#[path = "import/again.rs"]
mod again;
#[path = "import/csv.rs"]
mod csv;
#[path = "import/examples.rs"]
mod examples;
#[path = "import/excel.rs"]
mod excel;
