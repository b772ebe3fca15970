//! What the demo says at its end.

use std::fmt::Write as _;
use std::path::Path;

use super::super::output::table;
use super::office::Office;
use super::play::Played;

/// The result in words and tables. Writing to a string does not fail.
pub(super) fn told(played: &Played) -> String {
    let mut out = format!("{} generated talents, six districts\n\n", played.talents);
    let rows = played.messages.iter().map(|(mt, n)| {
        let kind = mt.split('/').next().unwrap_or_default();
        let inside = played.records.get(kind).map(|n| format!("{n} records")).unwrap_or_default();
        vec![mt.clone(), n.to_string(), inside]
    });
    out += &table(&["message", "sent", ""], rows);
    let look_ups = &played.look_ups;
    let _ = writeln!(out, "\n\nRecognition and services 互认与服务: {} look-ups", look_ups.asked);
    let rows = look_ups.answers.iter().map(|(o, n)| vec![o.clone(), n.to_string()]);
    out += &table(&["outcome", "look-ups"], rows);
    let _ = writeln!(
        out,
        "\n\nOf them {} are answered as the generator knows, record by record and rule by rule",
        look_ups.right
    );
    let _ = writeln!(out, "\n\nFunding checks before paying 资助核查: {}", played.funding.checks);
    let rows = played.funding.verdicts.iter().map(|(v, n)| vec![v.clone(), n.to_string()]);
    out += &table(&["verdict", "checks"], rows);
    out += "\n\nFindings against what the generator knows\n";
    let percent = |permille: Option<u64>| {
        permille.map_or("–".to_owned(), |p| format!("{}.{} %", p / 10, p % 10))
    };
    let rows = played.funding.rules.iter().map(|(rule, c)| {
        vec![
            rule.clone(),
            c.hits.to_string(),
            c.false_alarms.to_string(),
            c.misses.to_string(),
            percent(c.precision_permille()),
            percent(c.recall_permille()),
        ]
    });
    let heads = ["rule", "hits", "false alarms", "misses", "precision", "recall"];
    out += &table(&heads, rows);
    if !played.samples.is_empty() {
        out += "\n\nAs an officer reads it\n";
        for sample in &played.samples {
            // A slip has several lines, and reads as such.
            let _ = writeln!(out, "  {}", sample.replace('\n', "\n  "));
        }
    }
    if played.refused > 0 {
        let _ = writeln!(out, "\n\n{} messages were refused:", played.refused);
        for problem in &played.problems {
            let _ = writeln!(out, "  {problem}");
        }
    }
    if !played.mismatched.is_empty() {
        let _ = writeln!(out, "\n\nThe gateway counts other records of:");
        for district in &played.mismatched {
            let _ = writeln!(out, "  {district}");
        }
    }
    out
}

/// How to look around while it stays up.
pub(super) fn look_around(dir: &Path, offices: &[Office]) -> String {
    let mut out = String::from("\nEverything stays up until Ctrl-C. Look around:\n");
    if let Some(office) = offices.first() {
        let _ = writeln!(
            out,
            "  TOKEN=$(awk '$2 == \"window\" {{ print $3 }}' {})\n  \
             curl -H \"Authorization: Bearer $TOKEN\" {}/local/v1/outbox\n  \
             curl -H \"Authorization: Bearer $TOKEN\" {}/local/v1/feed",
            office.operators.display(),
            office.url,
            office.url,
        );
    }
    let _ = writeln!(out, "  talent-gateway log verify --db {}/gateway/gateway.db", dir.display());
    out
}
