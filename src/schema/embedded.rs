//! The schemas that are compiled into the binary. A new schema is one line here.

/// What a schema is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Definitions for other schemas; no instance is ever checked against it as a whole.
    Shared,
    /// The `body` claim of a message type.
    Message,
    /// The `body` claim of an answer.
    Answer,
    /// A file that the command line reads.
    File,
}

/// One schema as it is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name and major version: `certification/1`.
    pub mt: &'static str,
    /// Its `$id`: `urn:ydt:schema:certification:1`.
    pub uri: &'static str,
    /// What it is for.
    pub role: Role,
    /// The exact bytes of the file, which is what messages pin by SHA-256.
    pub text: &'static str,
}

macro_rules! sources {
    ($($role:ident $name:literal $major:literal;)*) => {
        /// Every schema of this release.
        pub(super) const SOURCES: &[Source] = &[$(Source {
            mt: concat!($name, "/", $major),
            uri: concat!("urn:ydt:schema:", $name, ":", $major),
            role: Role::$role,
            text: include_str!(concat!("../../schemas/", $name, ".", $major, ".json")),
        },)*];
    };
}

sources! {
    Shared "common" 1;
    Message "affiliation" 1;
    Message "agreement" 1;
    Message "certification" 1;
    Message "clock" 1;
    Message "consent" 1;
    Message "fact" 1;
    Message "finding.outcome" 1;
    Message "funding.grant" 1;
    Message "funding.hold" 1;
    Message "funding.joint-rule" 1;
    Message "funding.payment" 1;
    Message "funding.policy" 1;
    Message "funding.recovery" 1;
    Message "funding.release" 1;
    Message "funding.ruling" 1;
    Message "funding.stop" 1;
    Message "integrity.sanction" 1;
    Message "key" 1;
    Message "occupancy" 1;
    Message "participant" 1;
    Message "points" 1;
    Message "qualification" 1;
    Message "quota" 1;
    Message "query.access" 1;
    Message "query.entitlement" 1;
    Message "query.funding" 1;
    Message "query.recognition" 1;
    Message "query.records" 1;
    Message "recognition.rule" 1;
    Message "reconcile" 1;
    Message "subject.link" 1;
    Message "token.evaluate" 1;
    Answer "answer.entitlement" 1;
    Answer "answer.recognition" 1;
    File "case" 1;
    File "import.mapping" 1;
    File "recognition-case" 1;
}

/// Digests of released versions, oldest first, per schema: `{"certification/1": ["<sha256>", …]}`.
pub(super) const RELEASED_INDEX: &str = include_str!("../../schemas/released/index.json");
