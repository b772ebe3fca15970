//! Whose record it is: the authority that decided says so, not who sent it.

use super::*;
use crate::domain::record::life_cycle::AttestationLevel::{Declared, Issued};

/// A record that `sender` sent of an authority in `region`.
fn of(sender: &str, scheme: &str, region: &str) -> Credential {
    let mut held = credential(sender, "1", scheme, "A");
    held.revisions[0].authority.region = region.into();
    held
}

fn at(question: &Question<String>, held: Credential, rules: Vec<LoggedRule>) -> RecordFinding {
    let places = [("zhejiang", "330000"), ("shanghai", "310000")];
    let places = places.map(|(id, code)| (id.to_owned(), code.parse().unwrap()));
    let holdings = Holdings { credentials: vec![held], ..Holdings::default() };
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules)
        .with_places(places.into_iter().collect());
    recognise(&view, question).records.remove(0)
}

#[test]
fn an_own_record_is_what_an_authority_here_or_above_decided() {
    let table = [
        ("qingpu", "s", "310118", true),
        ("changning", "s", "310118", true),
        ("changning", "shanghai-title", "310000", true),
        // 青浦县, until 1999.
        ("qingpu", "s", "310229", true),
        ("qingpu", "s", "310105", false),
        ("qingpu", "zhejiang-title", "330000", false),
        // Whoever is named as the authority: the scheme is Zhejiang's.
        ("qingpu", "zhejiang-title", "310118", false),
        ("qingpu", "qingpu-housing", "330421", false),
        ("jiashan", "qingpu-housing", "310118", true),
    ];
    for (sender, scheme, region, own) in table {
        let finding = at(&question("qingpu"), of(sender, scheme, region), Vec::new());
        let place = format!("{sender} {scheme} {region}");
        assert_eq!(finding.flags.contains(&Flag::OwnRecord), own, "{place}");
        assert_eq!(finding.is_own(), own, "{place}");
    }
    // Where nobody knows where a district lies, the scheme says whose it is.
    let own = |scheme| at(&question("huzhou"), of("huzhou", scheme, "330500"), Vec::new()).is_own();
    assert!(own("huzhou-talent") && !own("zhejiang-title"));
}

#[test]
fn a_copy_that_the_receiving_district_filed_meets_the_rules_for_its_authority() {
    let issuer = |participants: &[&str], regions: &[&str], names: &[&str]| {
        let text = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let participants = participants.iter().map(|p| p.parse().unwrap()).collect();
        IssuerMatch::new(participants, text(regions), text(names)).unwrap()
    };
    let outcome = |issuer: &IssuerMatch, sender: &str, region: &str| {
        let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
        logged.rule.issuer = issuer.clone();
        let districts = ["jiashan", "qingpu", "wujiang"].map(|d| d.parse().unwrap()).to_vec();
        logged.rule.scope = RuleScope::Districts { districts };
        at(&question("qingpu"), of(sender, "s", region), vec![logged]).outcome
    };
    let (yes, no) = (Outcome::Recognised, Outcome::NoRule);
    let jiashan = issuer(&["jiashan"], &[], &[]);
    for (region, expected) in [("330421", yes), ("330400", yes), ("330000", yes), ("320509", no)] {
        assert_eq!(outcome(&jiashan, "qingpu", region), expected, "{region}");
    }
    let zhejiang = issuer(&["jiashan"], &["330000"], &[]);
    for (region, expected) in [("330000", yes), ("330421", no), ("510100", no)] {
        assert_eq!(outcome(&zhejiang, "qingpu", region), expected, "{region}");
        assert_eq!(outcome(&zhejiang, "jiashan", region), expected, "{region}");
    }
    assert_eq!(outcome(&zhejiang, "wujiang", "330000"), no, "a copy of a third party is none");
    assert_eq!(outcome(&issuer(&["jiashan"], &[], &["测试机关"]), "qingpu", "510100"), yes);
    // Nor where the rule names no participants.
    for named in [issuer(&[], &["330421"], &[]), issuer(&[], &[], &["测试机关"])] {
        for (sender, expected) in [("jiashan", yes), ("qingpu", yes), ("wujiang", no)] {
            assert_eq!(outcome(&named, sender, "330421"), expected, "{sender}");
        }
    }
    // The region under the code that it had.
    assert_eq!(outcome(&issuer(&[], &["320509"], &[]), "qingpu", "320584"), yes);
}

#[test]
fn an_own_record_that_came_from_elsewhere_is_checked_first() {
    let told = |sender, level| {
        let mut held = of(sender, "s", "310118");
        held.revisions[0].attestation.level = level;
        explain(&ask(held, Vec::new(), &question("qingpu")), NOTHING, Language::Zh)
    };
    assert!(told("qingpu", Issued).contains("按本地规定直接使用该记录"));
    assert!(told("jiashan", Issued).contains("先与本地档案核对"));
    assert!(told("qingpu", Declared).contains("仅为个人申报：先与本地档案核对"));
}
