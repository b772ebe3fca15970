//! An answer in words, Chinese and English from the same data: what was compared, which clause,
//! what follows, whom to call. Adds nothing that the answer does not say.

mod entitlement;
mod heading;
mod names;
mod next;
mod words;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::alliance::OutsideMember;
use super::answer::{
    Flag, HoursOfYear, MinimumFinding, Outcome, PreconditionFinding, Recognition, RecordFinding,
    RuleFinding, SetAsideReason,
};
use super::rule::LocalMeaning;
use crate::domain::participant::ParticipantId;
use crate::domain::place;
use crate::domain::text::Language;
pub use entitlement::explain_entitlement;
use heading::Heading;
use names::positions;
pub use names::{Names, NoNames, Told};
use words::Words;

/// The public contact of a participant's office, where the directory is at hand.
pub type Contact<'a> = &'a dyn Fn(&ParticipantId) -> Option<String>;

/// The answer as a person reads it: the result first, then each record with its basis, what is
/// still open, and where in the log it stands. Lines end in `\n`.
pub fn explain(recognition: &Recognition, told: Told<'_>, language: Language) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, recognition, told, language);
    out.push_str(notice(language));
    out
}

/// The same, with what it means for the shared service that it asks about, where it asks about one.
pub fn explain_with_service(
    recognition: &Recognition,
    told: Told<'_>,
    language: Language,
) -> String {
    let service = super::entitlement::entitlement(recognition);
    let service = service.map(|e| entitlement::told_without_notice(&e, told, language));
    service.unwrap_or_default() + &explain(recognition, told, language)
}

/// Picks the form for `language`.
const fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn write_all(out: &mut String, r: &Recognition, told: Told<'_>, language: Language) -> fmt::Result {
    let outcome = Heading::of_all(r).words(language);
    let purpose = match &r.service {
        None => r.for_purpose.words(language).to_owned(),
        Some(service) => {
            let colon = pick(language, "：", ": ");
            format!("{}{colon}{}", r.for_purpose.words(language), told.service(service, language))
        }
    };
    match language {
        Language::Zh => writeln!(
            out,
            "结论：{outcome}。接收地{}，用途“{purpose}”，业务日期 {}。",
            place::name(r.at.as_str(), language),
            r.valid_at
        )?,
        Language::En => writeln!(
            out,
            "Result: {outcome}. Receiving district {}, purpose \"{purpose}\", valid at {}.",
            place::name(r.at.as_str(), language),
            r.valid_at
        )?,
    }
    for record in &r.records {
        write_record(out, record, told, language)?;
        next::write(out, r, record, told, language)?;
    }
    if r.records.is_empty() {
        next::write_no_record(out, r, told, language)?;
    }
    for year in &r.hours {
        write_hours(out, year, language)?;
    }
    write_outside(out, &r.not_connected, told, language)
}

const fn notice(language: Language) -> &'static str {
    pick(
        language,
        "本结果供经办人判断，不是决定。\n",
        "This is evidence for a person's decision, not a decision.\n",
    )
}

fn write_record(
    out: &mut String,
    r: &RecordFinding,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let object = r.object.words(language);
    let class = told.class(&r.scheme, &r.class, language);
    let outcome = Heading::of(r).words(language);
    match language {
        Language::Zh => writeln!(
            out,
            "· {}的记录 {}（{object}，{class}，第 {} 版{}）：{outcome}。",
            place::name(r.sender.as_str(), language),
            r.record,
            r.revision,
            r.authority.as_ref().map(|a| format!("，{}", a.name)).unwrap_or_default()
        )?,
        Language::En => writeln!(
            out,
            "- Record {} of {} ({object}, {class}, revision {}{}): {outcome}.",
            r.record,
            place::name(r.sender.as_str(), language),
            r.revision,
            r.authority.as_ref().map(|a| format!(", {}", a.name)).unwrap_or_default()
        )?,
    }
    for flag in &r.flags {
        writeln!(out, "  ! {}", flag.words(language))?;
    }
    for rule in &r.rules {
        write_rule(out, rule, told, language)?;
    }
    let settled = [Flag::RulesConflict, Flag::OwnRecord, Flag::ExampleRule, Flag::CopiesDiffer];
    if r.outcome == Outcome::NoRule && !settled.iter().any(|f| r.flags.contains(f)) {
        out.push_str(pick(
            language,
            "  没有规则对应此项、此用途和此日期；不按级别或字母推定，请人工办理。\n",
            "  No rule covers this class, purpose and date; nothing is inferred from rank or \
             letter. A person decides.\n",
        ));
    }
    match positions(&r.evidence, language) {
        Some(positions) => {
            writeln!(out, "  {}{positions}", pick(language, "所据记录：", "Recorded at: "))
        }
        None => Ok(()),
    }
}

fn write_rule(
    out: &mut String,
    r: &RuleFinding,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let effect = effect_words(r, told, language);
    let logged = positions(&[r.position], language).map(|at| match language {
        Language::Zh => format!("（{at}）"),
        Language::En => format!(" ({at})"),
    });
    let logged = logged.unwrap_or_default();
    match language {
        Language::Zh => writeln!(
            out,
            "  规则 {} 第 {} 版{logged}：{effect}。依据：{}，{}版，{}；{}。",
            r.rule,
            r.revision,
            r.citation.document,
            r.document_version,
            r.citation.article,
            r.decided_by
        )?,
        Language::En => writeln!(
            out,
            "  Rule {} revision {}{logged}: {effect}. Basis: {}, version {}, {}; decided by {}.",
            r.rule,
            r.revision,
            r.citation.document,
            r.document_version,
            r.citation.article,
            r.decided_by
        )?,
    }
    r.preconditions.iter().try_for_each(|p| write_precondition(out, p, told, language))
}

fn write_precondition(
    out: &mut String,
    p: &PreconditionFinding,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let (proof, text) = (p.proof.words(language), p.precondition.text.get(language));
    let logged = positions(&p.evidence, language);
    let citation = &p.precondition.citation;
    match (language, logged) {
        (Language::Zh, Some(at)) => writeln!(out, "    [{proof}] {text}（{citation}；{at}）")?,
        (Language::Zh, None) => writeln!(out, "    [{proof}] {text}（{citation}）")?,
        (Language::En, Some(at)) => writeln!(out, "    [{proof}] {text} ({citation}; {at})")?,
        (Language::En, None) => writeln!(out, "    [{proof}] {text} ({citation})")?,
    }
    let (colon, then) = (pick(language, "：", ": "), pick(language, "；", "; "));
    for aside in &p.set_aside {
        let reasons: Vec<_> = aside.reasons.iter().map(|r| r.words(language)).collect();
        let reasons = reasons.join(then);
        let counts_not = pick(language, "有记录但不作数", "a record that does not count");
        write!(out, "      ! {counts_not}{colon}{reasons}")?;
        if let Some(at) = positions(&[aside.position], language) {
            write!(out, "{then}{at}")?;
        }
        if let Some(at) = positions(&aside.objections, language) {
            write!(out, "{then}{}{colon}{at}", pick(language, "异议", "objections"))?;
        }
        // Both sides of a contradiction are to be asked.
        if let Some(sender) = &aside.sender
            && aside.reasons.contains(&SetAsideReason::Contradicting)
        {
            let who = next::office(sender, told, language);
            write!(out, "{then}{}{colon}{who}", pick(language, "联系", "call"))?;
        }
        out.push('\n');
    }
    Ok(())
}

fn effect_words(r: &RuleFinding, told: Told<'_>, language: Language) -> String {
    let effect = r.effect.words(language);
    let then = pick(language, "，", " – ");
    match &r.local {
        None => effect.to_owned(),
        Some(LocalMeaning::Text { text }) => format!("{effect}{then}{}", text.get(language)),
        Some(LocalMeaning::Class { class }) => {
            let treated = pick(language, "视同本地", "treated as local ");
            let class = told.class(&class.scheme, &class.class, language);
            format!("{effect}{then}{treated}{class}")
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
            Language::Zh => format!("{zh}公需 {general} 学时、专业 {professional} 学时"),
            Language::En => {
                format!("{en}: {general} general and {professional} professional hours")
            }
        }
    });
    let texts: Vec<String> = texts.collect();
    let end = pick(language, "。", ".");
    match language {
        Language::Zh => write!(out, "· {} 年：", year.year)?,
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
    let lack = if lack == [0; 3] { String::new() } else { lacking(lack.map(hours), language) };
    match language {
        Language::Zh => writeln!(
            out,
            "  规则 {} 要求每年公需 {general} 学时、专业 {professional} 学时、合计 {total} 学时：\
             {standing}{lack}。",
            m.rule
        ),
        Language::En => writeln!(
            out,
            "  Rule {} asks for {general} general, {professional} professional and {total} hours \
             together a year: {standing}{lack}.",
            m.rule
        ),
    }
}

fn lacking([general, professional, total]: [String; 3], language: Language) -> String {
    match language {
        Language::Zh => {
            format!("；尚缺公需 {general} 学时、专业 {professional} 学时、合计 {total} 学时")
        }
        Language::En => {
            format!("; lacking {general} general, {professional} professional, {total} together")
        }
    }
}

fn write_outside(
    out: &mut String,
    members: &[OutsideMember],
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    if members.is_empty() {
        return Ok(());
    }
    // A city may be a member of several alliances: named once, with all of them.
    let mut alliances: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in members {
        alliances.entry(member.name.get(language)).or_default().push(&member.alliance);
    }
    let name = |(name, of): (&str, Vec<&str>)| {
        let of: Vec<String> = of.into_iter().map(|a| told.alliance(a, language)).collect();
        match language {
            Language::Zh => format!("{name}（{}）", of.join("、")),
            Language::En => format!("{name} ({})", of.join(", ")),
        }
    };
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
