//! An answer in words, Chinese and English from the same data: what was compared, which clause,
//! what follows, whom to call. Adds nothing that the answer does not say.

mod entitlement;
mod heading;
mod hours;
mod names;
mod next;
mod record;
mod words;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::alliance::OutsideMember;
use super::answer::Recognition;
use crate::domain::place;
pub use crate::domain::place::Contact;
use crate::domain::text::Language;
pub use entitlement::explain_entitlement;
use heading::Heading;
pub use names::{Names, NoNames, Told};
use words::Words;

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

/// That an answer is of an earlier state of the log, for whoever asked for that: an answer itself reads
/// the same whenever it is computed (DESIGN §6). One line, which ends in `\n`.
pub fn as_known_then(size: u64, language: Language) -> String {
    match language {
        Language::Zh => format!("· 本答复只按当时所知作出（日志前 {size} 条），此后入账的不计。\n"),
        Language::En => format!(
            "- As known at log size {size}; what was logged later does not \
             count.\n"
        ),
    }
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
    // What the result rests on comes first.
    let mut records: Vec<_> = r.records.iter().collect();
    records.sort_by_key(|record| Heading::of(record));
    for record in records {
        record::write(out, record, told, language)?;
        next::write(out, r, record, told, language)?;
    }
    if r.records.is_empty() {
        next::write_no_record(out, r, told, language)?;
    }
    for year in &r.hours {
        hours::write(out, year, language)?;
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
