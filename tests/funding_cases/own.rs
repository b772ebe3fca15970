//! Cases as the officers of each district meet them: `tests/cases/own` and `reader`, ten for each.

use std::collections::BTreeMap;

use super::cases;

const DISTRICTS: [&str; 6] = ["qingpu", "changning", "hongkou", "yangpu", "wujiang", "jiashan"];

#[test]
fn every_district_has_ten_cases_of_its_own() {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (name, case) in cases() {
        let district = name.split('-').next().unwrap();
        if !DISTRICTS.contains(&district) {
            continue;
        }
        *count.entry(district.to_owned()).or_default() += 1;
        let title = (&case.title.zh, &case.title.en);
        assert!(title.0.contains('（') && title.1.contains('('), "{name} names no article");
        for step in &case.steps {
            let policy = &step.application.terms.policy.id;
            assert!(policy.starts_with(&format!("{district}/")), "{name}: {policy}");
        }
    }
    for district in DISTRICTS {
        assert!(count.get(district) >= Some(&10), "{district}: {count:?}");
    }
}
