//! Whoever reads REFER reads what decides it: the result under each reading with what is safe under all
//! of them, the fact that is missing, or the office that has to judge.

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::explain;
use talent_gateway::domain::funding::finding::{Assessment, Finding, FindingClass, Verdict};
use talent_gateway::domain::text::Language;

use super::{cases, run};

/// What keeps a finding that comes out as REFER from saying what decides it.
fn fault(catalogue: &Catalogue, finding: &Finding) -> Option<String> {
    if finding.class == FindingClass::OpenQuestion && finding.questions.is_empty() {
        return Some("an open question that has no number".to_owned());
    }
    let silent = finding.questions.iter().find(|id| {
        let question = catalogue.question(**id).unwrap();
        let read = finding.readings.iter().filter(|r| r.question == **id).count();
        // The catalogue says of a question without readings why a ruling computes nothing.
        question.no_effect.is_none() && read < 2
    });
    if let Some(question) = silent {
        return Some(format!("{question} without its readings"));
    }
    let words = explain::explain(finding, Language::Zh);
    let whom = words.split_once("请联系：").map(|(_, whom)| whom.trim_end_matches('。').to_owned());
    whom.is_none_or(|whom| whom.is_empty()).then(|| format!("nobody is named: {words}"))
}

fn faults(catalogue: &Catalogue, assessment: &Assessment) -> Vec<String> {
    let referred = || assessment.findings.iter().filter(|f| f.outcome == Verdict::Refer);
    let mut faults: Vec<String> = referred()
        .filter_map(|f| fault(catalogue, f).map(|fault| format!("{} {fault}", f.id)))
        .collect();
    if referred().any(|f| !f.readings.is_empty()) && assessment.safe.is_none() {
        faults.push("readings, and no word of what is safe".to_owned());
    }
    if assessment.verdict == Verdict::Refer
        && referred().next().is_none()
        && assessment.missing.is_empty()
    {
        faults.push("no finding and nothing that is missing".to_owned());
    }
    faults
}

#[test]
fn every_refer_says_what_decides_it() {
    let catalogue = Catalogue::embedded().unwrap();
    let mut found = Vec::new();
    for (name, case) in cases() {
        for (step, assessment) in run(case).iter().enumerate() {
            let of_step = faults(&catalogue, assessment).into_iter();
            found.extend(of_step.map(|fault| format!("{name} step {step}: {fault}")));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_question_without_readings_is_noticed() {
    let catalogue = Catalogue::embedded().unwrap();
    let name = "R18-bound-months-before-registration";
    let case = cases().into_iter().find(|(n, _)| n == name).unwrap().1;
    let mut assessment = run(case).remove(0);
    assert_eq!(faults(&catalogue, &assessment), Vec::<String>::new());
    for finding in &mut assessment.findings {
        finding.readings.clear();
    }
    assert_eq!(faults(&catalogue, &assessment).len(), 1);
}
