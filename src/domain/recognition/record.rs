//! A certification or qualification as recognition reads it: its revisions in order, and how they
//! stand on a day of the world.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::effect::Object;
use crate::domain::partial_date::PartialDate;
use crate::domain::participant::ParticipantId;
use crate::domain::record::certification::Certification;
pub use crate::domain::record::chain::Period;
use crate::domain::record::chain::{self, Step};
use crate::domain::record::life_cycle::{Action, Attestation, Authority, RecordHead};
use crate::domain::record::qualification::{EducationHours, Qualification};
use crate::domain::time::Validity;

/// A record of the talent with every revision that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Who sent it.
    pub sender: ParticipantId,
    /// Its id at the sender.
    pub record: String,
    /// What it is.
    pub object: Object,
    /// Its revisions, in order of their numbers.
    pub revisions: Vec<Revision>,
    /// Log positions of objections against it that are not decided (异议处理中).
    #[serde(default)]
    pub objections: Vec<u64>,
}

/// One revision of a [`Credential`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Position in the log.
    pub position: u64,
    /// 1, 2, 3 …
    pub revision: u32,
    /// What it does.
    pub action: Action,
    /// Who decided.
    pub authority: Authority,
    /// How the sender knows.
    pub attestation: Attestation,
    /// When it holds; a suspension or revocation takes effect on `from`.
    pub validity: Validity,
    /// Scheme.
    pub scheme: String,
    /// Version of the scheme, for certifications.
    #[serde(default)]
    pub scheme_version: Option<String>,
    /// Class inside the scheme.
    pub class: String,
    /// Registered 注册 in the issuing place?
    #[serde(default)]
    pub registered: Option<bool>,
    /// Full-time study?
    #[serde(default)]
    pub full_time: Option<bool>,
    /// Date of issue as the certificate gives it: day, month or year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<PartialDate>,
    /// The certificate's number as an opaque key: equal for records of one certificate, whoever
    /// sent them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Continuing-education hours.
    #[serde(default)]
    pub hours: Option<EducationHours>,
    /// Was it signed with a key after the moment from which that key is suspect?
    #[serde(default)]
    pub suspect: bool,
}

impl Revision {
    /// From a `certification/1` logged at `position`.
    pub fn of_certification<S: Serialize>(
        position: u64,
        suspect: bool,
        body: &Certification<S>,
    ) -> Self {
        let mut revision = Self::of_head(position, suspect, &body.head);
        revision.scheme.clone_from(&body.scheme);
        revision.scheme_version = Some(body.scheme_version.clone());
        revision.class.clone_from(&body.class);
        revision.certificate = key_of(body.certificate.as_ref());
        revision.issued_on = body.issued_on;
        revision
    }

    /// From a `qualification/1` logged at `position`.
    pub fn of_qualification<S: Serialize>(
        position: u64,
        suspect: bool,
        body: &Qualification<S>,
    ) -> Self {
        let mut revision = Self::of_head(position, suspect, &body.head);
        revision.scheme.clone_from(&body.scheme);
        revision.class.clone_from(&body.class);
        revision.registered = body.registered;
        revision.full_time = body.full_time;
        revision.hours = body.hours;
        revision.certificate = key_of(body.certificate.as_ref());
        revision.issued_on = body.issued_on;
        revision
    }

    fn of_head<S>(position: u64, suspect: bool, head: &RecordHead<S>) -> Self {
        Self {
            position,
            revision: head.revision,
            action: head.action,
            authority: head.authority.clone(),
            attestation: head.attestation,
            validity: head.validity,
            scheme: String::new(),
            scheme_version: None,
            class: String::new(),
            registered: None,
            full_time: None,
            issued_on: None,
            certificate: None,
            hours: None,
            suspect,
        }
    }
}

/// The number of a certificate as an opaque key.
fn key_of<S: Serialize>(number: Option<&S>) -> Option<String> {
    number.and_then(|n| serde_json::to_string(n).ok())
}

/// A credential on one day.
pub type Standing<'a> = chain::Standing<'a, Revision>;

impl Step for Revision {
    fn action(&self) -> Action {
        self.action
    }

    fn validity(&self) -> Validity {
        self.validity
    }

    fn is_suspect(&self) -> bool {
        self.suspect
    }
}

impl Credential {
    /// How the record stands on `day`; `None` when no revision is known. Revisions count from the
    /// day that each takes effect, so that a later revocation does not change the answer for an
    /// earlier day unless it says so.
    pub fn on(&self, day: Date) -> Option<Standing<'_>> {
        chain::standing(&self.revisions, day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::testing::{credential, revision};
    use super::*;
    use crate::domain::record::life_cycle::State;

    #[test]
    fn states_count_from_the_day_they_take_effect() {
        let mut c = credential("jiashan", "r1", "jiaxing-talent", "高级");
        c.revisions.push(revision(2, Action::Suspend, date(2024, 6, 1)));
        c.revisions.push(revision(3, Action::Reinstate, date(2024, 9, 1)));
        c.revisions.push(revision(4, Action::Revoke, date(2025, 6, 1)));
        let state = |d| c.on(d).map(|s| (s.state, s.ends_later));
        assert_eq!(state(date(2024, 1, 1)), Some((State::Active, true)));
        assert_eq!(state(date(2024, 6, 1)), Some((State::Suspended, true)));
        assert_eq!(state(date(2024, 9, 1)), Some((State::Active, true)));
        assert_eq!(state(date(2025, 6, 1)), Some((State::Revoked, false)));
    }

    #[test]
    fn the_last_day_is_inside() {
        let c = credential("jiashan", "r1", "jiaxing-talent", "高级");
        let period = |d| c.on(d).map(|s| s.period);
        assert_eq!(period(date(2022, 12, 31)), Some(Period::Before));
        assert_eq!(period(date(2023, 1, 1)), Some(Period::Inside));
        assert_eq!(period(date(2027, 12, 31)), Some(Period::Inside));
        assert_eq!(period(date(2028, 1, 1)), Some(Period::After));
    }
}
