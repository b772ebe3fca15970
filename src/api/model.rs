//! Bodies of requests and responses, as the description shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::ports::Outcome;
use crate::gateway::{Reply, Taken};

/// A signed reply: a receipt for a push, an answer for a query.
#[derive(Serialize, ToSchema)]
#[schema(
    description = "签名的答复：推送得回执，查询得答复 / A signed reply: a receipt for a push, an answer for a query"
)]
pub(super) struct Receipted {
    /// 回执 `ydt-receipt+jwt`（推送）/ receipt of a push
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub receipt: Option<String>,
    /// 答复 `ydt-answer+jwt`（查询）/ answer to a query
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub answer: Option<String>,
    /// 日志包含证明 `c2sp.org/tlog-proof@v1` / proof of inclusion in the log
    pub proof: String,
}

impl From<Reply> for Receipted {
    fn from(reply: Reply) -> Self {
        let (receipt, answer) = match reply.outcome {
            Outcome::Answered => (None, Some(reply.compact)),
            Outcome::Accepted | Outcome::Rejected | Outcome::Equivocation => {
                (Some(reply.compact), None)
            }
        };
        Self { receipt, answer, proof: reply.proof }
    }
}

/// A message that was taken before, with its reply.
#[derive(Serialize, ToSchema)]
#[schema(
    description = "此前处理过的消息及其答复 / A message that was taken before, with its reply"
)]
pub(super) struct Again {
    #[serde(flatten)]
    pub reply: Receipted,
    /// 原消息；被拒绝或已清除的消息没有 / the exact message; absent when refused or erased
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
}

impl From<Taken> for Again {
    fn from(taken: Taken) -> Self {
        Self { reply: taken.reply.into(), message: taken.message }
    }
}

/// What concerns the participant that asks.
#[derive(Serialize, ToSchema)]
#[schema(description = "与提问的参与方有关的事 / What concerns the participant that asks")]
pub(super) struct FeedPage {
    /// 按序号递增、无空缺 / by sequence number, without gaps
    #[schema(value_type = Vec<FeedItem>)]
    pub entries: Vec<crate::projection::FeedRow>,
    /// 下次请求的 `after` / `after` of the next request
    pub next: u64,
}

/// One entry of a feed; [`crate::projection::FeedRow`] as the description shows it.
#[derive(ToSchema)]
#[schema(description = "动态的一个条目 / One entry of a feed")]
#[expect(dead_code, reason = "describes the row of the projection; a test compares the members")]
pub(super) struct FeedItem {
    /// 序号，自 1 起 / sequence number from 1
    pub seq: u64,
    /// 日志位置 / position in the log
    pub pos: u64,
    /// 入日志时间（UTC 秒）/ when the log took it, UTC seconds
    pub at: i64,
    /// 发生了什么 / what happened
    #[schema(example = "addressed")]
    pub change: String,
    /// 本单位的案件编号 / the participant's own case number
    #[schema(nullable = false)]
    pub case: Option<String>,
    /// 涉及的本单位记录、预占或资助 / the participant's own record, hold or grant
    #[schema(nullable = false)]
    pub concerns: Option<String>,
    /// 等待本单位同意的消息 / the message that awaits the participant's consent
    #[schema(nullable = false)]
    pub target: Option<FeedTarget>,
}

/// A message that consents name; [`crate::domain::directory::MessageRef`] as the description shows
/// it.
#[derive(ToSchema)]
#[schema(description = "`consent/1` 所指的消息 / The message that a `consent/1` names")]
#[expect(dead_code, reason = "describes a part of the row of the projection")]
pub(super) struct FeedTarget {
    /// 发送方 / its sender
    pub iss: String,
    /// 消息编号 / its id
    pub jti: String,
}

/// The directory of participants, keys and agreements.
#[derive(Serialize, ToSchema)]
#[schema(
    description = "参与方、密钥和协议的目录 / The directory of participants, keys and agreements"
)]
pub(super) struct DirectoryBody {
    /// 目录 `ydt-directory+jwt` / the signed directory
    pub directory: String,
    /// 日志包含证明 / proof of inclusion in the log
    pub proof: String,
}

/// The schemas of this release.
#[derive(Serialize, ToSchema)]
#[schema(description = "本版本的模式 / The schemas of this release")]
pub(super) struct SchemaIndex {
    /// 按名称排序 / in order of name
    pub schemas: Vec<SchemaEntry>,
}

/// One schema.
#[derive(Serialize, ToSchema)]
#[schema(description = "一个模式 / One schema")]
pub(super) struct SchemaEntry {
    /// 消息类型与主版本 / message type and major version
    #[schema(example = "certification/1")]
    pub mt: String,
    /// `$id`，即消息 `sch.uri` / `sch.uri` of messages
    #[schema(example = "urn:ydt:schema:certification:1")]
    pub uri: String,
    /// 原字节的 SHA-256，即消息 `sch.sha256` / SHA-256 of the exact bytes, `sch.sha256` of messages
    pub sha256: String,
    /// 路径 / path
    #[schema(example = "/v1/schemas/certification.1")]
    pub href: String,
}

/// A problem (RFC 9457). Written by [`crate::net::problem`] alone; here is its description.
#[derive(ToSchema)]
#[schema(as = Problem, description = "问题（RFC 9457）/ A problem (RFC 9457)")]
#[expect(dead_code, reason = "describes what `net::problem` writes; a test compares the members")]
pub(super) struct ProblemBody {
    /// `urn:ydt:problem:<code>`
    pub r#type: String,
    /// 按 Accept-Language：中文（默认）或英文 / Chinese by default, English by Accept-Language
    pub title: String,
    /// HTTP 状态 / HTTP status
    pub status: u16,
    /// 具体说明 / what exactly
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// 稳定代码，见 docs/problems.md / stable code
    pub code: String,
    /// 由谁处理：integrator、officer、operator、nobody / who has to act
    pub actor: String,
    /// 同样的字节稍后能否成功 / can the same bytes succeed later
    pub retryable: bool,
    /// 消息中的位置，至多 20 处 / places in the message, at most 20
    #[schema(nullable = false)]
    pub errors: Option<Vec<ProblemPlace>>,
    /// 本次请求的编号 / id of this request
    #[schema(nullable = false)]
    pub request_id: Option<String>,
    /// 签名的拒绝才有：回执 / signed refusals only: the receipt
    #[schema(nullable = false)]
    pub receipt: Option<String>,
    /// 签名的拒绝才有：包含证明 / signed refusals only: proof of inclusion
    #[schema(nullable = false)]
    pub proof: Option<String>,
}

/// One place in a message.
#[derive(ToSchema)]
#[schema(description = "消息中的一处 / One place in a message")]
#[expect(dead_code, reason = "describes `domain::code::Violation`")]
pub(super) struct ProblemPlace {
    /// JSON Pointer（RFC 6901）
    pub pointer: String,
    /// 应为何物 / what it should have been
    pub expected: String,
}

/// Bytes that are no text.
#[derive(ToSchema)]
#[schema(value_type = String, content_media_type = "application/octet-stream")]
#[schema(description = "字节 / Bytes")]
#[expect(dead_code, reason = "describes a body that is no JSON")]
pub(super) struct Octets(Vec<u8>);
