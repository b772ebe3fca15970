//! `GET /log/checkpoint`: the head of the log (C2SP tlog-checkpoint).

use axum::extract::State;
use axum::response::Response;

use super::model::ProblemBody;
use super::respond::{cached, with_type};
use super::standing::Active;
use super::state::ApiState;
use crate::net::problem::Problem;

/// A few seconds at most (`formats.md` §5).
const CACHE: &str = "max-age=2";

/// Gives the newest signed checkpoint.
#[utoipa::path(
    get,
    path = "/log/checkpoint",
    operation_id = "getCheckpoint",
    tag = "log",
    summary = "日志检查点 / Checkpoint of the log",
    description = "签名的日志大小和根（C2SP tlog-checkpoint）。\n\n\
        Signed size and root of the log (C2SP tlog-checkpoint).",
    responses(
        (status = 200, description = "检查点 / Checkpoint", body = String, content_type = "text/plain; charset=utf-8"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn checkpoint(
    Active(_): Active,
    State(state): State<ApiState>,
) -> Result<Response, Problem> {
    let note = state.gateway.checkpoint().as_ref().clone();
    Ok(cached(with_type("text/plain; charset=utf-8", note), CACHE))
}
