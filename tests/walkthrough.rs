//! One window case through a live gateway over mutual TLS, told in `docs/walkthrough.md`: the page
//! is made of what really went over the wire, and compared with what is written.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

use std::path::Path;

mod support;

#[path = "walkthrough/office.rs"]
mod office;
#[path = "walkthrough/page.rs"]
mod page;
#[path = "walkthrough/steps.rs"]
mod steps;
#[path = "walkthrough/story.rs"]
mod story;
#[path = "support/wire.rs"]
mod wire;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_walkthrough_is_as_written() {
    let is = steps::tell().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/walkthrough.md");
    if std::fs::read_to_string(path).ok().as_ref() != Some(&is) {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walkthrough.md");
        std::fs::write(&made, is).unwrap();
        panic!(
            "docs/walkthrough.md is out of date: compare it with {} and copy that over it",
            made.display()
        );
    }
}
