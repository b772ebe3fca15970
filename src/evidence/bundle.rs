//! The one-file bundle: everything that is needed to check one message for ever.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::directory::{Pin, TrustedDirectory};
use super::error::{EvidenceError, Part};
use super::reply::{
    ReplyClaims, VerifiedReply, verify_inclusion, verify_reply, verify_reply_alone,
};
use super::report::{Report, Step};
use crate::domain::code::{Code, Refusal};
use crate::domain::registry::bulk_items;
use crate::domain::time::UtcSeconds;
use crate::json::{self, Bounds};
use crate::jws::{Digest, MessageType, Resolution, VerifiedMessage};
use crate::log::{Leaf, LeafKind, VerifiedInclusion};
use crate::schema::KeptSchema;

/// The first thing that a reader looks at.
const FORMAT: &str = "ydt-evidence/1";

/// Bounds of a bundle: a bulk message, a directory with its proofs, some earlier directories.
const BOUNDS: Bounds =
    Bounds { size_max_bytes: 32 * 1024 * 1024, depth_max: 3, members_max: 16, items_max: 64 };

/// One message and what proves it. Made from parts, or read from a file; believed only once it is
/// verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The message, exact; `None` once it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The receipt or answer, exact.
    pub reply: String,
    /// The reply's `c2sp.org/tlog-proof@v1`.
    pub proof: String,
    /// The directory that names the keys.
    pub directory: DirectoryPart,
    /// The schema that the message names; may be missing for a refused message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaPart>,
    /// When the bundle was made, by the clock of whoever made it. Nothing signs it.
    pub exported_at: UtcSeconds,
}

/// The directory extract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryPart {
    /// Earlier documents, oldest first, when the operator has changed its directory key: the first
    /// one is signed by the pinned key, each later one by a key that the one before lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
    /// The document, exact.
    pub compact: String,
    /// Proof of its leaf.
    pub proof: String,
}

/// A schema with its exact text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaPart {
    /// Message type.
    pub mt: MessageType,
    /// Identifier.
    pub uri: String,
    /// Digest of the text.
    pub sha256: Digest,
    /// The exact text.
    pub text: String,
}

/// The file: format and checksum around the parts.
#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    #[serde(flatten)]
    bundle: &'a Bundle,
    sha256: Digest,
}

impl Bundle {
    /// Reads a file. Strict and closed; the checksum finds damage, it proves nothing.
    ///
    /// # Errors
    /// [`EvidenceError::BundleForm`], [`EvidenceError::BundleFormat`],
    /// [`EvidenceError::BundleChecksum`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let form = || EvidenceError::BundleForm(Code::ClaimsInvalid);
        let value = json::read(bytes, &BOUNDS)
            .map_err(|refusal| EvidenceError::BundleForm(refusal.code))?;
        let Value::Object(mut members) = value else { return Err(form()) };
        if members.remove("format").as_ref().and_then(Value::as_str) != Some(FORMAT) {
            return Err(EvidenceError::BundleFormat);
        }
        let sha256 = members.remove("sha256").ok_or_else(form)?;
        let sha256: Digest = serde_json::from_value(sha256).map_err(|_| form())?;
        let bundle: Self = serde_json::from_value(members.into()).map_err(|_| form())?;
        if bundle.checksum() == sha256 { Ok(bundle) } else { Err(EvidenceError::BundleChecksum) }
    }

    /// The file.
    ///
    /// # Errors
    /// [`Code::Internal`] if it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, Refusal> {
        let file = File { format: FORMAT, bundle: self, sha256: self.checksum() };
        let mut text = serde_json::to_string_pretty(&file).map_err(|_| Code::Internal)?;
        text.push('\n');
        Ok(text)
    }

    /// Verifies everything, trusting nothing but `pin`.
    ///
    /// # Errors
    /// [`EvidenceError`]: the first check that does not hold.
    pub fn verify(&self, pin: &Pin) -> Result<Report, EvidenceError> {
        let (directory, listed) = self.verify_directory(pin)?;
        let log = directory.log();
        let reply = match &self.message {
            Some(message) => verify_reply(&directory, log, message, &self.reply, &self.proof)?,
            None => verify_reply_alone(&directory, log, &self.reply, &self.proof)?,
        };
        let mut steps = vec![
            Step::directory(&directory, self.directory.earlier.len()),
            Step::directory_logged(&listed, &log.origin),
            Step::reply(&reply),
            Step::reply_logged(&reply, &log.origin),
        ];
        match reply.message() {
            Some(message) => {
                steps.push(Step::message(message));
                steps.push(Step::binding(message, &reply));
                steps.push(self.verify_schema(message, &reply)?);
            }
            None if self.schema.is_some() => return Err(EvidenceError::SchemaStray),
            None => steps.extend(Step::erased(&reply)),
        }
        Ok(Report { exported_at: self.exported_at, steps })
    }

    fn verify_directory(
        &self,
        pin: &Pin,
    ) -> Result<(TrustedDirectory, VerifiedInclusion), EvidenceError> {
        let part = &self.directory;
        let later = part.earlier.iter().skip(1).chain(std::iter::once(&part.compact));
        let directory = match part.earlier.first() {
            None => TrustedDirectory::open(&part.compact, pin, None)?,
            Some(first) => {
                let mut directory = TrustedDirectory::open(first, pin, None)?;
                for compact in later {
                    directory = directory.succeed(compact)?;
                }
                directory
            }
        };
        let leaf = Leaf { kind: LeafKind::Directory, digest: directory.digest().0 };
        let (log, position) = (directory.log(), directory.position());
        let listed = verify_inclusion(Part::Directory, log, position, leaf, &part.proof)?;
        Ok((directory, listed))
    }

    fn verify_schema(
        &self,
        message: &VerifiedMessage,
        reply: &VerifiedReply,
    ) -> Result<Step, EvidenceError> {
        let refused = matches!(
            reply.claims(),
            ReplyClaims::Receipt(claims) if matches!(claims.res, Resolution::Rejected(_))
        );
        let Some(schema) = &self.schema else {
            let step = refused.then(|| Step::no_schema(message));
            return step.ok_or(EvidenceError::SchemaMissing);
        };
        if Digest::of(&schema.text) != schema.sha256 {
            return Err(EvidenceError::SchemaDigest);
        }
        let claims = message.claims();
        let pinned = claims.sch.uri == schema.uri && claims.sch.sha256 == schema.sha256;
        if !pinned || claims.mt != schema.mt {
            return Err(EvidenceError::SchemaPin);
        }
        let compiled = KeptSchema::compile(&schema.uri, &schema.text)
            .map_err(|_| EvidenceError::SchemaUnusable)?;
        let fits = fits(&compiled, message.body(), reply.claims());
        if fits || refused {
            Ok(Step::schema(schema, fits))
        } else {
            Err(EvidenceError::SchemaViolation)
        }
    }

    /// SHA-256 over one line per part, so that damage in transport shows at once, whatever the
    /// layout of the JSON.
    fn checksum(&self) -> Digest {
        let exported_at = self.exported_at.0.to_string();
        let schema = self.schema.as_ref();
        let sha256 = schema.map(|s| s.sha256.to_string());
        let one = |name, text: Option<&str>| text.map(|text| (name, Digest::of(text)));
        let directory = &self.directory;
        let earlier = directory.earlier.iter().map(|text| one("directory.earlier", Some(text)));
        let lines = [
            one("exported_at", Some(&exported_at)),
            one("message", self.message.as_deref()),
            one("reply", Some(&self.reply)),
            one("proof", Some(&self.proof)),
            one("directory.compact", Some(&directory.compact)),
            one("directory.proof", Some(&directory.proof)),
            one("schema.mt", schema.map(|s| s.mt.as_str())),
            one("schema.uri", schema.map(|s| s.uri.as_str())),
            one("schema.sha256", sha256.as_deref()),
            one("schema.text", schema.map(|s| s.text.as_str())),
        ];
        let mut text = format!("{FORMAT}\n");
        for (name, digest) in lines.into_iter().chain(earlier).flatten() {
            text.extend([name, " ", &digest.to_string(), "\n"]);
        }
        Digest::of(text)
    }
}

/// Does everything that took effect fit? A refused item of the bulk form need not.
fn fits(schema: &KeptSchema, body: &Value, reply: &ReplyClaims) -> bool {
    let outcomes = match reply {
        ReplyClaims::Receipt(claims) => match &claims.res {
            Resolution::Accepted(acceptance) => acceptance.items.as_slice(),
            Resolution::Rejected(_) => &[],
        },
        ReplyClaims::Answer(_) => &[],
    };
    let refused = |index: u32| outcomes.iter().any(|o| o.index == index && o.refused.is_some());
    let items = match bulk_items(body) {
        None => std::slice::from_ref(body),
        Some(Ok(items)) => items,
        Some(Err(_)) => return false,
    };
    (0..).zip(items).all(|(index, item)| refused(index) || schema.validate(item).is_ok())
}
