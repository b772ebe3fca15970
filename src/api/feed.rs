//! `GET /v1/feed`: what concerns the participant, as a long poll.

use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use tokio::time::{Instant, sleep, timeout_at};

use super::model::{FeedPage, ProblemBody};
use super::polls::Poll;
use super::respond::json;
use super::standing::Active;
use super::state::ApiState;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::net::problem::Problem;
use crate::projection::FeedRow;

/// Longest wait for a new entry: below the half minute after which proxies cut a silent connection.
pub const FEED_WAIT_MAX: Duration = Duration::from_secs(30);

/// Least time between two looks of one poll, so that a busy log does not make every follower read
/// the store at every commit.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Parameters of the feed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedQuery {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait: u64,
}

/// Gives the entries after a sequence number, and waits for one if there is none.
#[utoipa::path(
    get,
    path = "/v1/feed",
    operation_id = "readFeed",
    tag = "messages",
    summary = "读取动态 / Read the feed",
    description = "与本单位有关的事，按本单位的连续序号。条目只说发生了什么、本单位的案件编号和日志位置；\
        内容须另行查询，以当时的协议为准。至多 500 条；`wait` 秒内无新条目则返回空列表。\n\n\
        What concerns this participant, under a dense sequence of its own. An entry names the change, the \
        participant's own case number and the log position; content comes only by query, under the agreement \
        of the moment. At most 500 entries; after `wait` seconds without a new one the list is empty.",
    params(
        ("after" = Option<u64>, Query, description = "已有的最后序号，默认 0 / Last sequence number held, 0 by default"),
        ("wait" = Option<u64>, Query, description = "最多等待的秒数，0 至 30 / Longest wait in seconds, 0 to 30", maximum = 30),
    ),
    responses(
        (status = 200, description = "条目 / Entries", body = FeedPage),
        (status = 400, description = "参数有误 / A parameter is wrong",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "不是有效参与方 / No active participant",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "同时等待过多 / Too many polls at once",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn feed(
    Active(peer): Active,
    State(state): State<ApiState>,
    query: Result<Query<FeedQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|_| wrong())?;
    if query.wait > FEED_WAIT_MAX.as_secs() {
        return Err(wrong().into());
    }
    let entries = if query.wait == 0 {
        state.gateway.feed(&peer, query.after).await?
    } else {
        let poll = state.polls.begin(&peer).ok_or(Code::TooManyRequests)?;
        let _waiting = state.metrics.feed_wait();
        wait(&state, &peer, query, &poll).await?
    };
    let next = entries.last().map_or(query.after, |row| row.seq);
    Ok(json(&FeedPage { entries, next })?)
}

async fn wait(
    state: &ApiState,
    peer: &ParticipantId,
    query: FeedQuery,
    poll: &Poll,
) -> Result<Vec<FeedRow>, Problem> {
    let until = Instant::now() + Duration::from_secs(query.wait);
    let mut grown = state.gateway.grown();
    loop {
        // Marked before the look, so that what is committed during it is not missed.
        grown.borrow_and_update();
        let entries = state.gateway.feed(peer, query.after).await?;
        if !entries.is_empty() {
            return Ok(entries);
        }
        tokio::select! {
            // The client asks again; the next one finds another instance or a refused connection.
            () = poll.ended() => return Ok(entries),
            changed = timeout_at(until, grown.changed()) => match changed {
                Ok(Ok(())) => sleep(LOOK_AGAIN).await,
                Ok(Err(_)) | Err(_) => return Ok(entries),
            },
        }
        // A participant that was suspended while it waited gets nothing more.
        state.gateway.directory().check_standing(peer)?;
    }
}

fn wrong() -> Refusal {
    let most = FEED_WAIT_MAX.as_secs();
    Refusal::new(Code::BadRequest).detail(
        format!("after 为非负整数，wait 为 0 至 {most} 的整数"),
        format!("after is a non-negative integer, wait an integer from 0 to {most}"),
    )
}
