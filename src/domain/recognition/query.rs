//! `query.recognition/1` and the question that the engine answers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::effect::{Object, RecognitionPurpose};
use crate::domain::context::QueryContext;
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, TokenRef};

/// `query.recognition/1`. `S` refers to the talent: a [`TokenRef`] on the wire, a `SubjectId`
/// inside the gateway, a label in case files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecognitionQuery<S = TokenRef> {
    /// Why.
    pub context: QueryContext,
    /// The talent.
    pub subject: S,
    /// Which records are asked about; absent means every record of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The receiving district.
    pub at: ParticipantId,
    /// What the recognition is for.
    pub for_purpose: RecognitionPurpose,
    /// The day in the world that is asked about.
    pub valid_at: Date,
    /// Size of the log that the answer may rest on: entries at positions below it are known.
    /// Absent means everything that is logged when the answer is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<u64>,
}

impl<S> RecognitionQuery<S> {
    /// The same query with its subject replaced, as records are.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<RecognitionQuery<T>, E> {
        Ok(RecognitionQuery {
            context: self.context,
            subject: f(Ref::Talent(self.subject))?,
            about: self.about,
            at: self.at,
            for_purpose: self.for_purpose,
            valid_at: self.valid_at,
            known_at: self.known_at,
        })
    }

    /// The part that decides the answer, apart from why it is asked. `known_at` is left to the
    /// view that the question is put to.
    pub fn into_question(self) -> (QueryContext, Question<S>) {
        let question = Question {
            subject: self.subject,
            about: self.about,
            at: self.at,
            for_purpose: self.for_purpose,
            service: None,
            valid_at: self.valid_at,
        };
        (self.context, question)
    }
}

/// Which records of the subject are asked about. Members that are present must all be equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Kind of object.
    pub object: Object,
    /// Scheme, as the record names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Class inside the scheme; only together with `scheme`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// What the engine is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question<S> {
    /// The talent.
    pub subject: S,
    /// Which records; absent means every record of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The receiving district.
    pub at: ParticipantId,
    /// What the recognition is for.
    pub for_purpose: RecognitionPurpose,
    /// The shared service, with the purpose `service`: only rules that name it speak. Absent: only
    /// rules that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The day in the world that is asked about.
    pub valid_at: Date,
}
