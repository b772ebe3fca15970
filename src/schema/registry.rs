//! The compiled registry: find a schema by message type, check a pin, check a body.

use std::collections::{BTreeMap, HashMap};

use jsonschema::{Draft, PatternOptions, Retrieve, Uri, Validator};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::embedded::{RELEASED_INDEX, Role, SOURCES, Source};
use super::formats::{self, REGION_CODE};
use super::violation;
use crate::domain::code::{Refusal, Violation};

/// Largest compiled form of one pattern, in bytes. Every pattern in use fits in a quarter of it.
const PATTERN_SIZE_MAX: usize = 1 << 17;

/// Why the registry does not load. A defect of the build, never of a message.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A schema, or the index of releases, is not JSON of the expected shape.
    #[error("schema {mt}: not readable: {reason}")]
    Unreadable {
        /// The schema.
        mt: String,
        /// The reader's words.
        reason: String,
    },
    /// `$id` or `$schema` is not what the schema's name asks for.
    #[error("schema {mt}: $id or $schema does not fit its name")]
    Identity {
        /// The schema.
        mt: String,
    },
    /// It does not compile: a reference outside the registry, a look-around in a pattern, an
    /// unknown format, or a keyword of the wrong shape.
    #[error("schema {mt}: does not compile: {reason}")]
    Compile {
        /// The schema.
        mt: String,
        /// The compiler's words; they quote the schema only.
        reason: String,
    },
}

/// A schema as it is served and pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Name and major version: `certification/1`.
    pub mt: &'static str,
    /// Its `$id`.
    pub uri: &'static str,
    /// What it is for.
    pub role: Role,
    /// SHA-256 of the exact bytes of `text`.
    pub sha256: [u8; 32],
    /// The exact text.
    pub text: &'static str,
    /// SHA-256 of the release before this one (N−1) of the same major version.
    pub previous: Option<[u8; 32]>,
}

impl Document {
    /// May a message pin this schema by `uri` and digest? N and N−1 may: within a major version
    /// whatever N−1 accepts, N accepts too (see [`super::compat`]).
    pub fn accepts_pin(&self, uri: &str, sha256: &[u8; 32]) -> bool {
        uri == self.uri && (*sha256 == self.sha256 || Some(*sha256) == self.previous)
    }

    /// The digest as messages write it: lower-case hex.
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }
}

/// The schema of one message type, compiled.
#[derive(Debug)]
pub struct MessageSchema {
    /// What is served and pinned.
    pub document: Document,
    validator: Validator,
}

impl MessageSchema {
    /// Checks a body. The good case takes a few microseconds and allocates next to nothing; the bad
    /// case lists at most [`violation::VIOLATIONS_MAX`] places, none with a value of the message.
    pub fn validate(&self, body: &Value) -> Result<(), Vec<Violation>> {
        if self.validator.is_valid(body) {
            return Ok(());
        }
        Err(violation::violations(&self.validator, body))
    }

    /// The same as a refusal.
    ///
    /// # Errors
    /// [`Code::SchemaViolation`](crate::domain::code::Code); where all that is wrong are days that do not
    /// exist `DateImpossible`, or sums that none can be `AmountAbsurd`.
    pub fn check(&self, body: &Value) -> Result<(), Refusal> {
        if self.validator.is_valid(body) {
            return Ok(());
        }
        Err(violation::refusal(&self.validator, body))
    }

    /// See [`Document::accepts_pin`].
    pub fn accepts_pin(&self, uri: &str, sha256: &[u8; 32]) -> bool {
        self.document.accepts_pin(uri, sha256)
    }
}

/// Every schema of this release.
#[derive(Debug)]
pub struct Registry {
    by_type: HashMap<&'static str, MessageSchema>,
    shared: Vec<Document>,
}

impl Registry {
    /// Compiles what is built into the binary. Called once at start; an error stops the start.
    pub fn load() -> Result<Self, SchemaError> {
        Self::from_sources(SOURCES, RELEASED_INDEX)
    }

    /// Compiles `sources`; `released` is the text of the index of releases.
    pub fn from_sources(sources: &[Source], released: &str) -> Result<Self, SchemaError> {
        let released: BTreeMap<String, Vec<String>> =
            serde_json::from_str(released).map_err(|e| unreadable("released/index.json", &e))?;
        let values = sources.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let resources = resources(sources, &values)?;
        let mut registry = Self { by_type: HashMap::new(), shared: Vec::new() };
        for (source, value) in sources.iter().zip(&values) {
            let document = document(source, released.get(source.mt).map_or(&[], Vec::as_slice));
            if source.role == Role::Shared {
                compile_definitions(source, value, &resources)?;
                registry.shared.push(document);
            } else {
                let validator = compile(source.mt, value, &resources)?;
                registry.by_type.insert(source.mt, MessageSchema { document, validator });
            }
        }
        Ok(registry)
    }

    /// The schema of a message type or file (`certification/1`); shared definitions are no type.
    pub fn get(&self, mt: &str) -> Option<&MessageSchema> {
        self.by_type.get(mt)
    }

    /// What to serve under a name, shared definitions included.
    pub fn document(&self, mt: &str) -> Option<&Document> {
        let shared = || self.shared.iter().find(|d| d.mt == mt);
        self.get(mt).map(|s| &s.document).or_else(shared)
    }

    /// Every schema, by name.
    pub fn documents(&self) -> Vec<&Document> {
        let typed = self.by_type.values().map(|s| &s.document);
        let mut all: Vec<_> = typed.chain(&self.shared).collect();
        all.sort_unstable_by_key(|d| d.mt);
        all
    }
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| DIGITS[usize::from(n)]).collect()
}

/// Refuses to retrieve anything: what is not in the binary does not exist.
struct Offline;

impl Retrieve for Offline {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("{uri} is not a schema of this release").into())
    }
}

fn unreadable(mt: &str, error: &serde_json::Error) -> SchemaError {
    SchemaError::Unreadable { mt: mt.to_owned(), reason: error.to_string() }
}

pub(super) fn read(source: &Source) -> Result<Value, SchemaError> {
    let value: Value = serde_json::from_str(source.text).map_err(|e| unreadable(source.mt, &e))?;
    let says = |key: &str, expected: &str| value.get(key).and_then(Value::as_str) == Some(expected);
    if says("$id", source.uri) && says("$schema", super::lint::DIALECT) {
        Ok(value)
    } else {
        Err(SchemaError::Identity { mt: source.mt.to_owned() })
    }
}

fn document(source: &Source, released: &[String]) -> Document {
    let sha256: [u8; 32] = Sha256::digest(source.text).into();
    let own = hex(&sha256);
    Document {
        mt: source.mt,
        uri: source.uri,
        role: source.role,
        sha256,
        text: source.text,
        previous: released.iter().rev().find(|h| **h != own).and_then(|h| unhex(h)),
    }
}

/// 32 bytes from 64 hex digits.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let bytes: Option<Vec<u8>> =
        digits?.chunks(2).map(|d| u8::try_from(d.first()? * 16 + d.get(1)?).ok()).collect();
    bytes?.try_into().ok()
}

fn compile_error(mt: &str, error: impl std::fmt::Display) -> SchemaError {
    SchemaError::Compile { mt: mt.to_owned(), reason: error.to_string() }
}

/// All schemas as one set of resources, so that they can refer to each other and to nothing else.
pub(super) fn resources<'a>(
    sources: &[Source],
    values: &'a [Value],
) -> Result<jsonschema::Registry<'a>, SchemaError> {
    let mut builder = jsonschema::Registry::new().draft(Draft::Draft202012).retriever(Offline);
    for (source, value) in sources.iter().zip(values) {
        builder = builder.add(source.uri, value).map_err(|e| compile_error(source.mt, e))?;
    }
    builder.prepare().map_err(|e| compile_error("(all)", e))
}

pub(super) fn compile(
    mt: &str,
    schema: &Value,
    resources: &jsonschema::Registry<'_>,
) -> Result<Validator, SchemaError> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_registry(resources)
        .offline()
        // Linear time on any input; a pattern with look-around does not compile.
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_SIZE_MAX))
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_format(REGION_CODE, formats::is_region_code)
        .build(schema)
        .map_err(|e| compile_error(mt, e))
}

/// Compiles each shared definition by itself, so that one which nothing uses yet is checked too.
fn compile_definitions(
    source: &Source,
    value: &Value,
    resources: &jsonschema::Registry<'_>,
) -> Result<(), SchemaError> {
    let names = value.get("$defs").and_then(Value::as_object).into_iter().flat_map(|d| d.keys());
    for name in names {
        let uri = format!("{}#/$defs/{name}", source.uri);
        compile(source.mt, &serde_json::json!({ "$ref": uri }), resources)?;
    }
    Ok(())
}
