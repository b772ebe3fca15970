//! Records of one certificate: no copy outlives its original, and nothing else is joined with it.

use super::*;
use crate::domain::citation::Citation;
use crate::domain::record::life_cycle::Action;
use crate::domain::record::life_cycle::AttestationLevel::{CopySeen, Declared, Issued};
use crate::domain::record::qualification::EducationHours;
use crate::domain::text::Text;

/// What Jiashan revoked in 2024, and the copy that Qingpu filed before; both of certificate 1.
fn pair() -> [Credential; 2] {
    let [mut original, mut copy] =
        [credential("jiashan", "o", "s", "A"), credential("qingpu", "c", "s", "A")];
    copy.revisions[0].authority.region = "330421".into();
    copy.revisions[0].attestation.level = CopySeen;
    for held in [&mut original, &mut copy] {
        held.object = Object::Title;
        held.revisions[0].certificate = Some("1".into());
    }
    let mut revoked = original.revisions[0].clone();
    (revoked.position, revoked.revision, revoked.action) = (9, 2, Action::Revoke);
    revoked.validity.from = date(2024, 3, 1);
    original.revisions.push(revoked);
    [original, copy]
}

/// What comes of the record `c` at Qingpu, of these records in any order.
fn of_copy(records: &[Credential]) -> RecordFinding {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.object = Object::Title;
    let asked = |credentials: Vec<Credential>| {
        let holdings = Holdings { credentials, ..Holdings::default() };
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged.clone()]);
        let records = recognise(&view, &question("qingpu")).records;
        records.into_iter().find(|r| r.record == "c").unwrap()
    };
    let found = asked(records.to_vec());
    assert_eq!(found, asked(records.iter().rev().cloned().collect()), "order is irrelevant");
    found
}

fn after(change: impl Fn(&mut Credential, &mut Credential)) -> RecordFinding {
    let [mut original, mut copy] = pair();
    change(&mut original, &mut copy);
    of_copy(&[original, copy])
}

#[test]
fn no_copy_outlives_its_original() {
    let found = after(|_, _| ());
    assert_eq!(found.outcome, Outcome::NotValid);
    assert_eq!(found.flags, [Flag::Revoked, Flag::ByOriginal]);
    assert_eq!(found.evidence, [1, 9]);
    for (original, flag) in [(Action::Suspend, Flag::Suspended), (Action::Amend, Flag::Expired)] {
        let found = after(|o, _| {
            o.revisions[1].action = original;
            o.revisions[1].validity.until = Some(date(2024, 4, 1));
        });
        assert_eq!((found.outcome, found.flags[0]), (Outcome::NotValid, flag));
    }
    let objected = after(|o, _| {
        o.revisions.pop();
        o.objections = vec![12];
    });
    assert_eq!((objected.outcome, objected.evidence), (Outcome::NotValid, vec![1, 12]));
    // After the day asked: the copy says as much as the original would.
    let later = after(|o, _| o.revisions[1].validity.from = date(2024, 7, 1));
    assert_eq!(later.outcome, Outcome::Recognised);
    assert_eq!(later.flags, [Flag::EndsLater, Flag::ByOriginal]);
}

#[test]
fn what_is_another_certificate_or_no_original_ends_no_copy() {
    type Change = fn(&mut Credential, &mut Credential);
    let free: [(&str, Change); 9] = [
        ("another number", |o, _| {
            o.revisions.iter_mut().for_each(|r| r.certificate = Some("2".into()));
        }),
        ("no number, and no certification", |_, c| c.revisions[0].certificate = None),
        ("another scheme", |o, _| o.revisions.iter_mut().for_each(|r| r.scheme = "t".into())),
        ("another object", |o, _| o.object = Object::Skill),
        ("another province", |o, _| {
            o.sender = "wujiang".parse().unwrap();
            o.revisions.iter_mut().for_each(|r| r.authority.region = "320509".into());
        }),
        ("another year", |o, c| {
            let hours = |year| EducationHours { year, general_tenths: 1, professional_tenths: 1 };
            o.revisions.iter_mut().for_each(|r| r.hours = Some(hours(2022)));
            c.revisions[0].hours = Some(hours(2023));
        }),
        ("a copy as well", |o, _| o.revisions[0].attestation.level = CopySeen),
        ("of a stranger", |o, _| o.sender = "wujiang".parse().unwrap()),
        ("only suspect", |o, _| {
            o.revisions.pop();
            o.revisions[0].suspect = true;
        }),
    ];
    for (what, change) in free {
        let found = after(change);
        assert_eq!(
            (found.outcome, found.flags.as_slice()),
            (Outcome::Recognised, &[][..]),
            "{what}"
        );
    }
    // Entered again by its own office: the record that stands speaks.
    let [original, copy] = pair();
    let mut again = original.clone();
    again.record = "o-2".into();
    again.revisions.pop();
    assert_eq!(of_copy(&[original, again, copy]).outcome, Outcome::Recognised);
}

#[test]
fn a_certification_without_a_number_is_known_by_class_and_first_day() {
    let outcome = |object, from, level| {
        let [mut original, mut copy] = pair();
        for held in [&mut original, &mut copy] {
            held.object = object;
            held.revisions.iter_mut().for_each(|r| r.certificate = None);
        }
        copy.revisions[0].validity.from = from;
        original.revisions[0].attestation.level = level;
        let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
        logged.rule.object = object;
        let holdings = Holdings { credentials: vec![original, copy], ..Holdings::default() };
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged]);
        recognise(&view, &question("qingpu")).outcome
    };
    let day = date(2023, 1, 1);
    assert_eq!(outcome(Object::Certification, day, Issued), Outcome::NotValid);
    assert_eq!(outcome(Object::Certification, date(2023, 1, 2), Issued), Outcome::Recognised);
    assert_eq!(outcome(Object::Certification, day, CopySeen), Outcome::Recognised);
    assert_eq!(outcome(Object::Title, day, Issued), Outcome::Recognised);
}

#[test]
fn a_copy_that_says_another_class_is_left_to_a_person() {
    let found = after(|o, _| {
        o.revisions.pop();
        o.revisions[0].class = "B".into();
    });
    assert_eq!((found.outcome, found.effect()), (Outcome::NoRule, None));
    assert_eq!(found.flags, [Flag::ByOriginal, Flag::CopiesDiffer]);
}

#[test]
fn copies_that_differ_without_an_original_are_left_to_a_person() {
    let [_, copy] = pair();
    let mut other = copy.clone();
    other.record = "c-2".into();
    (other.revisions[0].position, other.revisions[0].class) = (5, "B".into());
    let found = of_copy(&[copy.clone(), other.clone()]);
    assert_eq!((found.outcome, found.flags), (Outcome::NoRule, vec![Flag::CopiesDiffer]));
    assert_eq!(found.evidence, [1, 5]);
    let mut free = [other.clone(), other.clone(), other.clone(), other.clone()];
    free[0].revisions[0].class = "A".into();
    free[1].revisions[0].certificate = Some("2".into());
    free[2].revisions[0].attestation.level = Declared;
    free[3].objections = vec![12];
    for other in free {
        let found = of_copy(&[copy.clone(), other]);
        assert_eq!((found.outcome, found.flags), (Outcome::Recognised, Vec::new()));
    }
    // The original settles which of them is right.
    let [mut original, copy] = pair();
    original.revisions.pop();
    assert_eq!(of_copy(&[original, copy, other]).outcome, Outcome::Recognised);
}

#[test]
fn a_copy_of_what_was_revoked_is_not_held() {
    let class = ClassRef { scheme: "s".into(), class: "A".into() };
    let mut logged = rule("r1", "jiashan", "t", "B", "qingpu");
    logged.rule.preconditions = vec![Precondition {
        need: Requirement::Holds { object: Object::Title, class },
        text: Text::new("条件", "condition"),
        by_upload: true,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    let [original, copy] = pair();
    let proof = |others: &[&Credential]| {
        let others = others.iter().map(|c| (*c).clone());
        let credentials = others.chain([credential("jiashan", "x", "t", "B")]).collect();
        let holdings = Holdings { credentials, ..Holdings::default() };
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged.clone()]);
        let records = recognise(&view, &question("qingpu")).records;
        let found = records.into_iter().find(|r| r.record == "x").unwrap();
        found.rules[0].preconditions[0].clone()
    };
    assert_eq!(proof(&[&copy]).proof, Proof::Proven);
    // The paper of what was revoked proves nothing, whoever files a copy of it.
    let found = proof(&[&original, &copy]);
    assert_eq!((found.proof, found.set_aside.len()), (Proof::Unknown, 2));
    let revoked = [SetAsideReason::Revoked];
    let told = |a: &SetAside| a.reasons == revoked && a.stops == Some(date(2024, 3, 1));
    assert!(found.set_aside.iter().all(told), "{:?}", found.set_aside);
    let mut objected = original;
    objected.revisions.pop();
    objected.objections = vec![12];
    let found = proof(&[&objected, &copy]);
    assert_eq!((found.proof, found.set_aside.len()), (Proof::ToBeUploaded, 2));
    assert!(found.set_aside.iter().all(|aside| aside.objections == [12]));
}
