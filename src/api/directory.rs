//! `GET /v1/directory`: participants, keys and agreements, signed.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::model::{DirectoryBody, ProblemBody};
use super::respond::{Tag, cached, json};
use super::standing::Active;
use super::state::ApiState;
use crate::domain::code::Code;
use crate::net::problem::Problem;

/// Revocations act at once, so every use asks whether the version held is still the newest.
const CACHE: &str = "no-cache";

/// Gives the newest directory document.
#[utoipa::path(
    get,
    path = "/v1/directory",
    operation_id = "getDirectory",
    tag = "directory",
    summary = "参与方目录 / Directory of participants",
    description = "经运营方目录密钥签名的参与方、密钥和协议，附包含证明。每个版本都是日志的一个叶子；\
        不要接受低于已见版本的目录。ETag 为版本号，`If-None-Match` 得 304。\n\n\
        Participants, keys and agreements under the operator's directory key, with proof. Each version is a \
        leaf of the log; refuse a version below one seen. The ETag is the version; `If-None-Match` gives 304.",
    responses(
        (status = 200, description = "目录 / Directory", body = DirectoryBody,
            headers(("etag" = String, description = "版本 / Version, `\"v3\"`"))),
        (status = 304, description = "未变 / Not modified"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "尚无目录 / No directory yet",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn directory(
    Active(_): Active,
    State(state): State<ApiState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let held = state.gateway.document().and_then(|document| tag(document.version));
    if let Some(tag) = held.filter(|tag| tag.is_held(&headers)) {
        return Ok(cached(tag.not_modified(), CACHE));
    }
    let proven = state.gateway.document_proof().await?.ok_or(Code::NotFound)?;
    let tag = tag(proven.document.version).ok_or(Code::Internal)?;
    let body = DirectoryBody { directory: proven.document.compact, proof: proven.proof };
    Ok(cached(tag.on(json(&body)?), CACHE))
}

fn tag(version: u64) -> Option<Tag> {
    Tag::new(&format!("v{version}"))
}
