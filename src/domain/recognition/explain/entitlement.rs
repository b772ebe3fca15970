//! An entitlement in words: yes or no, the class, the rules, and whom to call.

use std::fmt::{self, Write as _};

use super::super::entitlement::Entitlement;
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
    let result = match (e.entitled, e.person_decides) {
        (true, _) => pick(language, "可享受", "entitled"),
        (false, true) => pick(language, "尚未证明，由人判断", "not shown yet, a person decides"),
        (false, false) => pick(language, "未见可享受的规则和记录", "no rule and record show it"),
    };
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
    if !e.entitled {
        let who = (told.contact)(&e.at).map(|c| format!(" {c}")).unwrap_or_default();
        match language {
            Language::Zh => writeln!(
                out,
                "  → 下一步：先看覆盖情况；“否”不等于没有资格。请当事人出示证书，由提供地人工判断。\n  \
                 ☎ 联系：{at}{who}"
            )?,
            Language::En => writeln!(
                out,
                "  → Next: look at the coverage; a \"no\" is not proof of none. Have the certificate \
                 shown; the offering district decides.\n  ☎ Call: {at}{who}"
            )?,
        }
    }
    Ok(())
}
