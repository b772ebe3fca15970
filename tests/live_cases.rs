//! Every case of `tests/cases` by messages: six districts send what carries its facts in production,
//! over mutual TLS, on the days when it happened; the application is then asked about and held, and
//! what the gateway answers is compared as `tests/funding_cases.rs` compares the engine.
//!
//! `cargo test --test live_cases -- --nocapture` prints each case with its verdict and articles.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

use std::path::Path;

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::message::PolicyRef;

mod support;

#[path = "live_cases/play.rs"]
mod play;
#[path = "live_cases/translate.rs"]
mod translate;
#[path = "support/wire.rs"]
mod wire;

/// The scenarios that the project was given, by number.
const SCENARIOS: [&str; 35] = [
    "T01", "T03", "T04", "T05", "T06", "T08", "T09", "T11", "T12", "T13", "T16", "T17", "T19a",
    "T20", "T21", "T22", "T23a", "T24", "T25a", "T25c", "T26", "T28", "T29", "T30", "T32", "T34",
    "T35", "T36", "T37", "T38", "T40", "T42", "T43", "T45", "T48",
];

/// A case under the name of its file, which alone is unique.
pub struct Named {
    /// Name of the file without its end.
    pub name: String,
    /// The case.
    pub case: CaseFile,
}

fn cases() -> Vec<Named> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        Named { name, case }
    };
    let folders = ["", "own", "reader"].iter();
    let files = folders.flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let files = files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut cases: Vec<Named> = files.map(read).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// Does it rest on an entry signed with a leaked key? A revocation makes everything suspect that its
/// owner sent, of all cases; it has a test of its own (`tests/funding.rs`).
fn is_suspect(Named { case, .. }: &Named) -> bool {
    case.grants.iter().any(|g| g.suspect)
        || case.records.iter().any(|r| r.suspect)
        || case.sanctions.iter().any(|s| s.suspect)
}

/// Does it rest on a grant under a policy that nobody has published? The gateway refuses such a grant,
/// so that only a file can say it.
fn is_refused(Named { case, .. }: &Named, shipped: &Catalogue) -> bool {
    let published = |policy: &PolicyRef| {
        let known = shipped.policies.iter().chain(&case.policies);
        known.into_iter().any(|p| (&p.id, p.version) == (&policy.id, policy.version))
    };
    case.grants.iter().any(|g| !published(&g.grant.terms.policy))
}

/// Does the case change what holds for everybody, so that it needs a gateway of its own? A policy
/// of its own does too, where another case means something else by the same name.
fn changes_the_rules(Named { case, .. }: &Named) -> bool {
    !case.policies.is_empty()
        || !case.rulings.is_empty()
        || !case.joint_rules.is_empty()
        || case.districts.iter().any(|d| !d.covered)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_comes_out_live_as_its_article_says() {
    let shipped = Catalogue::embedded().unwrap();
    let can_happen = |c: &Named| !is_suspect(c) && !is_refused(c, &shipped);
    let (alone, together): (Vec<_>, Vec<_>) =
        cases().into_iter().filter(can_happen).partition(changes_the_rules);
    let judged: usize = alone.iter().chain(&together).map(|c| c.case.steps.len()).sum();
    let (mut outcomes, mut failures) = play::play(&together).await;
    for case in alone {
        let (more, refused) = play::play(&[case]).await;
        outcomes.extend(more);
        failures.extend(refused);
    }
    outcomes.sort_by(|a, b| (&a.case, &a.step, a.asked).cmp(&(&b.case, &b.step, b.asked)));
    for outcome in &outcomes {
        let name = format!("{} {} ({})", outcome.case, outcome.step, outcome.asked);
        let articles: Vec<&str> = outcome.articles.iter().map(String::as_str).collect();
        println!("{name}: {} · {}", outcome.verdict, articles.join("；"));
        failures.extend(outcome.differences.iter().map(|d| format!("{name}: {d}")));
    }
    let asked = outcomes.iter().filter(|o| o.asked == "query.funding/1").count();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert_eq!(asked, judged);
}

#[test]
fn every_scenario_that_was_given_is_a_case() {
    let cases = cases();
    for scenario in SCENARIOS {
        assert!(cases.iter().any(|named| named.case.id == scenario), "no case {scenario}");
    }
}
