//! `GET /v1/messages/{iss}/{jti}`: a reply again, and the message for those whom it concerns.

use axum::extract::{Path, State};
use axum::response::Response;

use super::model::{Again, ProblemBody};
use super::respond::json;
use super::standing::Active;
use super::state::ApiState;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::jws::Jti;
use crate::net::problem::Problem;

/// Gives receipt or answer of a message again, with a proof of now.
#[utoipa::path(
    get,
    path = "/v1/messages/{iss}/{jti}",
    operation_id = "getMessage",
    tag = "messages",
    summary = "再取回执 / Get a receipt again",
    description = "发送方得到回执或答复、当前的包含证明和原消息。收件方（`to`）同样，但查询的答复只属于提问者。\
        其他人得到 404，与从未有过该消息无异。被拒绝的消息，其回执在 `receipt` 中，原文不保留。\n\n\
        The sender gets receipt or answer, a proof of now and the message. So does the addressee (`to`), \
        except for queries, whose answer is the asker's alone. Others get 404, as if there were no such \
        message. Of a refused message the receipt is here, the text is not kept.",
    params(
        ("iss" = String, Path, description = "发送方 / Sender", example = "qingpu"),
        ("jti" = String, Path, description = "消息编号，UUIDv7 小写 / Message id, UUIDv7 in lower case"),
    ),
    responses(
        (status = 200, description = "回执或答复 / Receipt or answer", body = Again),
        (status = 400, description = "编号格式有误 / Malformed id",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "没有这条消息 / No such message",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn again(
    Active(peer): Active,
    State(state): State<ApiState>,
    Path((iss, jti)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let iss: ParticipantId =
        iss.parse().map_err(|_| malformed("发送方编号", "a participant id"))?;
    let jti: Jti = jti.parse().map_err(|_| malformed("UUIDv7 小写", "a UUIDv7 in lower case"))?;
    let taken = state.gateway.taken(&peer, &iss, jti).await?.ok_or(Code::NotFound)?;
    Ok(json(&Again::from(taken))?)
}

fn malformed(zh: &str, en: &str) -> Refusal {
    Refusal::new(Code::BadRequest).detail(format!("路径中应为{zh}"), format!("the path wants {en}"))
}
