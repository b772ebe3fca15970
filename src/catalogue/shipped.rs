//! What the shipped code lists and mappings say, asked through the public interface.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::Catalogue;
use crate::domain::codelist::{CodeList, Entry, ListRef, Mapped, WhyNot};
use crate::domain::id::DocumentType;

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Catalogue::embedded().unwrap());

fn at(name: &str) -> ListRef {
    let (list, version) = name.split_once('@').unwrap();
    ListRef { list: list.into(), version: version.into() }
}

fn list(name: &str) -> &'static CodeList {
    CATALOGUE.codes.list(&at(name)).unwrap()
}

/// What a code becomes; `None` where it cannot be mapped for a stated reason.
fn mapped(from: &str, code: &str, to: &str) -> Option<&'static str> {
    match CATALOGUE.codes.map(&at(from), code, &at(to)) {
        Mapped::Code(entry) => Some(entry.code.as_str()),
        Mapped::Unmappable(WhyNot::Stated(_)) => None,
        Mapped::Unmappable(why) => panic!("{from} {code}: {why:?}"),
    }
}

#[test]
fn every_list_is_as_long_as_its_source_says() {
    let table = [
        ("degree@gbt6864-2003", 56, true),
        ("document-type@gat517-2004", 9, false),
        ("document-type-name@1", 24, false),
        ("education@gb4658-1984", 36, true),
        ("education@gbt4658-2006", 40, true),
        ("education-level@1", 5, true),
        ("nationality@iso-3166-1", 249 + 13, true),
        ("position-level@gbt12407-2008", 8, false),
        ("skill-level@digits-falling", 5, true),
        ("skill-level@digits-rising", 5, true),
        ("skill-level@eight", 8, true),
        ("skill-level@five", 5, true),
        ("title@gbt8561-2001", 56 + 235, false),
    ];
    assert_eq!(CATALOGUE.codes.lists().count(), table.len());
    for (name, codes, complete) in table {
        let list = list(name);
        assert_eq!((list.entries.len(), list.complete), (codes, complete), "{name}");
    }
}

#[test]
fn every_code_maps_or_says_why_not() {
    for mapping in CATALOGUE.codes.mappings() {
        let former = mapping.from == mapping.to;
        for entry in &CATALOGUE.codes.list(&mapping.from).unwrap().entries {
            match CATALOGUE.codes.map(&mapping.from, &entry.code, &mapping.to) {
                Mapped::Code(_) | Mapped::Unmappable(WhyNot::Stated(_)) => {}
                Mapped::Unmappable(WhyNot::NoRow) if former && entry.until.is_none() => {}
                Mapped::Unmappable(why) => panic!("{mapping:?}: {} {why:?}", entry.code),
            }
        }
    }
}

#[test]
fn a_mapping_neither_raises_nor_lowers() {
    let differ = |a: Option<u8>, b: Option<u8>| a.is_some() && b.is_some() && a != b;
    let same_scale = |name: &str| !matches!(name, "eight" | "1");
    for mapping in CATALOGUE.codes.mappings().filter(|m| m.from.list == m.to.list) {
        if !same_scale(&mapping.to.version) || !same_scale(&mapping.from.version) {
            continue;
        }
        for from in &CATALOGUE.codes.list(&mapping.from).unwrap().entries {
            let Mapped::Code(to) = CATALOGUE.codes.map(&mapping.from, &from.code, &mapping.to)
            else {
                continue;
            };
            assert!(!differ(from.rank, to.rank), "{from:?} → {to:?}");
            assert!(to.completion.is_none() || from.completion == to.completion, "{from:?}");
        }
    }
}

#[test]
fn education_means_nothing_without_its_edition() {
    let (new, old, level) =
        ("education@gbt4658-2006", "education@gb4658-1984", "education-level@1");
    assert_eq!(list(new).reaches("21", "21"), Some(true));
    assert_eq!(list(new).reaches("14", "21"), Some(true), "a master is above a bachelor");
    assert_eq!(list(new).reaches("22", "21"), Some(false), "结业 is not 毕业");
    assert_eq!(list(new).reaches("20", "21"), None, "the group does not say");
    assert_eq!(list(old).reaches("28", "21"), None, "相当大学毕业 is for a person");
    assert_eq!(mapped(new, "11", level), Some("doctor"));
    assert_eq!(mapped(new, "13", level), None);

    let name = |name, code| list(name).entry(code).unwrap().zh.as_str();
    assert_eq!((name(old, "73"), name(new, "73")), ("农业初中毕业", "初中肄业"));
    assert_eq!((mapped(old, "73", new), mapped(old, "79", new)), (None, Some("73")));
    assert_eq!((mapped(old, "51", new), mapped(old, "21", level)), (Some("47"), Some("bachelor")));
    assert_eq!(mapped(old, "11", level), None, "doctor or master");
    // Codes that some systems add: never taken for a neighbour.
    for code in ["50", "91", "92", "93", "99"] {
        let answer = CATALOGUE.codes.map(&at(new), code, &at(level));
        assert_eq!(answer, Mapped::Unmappable(WhyNot::UnknownCode), "{code}");
    }
    assert_eq!(mapped(old, "50", new), Some("40"));

    let degree = list("degree@gbt6864-2003");
    assert_eq!(degree.reaches("1", "2"), None, "an honorary doctor has no rank");
    assert_eq!(degree.entry("212").unwrap().zh, "管理学博士");
    assert_eq!(mapped("degree@gbt6864-2003", "2", new), None, "a degree is not education");
}

#[test]
fn document_types_are_those_of_the_parser_and_names_lead_to_them() {
    let (names, types) = ("document-type-name@1", "document-type@gat517-2004");
    let listed: Vec<_> = list(types).entries.iter().map(|e| (&*e.code, &*e.zh, &*e.en)).collect();
    let known: Vec<_> = DocumentType::ALL.iter().map(|t| (t.code(), t.name())).collect();
    let known: Vec<_> = known.iter().map(|(c, n)| (*c, &*n.zh, &*n.en)).collect();
    assert_eq!(listed, known);
    for (name, expected) in [
        ("居民身份证", Some("111")),
        ("港澳台居民居住证", Some("111")),
        ("台胞证", Some("511")),
        ("回乡证", Some("516")),
        ("外国人永久居留身份证", Some("553")),
        ("户口簿", None),
        ("外国人工作许可证", None),
    ] {
        assert_eq!(mapped(names, name, types), expected, "{name}");
    }
}

#[test]
fn a_title_has_the_level_of_its_series() {
    let (title, level) = ("title@gbt8561-2001", "position-level@gbt12407-2008");
    let table = [
        ("011", Some("411")),
        ("082", Some("412")),
        ("231", Some("411")),
        ("232", Some("412")),
        ("233", Some("420")),
        ("234", Some("434")),
        ("235", Some("435")),
        ("284", Some("430")), // 四级演员: the lowest level is not divided
        ("395", Some("435")),
        ("413", Some("420")), // 小学高级教师
        ("416", None),        // 小学三级教师
        ("504", Some("430")),
        ("611", Some("411")),
        ("982", Some("412")),
        ("230", None), // a series
    ];
    for (code, expected) in table {
        assert_eq!(mapped(title, code, level), expected, "{code}");
    }
    let entries = &list(title).entries;
    assert!(entries.iter().all(|e| e.rank.is_none()), "a code never gives an order");
    assert!(entries.iter().all(|e| e.code.len() == 3 && e.code.parse::<u16>().is_ok()));
    let is_series = |e: &&Entry| e.code.ends_with('0');
    assert_eq!(entries.iter().filter(is_series).count(), 56);
    for series in entries.iter().filter(is_series) {
        assert_eq!(mapped(title, &series.code, level), None, "{}", series.zh);
        let of = |e: &&Entry| e.code[..2] == series.code[..2] && e.code != series.code;
        assert!(entries.iter().any(|e| of(&e)), "{} has titles", series.zh);
    }
}

#[test]
fn skill_digits_run_both_ways() {
    let (five, eight) = ("skill-level@five", "skill-level@eight");
    let (falling, rising) = ("skill-level@digits-falling", "skill-level@digits-rising");
    assert_eq!(mapped(falling, "1", five), Some("一级"));
    assert_eq!(mapped(rising, "1", five), Some("五级"));
    assert_eq!(mapped(rising, "5", eight), Some("高级技师"));
    assert_eq!(mapped(falling, "5", rising), Some("1"));
    for entry in &list(five).entries {
        for other in [falling, rising, eight] {
            let there = mapped(five, &entry.code, other).unwrap();
            if other != eight {
                assert_eq!(list(other).entry(there).unwrap().rank, entry.rank);
            }
            assert_eq!(mapped(other, there, five), Some(entry.code.as_str()), "and back");
        }
    }
    for above in ["特级技师", "首席技师", "学徒工"] {
        assert_eq!(mapped(eight, above, five), None, "{above}");
    }
}

#[test]
fn a_nationality_is_looked_up_on_a_day() {
    let nations = list("nationality@iso-3166-1");
    let named = |value, year| {
        let entry = nations.by_column("numeric", value, jiff::civil::date(year, 6, 1));
        entry.map(|e| e.code.as_str())
    };
    // The nationalities of the permanent resident cards of `standards.md` §2.
    let cards = ["682", "124", "586"].map(|n| named(n, 2024));
    assert_eq!(cards, [Some("SAU"), Some("CAN"), Some("PAK")]);
    assert_eq!((named("180", 1990), named("180", 2024)), (Some("ZAR"), Some("COD")));
    assert_eq!((named("112", 1990), named("112", 2024)), (Some("BYS"), Some("BLR")));
    assert_eq!(named("810", 2024), None);

    let current: Vec<_> = nations.entries.iter().filter(|e| e.until.is_none()).collect();
    assert_eq!(current.len(), 249);
    for column in 0..2 {
        let values: BTreeSet<_> = current.iter().map(|e| &e.also[column]).collect();
        assert_eq!(values.len(), current.len(), "no value twice");
    }
    for e in &nations.entries {
        let capitals = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_uppercase());
        assert!(capitals(&e.code, 3) && capitals(&e.also[0], 2), "{e:?}");
        assert!(e.also[1].len() == 3 && e.also[1].bytes().all(|b| b.is_ascii_digit()), "{e:?}");
    }
}

proptest! {
    #[test]
    fn any_code_gets_an_answer(
        code in prop_oneof!["[0-9]{1,3}", "[A-Z]{1,4}", "[一二三四五]级", ".{0,8}"],
        pick in any::<(prop::sample::Index, prop::sample::Index)>(),
        year in 1900_i16..2100,
    ) {
        let lists: Vec<_> = CATALOGUE.codes.lists().collect();
        let (from, to) = (*pick.0.get(&lists), *pick.1.get(&lists));
        let known = from.entry(&code).is_some();
        match CATALOGUE.codes.map(&from.at(), &code, &to.at()) {
            Mapped::Code(entry) => prop_assert!(known && to.entry(&entry.code) == Some(entry)),
            Mapped::Unmappable(WhyNot::UnknownCode) => prop_assert!(!known),
            Mapped::Unmappable(why) => {
                prop_assert!(known);
                prop_assert!(!matches!(why, WhyNot::NoList | WhyNot::NoEntry));
            }
        }
        prop_assert!(known || from.reaches(&code, &code).is_none());
        let day = jiff::civil::date(year, 1, 1);
        let found = from.by_column("numeric", &code, day);
        prop_assert!(found.is_none_or(|e| e.in_use(day) && e.also.contains(&code)));
    }
}

/// policies.json, `qingpu/points/tier-shares`: each tier has its share, its policy and its sum.
#[test]
fn the_tiers_of_the_points_rent_are_data() {
    let clause = CATALOGUE.clauses.iter().find(|c| c.id == "qingpu/annex4/points-tiers").unwrap();
    assert_eq!(clause.citation.to_string(), "qingpu-2020-88 附件4 二（二）");
    assert!(clause.citation.phrase.as_deref().unwrap().starts_with("按入选人数40%、30%、30%"));
    let mut tiers: Vec<_> = CATALOGUE.policies.iter().filter(|p| p.tier.is_some()).collect();
    tiers.sort_by_key(|p| p.tier);
    assert!(tiers.iter().all(|p| p.clauses.iter().any(|c| c.id == clause.id)), "each cites it");
    let shares = clause.shares_percent.iter().zip(&tiers);
    let told: Vec<_> = shares.map(|(share, p)| (p.tier, *share, p.amount.cap)).collect();
    let expected = [(1, 40, 100_000), (2, 30, 150_000), (3, 30, 200_000)];
    assert_eq!(told.len(), tiers.len());
    for ((tier, share, cap), (n, percent, fen)) in told.into_iter().zip(expected) {
        assert_eq!((tier, share), (Some(n), percent));
        assert_eq!(serde_json::to_value(cap).unwrap(), serde_json::json!(fen));
    }
}
