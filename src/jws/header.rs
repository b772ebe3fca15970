//! The protected header: exactly `alg`, `typ` and `kid` (`formats.md` §1.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::key_record::KeyUse;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;
use crate::json::{self, Bounds};

/// What a JWS is: the explicit type (RFC 8725 §3.11). One entry point each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Typ {
    /// A message: a push or a query.
    Message,
    /// The gateway's receipt for a message.
    Receipt,
    /// The answer to a query.
    Answer,
    /// The directory of participants and keys.
    Directory,
    /// A W3C Verifiable Credential or status list (VC-JOSE-COSE).
    Credential,
}

impl Typ {
    /// Every type.
    pub const ALL: [Self; 5] =
        [Self::Message, Self::Receipt, Self::Answer, Self::Directory, Self::Credential];

    /// The exact, case-sensitive text of `typ`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "ydt-msg+jwt",
            Self::Receipt => "ydt-receipt+jwt",
            Self::Answer => "ydt-answer+jwt",
            Self::Directory => "ydt-directory+jwt",
            Self::Credential => "vc+jwt",
        }
    }

    /// May a key of this use sign this type at all? A `directory` key signs the operator's own
    /// messages (`participant/1`, `key/1`); which use a message type needs is asked again in
    /// [`super::Verified::into_message`], once the type is known.
    pub const fn permits(self, key_use: KeyUse) -> bool {
        matches!(
            (self, key_use),
            (Self::Message, KeyUse::Message | KeyUse::Directory)
                | (Self::Receipt | Self::Answer, KeyUse::Receipt)
                | (Self::Directory, KeyUse::Directory)
                | (Self::Credential, KeyUse::Credential)
        )
    }
}

/// A signature algorithm of Ed25519 keys. `none` and HMAC have no place here. The two names mean
/// the same, since a key record pins the curve (RFC 8037, RFC 9864).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// `EdDSA`, deprecated by RFC 9864 but the one name that every library takes: what we emit.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// `Ed25519` (RFC 9864).
    Ed25519,
}

impl Algorithm {
    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }
}

/// A parsed header. Nothing in it is believed before the signature verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Only ever compared with the names that the key record allows.
    pub alg: Algorithm,
    /// The explicit type.
    pub typ: Typ,
    /// Only ever a map key.
    pub kid: KeyId,
}

/// Refused in every type; named apart because an inbound `vc+jwt` may carry other unknown members
/// (VC-JOSE-COSE: those not understood are ignored), but never these.
const FORBIDDEN: [&str; 9] = ["crit", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "b64", "zip"];

impl Header {
    /// Parses header bytes at the entry point for `typ`.
    ///
    /// # Errors
    /// [`Code::JwsHeader`], [`Code::JwsType`], [`Code::AlgorithmNotAllowed`], or what
    /// [`json::read`] says of the bytes.
    pub fn parse(bytes: &[u8], typ: Typ) -> Result<Self, Refusal> {
        let value = json::read(bytes, &Bounds::HEADER)
            .map_err(|r| r.detail("在 JWS 头部", "in the JWS header"))?;
        let Value::Object(members) = value else {
            return Err(refusal("", "an object"));
        };
        check_members(&members, typ)?;
        if text(&members, "typ")? != typ.as_str() {
            return Err(Refusal::new(Code::JwsType).detail(
                format!("此接口只接受 typ={}", typ.as_str()),
                format!("this endpoint takes typ={} only", typ.as_str()),
            ));
        }
        let kid = text(&members, "kid")?;
        let kid = kid.parse().map_err(|_| refusal("/kid", "<participant>#<key-name>"))?;
        let alg = match text(&members, "alg")? {
            "EdDSA" => Algorithm::EdDsa,
            "Ed25519" => Algorithm::Ed25519,
            _ => return Err(Refusal::new(Code::AlgorithmNotAllowed)),
        };
        Ok(Self { alg, typ, kid })
    }
}

fn check_members(members: &Map<String, Value>, typ: Typ) -> Result<(), Refusal> {
    for (name, value) in members {
        let allowed = match (name.as_str(), typ) {
            ("alg" | "typ" | "kid", _) => true,
            ("cty", Typ::Credential) => value == "vc",
            (name, Typ::Credential) => !FORBIDDEN.contains(&name),
            _ => false,
        };
        if !allowed {
            // The name is shown only when it is one of the known ones.
            let known = FORBIDDEN.iter().find(|known| *known == name);
            let place = known.map_or_else(|| "/?".to_owned(), |known| format!("/{known}"));
            return Err(refusal(&place, "only alg, typ and kid"));
        }
    }
    Ok(())
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Result<&'m str, Refusal> {
    members.get(name).and_then(Value::as_str).ok_or_else(|| refusal(&format!("/{name}"), "text"))
}

fn refusal(pointer: &str, expected: &str) -> Refusal {
    Refusal::new(Code::JwsHeader)
        .detail("指针指向 JWS 头部", "the pointer is into the JWS header")
        .at(pointer, expected)
}
