//! `docs/codes.md`: what code lists and schemes there are, written from the data.

use std::fmt::Write;

use super::Catalogue;
use crate::domain::codelist::{CodeList, CodeLists, Completion, Mapping, SourceCheck, Target};
use crate::domain::id::DocumentType;
use crate::domain::participant::ParticipantId;
use crate::domain::record::scheme::{
    Dimension, QualificationClasses, QualificationScheme, Scheme, SchemeAuthority, SchemeStatus,
};

const HEAD: &str = "\
# 代码表与认定体系 / Codes and schemes

Written from `catalogue/codes` and `catalogue/schemes` by the program itself; a test holds this page
to them. A code means nothing without its list and version, a class nothing without its scheme: 附件2
的 C 类不是附件4 的 C 类。

- **Look-up** is at a version. `rank` is our own ordinal, higher is higher; codes never give an order
  (名誉博士 is 1, skill grades fall as skill rises). \"本科及以上\" asks for graduated (毕业), not for
  completed (结业) or left (肄业).
- **Mapping** goes one way, by a table. Without a list, a table, a row or a target the answer is
  **无法映射 / unmappable** with the reason, and a person decides. Other systems' lists come in as tables of the same form,
  one per connected system.
- **Editions and directions** are lists of their own: `education@gb4658-1984` beside the edition of 2006, and skill digits
  once falling and once rising. Which one a system uses is declared when it is connected, never inferred from a code.
- **On acceptance** a `certification/1` that names an unknown scheme of an authority whose list is
  complete, or an unknown version, is refused with `scheme-unknown`; an unknown class of a known scheme that is not open
  with `class-unknown`. A `qualification/1` under a scheme of the last table
  names a code of its list. An authority whose region is none of the issuer's, or `issued` from a district outside
  its region, is refused with `issuer-unfit`; who files another authority's paper says `copy-seen`. Suspension,
  reinstatement and revocation are never refused for this.
- **Issuers**: a scheme of qualifications names the authorities that issue under it, an authority its region and the
  districts that send for it. *And others* means that offices elsewhere issue too, whom nobody listed here.
- **Ids** of certification schemes begin with their authority. Ids of other authorities stay open, unless
  they lie within two letters of a known one (`scheme-unknown`, which names it): such records are kept, and recognition
  answers 无对应规则.

";

/// The page.
pub fn codes_markdown(catalogue: &Catalogue) -> String {
    let mut out = HEAD.to_owned();
    documents(&mut out);
    out.push_str("## 代码表 / Code lists\n\n| list | version | name | source | checked | complete | codes |\n|---|---|---|---|---|---|---|\n");
    for l in catalogue.codes.lists() {
        row(
            &mut out,
            &[
                &format!("[`{}`](#{}-{})", l.list, l.list, l.version),
                &format!("`{}`", l.version),
                &format!("{} / {}", l.name.zh, l.name.en),
                &l.source.standard,
                check(l.source.check),
                if l.complete { "yes" } else { "no" },
                &l.entries.len().to_string(),
            ],
        );
    }
    for l in catalogue.codes.lists() {
        list(&mut out, l);
    }
    out.push_str("\n## 对照表 / Mappings\n");
    for mapping in catalogue.codes.mappings() {
        table(&mut out, &catalogue.codes, mapping);
    }
    schemes(&mut out, catalogue);
    out
}

fn row(out: &mut String, cells: &[&str]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn documents(out: &mut String) {
    out.push_str("## 证件种类 / Document types\n\nGA/T 517-2004. Always declared, never inferred from a number.\n\n| code | name |\n|---|---|\n");
    for kind in DocumentType::ALL {
        let name = kind.name();
        row(out, &[&format!("`{kind}`"), &format!("{} / {}", name.zh, name.en)]);
    }
    out.push_str(DOCUMENTS);
}

const DOCUMENTS: &str = "
港澳台居民居住证 enters as `111` (the same layout, address 810000, 820000 or 830000). 外国人工作许可证 has no code in these
lists and that its number is lifelong is unverified: its name is 无法映射, and a number under `999` is no key. Old
booklets of `511` with longer numbers are refused, and so is what is no number: one digit throughout, a nationality that
is not in the list. Names of documents lead to types by the table `document-type-name@1`; HR, tax, education and bank
systems have lists of their own, which were not found: each connected system brings a table.

## 行政区划 / Regions

`catalogue/regions/gbt2260.csv` (GB/T 2260, from the CC0 data set `yescallop/areacodes`; `README.md` beside it says
which commit and how to renew it): every province, prefecture and county of China that had a code at the end of a year
from 1981 to 2024, with its names, years and successors. A county's abolished code always leads to codes in use; an abolished
prefecture's leads where its counties went. **Missing**: the day of each change, changes since 2024, codes before 1981, town codes (9
and 12 digits). So an unknown code under a known province is a remark (提示) and never a refusal.

";

const fn check(check: SourceCheck) -> &'static str {
    match check {
        SourceCheck::OfficialText => "official text",
        SourceCheck::SeenInCodeBases => "seen in code bases",
        SourceCheck::Compiled => "compiled",
        SourceCheck::Reported => "reported",
        SourceCheck::Own => "own",
    }
}

fn list(out: &mut String, list: &CodeList) {
    let _ =
        write!(out, "\n### {} {}\n\n{} / {}", list.list, list.version, list.name.zh, list.name.en);
    if let Some(note) = &list.source.note {
        let _ = write!(out, ". {} / {}", note.zh, note.en);
    }
    out.push_str("\n\n");
    let ranked = list.entries.iter().any(|e| e.rank.is_some());
    let dated = list.entries.iter().any(|e| e.from.is_some() || e.until.is_some());
    let ended = list.entries.iter().any(|e| e.completion.is_some());
    let mut head = vec!["code", "中文", "English"];
    head.extend(list.columns.iter().map(String::as_str));
    head.extend(ranked.then_some("rank"));
    head.extend(ended.then_some("completion"));
    head.extend(dated.then_some("in use"));
    row(out, &head);
    let _ = writeln!(out, "|{}", "---|".repeat(head.len()));
    for entry in &list.entries {
        let code = format!("`{}`", entry.code);
        let rank = entry.rank.map_or_else(String::new, |r| r.to_string());
        let date = |d: Option<crate::domain::partial_date::PartialDate>| {
            d.map_or_else(String::new, |d| d.to_string())
        };
        let used = match (entry.from, entry.until) {
            (None, None) => String::new(),
            (from, until) => format!("{}–{}", date(from), date(until)),
        };
        let mut cells = vec![code.as_str(), &entry.zh, &entry.en];
        cells.extend(entry.also.iter().map(String::as_str));
        cells.extend(ranked.then_some(rank.as_str()));
        cells.extend(ended.then_some(match entry.completion {
            Some(Completion::Graduated) => "毕业",
            Some(Completion::Completed) => "结业",
            Some(Completion::Incomplete) => "肄业",
            None => "",
        }));
        cells.extend(dated.then_some(used.as_str()));
        row(out, &cells);
    }
}

fn table(out: &mut String, codes: &CodeLists, mapping: &Mapping) {
    let Mapping { from, to, basis, otherwise, rows } = mapping;
    let _ = write!(
        out,
        "\n### {}@{} → {}@{}\n\n{} / {}.",
        from.list, from.version, to.list, to.version, basis.zh, basis.en
    );
    if let Some(reason) = otherwise {
        let _ =
            write!(out, " 其余无法映射 / all others unmappable: {} / {}.", reason.zh, reason.en);
    }
    out.push('\n');
    if rows.is_empty() {
        return;
    }
    let named = |at, code: &str| {
        let entry = codes.list(at).and_then(|list| list.entry(code));
        entry.map_or_else(|| format!("`{code}`"), |e| format!("`{code}` {}", e.zh))
    };
    out.push_str("\n| from | to |\n|---|---|\n");
    for line in rows {
        let to = match &line.target {
            Target::To(code) => named(to, code),
            Target::Unmappable(why) => format!("无法映射：{} / unmappable: {}", why.zh, why.en),
        };
        row(out, &[&named(from, &line.from), &to]);
    }
}

const fn status(status: SchemeStatus) -> &'static str {
    match status {
        SchemeStatus::InForce => "from a document",
        SchemeStatus::SourceUnchecked => "source unchecked",
        SchemeStatus::Example => "example",
    }
}

fn schemes(out: &mut String, catalogue: &Catalogue) {
    out.push_str("\n## 认定体系 / Certification schemes\n\n| authority | name | region | list complete | sent by |\n|---|---|---|---|---|\n");
    for a in catalogue.schemes.authorities() {
        let region = a.region.map_or_else(String::new, |r| r.to_string());
        row(
            out,
            &[
                &format!("`{}`", a.id),
                &format!("{} / {}", a.name.zh, a.name.en),
                &region,
                if a.complete { "yes" } else { "no" },
                &senders(a),
            ],
        );
    }
    for found in catalogue.schemes.certifications() {
        scheme(out, found);
    }
    out.push_str("\n## 资格体系 / Schemes of qualifications\n\n| scheme | object | name | classes | status | issued by |\n|---|---|---|---|---|---|\n");
    for QualificationScheme { id, object, name, status: s, classes, issuers, others } in
        catalogue.schemes.qualifications()
    {
        let classes = match classes {
            QualificationClasses::List(at) => format!("`{}@{}`", at.list, at.version),
            QualificationClasses::Only(only) => only.join(", "),
            QualificationClasses::Open => "open".to_owned(),
        };
        let object = serde_json::to_value(object).ok();
        let object = object.as_ref().and_then(|v| v.as_str()).unwrap_or_default();
        row(
            out,
            &[
                &format!("`{id}`"),
                object,
                &format!("{} / {}", name.zh, name.en),
                &classes,
                status(*s),
                &format!("{}{}", issuers.join(", "), if *others { " and others" } else { "" }),
            ],
        );
    }
}

fn senders(authority: &SchemeAuthority) -> String {
    let senders: Vec<_> = authority.senders.iter().map(ParticipantId::as_str).collect();
    senders.join(", ")
}

fn scheme(out: &mut String, scheme: &Scheme) {
    let dimension = match scheme.dimension {
        Dimension::PersonalTier => "个人层次 / personal tier",
        Dimension::TeamClass => "团队类别 / class of a team",
        Dimension::ProjectClass => "项目类别 / class of a project",
        Dimension::PlanMembership => "计划入选 / membership of a plan",
        Dimension::Honour => "荣誉 / honour",
    };
    let date = |d: Option<crate::domain::partial_date::PartialDate>| {
        d.map_or_else(String::new, |d| d.to_string())
    };
    let _ = writeln!(
        out,
        "\n### {}\n\n{} / {}. Version {}; {dimension}; {}; in force {}–{}. Decided by: {} / {}. Source: {}{}.",
        scheme.id,
        scheme.name.zh,
        scheme.name.en,
        scheme.version.as_deref().unwrap_or("not named (any is taken)"),
        status(scheme.status),
        date(scheme.from),
        date(scheme.until),
        scheme.decided_by.zh,
        scheme.decided_by.en,
        scheme.source,
        if scheme.open { ". Open: classes that are not listed are taken" } else { "" },
    );
    if scheme.classes.is_empty() {
        return;
    }
    out.push_str("\n| class | name | ground | criterion | article |\n|---|---|---|---|---|\n");
    for class in &scheme.classes {
        let (id, name) =
            (format!("`{}`", class.class), format!("{} / {}", class.name.zh, class.name.en));
        if class.criteria.is_empty() {
            row(out, &[&id, &name, "", "", ""]);
        }
        for c in &class.criteria {
            let text = format!("{} / {}", c.text.zh, c.text.en);
            row(out, &[&id, &name, &format!("`{}`", c.id), &text, &c.citation.article]);
        }
    }
}
