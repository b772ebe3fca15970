//! Why evidence does not hold, and whose fault that is.

use crate::domain::code::Code;
use crate::log::ProofError;

/// A part of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The message of a sender.
    Message,
    /// The receipt or answer.
    Reply,
    /// The directory document.
    Directory,
}

/// Who has to answer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The participant that signed the message.
    Sender,
    /// The gateway (or tokeniser), which signed or logged what it must not have.
    Gateway,
    /// Whoever put the parts together, kept or handed them over: they were changed, do not belong
    /// together, or are not what they were said to be.
    Carrier,
}

/// What a reply says of its message and does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// `msg.sha256`, the digest of the exact bytes.
    Digest,
    /// `msg.iss`, and so `aud`.
    Sender,
    /// `msg.jti`.
    Id,
    /// The reply's `iss` is not the message's `aud`.
    Service,
}

/// Evidence that does not hold. Carries no value of a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// A compact JWS is malformed, its signature does not verify, its key may not sign this or was
    /// not in force at `iat`, or its claims are not of the closed set.
    #[error("the {} does not hold: {}", part.as_str(), code.as_str())]
    Seal {
        /// Which JWS.
        part: Part,
        /// What is wrong with it.
        code: Code,
    },
    /// The directory is signed by a key that neither the pin nor a trusted directory vouches for,
    /// or its issuer is not the pinned operator.
    #[error("the directory is not signed by a key that is trusted")]
    DirectoryKey,
    /// The operator signed a directory that contradicts itself or is not of the closed form.
    #[error("the directory is malformed: {0}")]
    DirectoryForm(&'static str),
    /// Older than one seen before: somebody hides revocations.
    #[error("directory version {version} is older than version {seen}, seen before")]
    DirectoryRollback {
        /// Version of the document.
        version: u64,
        /// Newest version seen.
        seen: u64,
    },
    /// Two documents of one version, or a document that names another predecessor: the operator
    /// told different readers different things.
    #[error("directory version {version} does not follow from the one before it")]
    DirectoryFork {
        /// Version of the later document.
        version: u64,
    },
    /// The reply is neither a receipt nor an answer.
    #[error("neither a receipt nor an answer")]
    ReplyType,
    /// The reply is signed by a participant that does not give such replies.
    #[error("the signer of the reply is not the service that gives it")]
    ReplySigner,
    /// An answer of the gateway without log position, known-at or coverage, or one of the
    /// tokeniser with any of them.
    #[error("the answer has not the members that its service gives")]
    AnswerForm,
    /// The reply is about another message, or for somebody else.
    #[error("the reply is about another message ({0:?})")]
    OtherMessage(Binding),
    /// The proof proves another position than the signed one.
    #[error("the {} says index {signed}, its proof says {proven}", part.as_str())]
    OtherIndex {
        /// Reply or directory.
        part: Part,
        /// Index in the signed claims.
        signed: u64,
        /// Index in the proof.
        proven: u64,
    },
    /// The signed position lies in another log than the one that is trusted.
    #[error("the {} lies in another log", part.as_str())]
    OtherOrigin {
        /// Reply or directory.
        part: Part,
    },
    /// The proof is malformed, its checkpoint is not the log's, or it does not lead to the root.
    #[error("the proof of the {} does not hold: {error}", part.as_str())]
    Proof {
        /// Reply or directory.
        part: Part,
        /// What is wrong with it.
        error: ProofError,
    },
    /// The bundle is not JSON within bounds, or not of the closed form.
    #[error("the bundle is malformed: {}", .0.as_str())]
    BundleForm(Code),
    /// The bundle is of a format that this release does not know.
    #[error("not a bundle of the format ydt-evidence/1")]
    BundleFormat,
    /// The checksum of the bundle is wrong: it was damaged on its way.
    #[error("the bundle was damaged: its checksum is wrong")]
    BundleChecksum,
    /// A message that took effect is there without the schema that it names.
    #[error("the schema of the message is missing")]
    SchemaMissing,
    /// A schema without a message: nothing binds it.
    #[error("a schema without a message proves nothing")]
    SchemaStray,
    /// The text of the schema has another digest than it is said to have.
    #[error("the text of the schema does not have its digest")]
    SchemaDigest,
    /// The schema is not the one that the message names by type, identifier and digest.
    #[error("the schema is not the one that the message names")]
    SchemaPin,
    /// The schema that the message names is none that can be compiled.
    #[error("the schema cannot be compiled")]
    SchemaUnusable,
    /// The gateway let a body take effect that does not fit its schema.
    #[error("the message took effect, but its body does not fit its schema")]
    SchemaViolation,
}

impl Part {
    /// The word in messages and codes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Reply => "reply",
            Self::Directory => "directory",
        }
    }
}

impl Fault {
    /// The stable text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Gateway => "gateway",
            Self::Carrier => "carrier",
        }
    }
}

impl EvidenceError {
    /// Makes a seal's refusal an error about `part`.
    pub(super) fn seal(part: Part) -> impl Fn(crate::domain::code::Refusal) -> Self {
        move |refusal| Self::Seal { part, code: refusal.code }
    }

    /// The stable text of the error: part of the contract with scripts that read it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Seal { part: Part::Message, .. } => "message-seal",
            Self::Seal { part: Part::Reply, .. } => "reply-seal",
            Self::Seal { part: Part::Directory, .. } => "directory-seal",
            Self::DirectoryKey => "directory-key",
            Self::DirectoryForm(_) => "directory-form",
            Self::DirectoryRollback { .. } => "directory-rollback",
            Self::DirectoryFork { .. } => "directory-fork",
            Self::ReplyType => "reply-type",
            Self::ReplySigner => "reply-signer",
            Self::AnswerForm => "answer-form",
            Self::OtherMessage(_) => "other-message",
            Self::OtherIndex { .. } => "other-index",
            Self::OtherOrigin { .. } => "other-origin",
            Self::Proof { part: Part::Directory, .. } => "directory-proof",
            Self::Proof { .. } => "reply-proof",
            Self::BundleForm(_) => "bundle-form",
            Self::BundleFormat => "bundle-format",
            Self::BundleChecksum => "bundle-checksum",
            Self::SchemaMissing => "schema-missing",
            Self::SchemaStray => "schema-stray",
            Self::SchemaDigest => "schema-digest",
            Self::SchemaPin => "schema-pin",
            Self::SchemaUnusable => "schema-unusable",
            Self::SchemaViolation => "schema-violation",
        }
    }

    /// Whose fault it is, as far as the evidence itself can tell.
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Seal { part, code } => seal_fault(*part, *code),
            Self::DirectoryForm(_)
            | Self::DirectoryFork { .. }
            | Self::ReplySigner
            | Self::AnswerForm
            | Self::SchemaViolation => Fault::Gateway,
            Self::SchemaUnusable => Fault::Sender,
            Self::DirectoryKey
            | Self::DirectoryRollback { .. }
            | Self::ReplyType
            | Self::OtherMessage(_)
            | Self::OtherIndex { .. }
            | Self::OtherOrigin { .. }
            | Self::Proof { .. }
            | Self::BundleForm(_)
            | Self::BundleFormat
            | Self::BundleChecksum
            | Self::SchemaMissing
            | Self::SchemaStray
            | Self::SchemaDigest
            | Self::SchemaPin => Fault::Carrier,
        }
    }
}

/// Before the signature holds, anyone may have written the text; after it, its signer did.
const fn seal_fault(part: Part, code: Code) -> Fault {
    let signed = matches!(
        code,
        Code::ClaimsInvalid
            | Code::IssuerMismatch
            | Code::KeyNotValid
            | Code::KeyRevoked
            | Code::KeyUse
            | Code::JsonDuplicateKey
            | Code::JsonTooDeep
            | Code::JsonNumber
            | Code::JsonText
            | Code::JsonTooLarge
    );
    match (signed, part) {
        (false, _) => Fault::Carrier,
        (true, Part::Message) => Fault::Sender,
        (true, Part::Reply | Part::Directory) => Fault::Gateway,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::log::VerifyError;

    #[test]
    fn every_code_is_unique_and_documented_with_its_fault() {
        let guide = include_str!("../../docs/verify.md");
        let parts = [Part::Message, Part::Reply, Part::Directory];
        let seals = parts.map(|part| EvidenceError::Seal { part, code: Code::ClaimsInvalid });
        let path = || ProofError::Path(VerifyError::RootMismatch);
        let proofs =
            [Part::Reply, Part::Directory].map(|part| EvidenceError::Proof { part, error: path() });
        let others = [
            EvidenceError::DirectoryKey,
            EvidenceError::DirectoryForm(""),
            EvidenceError::DirectoryRollback { version: 1, seen: 2 },
            EvidenceError::DirectoryFork { version: 1 },
            EvidenceError::ReplyType,
            EvidenceError::ReplySigner,
            EvidenceError::AnswerForm,
            EvidenceError::OtherMessage(Binding::Digest),
            EvidenceError::OtherIndex { part: Part::Reply, signed: 1, proven: 2 },
            EvidenceError::OtherOrigin { part: Part::Reply },
            EvidenceError::BundleForm(Code::JsonMalformed),
            EvidenceError::BundleFormat,
            EvidenceError::BundleChecksum,
            EvidenceError::SchemaMissing,
            EvidenceError::SchemaStray,
            EvidenceError::SchemaDigest,
            EvidenceError::SchemaPin,
            EvidenceError::SchemaUnusable,
            EvidenceError::SchemaViolation,
        ];
        let all: Vec<_> = seals.into_iter().chain(proofs).chain(others).collect();
        let codes: BTreeSet<_> = all.iter().map(EvidenceError::code).collect();
        assert_eq!(codes.len(), all.len());
        for error in all {
            let (code, fault) = (format!("`{}`", error.code()), error.fault().as_str());
            let row = guide.lines().find(|line| line.starts_with('|') && line.contains(&code));
            let row = row.unwrap_or_else(|| panic!("{code} is not in the guide"));
            assert!(row.contains(fault), "{code}: {fault} is not in {row}");
        }
    }
}
