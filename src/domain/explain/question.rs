//! Who decides an open question, and what its readings are called: the words of
//! [`funding::question`](crate::domain::funding::question).

use crate::domain::funding::id::QuestionId;
use crate::domain::funding::question::question;
use crate::domain::text::Text;

/// Who decides `id`; its number where the list lacks it.
pub fn authority(id: QuestionId) -> Text {
    let unknown = || Text::new(id.to_string(), id.to_string());
    question(id).map_or_else(unknown, |q| q.authority.clone())
}

/// What the reading of `id` with this code is called; the code where the list lacks it.
pub fn reading(id: QuestionId, code: &str) -> Text {
    let named = question(id).and_then(|q| q.readings.iter().find(|r| r.code == code));
    named.map_or_else(|| Text::new(code, code), |reading| reading.name.clone())
}
