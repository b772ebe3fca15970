//! Each kind of precondition: proven, refuted or unknown by data, to be uploaded where that may be,
//! and the days on either side of its boundary.

use jiff::civil::Date;

use super::SetAsideReason as R;
use super::*;
use crate::domain::citation::Citation;
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::life_cycle::{Action, Attestation, AttestationLevel};
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

fn seen(name: &str, value: bool, validity: Validity, word: Word) -> SeenFact {
    SeenFact { position: 7, name: name.into(), value, validity, word }
}

/// What `sender` says, checked so far.
fn word(sender: &str, level: AttestationLevel) -> Word {
    let attestation = Some(Attestation { level, as_of: DAYS[0] });
    Word { sender: Some(sender.parse().unwrap()), attestation, ..Word::default() }
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
    let here = || word("qingpu", AttestationLevel::Issued);
    let fact = |value, validity| seen("f", value, validity, here());
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
        let (region, word) = (region.to_owned(), word("qingpu", AttestationLevel::Issued));
        let seen = SeenAffiliation { position: 7, mode, region, validity, word };
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
    let declared = AttestationLevel::Declared;
    assert_eq!(with(&|c| c.revisions[0].attestation.level = declared), open);
}

#[test]
fn a_fact_counts_from_whom_may_say_it_and_as_far_as_it_was_checked() {
    use AttestationLevel as L;
    let proof = |name: &str, facts: &[(bool, Word)]| {
        let need = Requirement::Fact { name: name.into(), value: true };
        let open = Validity { from: DAYS[0], until: None };
        proof_of(&need, true, |h| {
            let said = facts.iter().map(|(value, word)| seen(name, *value, open, word.clone()));
            h.facts = said.collect();
        })
    };
    let here = || word("qingpu", L::Issued);
    let (home, free) = ("owns-no-home-in-district", "left-china-since-permit");
    let open = Proof::ToBeUploaded;
    assert_eq!(proof(home, &[(true, word("qingpu", L::CopySeen))]), Proof::Proven);
    assert_eq!(proof(home, &[(true, word("qingpu", L::Declared))]), open);
    assert_eq!(proof(home, &[(true, word("jiashan", L::Issued))]), open);
    assert_eq!(proof(free, &[(true, word("jiashan", L::Issued))]), Proof::Proven);
    assert_eq!(proof(free, &[(false, word("jiashan", L::Declared))]), open, "nor does it refute");
    // Where both districts speak of a home here, the one that may decides.
    let both = [(false, word("qingpu", L::Issued)), (true, word("jiashan", L::Issued))];
    assert_eq!(proof(home, &both), Proof::Refuted);
    for doubt in [Word { suspect: true, ..here() }, Word { objections: vec![9], ..here() }] {
        assert_eq!(proof(free, &[(true, doubt.clone())]), open);
        assert_eq!(proof(free, &[(true, doubt), (false, here())]), Proof::Refuted);
    }
}

#[test]
fn what_does_not_count_is_shown_with_its_position_and_why() {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.preconditions = vec![Precondition {
        need: Requirement::Fact { name: "owns-no-home-in-district".into(), value: true },
        text: Text::new("条件", "condition"),
        by_upload: true,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    let doubted =
        Word { suspect: true, objections: vec![31], ..word("jiashan", AttestationLevel::Declared) };
    let open = Validity { from: DAYS[0], until: None };
    let holdings = Holdings {
        credentials: vec![credential("jiashan", "1", "s", "A")],
        facts: vec![seen("owns-no-home-in-district", true, open, doubted)],
        ..Holdings::default()
    };
    let known = |size| {
        let view =
            MemoryView::new(size, [(SUBJECT.to_owned(), holdings.clone())], [logged.clone()]);
        recognise(&view, &question("qingpu"))
    };
    let answer = known(100);
    let aside = &answer.records[0].rules[0].preconditions[0].set_aside;
    assert_eq!(aside[0].reasons, [R::ObjectionPending, R::Suspect, R::Declared, R::OtherDistrict]);
    assert_eq!((aside[0].position, aside[0].objections.as_slice()), (7, &[31][..]));
    let text = explain(&answer, NOTHING, Language::Zh);
    assert!(
        text.contains("异议处理中") && text.contains("第 7 条") && text.contains("第 31 条"),
        "{text}"
    );
    let text = explain(&answer, NOTHING, Language::En);
    assert!(text.contains("an objection is pending") && text.contains("leaked key"), "{text}");
    // The objection was not known before it was logged.
    let before = known(31);
    let aside = &before.records[0].rules[0].preconditions[0].set_aside;
    assert_eq!(aside[0].reasons, [R::Suspect, R::Declared, R::OtherDistrict]);
}

#[test]
fn a_certificate_must_have_been_seen_unless_the_rule_asks_for_less() {
    use AttestationLevel as L;
    let outcome = |level, change: &dyn Fn(&mut RecognitionRule)| {
        let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
        change(&mut logged.rule);
        let mut held = credential("jiashan", "1", "s", "A");
        held.revisions[0].attestation.level = level;
        let answer = ask(held, vec![logged], &question("qingpu"));
        (answer.outcome, answer.records[0].rules[0].preconditions.len())
    };
    for level in [L::Issued, L::VerifiedAtSource, L::CopySeen] {
        assert_eq!(outcome(level, &|_| ()), (Outcome::Recognised, 0), "nothing to say");
    }
    assert_eq!(outcome(L::Declared, &|_| ()), (Outcome::Conditional, 1));
    let at_least = |rule: &mut RecognitionRule, at_least| {
        rule.preconditions = vec![Precondition {
            need: Requirement::Attestation { at_least },
            text: Text::new("条件", "condition"),
            by_upload: true,
            citation: rule.citation.clone(),
        }];
    };
    assert_eq!(outcome(L::Declared, &|r| at_least(r, L::Declared)), (Outcome::Recognised, 1));
    assert_eq!(outcome(L::CopySeen, &|r| at_least(r, L::Issued)), (Outcome::Conditional, 1));
    let no = |rule: &mut RecognitionRule| rule.effect = Effect::NotRecognised;
    assert_eq!(outcome(L::Declared, &no), (Outcome::NotRecognised, 0), "a no needs no paper");
}

#[test]
fn a_term_runs_from_the_first_revision() {
    let need = Requirement::Term { at_most_months: 60 };
    let with = |revisions: &[(Action, Date, Option<Date>)]| {
        proof_of(&need, false, |h| {
            let held = &mut h.credentials[0];
            held.revisions = revisions
                .iter()
                .zip(1..)
                .map(|(&(action, from, until), number)| {
                    let mut revision = super::super::testing::revision(number, action, from);
                    (revision.scheme, revision.class) = ("s".into(), "A".into());
                    revision.validity.until = until;
                    revision
                })
                .collect();
        })
    };
    let (issued, ends) = (date(2019, 1, 1), Some(date(2025, 12, 31)));
    let long = (Action::Issue, issued, ends);
    let change = date(2023, 1, 1);
    assert_eq!(with(&[long]), Proof::Refuted);
    let paused =
        [long, (Action::Suspend, date(2022, 1, 1), None), (Action::Reinstate, change, ends)];
    assert_eq!(with(&paused), Proof::Refuted, "a suspension begins no new term");
    assert_eq!(with(&[long, (Action::Amend, change, ends)]), Proof::Refuted, "nor does a change");
    let short = (Action::Issue, issued, Some(date(2023, 12, 31)));
    let extended = |until| with(&[short, (Action::Amend, change, Some(until))]);
    assert_eq!(extended(date(2023, 12, 31)), Proof::Proven);
    assert_eq!(extended(date(2026, 12, 31)), Proof::Unknown, "an extension, or a new term");
    assert_eq!(extended(date(2028, 12, 31)), Proof::Refuted, "too long either way");
}

#[test]
fn a_tie_to_a_renamed_region_is_one_to_the_region() {
    let need = Requirement::Affiliation {
        mode: AffiliationMode::Employment,
        regions: vec!["320509".into()],
    };
    let with = |region: &str| {
        let validity = from_until(DAYS[0], DAYS[2]);
        let (region, word) = (region.to_owned(), word("wujiang", AttestationLevel::Issued));
        let mode = AffiliationMode::Employment;
        let seen = SeenAffiliation { position: 7, mode, region, validity, word };
        proof_of(&need, true, |h| h.affiliations = vec![seen.clone()])
    };
    let found = ["320509", "320584", "320525", "320500", "320581"].map(with);
    let open = Proof::ToBeUploaded;
    assert_eq!(found, [Proof::Proven, Proof::Proven, Proof::Proven, open, open]);
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

#[test]
fn what_a_no_asks_for_is_unknown_and_not_for_the_talent_to_upload() {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.preconditions = vec![Precondition {
        need: Requirement::Fact { name: "f".into(), value: true },
        text: Text::new("条件", "condition"),
        by_upload: true,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    for (effect, expected) in
        [(Effect::ValidDirectly, Proof::ToBeUploaded), (Effect::NotRecognised, Proof::Unknown)]
    {
        logged.rule.effect = effect;
        let held = credential("jiashan", "1", "s", "A");
        let answer = ask(held, vec![logged.clone()], &question("qingpu"));
        assert_eq!(answer.records[0].rules[0].preconditions[0].proof, expected, "{effect:?}");
    }
}

#[test]
fn a_tie_is_said_where_it_is_or_by_the_receiving_district() {
    use AffiliationMode as M;
    let proof = |mode, region: &str, sender: Option<&str>| {
        let need = Requirement::Affiliation { mode, regions: vec![region.into()] };
        let said = sender.map(|s| word(s, AttestationLevel::Issued)).unwrap_or_default();
        let validity = from_until(DAYS[0], DAYS[2]);
        let tie =
            SeenAffiliation { position: 7, mode, region: region.into(), validity, word: said };
        proof_of(&need, true, |h| h.affiliations = vec![tie.clone()])
    };
    let (yes, open) = (Proof::Proven, Proof::ToBeUploaded);
    for mode in [M::Employment, M::Appointment, M::IncomeTax, M::SocialInsurance, M::Postdoc] {
        assert_eq!(proof(mode, "310118", Some("qingpu")), yes, "{mode:?}");
        assert_eq!(proof(mode, "310118", Some("jiashan")), open, "{mode:?}");
        assert_eq!(proof(mode, "330421", Some("jiashan")), yes, "{mode:?}");
        assert_eq!(proof(mode, "330421", Some("qingpu")), yes, "what it filed itself, {mode:?}");
        assert_eq!(proof(mode, "310118", None), open, "nobody says so, {mode:?}");
    }
    // The district that certified the talent lends; a third one knows nothing.
    assert_eq!(proof(M::Secondment, "310118", Some("jiashan")), yes);
    assert_eq!(proof(M::Secondment, "310118", Some("wujiang")), open);
    // Whoever filed a copy of the certification.
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    let need = Requirement::Affiliation { mode: M::Secondment, regions: vec!["310118".into()] };
    logged.rule.preconditions = vec![Precondition {
        need,
        text: Text::new("条件", "condition"),
        by_upload: true,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    let districts = ["jiashan", "qingpu", "wujiang"].map(|d| d.parse().unwrap());
    logged.rule.scope = RuleScope::Districts { districts: districts.to_vec() };
    let senders = districts[1..].to_vec();
    logged.rule.issuer = IssuerMatch::new(senders, vec![], vec![]).unwrap();
    for (filed, said, expected) in [
        ("qingpu", "jiashan", yes),
        ("wujiang", "jiashan", yes),
        ("qingpu", "wujiang", open),
        ("wujiang", "wujiang", open),
    ] {
        let mut copy = credential(filed, "1", "s", "A");
        copy.revisions[0].authority.region = "330421".into();
        let tie = SeenAffiliation {
            position: 7,
            mode: M::Secondment,
            region: "310118".into(),
            validity: from_until(DAYS[0], DAYS[2]),
            word: word(said, AttestationLevel::Issued),
        };
        let credentials = vec![copy];
        let holdings = Holdings { credentials, affiliations: vec![tie], ..Holdings::default() };
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged.clone()]);
        let found = &recognise(&view, &question("qingpu")).records[0].rules[0].preconditions[0];
        assert_eq!(found.proof, expected, "filed by {filed}, said by {said}");
    }
}

#[test]
fn facts_that_contradict_each_other_are_shown_with_both_senders() {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.preconditions = vec![Precondition {
        need: Requirement::Fact { name: "f".into(), value: true },
        text: Text::new("条件", "condition"),
        by_upload: false,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    let open = Validity { from: DAYS[0], until: None };
    let said = |value, sender| seen("f", value, open, word(sender, AttestationLevel::Issued));
    let mut facts = vec![said(true, "jiashan"), said(false, "wujiang")];
    facts[1].position += 1;
    let credentials = vec![credential("jiashan", "1", "s", "A")];
    let holdings = Holdings { credentials, facts, ..Holdings::default() };
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged]);
    let answer = recognise(&view, &question("qingpu"));
    let found = &answer.records[0].rules[0].preconditions[0];
    assert_eq!((found.proof, found.evidence.len()), (Proof::Unknown, 0));
    let senders = found.sources.iter().map(|s| s.sender.as_ref().unwrap().as_str());
    assert_eq!(senders.collect::<Vec<_>>(), ["jiashan", "wujiang"]);
    assert!(found.set_aside.iter().all(|a| a.reasons == [R::Contradicting]));
    assert_eq!(found.set_aside.len(), 2);
    let contact = |district: &ParticipantId| Some(format!("({district})"));
    let told = Told { contact: &contact, ..NOTHING };
    let text = explain(&answer, told, Language::Zh);
    for part in ["与另一条记录相互矛盾", "联系：嘉善县 (jiashan)", "联系：吴江区 (wujiang)"]
    {
        assert!(text.contains(part), "{part} missing in {text}");
    }
}
