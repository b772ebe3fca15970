//! Unrelated records, facts and rules never change an answer; nor does the order of any of them; nor
//! does anything that is logged later.

use super::*;
use crate::domain::record::life_cycle::Action;
use crate::domain::time::Validity;

/// What is known of the talent and ruled, made from numbers.
fn world(seeds: &[(u8, u8, u8)]) -> (Holdings, Vec<LoggedRule>) {
    const SENDERS: [&str; 3] = ["jiashan", "wujiang", "changning"];
    const CLASSES: [&str; 3] = ["A", "B", "C"];
    let mut holdings = Holdings::default();
    let mut rules = Vec::new();
    for (i, &(a, b, c)) in seeds.iter().enumerate() {
        let sender = SENDERS[usize::from(a) % 3];
        let class = CLASSES[usize::from(b) % 3];
        let mut held = credential(sender, &format!("rec{i}"), "s", class);
        held.revisions[0].position = u64::from(c) % 50;
        if c % 4 == 0 {
            let mut revoked = super::super::testing::revision(2, Action::Revoke, date(2024, 1, 1));
            revoked.position = 50 + u64::from(c) % 40;
            held.revisions.push(revoked);
        }
        holdings.credentials.push(held);
        let mut logged = rule(&format!("rule{i}"), sender, "s", class, "qingpu");
        logged.position = u64::from(a) % 60;
        if c % 5 == 0 {
            logged.rule.effect = Effect::NotRecognised;
        }
        rules.push(logged);
    }
    (holdings, rules)
}

fn answer(size: u64, holdings: Holdings, rules: Vec<LoggedRule>) -> Recognition {
    let view = MemoryView::new(size, [(SUBJECT.to_owned(), holdings)], rules);
    recognise(&view, &question("qingpu"))
}

fn seeds() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec(any::<(u8, u8, u8)>(), 1..8)
}

proptest! {
    #[test]
    fn the_order_of_records_facts_and_rules_is_irrelevant(list in seeds(), turn in 0_usize..8) {
        let (holdings, rules) = world(&list);
        let (mut other, mut turned) = (holdings.clone(), rules.clone());
        other.credentials.reverse();
        turned.rotate_left(turn % rules.len());
        prop_assert_eq!(answer(100, holdings, rules), answer(100, other, turned));
    }

    #[test]
    fn what_does_not_bear_on_a_record_never_changes_its_finding(list in seeds(), n in 1_u8..5) {
        let (holdings, rules) = world(&list);
        let before = answer(100, holdings.clone(), rules.clone());
        // Rules of other schemes, places and purposes; facts that no rule asks for.
        let (mut more, mut ruled) = (holdings.clone(), rules.clone());
        for i in 0..n {
            ruled.push(rule(&format!("x{i}"), "jiashan", "other", "A", "qingpu"));
            ruled.push(rule(&format!("y{i}"), "jiashan", "s", "A", "wujiang"));
            let validity = Validity { from: date(2020, 1, 1), until: None };
            let (name, word) = (format!("f{i}"), Word::default());
            more.facts.push(SeenFact { position: 3, name, value: true, validity, word });
        }
        prop_assert_eq!(&answer(100, more.clone(), ruled.clone()), &before);
        // Another record of the talent keeps the findings of the others.
        more.credentials.push(credential("hongkou", "unrelated", "other", "Z"));
        let after = answer(100, more, ruled);
        let kept: Vec<_> = after.records.iter().filter(|r| r.record != "unrelated").collect();
        prop_assert_eq!(kept, before.records.iter().collect::<Vec<_>>());
        prop_assert!(after.outcome <= before.outcome.max(Outcome::NoRule));
        // Another talent's records are not looked at.
        let view = MemoryView::new(
            100,
            [
                (SUBJECT.to_owned(), holdings),
                ("试乙".to_owned(), Holdings {
                    credentials: vec![credential("jiashan", "other", "s", "A")],
                    ..Holdings::default()
                }),
            ],
            rules,
        );
        prop_assert_eq!(&recognise(&view, &question("qingpu")), &before);
    }

    #[test]
    fn an_answer_for_a_size_of_the_log_stays_when_the_log_grows(list in seeds(), size in 1_u64..90) {
        let (holdings, rules) = world(&list);
        let known = holdings.known_at(size);
        let ruled: Vec<_> = rules.iter().filter(|l| l.position < size).cloned().collect();
        let then = answer(size, known, ruled);
        prop_assert_eq!(answer(size, holdings, rules), then);
    }
}
