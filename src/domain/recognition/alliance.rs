//! Alliances of districts and cities, with dated membership: the circles that the scope of a rule
//! may name. Membership is data; a rule for an alliance reaches only who is a member on the day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::rule::SourceCheck;
use crate::domain::citation::Citation;
use crate::domain::id::RegionCode;
use crate::domain::participant::ParticipantId;
use crate::domain::text::Text;
use crate::domain::time::Validity;

/// An alliance and its members over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alliance {
    /// Code that scopes of rules name: `delta-demonstration-zone` …
    pub alliance: String,
    /// Its name.
    pub name: Text,
    /// Is it at work, or only planned (探索)?
    pub status: AllianceStatus,
    /// Where it is named.
    pub citation: Citation,
    /// How far the citation was checked.
    pub source_check: SourceCheck,
    /// What the document leaves open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Everyone who is or was a member. Who left and came back has a line for each time.
    pub members: Vec<Member>,
}

/// Whether an alliance is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AllianceStatus {
    /// Named as existing.
    Established,
    /// 探索组建: the document only says that it is to be tried. Rules may name it all the same: each
    /// rule stands on a document of its own.
    Exploratory,
}

/// A member for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The participant, where it takes part in the exchange. Absent: a named place or institution
    /// that is listed, and whose records are never covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<ParticipantId>,
    /// Its name.
    pub name: Text,
    /// GB/T 2260 code of its region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// When it is a member.
    pub validity: Validity,
}

/// A fellow member whose records cannot be in an answer, because it does not take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideMember {
    /// The alliance.
    pub alliance: String,
    /// The member.
    pub name: Text,
    /// GB/T 2260 code of its region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// The alliances that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Alliances(Vec<Alliance>);

/// No alliance at all, for views that know of none.
pub static NO_ALLIANCES: Alliances = Alliances(Vec::new());

impl Alliances {
    /// These alliances; of two with one code, the later one counts.
    pub fn new(alliances: impl IntoIterator<Item = Alliance>) -> Self {
        Self(alliances.into_iter().collect())
    }

    /// Every alliance.
    pub fn all(&self) -> &[Alliance] {
        &self.0
    }

    /// The alliance of that code.
    pub fn get(&self, code: &str) -> Option<&Alliance> {
        self.0.iter().rev().find(|a| a.alliance == code)
    }

    /// Where a participant lies: a founding district by its code, another by what an alliance says of
    /// its member.
    pub fn place(&self, id: &str) -> Option<RegionCode> {
        let id: ParticipantId = id.parse().ok()?;
        RegionCode::of_district(&id).or_else(|| {
            let mut members = self.0.iter().flat_map(|a| &a.members);
            let member = members.find(|m| m.participant.as_ref() == Some(&id))?;
            RegionCode::parse(member.region.as_deref()?)
        })
    }

    /// Fellow members of `at` on `day` that do not take part, by what `connected` says of a
    /// participant: they are listed, so that nobody takes their silence for a "no record".
    pub fn outside(
        &self,
        at: &ParticipantId,
        day: Date,
        connected: &dyn Fn(&ParticipantId) -> bool,
    ) -> Vec<OutsideMember> {
        let mut outside = Vec::new();
        for alliance in self.0.iter().filter(|a| a.has(at, day)) {
            let silent = |m: &&Member| {
                m.validity.contains(day) && !m.participant.as_ref().is_some_and(connected)
            };
            outside.extend(alliance.members.iter().filter(silent).map(|m| OutsideMember {
                alliance: alliance.alliance.clone(),
                name: m.name.clone(),
                region: m.region.clone(),
            }));
        }
        outside
    }
}

impl Alliance {
    /// Is the participant a member on `day`?
    pub fn has(&self, participant: &ParticipantId, day: Date) -> bool {
        self.members
            .iter()
            .any(|m| m.participant.as_ref() == Some(participant) && m.validity.contains(day))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn alliances() -> Alliances {
        let member = |id: Option<&str>, name: &str, from, until| Member {
            participant: id.map(|id| id.parse().unwrap()),
            name: Text::new(name, name),
            region: None,
            validity: Validity { from, until },
        };
        Alliances::new([Alliance {
            alliance: "one-plus-n".into(),
            name: Text::new("联盟", "alliance"),
            status: AllianceStatus::Established,
            citation: Citation { document: "d".into(), article: "1".into(), phrase: None },
            source_check: SourceCheck::Invented,
            note: None,
            members: vec![
                member(Some("yangpu"), "Yangpu", date(2021, 1, 1), None),
                member(Some("hangzhou"), "Hangzhou", date(2022, 1, 1), Some(date(2022, 12, 31))),
                member(None, "Ningbo", date(2021, 1, 1), None),
            ],
        }])
    }

    #[test]
    fn membership_is_dated_to_the_day() {
        let alliances = alliances();
        let alliance = alliances.get("one-plus-n").unwrap();
        let has = |day| alliance.has(&"hangzhou".parse().unwrap(), day);
        let days = [date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)];
        assert_eq!(days.map(has), [false, true, true, false]);
        assert!(alliances.get("other").is_none());
    }

    #[test]
    fn who_does_not_take_part_is_listed_to_fellow_members_only() {
        let outside = |at: &str, day, connected| {
            let outside = alliances().outside(&at.parse().unwrap(), day, &|_| connected);
            outside.into_iter().map(|m| m.name.en).collect::<Vec<_>>()
        };
        assert_eq!(outside("yangpu", date(2022, 6, 1), true), ["Ningbo"]);
        assert_eq!(outside("yangpu", date(2022, 6, 1), false), ["Yangpu", "Hangzhou", "Ningbo"]);
        assert_eq!(outside("hangzhou", date(2023, 1, 1), true), Vec::<String>::new());
        assert_eq!(outside("qingpu", date(2022, 6, 1), true), Vec::<String>::new());
    }
}
