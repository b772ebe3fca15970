//! `GET /log/tile/…`: hashes and entries of the log (C2SP tlog-tiles).

use axum::extract::State;
use axum::response::Response;
use http::Uri;

use super::model::{Octets, ProblemBody};
use super::respond::{cached, with_type};
use super::standing::Active;
use super::state::ApiState;
use crate::domain::code::{Code, Refusal};
use crate::log::{TileError, TilePath};
use crate::net::problem::Problem;

/// A full tile never changes.
const CACHE_FULL: &str = "max-age=31536000, immutable";
/// A partial one does not either, but a wider one soon takes its place.
const CACHE_PARTIAL: &str = "max-age=60";

/// Gives a tile or an entry bundle.
#[utoipa::path(
    get,
    path = "/log/tile/{*path}",
    operation_id = "getTile",
    tag = "log",
    summary = "日志瓦片 / Tile of the log",
    description = "`/log/tile/<L>/<N>[.p/<W>]`：每个散列 32 字节；`/log/tile/entries/<N>[.p/<W>]`：条目，各前置两字节长度。\
        序号三位一组，例如 `x001/x234/067`（C2SP tlog-tiles）。\n\n\
        `/log/tile/<L>/<N>[.p/<W>]`: hashes of 32 bytes; `/log/tile/entries/<N>[.p/<W>]`: entries, each behind a \
        length of two bytes. Indexes in groups of three digits, as `x001/x234/067` (C2SP tlog-tiles).",
    params(("path" = String, Path, description = "层级或 entries，序号，宽度 / Level or entries, index, width", example = "0/000.p/7")),
    responses(
        (status = 200, description = "字节 / Bytes", body = Octets, content_type = "application/octet-stream"),
        (status = 400, description = "路径不合规 / Malformed path",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "超出日志 / Beyond the log",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn tile(
    Active(_): Active,
    State(state): State<ApiState>,
    uri: Uri,
) -> Result<Response, Problem> {
    // The path as it was sent: a tile has one spelling, percent-encoding is not part of it.
    let path = uri.path().strip_prefix("/log").ok_or(TileError::Form).map_err(Refusal::from)?;
    let path: TilePath = path.parse().map_err(|e: TileError| Refusal::from(e))?;
    let bytes = state.gateway.tile(path).await?.ok_or(Code::NotFound)?;
    let policy = if path.partial.is_none() { CACHE_FULL } else { CACHE_PARTIAL };
    Ok(cached(with_type("application/octet-stream", bytes), policy))
}
