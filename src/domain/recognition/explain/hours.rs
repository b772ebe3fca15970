//! 学时 in words: what each certificate adds to the sums, and the sums. Both say the same, as the sums
//! are made of what the records' flags tell.

use std::fmt::{self, Write as _};

use super::super::Effect;
use super::super::answer::{Flag, HoursOfYear, MinimumFinding, Outcome, RecordFinding};
use super::super::effect::Object;
use super::pick;
use super::words::Words as _;
use crate::domain::record::credence::is_checked;
use crate::domain::text::Language;

/// What becomes of the hours of one record; nothing where no rule and no local record lets them count.
pub(super) fn counted(record: &RecordFinding, language: Language) -> Option<&'static str> {
    let accumulates = record.effect() == Some(Effect::HoursAccumulate);
    let own = record.object == Object::EducationHours && record.is_own();
    if !accumulates && !own {
        return None;
    }
    let has = |flag| record.flags.contains(&flag);
    let declared = record.attestation.is_some_and(|a| !is_checked(a.level));
    Some(match (has(Flag::CertificateCountedOnce), has(Flag::CopiesDiffer)) {
        (true, true) => pick(
            language,
            "本证书的学时按另一条记录计算，本条不另计；各条所载学时不一致，请核实",
            "the hours of this certificate are counted with another record, this one adds none; the \
             copies state different hours: have that cleared",
        ),
        (true, false) => pick(
            language,
            "本证书的学时已按另一条记录计算，本条不另计",
            "the hours of this certificate are counted with another record, this one adds none",
        ),
        (false, true) => pick(
            language,
            "各条记录所载学时不一致：只有各条都载明的部分列入年度合计的“待核实”，核实后再计",
            "the copies of the certificate state different hours: what all of them state is in the \
             sums as \"to be cleared\" and counts once that is done",
        ),
        (false, false) if own && declared => pick(
            language,
            "核对之前，学时列入年度合计的“待核实”",
            "until it is checked, its hours are in the sums as \"to be cleared\"",
        ),
        (false, false) if own => {
            pick(language, "学时列入年度合计的“本地”", "its hours are in the sums as \"own\"")
        }
        (false, false) if record.outcome == Outcome::Conditional => pick(
            language,
            "条件证明后，学时计入所载年度；此前列入年度合计的“待核实”",
            "once that is proven, the hours count in their year; until then they are in the sums as \
             \"to be cleared\"",
        ),
        (false, false) => pick(
            language,
            "学时计入所载年度，见下面的年度合计",
            "the hours count in their year, see the sums below",
        ),
    })
}

/// Hours with one decimal, as certificates state them.
fn hours(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The sums of one year, and whether they reach what rules ask for.
pub(super) fn write(out: &mut String, year: &HoursOfYear, language: Language) -> fmt::Result {
    let columns = [
        ("本地", "own", year.own),
        ("互认", "recognised", year.recognised),
        ("待核实", "to be cleared", year.conditional),
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
