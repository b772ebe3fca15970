//! What codes are called, for explanations of recognition.

use super::Catalogue;
use crate::domain::recognition::Names;
use crate::domain::record::scheme::{QualificationClasses, SchemeClass};
use crate::domain::text::Text;

impl Names for Catalogue {
    fn class(&self, scheme: &str, class: &str) -> Option<Text> {
        if let Some(found) = self.schemes.qualification(scheme) {
            return match &found.classes {
                QualificationClasses::List(at) => {
                    let entry = self.codes.list(at).and_then(|list| list.entry(class));
                    let name = entry.map(|e| Text::new(e.zh.clone(), e.en.clone()));
                    Some(within(&found.name, &name.unwrap_or_else(|| lettered(class))))
                }
                // Its only class says no more than the scheme does.
                QualificationClasses::Only(classes) if classes.len() == 1 => {
                    Some(found.name.clone())
                }
                QualificationClasses::Only(_) | QualificationClasses::Open => {
                    Some(within(&found.name, &lettered(class)))
                }
            };
        }
        let versions = self.schemes.versions(scheme);
        let known = |c: &&SchemeClass| c.class == class;
        let name = versions.iter().flat_map(|s| &s.classes).find(known).map(|c| c.name.clone());
        let scheme = versions.first()?;
        Some(within(&scheme.name, &name.unwrap_or_else(|| lettered(class))))
    }

    fn service(&self, service: &str) -> Option<Text> {
        Catalogue::service(self, service).map(|s| s.name.clone())
    }

    fn alliance(&self, alliance: &str) -> Option<Text> {
        let found = self.alliances.all().iter().find(|a| a.alliance == alliance);
        found.map(|a| a.name.clone())
    }
}

fn within(scheme: &Text, class: &Text) -> Text {
    if scheme == class {
        return scheme.clone();
    }
    Text::new(format!("{}·{}", scheme.zh, class.zh), format!("{}: {}", scheme.en, class.en))
}

/// A class that has no name but its code: a letter reads as A类.
fn lettered(class: &str) -> Text {
    if class.len() == 1 {
        Text::new(format!("{class}类"), format!("class {class}"))
    } else {
        Text::new(class, class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_within_their_scheme() {
        let catalogue = Catalogue::embedded().unwrap();
        let zh = |scheme: &str, class: &str| catalogue.class(scheme, class).map(|text| text.zh);
        for (scheme, class, name) in [
            ("zhejiang-title", "412", "浙江省职称·副高级"),
            ("foreign-work-permit", "A", "外国人工作许可·A类"),
            ("zhejiang-hours", "continuing-education", "浙江省专业技术人员继续教育学时"),
            ("national-occupational", "二级建造师", "国家职业资格目录·二级建造师"),
            ("qingpu-housing", "D", "高层次人才（人才安居）·D类人才"),
        ] {
            assert_eq!(zh(scheme, class).as_deref(), Some(name));
        }
        assert_eq!(zh("nowhere-talent", "A"), None);
    }
}
