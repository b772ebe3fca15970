//! Refusals become responses here and nowhere else (RFC 9457).
//!
//! A handler returns `Err(Problem)`. The problem travels as a response extension up to
//! [`edge`](super::edge), which alone knows language and request id and writes the final body; a
//! response that never passes the edge is complete too, in Chinese and without request id.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::request_id::RequestId;
use super::status::status_of;
use crate::domain::code::{Actor, Code, Refusal, Violation};
use crate::domain::text::Language;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// `type` of a problem is this and the code.
pub const PROBLEM_URN_PREFIX: &str = "urn:ydt:problem:";
/// Seconds to wait before sending again, when nobody knows better.
pub const RETRY_AFTER_S: u32 = 2;

/// A refusal on its way to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    refusal: Refusal,
    retry_after_s: u32,
    signed: Option<Signed>,
}

/// The signed form of a refusal that was logged (DESIGN §5, acceptance).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// Receipt, compact JWS.
    pub receipt: String,
    /// Its `tlog-proof`.
    pub proof: String,
}

impl Problem {
    /// With the signed receipt of the refusal and its proof.
    #[must_use]
    pub fn signed(mut self, receipt: impl Into<String>, proof: impl Into<String>) -> Self {
        self.signed = Some(Signed { receipt: receipt.into(), proof: proof.into() });
        self
    }

    /// With the seconds to wait; sent only when the code is retryable.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = seconds;
        self
    }

    /// The refusal inside.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        status_of(self.refusal.code).into()
    }

    /// Writes body and headers into `response`, replacing what is there.
    pub(super) fn write(&self, response: &mut Response, language: Language, id: Option<RequestId>) {
        let code = self.refusal.code;
        let body = Members {
            r#type: format!("{PROBLEM_URN_PREFIX}{}", code.as_str()),
            title: code.title(language),
            status: self.status().as_u16(),
            detail: self.refusal.detail.as_ref().map(|text| text.get(language)),
            code: code.as_str(),
            actor: code.actor(),
            retryable: code.retryable(),
            errors: &self.refusal.violations,
            request_id: id.map(|id| id.to_string()),
            signed: self.signed.as_ref(),
        };
        // Strings and integers only: this cannot fail, and an empty body is still a refusal.
        *response.body_mut() = Body::from(serde_json::to_vec(&body).unwrap_or_default());
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if code.retryable() {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_after_s));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }

    /// The problem that stands for an error response that no handler of ours made (unknown path,
    /// wrong method, a framework's rejection, whose text might repeat what the client sent).
    pub(super) fn of_status(status: StatusCode) -> Option<Self> {
        let code = match status {
            StatusCode::NOT_FOUND => Code::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Code::RequestTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
            s if s.is_client_error() => Code::BadRequest,
            s if s.is_server_error() => Code::Internal,
            _ => return None,
        };
        Some(code.into())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, retry_after_s: RETRY_AFTER_S, signed: None }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Refusal::new(code).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        self.write(&mut response, Language::default(), None);
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// The catalogue of codes as a Markdown table, for `docs/problems.md`.
pub fn catalogue_markdown() -> String {
    let mut out = String::from(
        "| code | status | who acts | retry | 中文 | English |\n|---|---|---|---|---|---|\n",
    );
    for &code in Code::ALL {
        let actor = match code.actor() {
            Actor::Integrator => "integrator",
            Actor::Officer => "officer",
            Actor::Operator => "operator",
            Actor::Nobody => "nobody",
        };
        // Writing into a `String` cannot fail.
        let _ = writeln!(
            out,
            "| `{}` | {} | {actor} | {} | {} | {} |",
            code.as_str(),
            StatusCode::from(status_of(code)).as_u16(),
            if code.retryable() { "yes" } else { "no" },
            code.title(Language::Zh),
            code.title(Language::En),
        );
    }
    out
}

/// Members of the JSON body, in the order of RFC 9457 and then our own.
#[derive(Serialize)]
struct Members<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    code: &'static str,
    actor: Actor,
    retryable: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Violation],
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(flatten)]
    signed: Option<&'a Signed>,
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use serde_json::{Value, json};

    use super::*;

    async fn body(response: Response) -> Value {
        serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
    }

    #[test]
    fn every_code_has_a_status_and_texts() {
        for &code in Code::ALL {
            let status = StatusCode::from(status_of(code));
            assert!(status.is_client_error() || status.is_server_error(), "{code:?}");
            assert!(!code.title(Language::Zh).is_ascii(), "{code:?}");
            assert!(code.title(Language::En).len() > 3, "{code:?}");
            // 429, 408 and 503 ask for another attempt; the flag has to agree, read-only excepted,
            // which only an operator ends.
            if matches!(status.as_u16(), 408 | 429) {
                assert!(code.retryable(), "{code:?}");
            }
        }
        let rows = catalogue_markdown().lines().count();
        assert_eq!(rows, Code::ALL.len() + 2);
    }

    #[tokio::test]
    async fn members_are_those_of_the_contract() {
        let refusal =
            Refusal::new(Code::SchemaViolation).detail("一处", "one").at("/body/x", "enum");
        let response = Problem::from(refusal).signed("r", "p").into_response();
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers()[CONTENT_TYPE], PROBLEM_JSON);
        assert!(!response.headers().contains_key(RETRY_AFTER));
        let expected = json!({
            "type": "urn:ydt:problem:schema-violation",
            "title": "内容不符合模式",
            "status": 422,
            "detail": "一处",
            "code": "schema-violation",
            "actor": "integrator",
            "retryable": false,
            "errors": [{"pointer": "/body/x", "expected": "enum"}],
            "receipt": "r",
            "proof": "p",
        });
        assert_eq!(body(response).await, expected);
    }

    #[test]
    fn retryable_problems_say_when() {
        let response = Problem::from(Code::TooManyRequests).retry_after(7).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "7");
        let response = Problem::from(Code::Unauthorized).retry_after(7).into_response();
        assert!(!response.headers().contains_key(RETRY_AFTER));
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
    }
}
