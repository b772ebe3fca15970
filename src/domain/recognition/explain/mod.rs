//! An answer in words, Chinese and English from the same data. Adds nothing that the answer does
//! not say.

mod words;

use std::fmt::{self, Write as _};

use super::answer::{Flag, HoursOfYear, Outcome, Recognition, RecordFinding, RuleFinding};
use super::rule::LocalMeaning;
use crate::domain::text::Language;
use words::Words;

/// The answer as a person reads it: the result first, then each record with its basis, what is
/// still open, and the log positions it rests on. Lines end in `\n`.
pub fn explain(recognition: &Recognition, language: Language) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, recognition, language);
    out
}

/// Picks the form for `language`.
const fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn write_all(out: &mut String, r: &Recognition, language: Language) -> fmt::Result {
    let (outcome, purpose) = (r.outcome.words(language), r.for_purpose.words(language));
    match language {
        Language::Zh => writeln!(
            out,
            "结论：{outcome}。接收地 {}，用途“{purpose}”，业务日期 {}，依据日志前 {} 条。",
            r.at, r.valid_at, r.known_at
        )?,
        Language::En => writeln!(
            out,
            "Result: {outcome}. Receiving district {}, purpose \"{purpose}\", valid at {}, \
             known from the first {} log entries.",
            r.at, r.valid_at, r.known_at
        )?,
    }
    for record in &r.records {
        write_record(out, record, language)?;
    }
    for year in &r.hours {
        write_hours(out, year, language)?;
    }
    out.push_str(pick(
        language,
        "本结果供经办人判断，不是决定。\n",
        "This is evidence for a person's decision, not a decision.\n",
    ));
    Ok(())
}

fn write_record(out: &mut String, r: &RecordFinding, language: Language) -> fmt::Result {
    let (object, outcome) = (r.object.words(language), r.outcome.words(language));
    match language {
        Language::Zh => writeln!(
            out,
            "· {} 的记录 {}（{object}，{} / {}，第 {} 版）：{outcome}。",
            r.sender, r.record, r.scheme, r.class, r.revision
        )?,
        Language::En => writeln!(
            out,
            "- Record {} of {} ({object}, {} / {}, revision {}): {outcome}.",
            r.record, r.sender, r.scheme, r.class, r.revision
        )?,
    }
    for flag in &r.flags {
        writeln!(out, "  ! {}", flag.words(language))?;
    }
    for rule in &r.rules {
        write_rule(out, rule, language)?;
    }
    if r.outcome == Outcome::NoRule && !r.flags.contains(&Flag::RulesConflict) {
        out.push_str(pick(
            language,
            "  没有规则对应此项、此用途和此日期；不按级别或字母推定，请人工办理。\n",
            "  No rule covers this class, purpose and date; nothing is inferred from rank or \
             letter. A person decides.\n",
        ));
    }
    writeln!(out, "  {} {:?}", pick(language, "日志位置", "Log positions"), r.evidence)
}

fn write_rule(out: &mut String, r: &RuleFinding, language: Language) -> fmt::Result {
    let effect = effect_words(r, language);
    match language {
        Language::Zh => writeln!(
            out,
            "  规则 {} 第 {} 版（日志 {}）：{effect}。依据：{}，{} 版，{}；{}。",
            r.rule,
            r.revision,
            r.position,
            r.citation.document,
            r.document_version,
            r.citation.article,
            r.decided_by
        )?,
        Language::En => writeln!(
            out,
            "  Rule {} revision {} (log {}): {effect}. Basis: {}, version {}, {}; decided by {}.",
            r.rule,
            r.revision,
            r.position,
            r.citation.document,
            r.document_version,
            r.citation.article,
            r.decided_by
        )?,
    }
    for p in &r.preconditions {
        let (proof, text) = (p.proof.words(language), p.precondition.text.get(language));
        let colon = pick(language, "：", ": ");
        write!(out, "    [{proof}] {text} ({})", p.precondition.citation)?;
        if p.evidence.is_empty() {
            out.push('\n');
        } else {
            let positions = pick(language, "日志位置", "log positions");
            writeln!(out, " {positions}{colon}{:?}", p.evidence)?;
        }
    }
    Ok(())
}

fn effect_words(r: &RuleFinding, language: Language) -> String {
    let effect = r.effect.words(language);
    match &r.local {
        None => effect.to_owned(),
        Some(LocalMeaning::Text { text }) => format!("{effect} – {}", text.get(language)),
        Some(LocalMeaning::Class { class }) => {
            let treated = pick(language, "视同本地", "treated as local");
            format!("{effect} – {treated} {} / {}", class.scheme, class.class)
        }
    }
}

fn write_hours(out: &mut String, year: &HoursOfYear, language: Language) -> fmt::Result {
    let (sure, open) = (year.recognised, year.conditional);
    let [a, b, c, d] = [
        sure.general_tenths,
        sure.professional_tenths,
        open.general_tenths,
        open.professional_tenths,
    ]
    .map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    match language {
        Language::Zh => writeln!(
            out,
            "· {} 年学时：公需 {a}，专业 {b}；待证明：公需 {c}，专业 {d}。",
            year.year
        ),
        Language::En => writeln!(
            out,
            "- Hours of {}: general {a}, professional {b}; not proven yet: general {c}, \
             professional {d}.",
            year.year
        ),
    }
}
