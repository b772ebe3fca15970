//! Proof of possession: the new key signs its own registration (`formats.md` §2).

use super::base64url;
use super::digest::Digest;
use super::key::PublicKey;
use super::key_record::KeyUse;
use super::signing::SigningKey;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;

/// First line. No log may take it as its origin.
const CONTEXT: &str = "ydt-pop/v1";

/// Length of a nonce from the operator, in bytes of base64url.
const NONCE_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

/// The text that is proven: five lines, each ended by LF. Its newlines keep it apart from a JWS.
/// `raw` are the 32 bytes of the public key. A signing key signs it; an
/// OPRF key evaluates it.
///
/// # Errors
/// [`Code::KeyProof`] if the nonce is not 16 to 128 characters of base64url; with a newline in it
/// one proof could pass for another.
pub fn possession_text(
    kid: &KeyId,
    key_use: KeyUse,
    raw: &[u8; 32],
    nonce: &str,
) -> Result<String, Refusal> {
    let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !NONCE_BYTES.contains(&nonce.len()) || !nonce.bytes().all(base64url) {
        return Err(Code::KeyProof.into());
    }
    let digest = base64url::encode(Digest::of(raw).as_bytes());
    Ok(format!("{CONTEXT}\n{kid}\n{}\n{digest}\n{nonce}\n", key_use.as_str()))
}

/// Signs the registration of `key` for `key_use` with the operator's nonce; base64url.
///
/// # Errors
/// As [`possession_text`].
pub fn prove(key: &SigningKey, key_use: KeyUse, nonce: &str) -> Result<String, Refusal> {
    let input = possession_text(key.kid(), key_use, key.public().as_bytes(), nonce)?;
    Ok(base64url::encode(key.sign_bytes(input.as_bytes())))
}

/// Checks a proof before the key is registered.
///
/// # Errors
/// [`Code::KeyProof`].
pub fn check_proof(
    kid: &KeyId,
    key_use: KeyUse,
    public: &PublicKey,
    nonce: &str,
    proof: &str,
) -> Result<(), Refusal> {
    let input = possession_text(kid, key_use, public.as_bytes(), nonce)?;
    let signature = base64url::decode_array(proof).ok_or(Code::KeyProof)?;
    public.verify_bytes(input.as_bytes(), &signature).map_err(|_| Code::KeyProof.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_fits_one_registration_only() {
        let kid: KeyId = "qingpu#message-1".parse().unwrap();
        let key = SigningKey::from_seed(kid.clone(), &[7; 32]);
        let other = SigningKey::from_seed(kid.clone(), &[8; 32]);
        let nonce = "0123456789abcdef";
        let proof = prove(&key, KeyUse::Message, nonce).unwrap();
        let check = |kid: &KeyId, key_use, key: &SigningKey, nonce: &str, proof: &str| {
            check_proof(kid, key_use, key.public(), nonce, proof).map_err(|r| r.code)
        };
        assert_eq!(check(&kid, KeyUse::Message, &key, nonce, &proof), Ok(()));
        let kid_2 = "qingpu#message-2".parse().unwrap();
        let refused = Err(Code::KeyProof);
        assert_eq!(check(&kid_2, KeyUse::Message, &key, nonce, &proof), refused);
        assert_eq!(check(&kid, KeyUse::Log, &key, nonce, &proof), refused);
        assert_eq!(check(&kid, KeyUse::Message, &other, nonce, &proof), refused);
        assert_eq!(check(&kid, KeyUse::Message, &key, "0123456789abcdeg", &proof), refused);
        assert_eq!(check(&kid, KeyUse::Message, &key, nonce, "AAAA"), refused);
        for bad in ["short", "0123456789abcde\n", &"a".repeat(129)] {
            assert!(prove(&key, KeyUse::Message, bad).is_err(), "{bad:?}");
        }
    }
}
