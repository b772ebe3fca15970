//! Every open question of the catalogue: a case where it is open, or noted beside an outcome that
//! stands; and with a ruling for each of its readings, the outcome of that reading, with the ruling
//! cited. Questions that compute nothing say why in the catalogue.

use std::collections::BTreeSet;

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::citation::Citation;
use talent_gateway::domain::funding::case_file::{CaseFile, CaseRuling};
use talent_gateway::domain::funding::finding::{Assessment, Finding, Label, Verdict};
use talent_gateway::domain::funding::id::{QuestionId, RuleId};
use talent_gateway::domain::funding::message::Ruling;
use talent_gateway::domain::time::{MonthSpan, Validity};

use super::{cases, run};

use Verdict::{Barred, Capped, Clear, ClearCond, Ineligible, Lapsed, OneOnly, Refer};

/// Question, reading, case and its step, rule that reads the ruling, outcome of its finding.
type Row = (&'static str, &'static str, &'static str, usize, u8, Verdict);

const ROWS: &[Row] = &[
    ("Q01", "allowed", "T13-", 0, 5, Clear),
    ("Q01", "higher-only", "T13-", 0, 5, OneOnly),
    ("Q01", "difference-only", "T13-", 0, 5, Capped),
    ("Q01", "allowed", "R05-pos-open-hold", 0, 5, Clear),
    ("Q01", "higher-only", "R05-pos-open-hold", 0, 5, OneOnly),
    ("Q01", "difference-only", "R05-pos-open-hold", 0, 5, Capped),
    ("Q02", "separate", "T11-", 0, 13, Clear),
    ("Q02", "shared", "T11-", 0, 13, Capped),
    ("Q03", "paid-months", "X03-", 0, 13, Capped),
    ("Q03", "running-years", "X03-", 0, 13, Capped),
    ("Q04", "months", "Q04-", 0, 14, Clear),
    ("Q04", "yearly-awards", "Q04-", 0, 14, Capped),
    ("Q05", "covered", "X06-", 0, 3, ClearCond),
    ("Q05", "not-covered", "X06-", 0, 3, OneOnly),
    ("Q06", "whole-year", "T20-", 0, 11, Ineligible),
    ("Q06", "by-month", "T20-", 0, 11, Ineligible),
    ("Q06", "whole-year", "R11-bound-each-draws-half-of-the-year", 0, 11, Ineligible),
    ("Q06", "by-month", "R11-bound-each-draws-half-of-the-year", 0, 11, Clear),
    ("Q06", "points-only", "T17-", 0, 11, Clear),
    ("Q06", "any-housing", "T17-", 0, 11, Ineligible),
    ("Q07", "all-rent", "Q07-", 0, 12, Ineligible),
    ("Q07", "points-rent-only", "Q07-", 0, 12, Clear),
    ("Q08", "barred", "T21-", 1, 22, Barred),
    ("Q08", "free", "T21-", 1, 22, Clear),
    ("Q08", "barred", "R22-bound-last-day-under", 0, 22, Refer),
    ("Q08", "free", "R22-bound-last-day-under", 0, 22, Clear),
    ("Q09", "person-only", "Q09-", 0, 22, Clear),
    ("Q09", "employer-too", "Q09-", 0, 22, Barred),
    ("Q09", "person-only", "Q09-", 1, 22, Clear),
    ("Q09", "employer-too", "Q09-", 1, 22, Refer),
    ("Q10", "this-rule", "R22-bound-last-day-under", 0, 22, Clear),
    ("Q10", "all-district", "R22-bound-last-day-under", 0, 22, Refer),
    ("Q10", "this-rule", "T22-", 0, 22, Clear),
    ("Q10", "all-district", "T22-", 0, 22, Clear),
    ("Q10", "everywhere", "T22-", 0, 22, Barred),
    ("Q10", "all-district", "qingpu-05-", 0, 24, Ineligible),
    ("Q10", "everywhere", "jiashan-09-", 0, 24, Ineligible),
    ("Q10", "this-rule", "R23-bound-one-fen-left", 0, 23, Clear),
    ("Q12", "by-total", "Q12-", 0, 2, OneOnly),
    ("Q12", "by-month-sum", "Q12-", 0, 2, OneOnly),
    ("Q12", "no-set-off", "changning-23-", 0, 4, OneOnly),
    ("Q12", "set-off", "changning-23-", 0, 4, OneOnly),
    ("Q13", "one-award", "jiashan-07-", 0, 5, Refer),
    ("Q13", "two-awards", "jiashan-07-", 0, 5, Clear),
    ("Q13", "exclusive", "R34-pos-cash-and-apartment", 0, 34, OneOnly),
    ("Q13", "inclusive", "R34-pos-cash-and-apartment", 0, 34, Clear),
    ("Q14", "no-set-off", "T42-", 0, 2, OneOnly),
    ("Q14", "set-off", "T42-", 0, 2, OneOnly),
    ("Q14", "standard-excludes", "T08-", 0, 21, Ineligible),
    ("Q14", "grant-excludes", "T08-", 0, 21, Clear),
    ("Q14", "standard-by-month", "R21-bound-class-d-since-july", 1, 21, Clear),
    ("Q14", "standard-on-filing", "R21-bound-class-d-since-july", 1, 21, Ineligible),
    ("Q14", "grant-excludes", "R21-bound-class-d-since-july", 0, 21, Clear),
    ("Q14", "standard-by-month", "R21-bound-class-ended-the-day", 0, 21, Ineligible),
    ("Q14", "standard-on-filing", "R21-bound-class-ended-the-day", 0, 21, Clear),
    ("Q14", "grant-excludes", "R21-bound-class-ended-the-day", 0, 21, Clear),
    ("Q14", "present-class-only", "Q14-", 0, 30, Ineligible),
    ("Q14", "former-class-runs-on", "Q14-", 0, 30, Clear),
    ("Q15", "instalments-continue", "Q15-", 0, 30, Clear),
    ("Q15", "instalments-stop", "Q15-", 0, 30, Ineligible),
    ("Q17", "with-the-number", "R30-bound-salary-at-the-threshold", 0, 30, Clear),
    ("Q17", "without-the-number", "R30-bound-salary-at-the-threshold", 0, 30, Refer),
    ("Q18", "no-benefit", "T32-", 1, 25, Ineligible),
    ("Q18", "named-benefits", "T32-", 1, 25, Ineligible),
    ("Q18", "all-benefits", "T32-", 1, 26, ClearCond),
    ("Q19", "not-counted", "X05-", 0, 15, Clear),
    ("Q19", "counted", "X05-", 0, 15, Capped),
    ("Q20", "by-departments", "changning-07-", 0, 6, Clear),
    ("Q20", "through-links", "changning-07-", 0, 6, Refer),
    ("Q20", "by-departments", "changning-23-", 1, 4, Clear),
    ("Q20", "through-links", "changning-23-", 1, 4, OneOnly),
    ("Q21", "once-in-a-lifetime", "changning-02-", 0, 16, Ineligible),
    ("Q21", "again-within-caps", "changning-02-", 0, 16, Capped),
    ("Q22", "rest-with-last", "T01-", 0, 17, Clear),
    ("Q22", "rest-dropped", "T01-", 0, 17, Clear),
    ("Q23", "part-year-paid", "T26-", 0, 20, Clear),
    ("Q23", "part-year-unpaid", "T26-", 0, 20, Lapsed),
    ("Q23", "same-employer-lapses", "R20-bound-dissolved-and-signed-again", 0, 20, Lapsed),
    ("Q23", "same-employer-keeps", "R20-bound-dissolved-and-signed-again", 2, 20, Clear),
    ("Q23", "expiry-lapses", "Q23-", 0, 20, Lapsed),
    ("Q23", "expiry-keeps", "Q23-", 0, 20, Clear),
    ("Q26", "classes-a-to-c", "R30-bound-class-b-not-newly", 0, 30, Ineligible),
    ("Q26", "class-a-only", "R30-bound-class-b-not-newly", 0, 30, Clear),
    ("Q27", "still-in-force", "hongkou-01-", 0, 32, Clear),
    ("Q27", "no-longer-in-force", "hongkou-01-", 0, 32, Ineligible),
    ("Q23", "part-year-paid", "R18-bound-months-before-registration", 0, 18, Clear),
    ("Q23", "part-year-unpaid", "R18-bound-months-before-registration", 0, 18, Ineligible),
    ("Q27", "before-the-document", "changning-25-", 0, 32, Clear),
    ("Q27", "from-the-document", "changning-25-", 0, 32, Ineligible),
    ("Q27", "not-counted", "R13-bound-months-before", 0, 13, Clear),
    ("Q27", "counted", "R13-bound-months-before", 0, 13, Capped),
    ("Q27", "not-counted", "R14-bound-awards-before", 0, 14, Clear),
    ("Q27", "counted", "R14-bound-awards-before", 0, 14, Capped),
    ("Q27", "not-counted", "R15-bound-months-before", 0, 15, Clear),
    ("Q27", "counted", "R15-bound-months-before", 0, 15, Capped),
    ("Q28", "lease-excludes", "Q28-", 0, 12, OneOnly),
    ("Q28", "lease-independent", "Q28-", 0, 12, Clear),
    ("Q29", "one-award", "T30-", 0, 1, OneOnly),
    ("Q29", "two-awards", "T30-", 0, 1, Clear),
    ("Q29", "one-award", "Q29-", 0, 27, OneOnly),
    ("Q29", "two-awards", "Q29-", 0, 27, Clear),
    ("Q30", "under-exclusivity", "Q30-", 0, 1, OneOnly),
    ("Q30", "outside-exclusivity", "Q30-", 0, 1, Clear),
    ("Q31", "veto-ends", "R19-pos-veto", 0, 19, Ineligible),
    ("Q31", "veto-keeps", "R19-pos-veto", 0, 19, Clear),
    ("Q32", "shares-by-alliance", "T35-", 1, 9, Clear),
    ("Q32", "agreement-needed", "T35-", 1, 9, Refer),
    ("Q32", "shares-by-alliance", "R09-pos-shares", 1, 9, Refer),
    ("Q32", "agreement-needed", "R09-pos-shares", 1, 9, Capped),
    ("Q33", "same-money", "T01-", 0, 1, OneOnly),
    ("Q33", "separate-money", "T01-", 0, 1, Clear),
    ("Q34", "part-month-counts", "Q34-", 0, 3, ClearCond),
    ("Q34", "part-month-free", "Q34-", 0, 3, Clear),
    ("Q34", "part-month-counts", "R15-bound-one-day", 0, 15, Capped),
    ("Q34", "part-month-free", "R15-bound-one-day", 0, 15, Clear),
    ("Q34", "part-month-counts", "R30-bound-certification-ends-within", 0, 30, Clear),
    ("Q34", "part-month-free", "R30-bound-certification-ends-within", 0, 30, Refer),
    ("Q34", "part-month-counts", "R21-bound-class-ended-the-day", 0, 21, Refer),
    ("Q34", "part-month-free", "R21-bound-class-ended-the-day", 0, 21, Refer),
    ("Q35", "added-condition", "Q35-", 0, 30, Ineligible),
    ("Q35", "alternative-group", "Q35-", 0, 30, Clear),
    ("Q36", "annex-conditions", "Q36-graduate", 0, 25, Ineligible),
    ("Q36", "no-conditions", "Q36-graduate", 0, 25, Clear),
    ("Q36", "annex-conditions", "Q36-health", 0, 1, OneOnly),
    ("Q36", "no-conditions", "Q36-health", 0, 1, Clear),
    ("Q37", "level-d", "Q37-", 0, 29, Clear),
    ("Q37", "level-e", "Q37-", 0, 29, Capped),
    ("Q37", "level-points-1", "Q37-", 0, 29, Capped),
    ("Q37", "level-points-2", "Q37-", 0, 29, Capped),
    ("Q37", "level-points-3", "Q37-", 0, 29, Capped),
    ("Q38", "not-counted", "X09-", 0, 13, Clear),
    ("Q38", "counted", "X09-", 0, 13, Capped),
    ("Q38", "returned-not-held", "Q38-", 0, 1, Clear),
    ("Q38", "returned-still-held", "Q38-", 0, 1, OneOnly),
    ("Q39", "application", "R30-bound-age-differs-by-day", 0, 30, Clear),
    ("Q39", "acceptance", "R30-bound-age-differs-by-day", 0, 30, Clear),
    ("Q39", "recognition", "R30-bound-age-differs-by-day", 0, 30, Clear),
    ("Q39", "year-end", "R30-bound-age-differs-by-day", 0, 30, Clear),
];

/// Rows whose finding is not made under the ruling, or does not carry it: the outcome that stands, or
/// that another rule then finds, is compared and the ruling is cited beside the question.
const CITED_BESIDE: &[(&str, &str)] = &[
    ("Q13", "one-award"),
    ("Q18", "no-benefit"),
    ("Q18", "named-benefits"),
    ("Q30", "under-exclusivity"),
    ("Q34", "part-month-counts"),
    ("Q34", "part-month-free"),
];

/// Readings under which an earlier condition is no longer met, so that nothing is found but what is
/// missing.
const SILENT: &[(&str, &str)] = &[
    ("Q17", "without-the-number"),
    ("Q34", "part-month-free"),
    ("Q39", "application"),
    ("Q39", "acceptance"),
    ("Q39", "recognition"),
    ("Q39", "year-end"),
];

fn ruling(question: QuestionId, reading: &str, case: &CaseFile, step: usize) -> CaseRuling {
    let catalogue = Catalogue::embedded().unwrap();
    let owners = &catalogue.question(question).unwrap().owners;
    let policy = &case.steps[step].application.terms.policy.id;
    let own = policy.split('/').next().unwrap().parse().unwrap();
    CaseRuling {
        district: owners.first().cloned().unwrap_or(own),
        ruling: Ruling {
            question,
            reading: reading.to_owned(),
            validity: Validity { from: "2020-01-01".parse().unwrap(), until: None },
            citation: Citation {
                document: "ruling-under-test".to_owned(),
                article: "一".to_owned(),
                phrase: None,
            },
        },
    }
}

fn cites(finding: &Finding) -> bool {
    finding.citations.iter().any(|c| c.document == "ruling-under-test")
}

fn raises(assessment: &Assessment, question: QuestionId) -> bool {
    assessment.questions().contains(&question) || assessment.noted_questions().contains(&question)
}

fn case_of(all: &[(String, CaseFile)], name: &str) -> CaseFile {
    let found = all.iter().find(|(n, _)| n.starts_with(name));
    found.unwrap_or_else(|| panic!("no case {name}")).1.clone()
}

#[test]
fn a_ruling_settles_its_question_as_each_reading_says() {
    let all = cases();
    let mut failures = Vec::new();
    for (question, reading, name, step, rule, verdict) in ROWS {
        let at = format!("{question} {reading} in {name}");
        let (id, rule): (QuestionId, RuleId) = (question.parse().unwrap(), RuleId::new(*rule));
        let mut case = case_of(&all, name);
        case.rulings.retain(|r| r.ruling.question != id);
        if !raises(&run(case.clone())[*step], id) {
            failures.push(format!("{at}: the question is not raised without a ruling"));
        }
        let before = run(case.clone()).remove(*step);
        let told = before.findings.iter().flat_map(|f| &f.readings);
        let told: Vec<Verdict> =
            told.filter(|r| r.question == id && r.reading == *reading).map(|r| r.verdict).collect();
        case.rulings.push(ruling(id, reading, &case, *step));
        let after = run(case).remove(*step);
        let settled = after.questions().iter().all(|q| *q != id);
        let noted = after.noted.iter().filter(|n| n.question == id);
        let beside: Vec<_> = noted.map(|n| n.ruling.is_some()).collect();
        let found: Vec<_> = after.by_rule(rule).collect();
        let outcome = found.iter().filter(|f| cites(f)).map(|f| f.outcome).max();
        let pair = (*question, *reading);
        let got = if CITED_BESIDE.contains(&pair) {
            found.iter().map(|f| f.outcome).max()
        } else {
            outcome
        };
        let silent = SILENT.contains(&pair) && got.is_none();
        if !settled || !(got == Some(*verdict) || silent) {
            failures.push(format!("{at}: expected {verdict:?}, got {got:?}, settled {settled}"));
        }
        let cited = outcome.is_some() || beside.contains(&true);
        if !(cited || silent) || beside.contains(&false) {
            failures.push(format!("{at}: the ruling is not cited"));
        }
        if let Some(said) = told.iter().max()
            && outcome.is_some_and(|o| o != *said)
        {
            failures.push(format!("{at}: the reading was told to be {said:?}, is {outcome:?}"));
        }
        // Where nothing is found any more, a reading must not have been told to refuse what then only lacks facts.
        if silent && told.iter().any(|said| *said > after.verdict) {
            failures
                .push(format!("{at}: the reading was told to be {told:?}, is {:?}", after.verdict));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_reading_of_every_question_has_a_row_and_every_other_question_a_reason() {
    let rows: BTreeSet<(&str, &str)> = ROWS.iter().map(|r| (r.0, r.1)).collect();
    let catalogue = Catalogue::embedded().unwrap();
    let mut readings = BTreeSet::new();
    for question in &catalogue.questions {
        let id = question.id.to_string();
        assert!(question.readings.is_empty() != question.no_effect.is_none(), "{id}");
        for reading in &question.readings {
            let row = rows.iter().find(|(q, r)| *q == id && *r == reading.code);
            assert!(row.is_some(), "no row for {id} {}", reading.code);
            readings.insert((id.clone(), reading.code.clone()));
        }
    }
    assert_eq!(catalogue.questions.len(), 39);
    let strange: Vec<_> =
        rows.iter().filter(|(q, r)| !readings.contains(&((*q).into(), (*r).into()))).collect();
    assert!(strange.is_empty(), "rows beside the catalogue {strange:?}");
    let without: Vec<String> = catalogue
        .questions
        .iter()
        .filter(|q| q.no_effect.is_some())
        .map(|q| q.id.to_string())
        .collect();
    assert_eq!(without, ["Q11", "Q16", "Q24", "Q25"]);
}

#[test]
fn every_reading_that_a_finding_prints_is_one_of_the_catalogue() {
    let catalogue = Catalogue::embedded().unwrap();
    for (name, case) in cases() {
        for finding in run(case).iter().flat_map(|a| &a.findings) {
            for reading in &finding.readings {
                let question = catalogue.question(reading.question).unwrap();
                let known = question.readings.iter().any(|r| r.code == reading.reading);
                assert!(known, "{name}: {} {}", reading.question, reading.reading);
            }
        }
    }
}

#[test]
fn a_ruling_counts_only_where_its_authority_owns_the_question() {
    let all = cases();
    // Q01 belongs to each district for itself; Q02 to Qingpu.
    for (name, question, reading, stranger) in
        [("T13-", 1, "allowed", "wujiang"), ("T11-", 2, "separate", "jiashan")]
    {
        let mut case = case_of(&all, name);
        let before = run(case.clone());
        let mut foreign = ruling(QuestionId::new(question), reading, &case, 0);
        foreign.district = stranger.parse().unwrap();
        case.rulings.push(foreign);
        assert_eq!(before, run(case), "{name}");
    }
}

#[test]
fn a_ruling_says_how_the_higher_is_found_and_what_is_set_off() {
    let all = cases();
    let ruled = |name: &str, question: u8, reading: &str| {
        let mut case = case_of(&all, name);
        case.rulings.push(ruling(QuestionId::new(question), reading, &case, 0));
        run(case).remove(0)
    };
    let higher = |a: &Assessment| a.by_rule(RuleId::new(2)).find_map(|f| f.step(Label::HigherFen));
    assert_eq!(higher(&ruled("Q12-", 12, "by-total")), Some(36_000_000));
    assert_eq!(higher(&ruled("Q12-", 12, "by-month-sum")), Some(24_000_000));
    let payable = |a: &Assessment| {
        a.findings.iter().find_map(|f| f.step(Label::PayableFen).filter(|_| cites(f)))
    };
    assert_eq!(payable(&ruled("T42-", 14, "no-set-off")), Some(96_000_000));
    assert_eq!(payable(&ruled("T42-", 14, "set-off")), Some(86_400_000));
    assert_eq!(payable(&ruled("T01-", 22, "rest-dropped")), Some(499_999_920));
    let months = |a: &Assessment| {
        a.by_rule(RuleId::new(11)).filter_map(|f| f.months).map(MonthSpan::count).sum::<u32>()
    };
    assert!(months(&ruled("T20-", 6, "by-month")) < months(&ruled("T20-", 6, "whole-year")));
}
