//! What was checked, step by step, in words. Names ids, keys and digests; nothing of a body.

use serde::Serialize;

use super::bundle::SchemaPart;
use super::directory::TrustedDirectory;
use super::reply::{ReplyClaims, VerifiedReply};
use crate::domain::text::Text;
use crate::domain::time::UtcSeconds;
use crate::jws::{Resolution, VerifiedMessage};
use crate::log::{KeyName, VerifiedInclusion};

/// The verdict on a bundle: every step that was taken. A step that fails is an error instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// When the bundle says it was made.
    pub exported_at: UtcSeconds,
    /// In the order of the checks.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was checked.
    pub check: Check,
    /// How it ended.
    pub verdict: Verdict,
    /// In words.
    pub text: Text,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The directory is signed by the pinned key, or by one that trust has passed on to.
    Directory,
    /// The directory lies in the log.
    DirectoryInclusion,
    /// The reply is signed by a receipt key of the gateway.
    Reply,
    /// The reply lies in the log where it says.
    ReplyInclusion,
    /// The message is signed by its sender.
    Message,
    /// The reply is about exactly this message.
    Binding,
    /// The schema is the one that the message names, and the body fits it.
    Schema,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It holds, with something to look into.
    Warning,
    /// It could not be checked: the part is not in the bundle.
    NotChecked,
}

impl Report {
    /// Was everything checked, and is there nothing to look into?
    pub fn is_complete(&self) -> bool {
        self.steps.iter().all(|step| step.verdict == Verdict::Holds)
    }
}

impl Step {
    fn new(check: Check, verdict: Verdict, zh: String, en: String) -> Self {
        Self { check, verdict, text: Text { zh, en } }
    }

    pub(super) fn directory(directory: &TrustedDirectory, handovers: usize) -> Self {
        let (version, issuer, at) =
            (directory.version(), directory.issuer(), directory.issued_at());
        let digest = directory.digest();
        Self::new(
            Check::Directory,
            Verdict::Holds,
            format!(
                "目录第 {version} 版由 {issuer} 于 {at} 签发，经 {handovers} 份在先目录追溯至已固定的目录密钥；sha256 {digest}。此后的密钥吊销不在其中。"
            ),
            format!(
                "Directory version {version}, signed by {issuer} at {at}, leads to the pinned directory key over {handovers} earlier documents; sha256 {digest}. Later revocations are not in it."
            ),
        )
    }

    pub(super) fn directory_logged(inclusion: &VerifiedInclusion, origin: &KeyName) -> Self {
        Self::inclusion(Check::DirectoryInclusion, inclusion, origin, "目录", "The directory")
    }

    pub(super) fn reply(reply: &VerifiedReply) -> Self {
        let claims = reply.claims();
        let (kid, at, said) = (reply.kid(), claims.issued_at(), said(claims));
        let (id, digest) = (claims.id(), reply.digest());
        let (verdict, zh, en) = if reply.is_suspect() {
            (
                Verdict::Warning,
                "签发时相关密钥已被列为可疑，须由其所有方确认。",
                " A signing key was under suspicion by then: its owner has to confirm.",
            )
        } else {
            (Verdict::Holds, "", "")
        };
        Self::new(
            Check::Reply,
            verdict,
            format!("{}，jti {id}，由 {kid} 于 {at} 签名，sha256 {digest}。{zh}", said.zh),
            format!("{}, jti {id}, signed by {kid} at {at}, sha256 {digest}.{en}", said.en),
        )
    }

    pub(super) fn reply_logged(reply: &VerifiedReply, origin: &KeyName) -> Self {
        Self::inclusion(Check::ReplyInclusion, reply.inclusion(), origin, "回复", "The reply")
    }

    pub(super) fn message(message: &VerifiedMessage) -> Self {
        let claims = message.claims();
        let (mt, jti, iat, kid) = (&claims.mt, claims.jti, claims.iat, message.key().kid());
        Self::new(
            Check::Message,
            Verdict::Holds,
            format!("消息 {mt}，jti {jti}，由 {kid} 于 {iat} 签名；密钥当时有效。"),
            format!("Message {mt}, jti {jti}, signed by {kid} at {iat} with a key then in force."),
        )
    }

    pub(super) fn binding(message: &VerifiedMessage, reply: &VerifiedReply) -> Self {
        let (jti, digest) = (message.claims().jti, message.digest());
        let sender = &reply.claims().message().iss;
        Self::new(
            Check::Binding,
            Verdict::Holds,
            format!("回复所指正是 {sender} 的这条消息：jti {jti}，sha256 {digest}。"),
            format!(
                "The reply is about exactly this message of {sender}: jti {jti}, sha256 {digest}."
            ),
        )
    }

    pub(super) fn schema(schema: &SchemaPart, fits: bool) -> Self {
        let (uri, digest) = (&schema.uri, schema.sha256);
        let (zh, en) = if fits {
            ("内容符合该模式", "the body fits it")
        } else {
            ("内容不符合该模式，且该消息已被拒绝", "the body does not fit it, and was refused")
        };
        Self::new(
            Check::Schema,
            Verdict::Holds,
            format!("模式 {uri} 正是消息所指，sha256 {digest}；{zh}。"),
            format!("Schema {uri} is the one that the message names, sha256 {digest}; {en}."),
        )
    }

    pub(super) fn no_schema(message: &VerifiedMessage) -> Self {
        let uri = &message.claims().sch.uri;
        Self::new(
            Check::Schema,
            Verdict::NotChecked,
            format!("消息已被拒绝，其模式 {uri} 不在证据包中。"),
            format!("The message was refused; its schema {uri} is not in the bundle."),
        )
    }

    /// The steps about a message that is not there.
    pub(super) fn erased(reply: &VerifiedReply) -> [Self; 3] {
        let about = reply.claims().message();
        let (iss, jti, digest) = (&about.iss, about.jti, about.sha256);
        let missing = |check, zh: &str, en: &str| {
            Self::new(check, Verdict::NotChecked, zh.to_owned(), en.to_owned())
        };
        [
            missing(
                Check::Message,
                "消息已删除，不在证据包中：其签名未核验。",
                "The message was erased and is not in the bundle: its signature was not checked.",
            ),
            Self::new(
                Check::Binding,
                Verdict::NotChecked,
                format!(
                    "回复指向 {iss} 的消息 jti {jti}，sha256 {digest}；任何声称是它的文本须有此摘要。"
                ),
                format!(
                    "The reply names message jti {jti} of {iss}, sha256 {digest}; any text that claims to be it must have this digest."
                ),
            ),
            missing(
                Check::Schema,
                "没有消息，无从核验模式。",
                "Without the message no schema can be checked.",
            ),
        ]
    }

    fn inclusion(
        check: Check,
        inclusion: &VerifiedInclusion,
        origin: &KeyName,
        zh: &str,
        en: &str,
    ) -> Self {
        let (index, checkpoint) = (inclusion.index(), inclusion.checkpoint());
        let (size, root) = (checkpoint.checkpoint().size, checkpoint.checkpoint().root);
        Self::new(
            check,
            Verdict::Holds,
            format!(
                "{zh}位于日志 {origin} 第 {index} 项（从 0 起）；已签名检查点：{size} 项，根 {root}。"
            ),
            format!(
                "{en} is entry {index} (from 0) of the log {origin}; signed checkpoint: {size} entries, root {root}."
            ),
        )
    }
}

/// What the reply says, in a few words.
fn said(claims: &ReplyClaims) -> Text {
    match claims {
        ReplyClaims::Answer(_) => Text::new("查询的答复", "Answer to a query"),
        ReplyClaims::Receipt(claims) => match &claims.res {
            Resolution::Accepted(_) => Text::new("回执：已接受", "Receipt: accepted"),
            Resolution::Rejected(refusal) => {
                let code = refusal.code.as_str();
                Text::new(format!("回执：已拒绝（{code}）"), format!("Receipt: rejected ({code})"))
            }
        },
    }
}
