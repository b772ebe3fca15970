//! Numbers of every case that must add up: months, sums, instalments; and caps, which never grow by use.

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::finding::{Assessment, Finding, Label, Verdict};
use talent_gateway::domain::funding::message::{Amount, Application, ApplicationKind};
use talent_gateway::domain::money::Fen;
use talent_gateway::domain::subject::SubjectId;
use talent_gateway::domain::time::MonthSpan;

use super::{cases, load, run};

/// The sum asked for in all, where months and sum say so.
fn asked(application: &Application<SubjectId>) -> Option<u64> {
    match (application.amount?, application.terms.months) {
        (Amount::Total(fen), _) => Some(fen.get()),
        (Amount::Monthly(fen), Some(months)) => Some(months.months().map(|_| fen.get()).sum()),
        (Amount::Monthly(_), None) => None,
    }
}

fn each(mut check: impl FnMut(&str, &Application<SubjectId>, &Assessment)) {
    for (name, case) in cases() {
        let (facts, steps) = load(case);
        for step in steps {
            let assessment = super::assess(&facts, &step.application, step.as_of);
            check(&format!("{name} ({})", step.name), &step.application, &assessment);
        }
    }
}

#[test]
fn segments_make_up_the_months_asked_for() {
    each(|name, application, assessment| {
        let segments = &assessment.segments;
        let Some(months) = application.terms.months else {
            let spans = segments.iter().filter_map(|s| s.months);
            // Instalments that the policy fixes are months too, one after the other.
            let spans: Vec<MonthSpan> = spans.collect();
            assert!(spans.windows(2).all(|w| w[0].last.plus(1) == w[1].first), "{name}");
            return;
        };
        let joined: Vec<_> = segments.iter().flat_map(|s| s.months.unwrap().months()).collect();
        assert_eq!(joined, months.months().collect::<Vec<_>>(), "{name}");
        let strictest = segments.iter().map(|s| s.verdict).max();
        assert_eq!(strictest, Some(assessment.verdict), "{name}");
        // Each month by itself: the strictest of what is said of it.
        for month in months.months() {
            let of_it =
                |m: Option<MonthSpan>| m.is_none_or(|m| m.first <= month && month <= m.last);
            let found = assessment.findings.iter().map(|f| (f.months, f.outcome));
            let lacking = assessment.missing.iter().map(|m| (m.months, Verdict::Refer));
            let said = found.chain(lacking).filter(|(m, _)| of_it(*m)).map(|(_, v)| v);
            let there = segments.iter().find(|s| of_it(s.months)).map(|s| s.verdict);
            let strictest = said.max().unwrap_or(Verdict::Clear);
            assert_eq!(there, Some(strictest), "{name} {month}");
        }
    });
}

#[test]
fn nothing_payable_or_safe_is_more_than_was_asked_for() {
    let mut capped = 0;
    each(|name, application, assessment| {
        let asked = asked(application);
        let months = application.terms.months.map(MonthSpan::count);
        let within = |what: &str, part: Option<u64>, whole: Option<u64>| {
            let fits = part.is_none_or(|part| whole.is_none_or(|whole| part <= whole));
            assert!(fits, "{name}: {what} {part:?} of {whole:?}");
        };
        if let Some(left) = assessment.payable {
            capped += 1;
            within("payable", left.total.map(Fen::get), asked);
            within("months", left.months.map(Into::into), months.map(Into::into));
            assert!(assessment.verdict >= Verdict::Capped, "{name}");
        }
        if let Some(safe) = assessment.safe {
            within("safe", safe.amount.map(Fen::get), asked);
            within("safe months", safe.months.map(Into::into), months.map(Into::into));
        }
        let cut = assessment.findings.iter().any(|f| f.outcome == Verdict::Capped);
        assert_eq!(cut, assessment.payable.is_some(), "{name}: what is cut leaves a part");
    });
    assert!(capped > 20, "{capped}");
}

/// Steps that must add up, wherever they stand together.
fn adds_up(name: &str, finding: &Finding) {
    let step = |label| finding.step(label);
    let what = format!("{name} {}: {:?}", finding.id, finding.arithmetic);
    if let (Some(used), Some(cap), Some(left)) =
        (step(Label::MonthsUsed), step(Label::MonthsCap), step(Label::MonthsLeft))
    {
        assert_eq!(left, cap.saturating_sub(used), "{what}");
    }
    if let (Some(asked), Some(payable)) = (step(Label::AskedFen), step(Label::PayableFen)) {
        assert!(payable <= asked, "{what}");
        assert!(finding.outcome != Verdict::Capped || payable < asked, "{what}");
        if let Some(left) = step(Label::LeftFen) {
            let cap = step(Label::CapFen).unwrap_or(u64::MAX);
            assert!(payable + left <= cap, "{what}: more than the cap");
        }
    }
    if let (Some(asked), Some(held), Some(higher), Some(difference)) = (
        // What each is weighed by, where that is not its sum in all.
        step(Label::AskedWeighedFen).or(step(Label::AskedFen)),
        step(Label::HeldWeighedFen).or(step(Label::HeldFen)),
        step(Label::HigherFen),
        step(Label::DifferenceFen),
    ) {
        assert!(higher == asked || higher == held, "{what}");
        assert_eq!(difference, asked.abs_diff(held), "{what}");
    }
    if let (Some(paid), Some(left)) = (step(Label::PaidFen), step(Label::LeftFen)) {
        assert!(
            finding.rule.number() != 23 || left <= paid,
            "{what}: more comes back than was paid"
        );
    }
    if let (Some(count), Some(rest)) = (step(Label::Instalments), step(Label::RemainderFen)) {
        assert!(rest < count, "{what}: the rest would make one more instalment");
    }
    if let (Some(limit), Some(used), Some(left)) =
        (step(Label::QuotaLimit), step(Label::QuotaUsed), step(Label::QuotaLeft))
    {
        assert_eq!(left, limit.saturating_sub(used), "{what}");
    }
}

#[test]
fn the_steps_of_every_finding_add_up() {
    let mut steps = 0;
    each(|name, _, assessment| {
        for finding in &assessment.findings {
            steps += finding.arithmetic.len();
            adds_up(name, finding);
        }
    });
    assert!(steps > 500, "{steps}");
}

/// One more grant under the application's own policy, for the years before its months: no month becomes clear
/// that was not, and no cap leaves more.
#[test]
fn caps_are_monotone_in_every_case() {
    let catalogue = Catalogue::embedded().unwrap();
    let mut tried = 0;
    for (name, case) in cases() {
        let before = run(case.clone());
        for (i, was) in before.iter().enumerate() {
            let application = &case.steps[i].application;
            let policy = case
                .policies
                .iter()
                .chain(&catalogue.policies)
                .find(|p| p.id == application.terms.policy.id);
            let capped = policy.is_some_and(|p| !p.caps.is_empty());
            let Some(months) = application.terms.months.filter(|_| capped) else { continue };
            if application.kind != ApplicationKind::Grant {
                continue;
            }
            tried += 1;
            let is = &run(with_more(&case, i, months))[i];
            let clear = |a: &Assessment| -> u32 {
                let clear = a.segments.iter().filter(|s| s.verdict < Verdict::Capped);
                clear.filter_map(|s| s.months).map(MonthSpan::count).sum()
            };
            assert!(clear(is) <= clear(was), "{name}: more months are clear");
            let left =
                |a: &Assessment| a.payable.and_then(|p| p.months).unwrap_or_else(|| months.count());
            assert!(left(is) <= left(was), "{name}: the caps leave more");
        }
    }
    assert!(tried > 100, "{tried}");
}

/// With a grant of two years that ended the month before the months of application `i`.
fn with_more(case: &CaseFile, i: usize, months: MonthSpan) -> CaseFile {
    let application = &case.steps[i].application;
    let (first, last) = (months.first.plus(-24), months.first.plus(-1));
    let policy = &application.terms.policy;
    let grant = serde_json::json!({
        "district": policy.id.split('/').next().unwrap(),
        "grant": {
            "grant": "one-more", "policy": policy, "subject": application.terms.subject,
            "beneficiary": application.terms.beneficiary,
            "months": { "first": first, "last": last }, "approved": { "monthly": 100 },
            "schedule": "monthly", "decided_on": first.first_day(),
            "payers": [{ "tier": "district", "payer": "区财政", "share": { "percent": 100 } }],
            "fiscal_source": "区人才发展资金",
        },
    });
    let mut with = case.clone();
    with.grants.push(serde_json::from_value(grant).unwrap());
    with
}
