//! The pure decisions: funding assessment and recognition, and how they grow with what they are
//! *not* about. Targets: an assessment over 20 grants and 5 links with the whole catalogue in
//! 50 µs, a recognition among 10,000 rules in 10 µs, both flat when the rest grows.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot read its input fails")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion};
use jiff::civil::date;
use serde_json::json;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::facts::RuleFacts;
use talent_gateway::domain::recognition::{
    Credential, Holdings, LoggedRule, MemoryView, Object, Question, RecognitionPurpose,
    RecognitionRule, Revision, recognise, rules,
};
use talent_gateway::synth::{Crowd, Judged};

/// Seed of the generated talents.
const SEED: u64 = 2026;
/// Grants of the applicant and of those linked to them.
const GRANTS: usize = 20;
/// Confirmed links of the applicant.
const LINKS: usize = 5;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    assessment(&mut criterion);
    recognition(&mut criterion);
    criterion.final_summary();
}

fn assessment(criterion: &mut Criterion) {
    let rules = rules_of_the_catalogue();
    let mut group = criterion.benchmark_group("assess 20 grants, 5 links, whole catalogue");
    for others in [0, 200, 2_000, 20_000] {
        let crowd = Crowd { grants: GRANTS, links: LINKS, others };
        let Judged { facts, application, as_of } = crowd.gather(SEED, &rules).unwrap();
        group.bench_function(BenchmarkId::new("grants of others", others), |b| {
            b.iter(|| assess(black_box(&facts), black_box(&application), as_of));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("assess, cost follows the applicant's own records");
    for grants in [2, 20, 200] {
        let crowd = Crowd { grants, links: LINKS, others: 2_000 };
        let Judged { facts, application, as_of } = crowd.gather(SEED, &rules).unwrap();
        group.bench_function(BenchmarkId::new("grants", grants), |b| {
            b.iter(|| assess(black_box(&facts), black_box(&application), as_of));
        });
    }
    group.finish();
}

fn rules_of_the_catalogue() -> Arc<RuleFacts> {
    let catalogue = Catalogue::embedded().unwrap();
    let mut rules = RuleFacts::default();
    catalogue.policies.iter().cloned().for_each(|p| rules.add_policy(p));
    catalogue.kinds.iter().cloned().for_each(|k| rules.add_kind(k));
    Arc::new(rules)
}

fn recognition(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("recognise, one title");
    let question = Question {
        subject: 1_u64,
        about: None,
        at: "qingpu".parse().unwrap(),
        for_purpose: RecognitionPurpose::Appointment,
        service: None,
        valid_at: date(2026, 11, 20),
    };
    for count in [1_000_u64, 10_000, 100_000] {
        let holdings = Holdings { credentials: vec![title()], ..Holdings::default() };
        let view = MemoryView::new(u64::MAX, [(1_u64, holdings)], many_rules(count));
        let answer = recognise(&view, &question);
        assert_eq!(answer.records.len(), 1);
        assert_eq!(answer.records[0].rules.len(), 1, "the rule of the title is found");
        group.bench_function(BenchmarkId::new("rules", count), |b| {
            b.iter(|| recognise(black_box(&view), black_box(&question)));
        });
    }
    group.finish();
}

/// The rules of the catalogue, and copies of one for schemes that the question is not about.
fn many_rules(count: u64) -> Vec<LoggedRule> {
    let known: Vec<RecognitionRule> = rules().unwrap();
    let model = known.iter().find(|r| r.rule == "zone-2020-title-zhejiang").unwrap().clone();
    let copies = (0..count).map(|n| RecognitionRule {
        rule: format!("copy-{n}"),
        scheme: format!("scheme-{n}"),
        ..model.clone()
    });
    let all = known.iter().cloned().chain(copies);
    (0..count).zip(all).map(|(position, rule)| LoggedRule { position, rule }).collect()
}

fn title() -> Credential {
    let revision: Revision = serde_json::from_value(json!({
        "position": 1, "revision": 1, "action": "issue",
        "authority": { "name": "嘉善县人力社保局（虚构）", "region": "330421" },
        "attestation": { "level": "verified-at-source", "as_of": "2026-11-01" },
        "validity": { "from": "2022-07-01" },
        "scheme": "zhejiang-title", "class": "420",
    }))
    .unwrap();
    Credential {
        sender: "jiashan".parse().unwrap(),
        record: "t-1".to_owned(),
        object: Object::Title,
        revisions: vec![revision],
        objections: Vec::new(),
    }
}
