//! Sums of hours: per year and kind, from several districts, one certificate once, minimums.

use super::*;
use crate::domain::record::life_cycle::AttestationLevel;
use crate::domain::record::qualification::EducationHours;

/// Hours that `sender` recorded, with the certificate's label where there is one.
fn hours(sender: &str, record: &str, certificate: Option<&str>, of: (u16, u32, u32)) -> Credential {
    let mut held = credential(sender, record, "h", "hours");
    held.object = Object::EducationHours;
    let revision = &mut held.revisions[0];
    revision.certificate = certificate.map(str::to_owned);
    let (year, general_tenths, professional_tenths) = of;
    revision.hours = Some(EducationHours { year, general_tenths, professional_tenths });
    held
}

/// The same as decided by an authority of `region`.
fn of_region(region: &str, mut held: Credential) -> Credential {
    held.revisions[0].authority.region = region.into();
    held
}

/// Hours of Jiashan and Wujiang accumulate in Qingpu.
fn accumulate(minimum: Option<HoursMinimum>) -> Vec<LoggedRule> {
    ["jiashan", "wujiang"]
        .map(|from| {
            let mut logged = rule(&format!("r-{from}"), from, "h", "hours", "qingpu");
            logged.rule.object = Object::EducationHours;
            logged.rule.effect = Effect::HoursAccumulate;
            logged.rule.minimum = minimum;
            logged
        })
        .to_vec()
}

fn sums(credentials: Vec<Credential>, rules: Vec<LoggedRule>) -> Recognition {
    let holdings = Holdings { credentials, ..Holdings::default() };
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
    recognise(&view, &question("qingpu"))
}

fn kinds(general_tenths: u64, professional_tenths: u64) -> HoursByKind {
    HoursByKind { general_tenths, professional_tenths }
}

#[test]
fn kinds_and_years_are_summed_apart_over_districts() {
    let answer = sums(
        vec![
            hours("jiashan", "1", Some("c1"), (2023, 105, 200)),
            hours("wujiang", "2", Some("c2"), (2023, 5, 10)),
            hours("wujiang", "3", None, (2024, 240, 480)),
            hours("qingpu", "4", Some("c4"), (2024, 30, 0)),
            hours("hongkou", "5", Some("c5"), (2024, 999, 999)),
        ],
        accumulate(None),
    );
    let years: Vec<_> = answer.hours.iter().map(|y| (y.year, y.own, y.recognised)).collect();
    let (none, own) = (kinds(0, 0), kinds(30, 0));
    assert_eq!(years, [(2023, none, kinds(110, 210)), (2024, own, kinds(240, 480))]);
    assert!(answer.hours.iter().all(|y| y.conditional.is_zero() && y.minimums.is_empty()));
}

/// A certificate of Zhejiang as these sent it.
fn copies(list: &[(&str, &str, (u16, u32, u32))]) -> Vec<Credential> {
    list.iter()
        .map(|&(from, record, of)| of_region("330000", hours(from, record, Some("c1"), of)))
        .collect()
}

#[test]
fn a_certificate_counts_once_whoever_sent_it() {
    let of = (2024, 100, 200);
    let mut three = copies(&[("wujiang", "2", of), ("jiashan", "1", of), ("qingpu", "3", of)]);
    three[1].revisions[0].authority.region = "330421".into();
    let answer = sums(three, accumulate(None));
    assert_eq!(answer.hours.len(), 1);
    // The copy that the receiving district filed is none of its own.
    assert_eq!((answer.hours[0].own, answer.hours[0].recognised), (kinds(0, 0), kinds(100, 200)));
    let flagged = |record: &str| {
        let finding = answer.records.iter().find(|r| r.record == record).unwrap();
        finding.flags.contains(&Flag::CertificateCountedOnce)
    };
    assert_eq!(["1", "2", "3"].map(flagged), [false, true, true]);
}

#[test]
fn one_booklet_holds_many_years_and_each_province_numbers_for_itself() {
    let years = copies(&[("jiashan", "1", (2023, 100, 200)), ("jiashan", "2", (2024, 10, 20))]);
    let answer = sums(years, accumulate(None));
    let found: Vec<_> = answer.hours.iter().map(|y| (y.year, y.recognised)).collect();
    assert_eq!(found, [(2023, kinds(100, 200)), (2024, kinds(10, 20))]);
    let mut two = copies(&[("jiashan", "1", (2024, 100, 200))]);
    two.push(hours("wujiang", "2", Some("c1"), (2024, 1, 2)));
    let answer = sums(two, accumulate(None));
    assert_eq!(answer.hours[0].recognised, kinds(101, 202));
    assert!(answer.records.iter().all(|r| r.flags.is_empty()));
}

#[test]
fn what_is_only_declared_neither_counts_nor_contradicts() {
    let mut list = copies(&[("jiashan", "1", (2024, 100, 200)), ("qingpu", "2", (2024, 900, 900))]);
    list[1].revisions[0].attestation.level = AttestationLevel::Declared;
    let answer = sums(list.clone(), accumulate(None));
    assert_eq!(answer.hours[0].recognised, kinds(100, 200));
    assert!(answer.hours[0].conditional.is_zero() && answer.records[0].flags.is_empty());
    assert_eq!(answer.records[1].flags, [Flag::CertificateCountedOnce, Flag::CopiesDiffer]);
    let alone = sums(list.split_off(1), accumulate(None));
    assert_eq!(alone.hours[0].conditional, kinds(900, 900));
    // So it is with what the receiving district itself declares.
    let mut own = hours("qingpu", "3", None, (2024, 30, 0));
    own.revisions[0].attestation.level = AttestationLevel::Declared;
    let answer = sums(vec![own], accumulate(None));
    assert_eq!((answer.hours[0].own, answer.hours[0].conditional), (kinds(0, 0), kinds(30, 0)));
}

#[test]
fn certificates_without_a_number_are_certificates_of_their_own() {
    let twice = vec![
        hours("jiashan", "1", None, (2024, 100, 0)),
        hours("wujiang", "2", None, (2024, 100, 0)),
    ];
    assert_eq!(sums(twice, accumulate(None)).hours[0].recognised, kinds(200, 0));
}

#[test]
fn copies_that_differ_prove_nothing_until_a_person_has_cleared_them() {
    let differing = |other| {
        let list = copies(&[("jiashan", "1", (2024, 100, 200)), ("wujiang", "2", other)]);
        let answer = sums(list, accumulate(None));
        assert!(answer.records.iter().all(|r| r.flags.contains(&Flag::CopiesDiffer)));
        assert!(answer.hours[0].recognised.is_zero());
        answer.hours[0].conditional
    };
    assert_eq!(differing((2024, 101, 150)), kinds(100, 150), "what both grant");
}

#[test]
fn an_invalid_copy_does_not_count_and_does_not_hide_a_valid_one() {
    let mut expired = hours("jiashan", "1", Some("c1"), (2024, 100, 200));
    expired.revisions[0].validity.until = Some(date(2024, 5, 31));
    let valid = hours("wujiang", "2", Some("c1"), (2024, 100, 200));
    let answer = sums(vec![expired.clone(), valid], accumulate(None));
    assert_eq!(answer.hours[0].recognised, kinds(100, 200));
    assert!(sums(vec![expired], accumulate(None)).hours.is_empty());
}

#[test]
fn a_minimum_is_reached_to_the_tenth() {
    let minimum = HoursMinimum { general_tenths: 300, professional_tenths: 600, total_tenths: 950 };
    let standing = |general, professional, own| {
        let answer = sums(
            vec![
                hours("jiashan", "1", Some("c1"), (2024, general, professional)),
                hours("qingpu", "2", Some("c2"), (2024, own, 0)),
            ],
            accumulate(Some(minimum)),
        );
        let found = &answer.hours[0].minimums;
        assert_eq!(found.len(), 1, "own records ask for nothing");
        (found[0].standing, found[0].missing, found[0].missing_total_tenths)
    };
    let reached = (MinimumStanding::Reached, kinds(0, 0), 0);
    assert_eq!(standing(350, 600, 0), reached);
    assert_eq!(standing(300, 600, 50), reached, "own hours count");
    assert_eq!(standing(300, 649, 0), (MinimumStanding::Short, kinds(0, 0), 1));
    assert_eq!(standing(299, 700, 0), (MinimumStanding::Short, kinds(1, 0), 0));
    assert_eq!(standing(400, 599, 0), (MinimumStanding::Short, kinds(0, 1), 0));
}

#[test]
fn hours_not_proven_yet_leave_a_minimum_open() {
    let minimum = HoursMinimum { general_tenths: 0, professional_tenths: 0, total_tenths: 100 };
    let mut rules = accumulate(Some(minimum));
    rules[1].rule.preconditions = vec![Precondition {
        need: Requirement::Document { code: "proof-of-attendance".into() },
        text: crate::domain::text::Text::new("培训证明", "proof of attendance"),
        by_upload: true,
        citation: rules[1].rule.citation.clone(),
    }];
    let with = |open| {
        let answer = sums(
            vec![
                hours("jiashan", "1", Some("c1"), (2024, 60, 0)),
                hours("wujiang", "2", Some("c2"), (2024, open, 0)),
            ],
            rules.clone(),
        );
        let year = &answer.hours[0];
        assert_eq!(year.minimums.len(), 2, "one for each rule that names it");
        (year.conditional.general_tenths, year.minimums[0].standing)
    };
    assert_eq!(with(40), (40, MinimumStanding::Open));
    assert_eq!(with(39), (39, MinimumStanding::Short));
}

proptest! {
    #[test]
    fn copies_and_order_never_change_the_sums(
        list in prop::collection::vec((0_usize..3, 0_u8..6, 2022_u16..2025), 0..10),
        turn in 0_usize..10,
    ) {
        // The content follows from the certificate, as it does for true copies.
        let all: Vec<_> = list.iter().enumerate().map(|(i, &(sender, certificate, _))| {
            let sender = ["jiashan", "wujiang", "qingpu"][sender];
            let year = 2022 + u16::from(certificate) % 3;
            let number = format!("c{certificate}");
            let of = (year, u32::from(certificate) * 7, 10);
            of_region("330000", hours(sender, &format!("r{i}"), Some(&number), of))
        }).collect();
        let total = |answer: &Recognition| {
            let sum = |y: &HoursOfYear| y.own.total_tenths() + y.recognised.total_tenths();
            answer.hours.iter().map(|y| (y.year, sum(y))).collect::<Vec<_>>()
        };
        let answer = sums(all.clone(), accumulate(None));
        let mut turned = all.clone();
        turned.rotate_left(turn.min(all.len()));
        prop_assert_eq!(&sums(turned, accumulate(None)), &answer);
        let distinct: std::collections::BTreeSet<_> = list.iter().map(|&(_, c, _)| c).collect();
        let expected: u64 = distinct.iter().map(|&c| u64::from(c) * 7 + 10).sum();
        prop_assert_eq!(total(&answer).iter().map(|(_, n)| n).sum::<u64>(), expected);
        // Another copy of what is there adds nothing.
        let mut more = all.clone();
        if let Some(first) = all.first() {
            let mut copy = first.clone();
            copy.record = "copy".into();
            more.push(copy);
        }
        prop_assert_eq!(total(&sums(more, accumulate(None))), total(&answer));
    }
}
