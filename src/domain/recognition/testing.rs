//! Records and rules for the unit tests of this module.

use jiff::civil::{Date, date};

use super::effect::{Effect, Object, RecognitionPurpose};
use super::record::{Credential, Revision};
use super::rule::{IssuerMatch, RecognitionRule, RuleScope, RuleStatus, SourceCheck};
use super::view::LoggedRule;
use crate::domain::citation::Citation;
use crate::domain::id::RegionCode;
use crate::domain::record::life_cycle::{Action, Attestation, AttestationLevel, Authority};
use crate::domain::time::Validity;

/// A revision that holds from `from` to the end of 2027.
pub fn revision(number: u32, action: Action, from: Date) -> Revision {
    Revision {
        position: u64::from(number),
        revision: number,
        action,
        authority: Authority { name: "测试机关".into(), region: "330421".into() },
        attestation: Attestation { level: AttestationLevel::Issued, as_of: from },
        validity: Validity { from, until: Some(date(2027, 12, 31)) },
        scheme: String::new(),
        scheme_version: None,
        class: String::new(),
        registered: None,
        full_time: None,
        issued_on: None,
        certificate: None,
        hours: None,
        suspect: false,
    }
}

/// A certification issued for 2023 to 2027 by an authority of the sender's own region, where that is
/// known.
pub fn credential(sender: &str, record: &str, scheme: &str, class: &str) -> Credential {
    let mut issue = revision(1, Action::Issue, date(2023, 1, 1));
    if let Some(region) = RegionCode::of_district(&sender.parse().unwrap()) {
        issue.authority.region = region.to_string();
    }
    issue.scheme = scheme.into();
    issue.class = class.into();
    Credential {
        sender: sender.parse().unwrap(),
        record: record.into(),
        object: Object::Certification,
        revisions: vec![issue],
        objections: Vec::new(),
    }
}

/// A rule in force since 2020 that lets `from`'s (scheme, class) count at `at` for housing.
pub fn rule(id: &str, from: &str, scheme: &str, class: &str, at: &str) -> LoggedRule {
    let (sender, recogniser) = (from.parse().unwrap(), at.parse().unwrap());
    let mut districts = vec![sender, recogniser];
    districts.dedup();
    LoggedRule {
        position: 0,
        rule: RecognitionRule {
            rule: id.into(),
            revision: 1,
            recogniser: at.parse().unwrap(),
            object: Object::Certification,
            issuer: IssuerMatch::new(vec![from.parse().unwrap()], vec![], vec![]).unwrap(),
            scheme: scheme.into(),
            scheme_versions: vec![],
            classes: vec![class.into()],
            purposes: vec![RecognitionPurpose::Housing],
            services: vec![],
            local: None,
            effect: Effect::ValidDirectly,
            minimum: None,
            preconditions: vec![],
            scope: RuleScope::Districts { districts },
            decided_by: "测试机关".into(),
            citation: Citation { document: "d".into(), article: "1".into(), phrase: None },
            document_version: "2020".into(),
            source_check: SourceCheck::OfficialText,
            validity: Validity { from: date(2020, 1, 1), until: None },
            status: RuleStatus::InForce,
            withdrawn: false,
        },
    }
}
