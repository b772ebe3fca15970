//! The officers who may use the connector: opaque ids, roles, and the SHA-256 of a bearer token
//! each. Who somebody is comes from here alone, never from a request.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde::Deserialize;

use super::Connector;
use crate::domain::code::{Code, Refusal};
use crate::domain::context::{Operator, OperatorRole};
use crate::jws::Digest;
use crate::net::problem::Problem;

/// Most operators of one connector: more than a district's windows have seats.
pub const OPERATORS_MAX: usize = 1_000;
/// Lengths of a token in characters: 32 of hex are 128 bits, which nobody guesses.
const TOKEN_CHARS: std::ops::RangeInclusive<usize> = 32..=256;

/// Why an operator file was refused. Carries nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperatorsError {
    /// Not the JSON that is expected.
    #[error(
        "the operator file is not JSON of the form {{\"operators\": [{{\"id\", \"role\", \"sha256\"}}]}}"
    )]
    Form,
    /// None, or more than [`OPERATORS_MAX`].
    #[error("the operator file holds no operator or more than {OPERATORS_MAX}")]
    Count,
    /// An id is not `op-` and 1 to 32 of `a-z 0-9 -`.
    #[error("operator {0} (from 0): an id is op- and 1 to 32 of a-z 0-9 -")]
    Id(usize),
    /// An id or a token occurs twice.
    #[error("operator {0} (from 0): its id or token occurs before")]
    Twice(usize),
}

/// The operator file, read.
#[derive(Debug, Default)]
pub struct Operators(HashMap<Digest, Operator>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    operators: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    role: OperatorRole,
    sha256: Digest,
}

impl Operators {
    /// Reads `{"operators": [{"id": "op-…", "role": "window", "sha256": "<hex of the token>"}]}`.
    pub fn parse(json: &str) -> Result<Self, OperatorsError> {
        let file: File = serde_json::from_str(json).map_err(|_| OperatorsError::Form)?;
        if !(1..=OPERATORS_MAX).contains(&file.operators.len()) {
            return Err(OperatorsError::Count);
        }
        let (mut operators, mut ids) = (HashMap::new(), HashSet::new());
        for (i, line) in file.operators.into_iter().enumerate() {
            if !is_id(&line.id) {
                return Err(OperatorsError::Id(i));
            }
            let operator = Operator { id: line.id, role: line.role };
            let known = !ids.insert(operator.id.clone());
            if operators.insert(line.sha256, operator).is_some() || known {
                return Err(OperatorsError::Twice(i));
            }
        }
        Ok(Self(operators))
    }

    /// Who has this token. The look-up is by hash, so its time tells nothing about other tokens.
    pub fn authenticate(&self, token: &str) -> Option<&Operator> {
        let fits = TOKEN_CHARS.contains(&token.len());
        fits.then(|| self.0.get(&Digest::of(token))).flatten()
    }
}

fn is_id(id: &str) -> bool {
    id.strip_prefix("op-").is_some_and(|rest| {
        (1..=32).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}

/// The operator of a request; `unauthorized` without a known bearer token (RFC 6750 §2.1).
#[derive(Clone, Debug)]
pub(super) struct Officer(pub(super) Operator);

impl Officer {
    /// May this operator push and approve? Auditors only ask.
    pub(super) fn may_act(&self) -> Result<(), Refusal> {
        if self.0.role == OperatorRole::Auditor {
            return Err(Refusal::new(Code::NotPermitted)
                .detail("审计角色只能查询", "an auditor may ask, not send"));
        }
        Ok(())
    }
}

impl FromRequestParts<Arc<Connector>> for Officer {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        connector: &Arc<Connector>,
    ) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let operator = token.and_then(|token| connector.operators.authenticate(token));
        operator.cloned().map(Self).ok_or_else(|| {
            Refusal::new(Code::Unauthorized)
                .detail(
                    "请在 Authorization 头中携带前置机操作员文件内登记的令牌：Bearer <令牌>",
                    "send Authorization: Bearer <token> with a token of the connector's operator file",
                )
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, token: &str) -> String {
        format!(r#"{{"id":"{id}","role":"window","sha256":"{}"}}"#, Digest::of(token))
    }

    #[test]
    fn a_token_names_its_operator() {
        let (a, b) = ("a".repeat(32), "b".repeat(32));
        let file = format!(r#"{{"operators":[{},{}]}}"#, line("op-1", &a), line("op-2", &b));
        let operators = Operators::parse(&file).unwrap();
        assert_eq!(operators.authenticate(&b).unwrap().id, "op-2");
        assert_eq!(operators.authenticate(&"c".repeat(32)), None);
        assert_eq!(operators.authenticate(""), None);
    }

    #[test]
    fn files_that_would_blur_who_somebody_is_are_refused() {
        let (a, b) = ("a".repeat(32), "b".repeat(32));
        let file = |lines: &[String]| format!(r#"{{"operators":[{}]}}"#, lines.join(","));
        for (text, error) in [
            ("{}".to_owned(), OperatorsError::Form),
            (file(&[]), OperatorsError::Count),
            (file(&[line("张三", &a)]), OperatorsError::Id(0)),
            (file(&[line("op-", &a)]), OperatorsError::Id(0)),
            (file(&[line("op-1", &a), line("op-1", &b)]), OperatorsError::Twice(1)),
            (file(&[line("op-1", &a), line("op-2", &a)]), OperatorsError::Twice(1)),
        ] {
            assert_eq!(Operators::parse(&text).unwrap_err(), error, "{text}");
        }
    }
}
