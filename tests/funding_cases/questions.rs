//! Every open question comes out somewhere: as one that an outcome turns on, or noted beside an outcome
//! that stands. One that no case raises would never reach the office that has to decide it.

use std::collections::BTreeSet;

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::id::QuestionId;

use super::{cases, run};

#[test]
fn every_question_comes_out_in_a_case() {
    let mut raised: BTreeSet<QuestionId> = BTreeSet::new();
    for assessment in cases().into_iter().flat_map(|(_, case)| run(case)) {
        raised.extend(assessment.questions());
        raised.extend(assessment.noted_questions());
    }
    let catalogue = Catalogue::embedded().unwrap();
    let all: Vec<QuestionId> = catalogue.questions.iter().map(|q| q.id).collect();
    assert_eq!(all.len(), 39);
    let never: Vec<String> =
        all.iter().filter(|q| !raised.contains(q)).map(ToString::to_string).collect();
    assert!(never.is_empty(), "no case raises {never:?}");
}
