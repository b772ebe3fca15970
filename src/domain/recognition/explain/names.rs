//! What the codes of an answer are called.

use super::{Contact, pick};
use crate::domain::text::{Language, Text};

/// The names of codes, as the catalogue has them. What it does not know stays a code.
pub trait Names {
    /// A class within its scheme: 浙江省职称·副高级.
    fn class(&self, scheme: &str, class: &str) -> Option<Text>;
    /// A shared service.
    fn service(&self, service: &str) -> Option<Text>;
    /// An alliance.
    fn alliance(&self, alliance: &str) -> Option<Text>;
}

/// Knows no names: answers are told in their codes.
#[derive(Clone, Copy, Debug)]
pub struct NoNames;

impl Names for NoNames {
    fn class(&self, _: &str, _: &str) -> Option<Text> {
        None
    }

    fn service(&self, _: &str) -> Option<Text> {
        None
    }

    fn alliance(&self, _: &str) -> Option<Text> {
        None
    }
}

/// What an explanation is told beside the answer: names, and whom to call.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// What codes are called.
    pub names: &'a dyn Names,
    /// The public contacts of offices, where the directory is at hand.
    pub contact: Contact<'a>,
}

impl Told<'_> {
    pub(super) fn class(&self, scheme: &str, class: &str, language: Language) -> String {
        match (self.names.class(scheme, class), language) {
            (Some(name), _) => name.get(language).to_owned(),
            (None, Language::Zh) => format!("体系代码 {scheme}，类别 {class}"),
            (None, Language::En) => format!("scheme {scheme}, class {class}"),
        }
    }

    pub(super) fn service(&self, service: &str, language: Language) -> String {
        named(self.names.service(service), service, language)
    }

    pub(super) fn alliance(&self, alliance: &str, language: Language) -> String {
        named(self.names.alliance(alliance), alliance, language)
    }
}

fn named(name: Option<Text>, code: &str, language: Language) -> String {
    name.map_or_else(|| code.to_owned(), |name| name.get(language).to_owned())
}

/// Places in the log: `日志第 10、12 条`; nothing for what ships with the binary and stands in no log.
pub(super) fn positions(positions: &[u64], language: Language) -> Option<String> {
    let logged = positions.iter().filter(|position| **position > 0).map(ToString::to_string);
    let list = logged.collect::<Vec<_>>().join(pick(language, "、", ", "));
    (!list.is_empty()).then(|| match language {
        Language::Zh => format!("日志第 {list} 条"),
        Language::En => format!("log {list}"),
    })
}
