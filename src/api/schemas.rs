//! `GET /v1/schemas`, `/v1/schemas/{name}`, `/v1/schemas/{type}/{major}`: the exact bytes that
//! messages pin.

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;

use super::model::{ProblemBody, SchemaEntry, SchemaIndex};
use super::respond::{Tag, cached, json, with_type};
use super::standing::Active;
use super::state::ApiState;
use crate::domain::code::Code;
use crate::net::problem::Problem;
use crate::schema::Document;

/// A schema changes with a release only; its digest says whether it did.
const CACHE: &str = "max-age=3600";

/// Path of a schema: the name with a dot, as its file is called.
pub(super) fn href(mt: &str) -> String {
    format!("/v1/schemas/{}", mt.replace('/', "."))
}

/// Lists the schemas.
#[utoipa::path(
    get,
    path = "/v1/schemas",
    operation_id = "listSchemas",
    tag = "schemas",
    summary = "模式清单 / List of schemas",
    description = "本版本的全部 JSON Schema（2020-12），含摘要。消息的 `sch` 填 `uri` 和 `sha256`。\n\n\
        Every JSON Schema (2020-12) of this release with its digest. `sch` of a message holds `uri` and `sha256`.",
    responses(
        (status = 200, description = "清单 / List", body = SchemaIndex),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn index(
    Active(_): Active,
    State(state): State<ApiState>,
) -> Result<Response, Problem> {
    let entry = |document: &Document| SchemaEntry {
        mt: document.mt.to_owned(),
        uri: document.uri.to_owned(),
        sha256: document.sha256_hex(),
        href: href(document.mt),
    };
    let schemas = state.gateway.schemas().documents().into_iter().map(entry).collect();
    Ok(json(&SchemaIndex { schemas })?)
}

/// Gives a schema by the name of its file.
#[utoipa::path(
    get,
    path = "/v1/schemas/{name}",
    operation_id = "getSchema",
    tag = "schemas",
    summary = "一个模式 / One schema",
    description = "原字节；ETag 是其 SHA-256。共用定义为 `common.1`。\n\n\
        The exact bytes; the ETag is their SHA-256. The shared definitions are `common.1`.",
    params(("name" = String, Path, description = "名称与主版本 / Name and major version", example = "certification.1")),
    responses(
        (status = 200, description = "模式 / Schema", body = Object, content_type = "application/schema+json",
            headers(("etag" = String, description = "SHA-256"))),
        (status = 304, description = "未变 / Not modified"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "没有这个模式 / No such schema",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn by_name(
    Active(_): Active,
    State(state): State<ApiState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (ty, major) = name.rsplit_once('.').ok_or(Code::NotFound)?;
    Ok(serve(&state, &format!("{ty}/{major}"), &headers)?)
}

/// Gives a schema by message type.
#[utoipa::path(
    get,
    path = "/v1/schemas/{type}/{major}",
    operation_id = "getSchemaOfType",
    tag = "schemas",
    summary = "一种消息的模式 / Schema of a message type",
    description = "与上同，路径写作 `mt`。\n\nAs above, with the path spelt as `mt`.",
    params(
        ("type" = String, Path, description = "消息类型 / Message type", example = "certification"),
        ("major" = String, Path, description = "主版本 / Major version", example = "1"),
    ),
    responses(
        (status = 200, description = "模式 / Schema", body = Object, content_type = "application/schema+json",
            headers(("etag" = String, description = "SHA-256"))),
        (status = 304, description = "未变 / Not modified"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "没有这个模式 / No such schema",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn by_type(
    Active(_): Active,
    State(state): State<ApiState>,
    Path((ty, major)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(serve(&state, &format!("{ty}/{major}"), &headers)?)
}

fn serve(state: &ApiState, mt: &str, headers: &HeaderMap) -> Result<Response, Code> {
    let document = state.gateway.schemas().document(mt).ok_or(Code::NotFound)?;
    let tag = Tag::new(&document.sha256_hex()).ok_or(Code::Internal)?;
    if tag.is_held(headers) {
        return Ok(cached(tag.not_modified(), CACHE));
    }
    Ok(cached(tag.on(with_type("application/schema+json", document.text)), CACHE))
}
