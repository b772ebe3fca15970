//! An answer in words, Chinese and English from the same data: what was compared, which clause,
//! what follows, whom to call. Adds nothing that the answer does not say.

mod entitlement;
mod heading;
mod next;
mod words;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::alliance::OutsideMember;
use super::answer::{
    Flag, HoursOfYear, MinimumFinding, Outcome, PreconditionFinding, Recognition, RecordFinding,
    RuleFinding,
};
use super::rule::LocalMeaning;
use crate::domain::participant::ParticipantId;
use crate::domain::place;
use crate::domain::text::Language;
pub use entitlement::explain_entitlement;
use heading::Heading;
use words::Words;

/// The public contact of a participant's office, where the directory is at hand.
pub type Contact<'a> = &'a dyn Fn(&ParticipantId) -> Option<String>;

/// The answer as a person reads it: the result first, then each record with its basis, what is
/// still open, and the log positions it rests on. Lines end in `\n`.
pub fn explain(recognition: &Recognition, language: Language) -> String {
    explain_with(recognition, &|_| None, language)
}

/// As [`explain`], with the contacts of the offices to call.
pub fn explain_with(recognition: &Recognition, contact: Contact<'_>, language: Language) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, recognition, contact, language);
    out
}

/// Picks the form for `language`.
const fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn write_all(
    out: &mut String,
    r: &Recognition,
    contact: Contact<'_>,
    language: Language,
) -> fmt::Result {
    let outcome = Heading::of_all(r).words(language);
    let purpose = match &r.service {
        None => r.for_purpose.words(language).to_owned(),
        Some(service) => format!("{} {service}", r.for_purpose.words(language)),
    };
    match language {
        Language::Zh => writeln!(
            out,
            "结论：{outcome}。接收地{}，用途“{purpose}”，业务日期 {}，依据日志前 {} 条。",
            place::name(r.at.as_str(), language),
            r.valid_at,
            r.known_at
        )?,
        Language::En => writeln!(
            out,
            "Result: {outcome}. Receiving district {}, purpose \"{purpose}\", valid at {}, \
             known from the first {} log entries.",
            place::name(r.at.as_str(), language),
            r.valid_at,
            r.known_at
        )?,
    }
    for record in &r.records {
        write_record(out, record, language)?;
        next::write(out, r, record, contact, language)?;
    }
    if r.records.is_empty() {
        next::write_no_record(out, r, contact, language)?;
    }
    for year in &r.hours {
        write_hours(out, year, language)?;
    }
    write_outside(out, &r.not_connected, language)?;
    out.push_str(pick(
        language,
        "本结果供经办人判断，不是决定。\n",
        "This is evidence for a person's decision, not a decision.\n",
    ));
    Ok(())
}

fn write_record(out: &mut String, r: &RecordFinding, language: Language) -> fmt::Result {
    let object = r.object.words(language);
    let outcome = Heading::of(r).words(language);
    match language {
        Language::Zh => writeln!(
            out,
            "· {}的记录 {}（{object}，{} / {}，第 {} 版{}）：{outcome}。",
            place::name(r.sender.as_str(), language),
            r.record,
            r.scheme,
            r.class,
            r.revision,
            r.authority.as_ref().map(|a| format!("，{}", a.name)).unwrap_or_default()
        )?,
        Language::En => writeln!(
            out,
            "- Record {} of {} ({object}, {} / {}, revision {}{}): {outcome}.",
            r.record,
            place::name(r.sender.as_str(), language),
            r.scheme,
            r.class,
            r.revision,
            r.authority.as_ref().map(|a| format!(", {}", a.name)).unwrap_or_default()
        )?,
    }
    for flag in &r.flags {
        writeln!(out, "  ! {}", flag.words(language))?;
    }
    for rule in &r.rules {
        write_rule(out, rule, language)?;
    }
    let settled = [Flag::RulesConflict, Flag::OwnRecord];
    if r.outcome == Outcome::NoRule && !settled.iter().any(|f| r.flags.contains(f)) {
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
    r.preconditions.iter().try_for_each(|p| write_precondition(out, p, language))
}

fn write_precondition(
    out: &mut String,
    p: &PreconditionFinding,
    language: Language,
) -> fmt::Result {
    let (proof, text) = (p.proof.words(language), p.precondition.text.get(language));
    let positions = pick(language, "日志位置", "log positions");
    let colon = pick(language, "：", ": ");
    write!(out, "    [{proof}] {text} ({})", p.precondition.citation)?;
    if p.evidence.is_empty() {
        out.push('\n');
    } else {
        writeln!(out, " {positions}{colon}{:?}", p.evidence)?;
    }
    for aside in &p.set_aside {
        let reasons: Vec<_> = aside.reasons.iter().map(|r| r.words(language)).collect();
        let reasons = reasons.join(pick(language, "；", "; "));
        let counts_not = pick(language, "有记录但不作数", "a record that does not count");
        write!(out, "      ! {counts_not}{colon}{reasons} {positions}{colon}[{}]", aside.position)?;
        if !aside.objections.is_empty() {
            let objections = pick(language, "异议", "objections");
            write!(out, " {objections}{colon}{:?}", aside.objections)?;
        }
        out.push('\n');
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

/// Hours with one decimal, as certificates state them.
fn hours(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn write_hours(out: &mut String, year: &HoursOfYear, language: Language) -> fmt::Result {
    let columns = [
        ("本地", "own", year.own),
        ("互认", "recognised", year.recognised),
        ("待证明", "not proven yet", year.conditional),
    ];
    let shown = columns.iter().filter(|(zh, _, sum)| *zh == "互认" || !sum.is_zero());
    let texts = shown.map(|(zh, en, sum)| {
        let (general, professional) = (hours(sum.general_tenths), hours(sum.professional_tenths));
        match language {
            Language::Zh => format!("{zh}：公需 {general}，专业 {professional}"),
            Language::En => format!("{en}: general {general}, professional {professional}"),
        }
    });
    let texts: Vec<String> = texts.collect();
    let end = pick(language, "。", ".");
    match language {
        Language::Zh => write!(out, "· {} 年学时：", year.year)?,
        Language::En => write!(out, "- Hours of {}: ", year.year)?,
    }
    writeln!(out, "{}{end}", texts.join(pick(language, "；", "; ")))?;
    for minimum in &year.minimums {
        write_minimum(out, minimum, language)?;
    }
    Ok(())
}

fn write_minimum(out: &mut String, m: &MinimumFinding, language: Language) -> fmt::Result {
    let standing = m.standing.words(language);
    let least = [m.minimum.general_tenths, m.minimum.professional_tenths, m.minimum.total_tenths];
    let [general, professional, total] = least.map(|tenths| hours(tenths.into()));
    let lack = [m.missing.general_tenths, m.missing.professional_tenths, m.missing_total_tenths];
    let [a, b, c] = lack.map(hours);
    match language {
        Language::Zh => writeln!(
            out,
            "  规则 {} 要求每年公需 {general}、专业 {professional}、合计 {total}：{standing}；\
             尚缺公需 {a}、专业 {b}、合计 {c}。",
            m.rule
        ),
        Language::En => writeln!(
            out,
            "  Rule {} asks for general {general}, professional {professional}, together {total} a \
             year: {standing}; lacking general {a}, professional {b}, together {c}.",
            m.rule
        ),
    }
}

fn write_outside(out: &mut String, members: &[OutsideMember], language: Language) -> fmt::Result {
    if members.is_empty() {
        return Ok(());
    }
    // A city may be a member of several alliances: named once, with all of them.
    let mut alliances: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in members {
        alliances.entry(member.name.get(language)).or_default().push(&member.alliance);
    }
    let name = |(name, of): (&str, Vec<&str>)| format!("{name} ({})", of.join(", "));
    let names: Vec<_> = alliances.into_iter().map(name).collect();
    match language {
        Language::Zh => {
            writeln!(out, "· 联盟成员未接入，其记录不在本答复内：{}。", names.join("、"))
        }
        Language::En => writeln!(
            out,
            "- Members of an alliance that do not take part; their records are not in this answer: \
             {}.",
            names.join(", ")
        ),
    }
}
