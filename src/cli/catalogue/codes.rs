//! `catalogue codes`: code lists, one list, and what a code of one list is in another.

use std::str::FromStr;

use clap::Args;
use serde_json::json;

use super::lint::embedded;
use crate::catalogue::Catalogue;
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::output::{Form, table};
use crate::domain::codelist::{CodeList, ListRef, Mapped};

/// Print code lists (代码表), or map a code into another list
#[derive(Debug, Args)]
pub struct Codes {
    /// One list, as NAME@VERSION; all lists when left out
    list: Option<ListName>,
    /// A code of that list to map
    #[arg(long, value_name = "CODE", requires = "to", requires = "list")]
    map: Option<String>,
    /// The list to map it into, as NAME@VERSION
    #[arg(long, value_name = "LIST", requires = "map")]
    to: Option<ListName>,
}

/// `skill-level@five`
#[derive(Clone, Debug)]
struct ListName(ListRef);

impl FromStr for ListName {
    type Err = &'static str;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (list, version) = s.split_once('@').ok_or("expected NAME@VERSION")?;
        Ok(Self(ListRef { list: list.to_owned(), version: version.to_owned() }))
    }
}

impl Codes {
    pub(super) fn run(self, form: Form) -> Outcome {
        let catalogue = embedded()?;
        match (self.list, self.map, self.to) {
            (Some(from), Some(code), Some(to)) => map(&catalogue, form, &from.0, &code, &to.0),
            (Some(ListName(at)), ..) => {
                let list = catalogue.codes.list(&at).ok_or_else(|| {
                    Failure::text(Exit::Usage, format!("no list {}@{}", at.list, at.version))
                })?;
                print(list, form)
            }
            (None, ..) => overview(&catalogue, form),
        }
    }
}

fn overview(catalogue: &Catalogue, form: Form) -> Outcome {
    let lists: Vec<_> = catalogue.codes.lists().collect();
    let value = lists.iter().map(|l| {
        json!({
            "list": l.list, "version": l.version, "name": l.name, "source": l.source,
            "complete": l.complete, "codes": l.entries.len(),
        })
    });
    form.print(&value.collect::<Vec<_>>(), |_| {
        let rows = lists.iter().map(|l| {
            vec![
                format!("{}@{}", l.list, l.version),
                l.name.zh.clone(),
                l.source.standard.clone(),
                if l.complete { "yes" } else { "no" }.to_owned(),
                l.entries.len().to_string(),
            ]
        });
        table(&["list", "name", "source", "complete", "codes"], rows)
    })
}

fn print(list: &CodeList, form: Form) -> Outcome {
    form.print(list, |list| {
        let mut heads = vec!["code", "中文", "English"];
        heads.extend(list.columns.iter().map(String::as_str));
        let rows = list.entries.iter().map(|e| {
            let mut cells = vec![e.code.clone(), e.zh.clone(), e.en.clone()];
            cells.extend(e.also.iter().cloned());
            cells
        });
        table(&heads, rows)
    })
}

/// 无法映射 is an answer: it goes to standard output, and the command has done its work.
fn map(catalogue: &Catalogue, form: Form, from: &ListRef, code: &str, to: &ListRef) -> Outcome {
    let mapped = catalogue.codes.map(from, code, to);
    let value = match &mapped {
        Mapped::Code(entry) => json!({ "outcome": "mapped", "entry": entry }),
        Mapped::Unmappable(why) => json!({ "outcome": "unmappable", "reason": why.text() }),
    };
    form.print(&value, |_| match &mapped {
        Mapped::Code(entry) => format!("{}  {} / {}", entry.code, entry.zh, entry.en),
        Mapped::Unmappable(why) => {
            let text = why.text();
            format!("{} / {}", text.zh, text.en)
        }
    })
}
