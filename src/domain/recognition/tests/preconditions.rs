//! Each kind of precondition: proven, refuted or unknown by data, to be uploaded where that may be,
//! and the days on either side of its boundary.

use jiff::civil::Date;

use super::*;
use crate::domain::citation::Citation;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::life_cycle::AttestationLevel;
use crate::domain::text::Text;
use crate::domain::time::Validity;

fn proof_of(need: &Requirement, by_upload: bool, change: impl Fn(&mut Holdings)) -> Proof {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.preconditions = vec![Precondition {
        need: need.clone(),
        text: Text::new("条件", "condition"),
        by_upload,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    let credentials = vec![credential("jiashan", "1", "s", "A")];
    let mut holdings = Holdings { credentials, ..Holdings::default() };
    change(&mut holdings);
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged]);
    let answer = recognise(&view, &question("qingpu"));
    let finding = answer.records.iter().find(|r| r.record == "1").unwrap();
    let found = &finding.rules[0].preconditions[0];
    let conditional = finding.outcome == Outcome::Conditional;
    assert_eq!(conditional, found.proof != Proof::Proven, "conditional until proven");
    let decided = matches!(found.proof, Proof::Proven | Proof::Refuted);
    assert!(!decided || !found.evidence.is_empty(), "what data say has its log position");
    found.proof
}

fn from_until(from: Date, until: Date) -> Validity {
    Validity { from, until: Some(until) }
}

/// The day of the question, and the days around it.
const DAYS: [Date; 3] = [date(2024, 5, 31), date(2024, 6, 1), date(2024, 6, 2)];

#[test]
fn what_no_data_show_is_uploaded_or_unknown_never_refuted() {
    let class = ClassRef { scheme: "t".into(), class: "B".into() };
    let needs = [
        Requirement::Fact { name: "f".into(), value: true },
        Requirement::Registered { value: true },
        Requirement::FullTime { value: true },
        Requirement::Attestation { at_least: AttestationLevel::Issued },
        Requirement::Term { at_most_months: 60 },
        Requirement::Affiliation {
            mode: AffiliationMode::Employment,
            regions: vec!["310118".into()],
        },
        Requirement::Holds { object: Object::Title, class },
        Requirement::Document { code: "filing-form".into() },
    ];
    for need in needs {
        let silent = |h: &mut Holdings| {
            let revision = &mut h.credentials[0].revisions[0];
            revision.attestation.level = AttestationLevel::Declared;
            revision.validity.until = None;
        };
        assert_eq!(proof_of(&need, true, silent), Proof::ToBeUploaded, "{need:?}");
        assert_eq!(proof_of(&need, false, silent), Proof::Unknown, "{need:?}");
    }
}

#[test]
fn a_fact_proves_on_its_days_and_only_without_contradiction() {
    let need = Requirement::Fact { name: "f".into(), value: false };
    let fact = |value, validity| SeenFact { position: 7, name: "f".into(), value, validity };
    let with = |facts: &[SeenFact]| proof_of(&need, true, |h| h.facts = facts.to_vec());
    let open = Validity { from: DAYS[0], until: None };
    assert_eq!(with(&[fact(false, open)]), Proof::Proven);
    assert_eq!(with(&[fact(true, open)]), Proof::Refuted);
    assert_eq!(with(&[fact(true, open), fact(false, open)]), Proof::ToBeUploaded);
    for (validity, expected) in [
        (from_until(DAYS[0], DAYS[0]), Proof::ToBeUploaded),
        (from_until(DAYS[0], DAYS[1]), Proof::Proven),
        (from_until(DAYS[1], DAYS[2]), Proof::Proven),
        (from_until(DAYS[2], DAYS[2]), Proof::ToBeUploaded),
    ] {
        assert_eq!(with(&[fact(false, validity)]), expected, "{validity:?}");
    }
}

#[test]
fn the_records_own_marks_prove_and_refute() {
    let marked = |need: &Requirement, mark: Option<bool>| {
        proof_of(need, false, |h| {
            h.credentials[0].revisions[0].registered = mark;
            h.credentials[0].revisions[0].full_time = mark;
        })
    };
    for value in [true, false] {
        for need in [Requirement::Registered { value }, Requirement::FullTime { value }] {
            assert_eq!(marked(&need, Some(value)), Proof::Proven, "{need:?}");
            assert_eq!(marked(&need, Some(!value)), Proof::Refuted, "{need:?}");
            assert_eq!(marked(&need, None), Proof::Unknown, "{need:?}");
        }
    }
}

#[test]
fn weaker_attestation_leaves_open_what_stronger_proves() {
    use AttestationLevel as L;
    let need = Requirement::Attestation { at_least: L::VerifiedAtSource };
    let levels = [L::Issued, L::VerifiedAtSource, L::CopySeen, L::Declared];
    let proofs = levels.map(|level| {
        proof_of(&need, true, |h| h.credentials[0].revisions[0].attestation.level = level)
    });
    let open = Proof::ToBeUploaded;
    assert_eq!(proofs, [Proof::Proven, Proof::Proven, open, open]);
}

#[test]
fn a_term_ends_with_the_day_of_the_same_name() {
    let need = Requirement::Term { at_most_months: 60 };
    let with = |until| {
        proof_of(&need, false, |h| {
            h.credentials[0].revisions[0].validity = Validity { from: date(2023, 1, 1), until };
        })
    };
    assert_eq!(with(Some(date(2027, 12, 31))), Proof::Proven);
    assert_eq!(with(Some(date(2028, 1, 1))), Proof::Proven);
    assert_eq!(with(Some(date(2028, 1, 2))), Proof::Refuted);
    assert_eq!(with(None), Proof::Unknown);
}

#[test]
fn an_affiliation_proves_for_its_mode_region_and_days() {
    let need = Requirement::Affiliation {
        mode: AffiliationMode::Secondment,
        regions: vec!["310118".into(), "330421".into()],
    };
    let with = |mode, region: &str, validity| {
        let seen = SeenAffiliation { position: 7, mode, region: region.into(), validity };
        proof_of(&need, true, |h| h.affiliations = vec![seen.clone()])
    };
    let (open, day) = (Proof::ToBeUploaded, from_until(DAYS[1], DAYS[1]));
    let mode = AffiliationMode::Secondment;
    assert_eq!(with(mode, "310118", day), Proof::Proven);
    assert_eq!(with(mode, "330421", day), Proof::Proven);
    assert_eq!(with(mode, "310000", day), open, "the province is not the district");
    assert_eq!(with(AffiliationMode::Employment, "310118", day), open);
    assert_eq!(with(mode, "310118", from_until(DAYS[0], DAYS[0])), open);
    assert_eq!(with(mode, "310118", from_until(DAYS[2], DAYS[2])), open);
}

#[test]
fn another_record_proves_while_it_is_valid_and_undisputed() {
    let class = ClassRef { scheme: "t".into(), class: "B".into() };
    let need = Requirement::Holds { object: Object::Title, class };
    let with = |change: &dyn Fn(&mut Credential)| {
        let mut other = credential("wujiang", "2", "t", "B");
        other.object = Object::Title;
        change(&mut other);
        proof_of(&need, true, |h| h.credentials.push(other.clone()))
    };
    let open = Proof::ToBeUploaded;
    assert_eq!(with(&|_| ()), Proof::Proven);
    assert_eq!(with(&|c| c.object = Object::Skill), open);
    assert_eq!(with(&|c| c.revisions[0].class = "A".into()), open, "no class and above");
    assert_eq!(with(&|c| c.revisions[0].validity.until = Some(DAYS[1])), Proof::Proven);
    assert_eq!(with(&|c| c.revisions[0].validity.until = Some(DAYS[0])), open);
    assert_eq!(with(&|c| c.revisions[0].suspect = true), open);
    assert_eq!(with(&|c| c.objections = vec![8]), open);
}

#[test]
fn of_several_preconditions_each_keeps_its_own_proof() {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    let need = |need, by_upload| Precondition {
        need,
        text: Text::new("条件", "condition"),
        by_upload,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    };
    logged.rule.preconditions = vec![
        need(Requirement::Term { at_most_months: 60 }, false),
        need(Requirement::Document { code: "contract".into() }, true),
        need(Requirement::Fact { name: "f".into(), value: true }, false),
    ];
    let answer = ask(credential("jiashan", "1", "s", "A"), vec![logged], &question("qingpu"));
    let proofs: Vec<_> = answer.records[0].rules[0].preconditions.iter().map(|p| p.proof).collect();
    assert_eq!(proofs, [Proof::Proven, Proof::ToBeUploaded, Proof::Unknown]);
    assert_eq!(answer.outcome, Outcome::Conditional);
    let text = explain(&answer, NOTHING, Language::En);
    for part in ["have a document uploaded", "ask the office that holds the fact", "Call: "] {
        assert!(text.contains(part), "{part} missing in {text}");
    }
}
