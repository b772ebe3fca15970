//! The questions that the documents leave open, each with who decides it and the readings that a ruling
//! may choose (`catalogue/questions.json`): one list, for the rules' explanations, for rulings and for
//! the catalogue.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::id::QuestionId;
use crate::domain::participant::ParticipantId;
use crate::domain::text::Text;

/// The list as it ships. The catalogue says where it cannot be read.
pub const TEXT: &str = include_str!("../../../catalogue/questions.json");

/// A question that the documents leave open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its number.
    pub id: QuestionId,
    /// The question.
    pub text: Text,
    /// Who decides it.
    pub authority: Text,
    /// Who decides it in one case, where each district decides for itself: `{own}` stands for the district
    /// whose policy is applied for, `{all}` for it and the others that the case reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Text>,
    /// Districts whose ruling settles it; empty means each for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<ParticipantId>,
    /// The readings that a ruling may choose; a question with parts lists those of each part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<NamedReading>,
    /// Why a ruling on it computes nothing; absent where there are readings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_effect: Option<Text>,
}

/// A reading of an open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedReading {
    /// Its code, as findings and rulings name it.
    pub code: String,
    /// What it is called.
    pub name: Text,
}

/// The file that holds them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionFile {
    /// In the order of their numbers.
    pub questions: Vec<Question>,
}

static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    // A list that cannot be read is refused with its place when the catalogue is loaded.
    serde_json::from_str::<QuestionFile>(TEXT).map_or_else(|_| Vec::new(), |file| file.questions)
});

/// The question with this number.
pub fn question(id: QuestionId) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_ships_is_read_and_its_numbers_are_without_a_gap() {
        let numbers: Vec<u8> = QUESTIONS.iter().map(|q| q.id.number()).collect();
        assert_eq!(numbers, (1..=39).collect::<Vec<u8>>());
    }
}
