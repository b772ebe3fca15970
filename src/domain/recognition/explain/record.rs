//! One record in words: what it is, who says so, how surely and for when, and the rules that meet it.

use std::fmt::{self, Write as _};

use super::super::answer::{
    Flag, Outcome, PreconditionFinding, RecordFinding, RuleFinding, SetAside, SetAsideReason,
    Source,
};
use super::super::rule::LocalMeaning;
use super::heading::Heading;
use super::names::positions;
use super::words::Words as _;
use super::{Told, next, pick};
use crate::domain::partial_date::PartialDate;
use crate::domain::place;
use crate::domain::record::life_cycle::Attestation;
use crate::domain::text::Language;
use crate::domain::time::Validity;

pub(super) fn write(
    out: &mut String,
    r: &RecordFinding,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let object = r.object.words(language);
    let class = told.class(&r.scheme, &r.class, language);
    let outcome = Heading::of(r).words(language);
    let sender = place::name(r.sender.as_str(), language);
    let authority = r.authority.as_ref().map(|a| a.name.as_str());
    match language {
        Language::Zh => writeln!(
            out,
            "· {sender}报送的记录 {}（{object}，{class}，第 {} 版{}）：{outcome}。",
            r.record,
            r.revision,
            authority.map(|name| format!("，{name}作出")).unwrap_or_default()
        )?,
        Language::En => writeln!(
            out,
            "- Record {} sent by {sender} ({object}, {class}, revision {}{}): {outcome}.",
            r.record,
            r.revision,
            authority.map(|name| format!(", decided by {name}")).unwrap_or_default()
        )?,
    }
    let end = pick(language, "。", ".");
    if let Some(validity) = r.validity {
        let valid = pick(language, "有效期：", "Valid: ");
        let seen = r.attestation.map(|a| attested(a, language));
        let seen = seen.map(|seen| format!("{}{seen}", pick(language, "；", "; ")));
        let seen = seen.unwrap_or_default();
        writeln!(out, "  {valid}{}{seen}{end}", period(validity, language))?;
    }
    if let Some(issued) = r.issued_on {
        write_issued(out, issued, language)?;
    }
    for flag in &r.flags {
        let since = r.stops.filter(|_| is_of_stop(*flag, r)).map(|day| match language {
            Language::Zh => format!("（自 {day} 起）"),
            Language::En => format!(" (from {day} on)"),
        });
        writeln!(out, "  ! {}{}", flag.words(language), since.unwrap_or_default())?;
    }
    for rule in &r.rules {
        // What data refute beside a rule that speaks decides nothing here.
        let aside = rule.is_refuted() && !r.is_refuted();
        write_rule(out, rule, aside, told, language)?;
    }
    if r.outcome == Outcome::NotValid && !r.rules.is_empty() {
        out.push_str(pick(
            language,
            "  以上规则在记录有效时才适用。\n",
            "  These rules apply only while the record is valid.\n",
        ));
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

/// The date of issue, and how far it is known.
fn write_issued(out: &mut String, issued: PartialDate, language: Language) -> fmt::Result {
    let (on, end) = (pick(language, "发证日期：", "Issued: "), pick(language, "。", "."));
    let coarse = match issued {
        PartialDate::Day(_) => "",
        PartialDate::Month(_) => pick(language, "（只写到月）", " (the month alone)"),
        PartialDate::Year(_) => pick(language, "（只写到年）", " (the year alone)"),
    };
    writeln!(out, "  {on}{issued}{coarse}{end}")
}

/// Does the flag tell of the day on which the record stops?
fn is_of_stop(flag: Flag, r: &RecordFinding) -> bool {
    match flag {
        Flag::Suspended | Flag::Revoked => true,
        // What is suspended already may be revoked later: the day is that of the suspension.
        Flag::EndsLater => !r.flags.contains(&Flag::Suspended),
        _ => false,
    }
}

/// `2023-01-01 至 2027-12-31`, `2023-01-01 起，长期`.
fn period(validity: Validity, language: Language) -> String {
    let from = validity.from;
    match (validity.until, language) {
        (Some(until), Language::Zh) => format!("{from} 至 {until}"),
        (Some(until), Language::En) => format!("{from} to {until}"),
        (None, Language::Zh) => format!("{from} 起，长期"),
        (None, Language::En) => format!("from {from} on, no end"),
    }
}

/// `作出机关的原始记录，数据时间 2024-05-01`.
fn attested(attestation: Attestation, language: Language) -> String {
    let (level, as_of) = (attestation.level.words(language), attestation.as_of);
    match language {
        Language::Zh => format!("{level}，数据时间 {as_of}"),
        Language::En => format!("{level}, as of {as_of}"),
    }
}

fn write_rule(
    out: &mut String,
    r: &RuleFinding,
    aside: bool,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let mut effect = effect_words(r, told, language);
    if aside {
        effect += pick(
            language,
            "（数据与其条件不符，此处不适用）",
            " (data contradict its conditions: it does not apply here)",
        );
    }
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
    r.preconditions.iter().try_for_each(|p| write_precondition(out, (p, r), told, language))
}

fn write_precondition(
    out: &mut String,
    (p, rule): (&PreconditionFinding, &RuleFinding),
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let (proof, text) = (p.proof.words(language), p.precondition.text.get(language));
    let citation = match &p.precondition.citation {
        same if same.document == rule.citation.document
            && same.article == rule.citation.article =>
        {
            pick(language, "依据同上", "same basis").to_owned()
        }
        other => other.to_string(),
    };
    let sourced = |position: &&u64| p.sources.iter().any(|s| s.position == **position);
    let bare: Vec<u64> = p.evidence.iter().filter(|at| !sourced(at)).copied().collect();
    let logged = positions(&bare, language);
    let logged = logged.map(|at| format!("{}{at}", pick(language, "；", "; ")));
    let logged = logged.unwrap_or_default();
    match language {
        Language::Zh => writeln!(out, "    [{proof}] {text}（{citation}{logged}）")?,
        Language::En => writeln!(out, "    [{proof}] {text} ({citation}{logged})")?,
    }
    for source in p.sources.iter().filter(|s| p.evidence.contains(&s.position)) {
        let rests = pick(language, "所据：", "Rests on: ");
        writeln!(out, "      {rests}{}", said(source, language))?;
    }
    p.set_aside.iter().try_for_each(|aside| write_aside(out, (p, aside), told, language))
}

/// Who says it, how surely, for when, and where that stands.
fn said(source: &Source, language: Language) -> String {
    let sender = source.sender.as_ref().map(|sender| place::name(sender.as_str(), language));
    let sent = match (sender, language) {
        (Some(name), Language::Zh) => format!("{name}报送"),
        (Some(name), Language::En) => format!("sent by {name}"),
        (None, Language::Zh) => "未注明报送方".to_owned(),
        (None, Language::En) => "sender not named".to_owned(),
    };
    let says = source.says.map(|says| match (says, language) {
        (true, Language::Zh) => "称“是”".to_owned(),
        (false, Language::Zh) => "称“否”".to_owned(),
        (true, Language::En) => " as \"yes\"".to_owned(),
        (false, Language::En) => " as \"no\"".to_owned(),
    });
    let valid = period(source.validity, language);
    let valid = match language {
        Language::Zh => format!("有效期 {valid}"),
        Language::En => format!("valid {valid}"),
    };
    let parts = [
        Some(sent + &says.unwrap_or_default()),
        source.attestation.map(|a| attested(a, language)),
        Some(valid),
        positions(&[source.position], language),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(pick(language, "；", "; "))
}

fn write_aside(
    out: &mut String,
    (p, aside): (&PreconditionFinding, &SetAside),
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let (colon, then) = (pick(language, "：", ": "), pick(language, "；", "; "));
    let reasons: Vec<_> = aside.reasons.iter().map(|r| r.words(language)).collect();
    let reasons = reasons.join(then);
    let counts_not = pick(language, "有记录但不作数", "a record that does not count");
    write!(out, "      ! {counts_not}{colon}{reasons}")?;
    if let Some(day) = aside.stops {
        let by = aside.stopped_by.as_ref().map(|authority| authority.name.as_str());
        match language {
            Language::Zh => {
                let by = by.map(|name| format!("，{name}作出")).unwrap_or_default();
                write!(out, "（自 {day} 起{by}）")?;
            }
            Language::En => {
                let by = by.map(|name| format!(", by {name}")).unwrap_or_default();
                write!(out, " (from {day} on{by})")?;
            }
        }
    }
    let source = p.sources.iter().find(|s| s.position == aside.position);
    let whose = source.map(|s| said(s, language));
    let sender = source.and_then(|s| s.sender.as_ref());
    if let Some(whose) = whose.or_else(|| positions(&[aside.position], language)) {
        write!(out, "{then}{whose}")?;
    }
    if let Some(at) = positions(&aside.objections, language) {
        write!(out, "{then}{}{colon}{at}", pick(language, "异议", "objections"))?;
    }
    // Both sides of a contradiction are to be asked.
    if let Some(sender) = sender
        && aside.reasons.contains(&SetAsideReason::Contradicting)
    {
        let who = next::office(sender, told, language);
        write!(out, "{then}{}{colon}{who}", pick(language, "联系", "call"))?;
    }
    out.push('\n');
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
