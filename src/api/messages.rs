//! `POST /v1/messages`: the one way in.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use super::model::{ProblemBody, Receipted};
use super::respond::{REPLAYED, json};
use super::standing::Active;
use super::state::ApiState;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::gateway::Reply;
use crate::gateway::ports::Outcome;
use crate::net::body;
use crate::net::problem::Problem;
use crate::net::rate::RetryAfter;

/// Media type of a compact JWS (RFC 7515 §9.2.1).
const JOSE: &str = "application/jose";

/// Takes one message and gives its signed receipt or answer.
#[utoipa::path(
    post,
    path = "/v1/messages",
    operation_id = "sendMessage",
    tag = "messages",
    summary = "提交一条消息 / Send a message",
    description = "请求体是一条 JWS（`ydt-msg+jwt`）。推送得到回执，查询得到答复，均经签名并附日志包含证明。\
        发送方保留原字节直至收到回执；没有回执就原样重发，得到同一回执。\
        被签名的拒绝已入日志并占用 jti；未签名的拒绝没有留下任何东西。\n\n\
        The body is one JWS (`ydt-msg+jwt`). A push gets a receipt, a query an answer, both signed and \
        with a proof of inclusion in the log. Keep the bytes until there is a receipt, and send the same \
        bytes again if there is none: the same receipt comes back. A signed refusal is logged and uses up \
        the `jti`; an unsigned one left nothing behind.",
    request_body(content = String, content_type = "application/jose",
        description = "JWS 紧凑格式 / JWS in compact form"),
    responses(
        (status = 200, description = "回执或答复 / Receipt or answer", body = Receipted,
            headers(("idempotent-replayed" = String,
                description = "`true`：同样的字节此前已答复 / the same bytes were answered before"))),
        (status = 400, description = "无法读取：JWS、JSON、声明、类型 / Unreadable: JWS, JSON, claims, type",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "证书、密钥、签名或权限 / Certificate, key, signature or permission",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 408, description = "请求体未按时到达 / The body did not arrive in time",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "与现有记录冲突 / In conflict with what is there",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "超过上限 / Larger than the bound",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "不是 application/jose / Not application/jose",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "不符合模式或业务规则 / Against schema or business rules",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "过于频繁，见 Retry-After / Too many, see Retry-After",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "繁忙 / Busy",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn send(
    Active(peer): Active,
    State(state): State<ApiState>,
    request: Request,
) -> Result<Response, Problem> {
    let result = accept(&state, &peer, request).await;
    match &result {
        Ok(reply) => state.metrics.taken(reply),
        Err(problem) => state.metrics.refused(problem.refusal().code),
    }
    if was_refused(&result) {
        // Whether one was left is asked before the next message.
        let _ = state.refusals.check(&peer, state.clock.now_ms());
    }
    Ok(respond(result?)?)
}

async fn accept(
    state: &ApiState,
    peer: &ParticipantId,
    request: Request,
) -> Result<Reply, Problem> {
    let now_ms = state.clock.now_ms();
    let too_many =
        |code: Code| move |wait: RetryAfter| Problem::from(code).retry_after(wait.seconds());
    state.rate.check(peer, now_ms).map_err(too_many(Code::TooManyRequests))?;
    state.refusals.ready(peer, now_ms).map_err(too_many(Code::TooManyRefusals))?;
    if !is_jose(request.headers().get(CONTENT_TYPE)) {
        return Err(Refusal::new(Code::UnsupportedMediaType)
            .detail("应为 application/jose", "application/jose is expected")
            .into());
    }
    let bytes = body::read(request.into_body(), state.limits.message).await?;
    Ok(state.gateway.accept(peer, &bytes).await?)
}

/// Refused for something in it; neither a repeated answer nor a service that is busy counts.
fn was_refused(result: &Result<Reply, Problem>) -> bool {
    match result {
        Ok(reply) => reply.refusal.is_some() && !reply.replayed,
        Err(problem) => !problem.refusal().code.retryable(),
    }
}

/// Parameters are ignored: the type has none.
fn is_jose(content_type: Option<&HeaderValue>) -> bool {
    content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(JOSE))
}

fn respond(reply: Reply) -> Result<Response, Code> {
    let replayed = reply.replayed;
    let mut response = match reply.refusal {
        Some(refusal) => Problem::from(refusal).signed(reply.compact, reply.proof).into_response(),
        // A refusal whose reason does not read back is a broken invariant, never a receipt.
        None if matches!(reply.outcome, Outcome::Rejected | Outcome::Equivocation) => {
            return Err(Code::Internal);
        }
        None => json(&Receipted::from(reply))?,
    };
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_jose_is_taken() {
        for (value, taken) in [
            ("application/jose", true),
            ("Application/JOSE; charset=utf-8", true),
            ("application/json", false),
            ("application/jose+json", false),
            ("", false),
        ] {
            assert_eq!(is_jose(Some(&HeaderValue::from_static(value))), taken, "{value}");
        }
        assert!(!is_jose(None));
    }
}
