//! Whoever heads it: under every policy of the catalogue that an enterprise, a team or a project receives, the
//! second grant to the same one is found, also through another person.

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::finding::Verdict;
use talent_gateway::domain::funding::message::{Beneficiary, Policy, PolicyStatus};

use super::run;

/// The same policy held and asked for: by whom, at which enterprise, for which project.
fn asks_again(
    policy: &Policy,
    beneficiary: Beneficiary,
    held: [&str; 3],
    asked: [&str; 3],
) -> CaseFile {
    let terms = |[subject, employer, project]: [&str; 3]| {
        json!({
            "policy": { "id": policy.id, "version": policy.version },
            "subject": subject, "beneficiary": beneficiary, "employer": employer,
            "project": { "authority": "示例", "number": project },
        })
    };
    let merged = |mut terms: Value, more: Value| {
        let (Value::Object(own), Value::Object(more)) = (&mut terms, more) else { unreachable!() };
        own.extend(more);
        terms
    };
    let grant = merged(
        terms(held),
        json!({
            "grant": "g-1", "approved": { "total": 100 }, "schedule": "once",
            "decided_on": policy.validity.from, "payers": [], "fiscal_source": "示例",
        }),
    );
    let application =
        merged(terms(asked), json!({ "kind": "grant", "date": policy.validity.from }));
    serde_json::from_value(json!({
        "id": "B1", "title": { "zh": "再次", "en": "again" },
        "districts": [{ "district": policy.district, "region": "310118", "covered": true }],
        "grants": [{ "district": policy.district, "grant": grant }],
        "steps": [{ "name": "a", "application": application }],
    }))
    .unwrap()
}

fn is_found(case: CaseFile) -> bool {
    let findings = run(case).remove(0).findings;
    findings.iter().any(|f| f.outcome >= Verdict::Refer && f.evidence.iter().any(|e| e.id == "g-1"))
}

#[test]
fn a_second_grant_is_found_whoever_heads_the_beneficiary() {
    let policies = &Catalogue::embedded().unwrap().policies;
    let mut seen = 0;
    for policy in policies.iter().filter(|p| p.status == PolicyStatus::InForce) {
        for beneficiary in policy.beneficiaries.iter().copied() {
            if beneficiary == Beneficiary::Person {
                continue;
            }
            seen += 1;
            let again = |held, asked| is_found(asks_again(policy, beneficiary, held, asked));
            let held = ["former-head", "firm", "X1"];
            assert!(again(held, ["head", "firm", "X1"]), "{}: another head", policy.id);
            assert!(again(held, ["former-head", "firm", "X1"]), "{}: the same head", policy.id);
            assert!(!again(held, ["head", "other-firm", "X2"]), "{}: somebody else", policy.id);
        }
    }
    assert!(seen > 20, "only {seen} were tried");
}
