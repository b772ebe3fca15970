//! An entitlement in words: yes or no, the class, the rules, and whom to call.

use std::fmt::{self, Write as _};

use super::super::entitlement::Entitlement;
use super::heading::Heading;
use super::{Told, notice, pick, write_outside};
use crate::domain::place;
use crate::domain::text::Language;

/// The answer as a person reads it. Lines end in `\n`.
pub fn explain_entitlement(
    entitlement: &Entitlement,
    told: Told<'_>,
    language: Language,
) -> String {
    told_without_notice(entitlement, told, language) + notice(language)
}

pub(super) fn told_without_notice(
    entitlement: &Entitlement,
    told: Told<'_>,
    language: Language,
) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, entitlement, told, language);
    out
}

fn write_all(out: &mut String, e: &Entitlement, told: Told<'_>, language: Language) -> fmt::Result {
    let at = place::name(e.at.as_str(), language);
    let result = result(e, language);
    let service = told.service(&e.service, language);
    let day = e.valid_at;
    match language {
        Language::Zh => {
            writeln!(out, "结论：{result}。服务“{service}”，提供地{at}，业务日期 {day}。")?;
        }
        Language::En => writeln!(
            out,
            "Result: {result}. Service \"{service}\", offered by {at}, valid at {day}."
        )?,
    }
    for class in &e.classes {
        let as_class = pick(language, "类别：", "Class: ");
        writeln!(out, "· {as_class}{}", told.class(&class.scheme, &class.class, language))?;
    }
    for b in &e.basis {
        let marks = [
            (b.example, pick(language, "示例，无法律效力", "example without legal effect")),
            (b.source_unchecked, pick(language, "官方文本未核对", "official text not checked")),
        ];
        let marks: Vec<_> = marks.iter().filter(|(set, _)| *set).map(|(_, text)| *text).collect();
        let marks = if marks.is_empty() {
            String::new()
        } else {
            let marks = marks.join(pick(language, "；", "; "));
            match language {
                Language::Zh => format!("（{marks}）"),
                Language::En => format!(" ({marks})"),
            }
        };
        match language {
            Language::Zh => writeln!(
                out,
                "· 规则 {} 第 {} 版。依据：{}，{}版，{}；{}{marks}。",
                b.rule, b.revision, b.document, b.document_version, b.article, b.decided_by
            )?,
            Language::En => writeln!(
                out,
                "· Rule {} revision {}. Basis: {}, version {}, {}; decided by {}{marks}.",
                b.rule, b.revision, b.document, b.document_version, b.article, b.decided_by
            )?,
        }
    }
    write_outside(out, &e.not_connected, told, language)?;
    if !e.entitled || e.is_example() {
        let who = (told.contact)(&e.at).map(|c| format!(" {c}")).unwrap_or_default();
        let step = next(e, language);
        match language {
            Language::Zh => writeln!(out, "  → 下一步：{step}\n  ☎ 联系：{at}{who}")?,
            Language::En => writeln!(out, "  → Next: {step}\n  ☎ Call: {at}{who}")?,
        }
    }
    Ok(())
}

/// The answer in one phrase. An example opens nothing.
fn result(e: &Entitlement, language: Language) -> &'static str {
    if e.is_example() {
        Heading::Example.words(language)
    } else if e.entitled {
        pick(language, "可享受", "entitled")
    } else if e.own_record {
        pick(language, "本地记录，按本地规定", "an own record, local rules decide")
    } else if e.refuted {
        Heading::Refuted.words(language)
    } else if e.person_decides {
        pick(language, "尚未证明，由人判断", "not shown yet, a person decides")
    } else {
        pick(language, "未见可享受的规则和记录", "no rule and record show it")
    }
}

/// What to do where no rule says yes.
fn next(e: &Entitlement, language: Language) -> &'static str {
    if e.is_example() {
        pick(
            language,
            "只有示例提到此项，没有现行规则；由提供地人工判断。",
            "only an example speaks of it, no rule in force does; the offering district decides.",
        )
    } else if e.own_record {
        pick(
            language,
            "当事人持有提供地自己的认定，不需互认；由提供地按本地规定判断。",
            "the talent holds a record of the offering district itself, which needs no recognition; \
             that district decides by its own rules.",
        )
    } else {
        pick(
            language,
            "先看覆盖情况；“否”不等于没有资格。请当事人出示证书，由提供地人工判断。",
            "look at the coverage; a \"no\" is not proof of none. Have the certificate shown; the \
             offering district decides.",
        )
    }
}
