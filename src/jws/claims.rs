//! The claims around the body of a message (`formats.md` §1.2) and its time window (§1.4).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use uuid::{Uuid, Variant};

use super::digest::Digest;
use super::header::Typ;
use super::members::{Members, invalid};
use super::signing::SigningKey;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::{ParseIdError, ParticipantId};
use crate::domain::time::UtcSeconds;

/// How far two honest clocks may be apart.
pub const CLOCK_SKEW_SECONDS: i64 = 120;

/// Longest `exp − iat` of a message that is sent when it is signed. Batch types have their own.
pub const LIFETIME_ONLINE_MAX_SECONDS: i64 = 15 * 60;

/// Longest URI of a schema, in bytes.
const SCHEMA_URI_MAX_BYTES: usize = 256;

/// Everything of a message but its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageClaims {
    /// Who says it.
    pub iss: ParticipantId,
    /// The service that receives it: gateway or tokeniser. One, never a list.
    pub aud: ParticipantId,
    /// The participant behind the service, if one is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<ParticipantId>,
    /// When it was signed.
    pub iat: UtcSeconds,
    /// Deliver by. Not applied to kept evidence.
    pub exp: UtcSeconds,
    /// The message's own id.
    pub jti: Jti,
    /// What it is about.
    pub mt: MessageType,
    /// The schema that the body was made under.
    pub sch: SchemaPin,
    /// The message that this one replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irt: Option<Jti>,
}

impl MessageClaims {
    /// Splits a payload into claims and body. Closed: an unknown claim is refused.
    ///
    /// # Errors
    /// [`Code::ClaimsInvalid`] with a pointer.
    pub fn from_payload(payload: Value) -> Result<(Self, Value), Refusal> {
        const ID: &str = "one participant id";
        const UUID: &str = "a UUIDv7 in lower case";
        let mut members = Members::of(payload, "")?;
        let claims = Self {
            iss: members.text("iss", ID)?,
            aud: members.text("aud", ID)?,
            to: members.text_opt("to", ID)?,
            iat: members.seconds("iat")?,
            exp: members.seconds("exp")?,
            jti: members.text("jti", UUID)?,
            mt: members.text("mt", "type/major")?,
            sch: SchemaPin::from_value(members.value("sch")?)?,
            irt: members.text_opt("irt", UUID)?,
        };
        let body = members.value("body")?;
        members.finish("")?;
        if !body.is_object() {
            return Err(invalid("/body", "an object"));
        }
        if claims.exp <= claims.iat {
            return Err(invalid("/exp", "later than iat"));
        }
        Ok((claims, body))
    }

    /// Signs claims and body as one message. The result is to be kept and sent again as it is:
    /// signing one `jti` twice is equivocation.
    ///
    /// # Errors
    /// [`Code::Internal`] if the body cannot be written as JSON.
    pub fn seal(&self, body: &Value, key: &SigningKey) -> Result<String, Refusal> {
        #[derive(Serialize)]
        struct Payload<'a> {
            #[serde(flatten)]
            claims: &'a MessageClaims,
            body: &'a Value,
        }
        key.sign_json(Typ::Message, &Payload { claims: self, body })
    }

    /// Is the message for `service`?
    ///
    /// # Errors
    /// [`Code::AudienceMismatch`].
    pub fn check_audience(&self, service: &ParticipantId) -> Result<(), Refusal> {
        if self.aud == *service { Ok(()) } else { Err(Code::AudienceMismatch.into()) }
    }

    /// Is `now` within the time window, and is that no longer than `lifetime_max_seconds`? Asked
    /// again in the commit group. Not for kept evidence.
    ///
    /// # Errors
    /// [`Code::LifetimeTooLong`], [`Code::NotYetValid`], [`Code::Expired`].
    pub fn check_time(&self, now: UtcSeconds, lifetime_max_seconds: i64) -> Result<(), Refusal> {
        if self.iat.plus_seconds(lifetime_max_seconds) < self.exp {
            let expected = format!("at most {lifetime_max_seconds} s after iat");
            return Err(Refusal::new(Code::LifetimeTooLong).at("/exp", expected));
        }
        if now.plus_seconds(CLOCK_SKEW_SECONDS) < self.iat {
            let expected = format!("at most {CLOCK_SKEW_SECONDS} s ahead of our clock");
            return Err(Refusal::new(Code::NotYetValid).at("/iat", expected));
        }
        self.check_deliverable(now)
    }

    /// Is it still time to deliver? The one part of the window that is judged again in the commit
    /// group.
    ///
    /// # Errors
    /// [`Code::Expired`].
    pub fn check_deliverable(&self, now: UtcSeconds) -> Result<(), Refusal> {
        if self.exp.plus_seconds(CLOCK_SKEW_SECONDS) < now {
            let expected = format!("at most {CLOCK_SKEW_SECONDS} s behind our clock");
            return Err(Refusal::new(Code::Expired).at("/exp", expected));
        }
        Ok(())
    }
}

/// Id of a message, receipt or answer: a UUIDv7 (RFC 9562) in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jti(Uuid);

impl Jti {
    /// From a UUID; `None` unless it has version 7.
    pub fn new(id: Uuid) -> Option<Self> {
        let fits = id.get_version_num() == 7 && id.get_variant() == Variant::RFC4122;
        fits.then_some(Self(id))
    }

    /// The UUID.
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl FromStr for Jti {
    type Err = ParseIdError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let err = ParseIdError { expected: "a UUIDv7 in lower case" };
        let hyphened = s.len() == 36 && !s.bytes().any(|b| b.is_ascii_uppercase());
        let id = Uuid::try_parse(s).map_err(|_| err)?;
        if hyphened { Self::new(id).ok_or(err) } else { Err(err) }
    }
}

/// Type and major version of a message: `certification/1`, `funding.hold/1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageType(Box<str>);

impl MessageType {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageType {
    type Err = ParseIdError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let err = ParseIdError { expected: "type/major" };
        let (name, major) = s.split_once('/').ok_or(err)?;
        let name_ok = name.len() <= 48
            && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'-');
        let major_ok = (1..=3).contains(&major.len())
            && !major.starts_with('0')
            && major.bytes().all(|b| b.is_ascii_digit());
        if name_ok && major_ok { Ok(Self(s.into())) } else { Err(err) }
    }
}

/// The schema that a body was made under, by name and by the digest of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemaPin {
    /// Identifier of the schema.
    pub uri: String,
    /// Digest of the schema's bytes.
    pub sha256: Digest,
}

impl SchemaPin {
    fn from_value(value: Value) -> Result<Self, Refusal> {
        let mut members = Members::of(value, "/sch")?;
        let at_sch = |_| invalid("/sch", "uri and sha256 (64 lower-case hex digits)");
        let pin = Self {
            uri: members.text("uri", "text").map_err(at_sch)?,
            sha256: members.text("sha256", "hex").map_err(at_sch)?,
        };
        members.finish("/sch")?;
        if pin.uri.len() > SCHEMA_URI_MAX_BYTES {
            return Err(invalid("/sch/uri", "at most 256 bytes"));
        }
        Ok(pin)
    }
}

macro_rules! text_forms {
    ($t:ty) => {
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl fmt::Debug for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl Serialize for $t {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $t {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                s.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_forms!(Jti);
text_forms!(MessageType);
