//! Proof of possession of a tokeniser's key: the evaluation of a published input with its DLEQ
//! proof (`formats.md` §2). The input says which registration it is for and never is that of a
//! person, so that the evaluation is nobody's token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use voprf::{CipherSuite, Group, VoprfClient};

use super::server::Key;
use super::{BlindedElement, EvaluatedElement, OprfError, Proof, PublicKey, Suite};
use crate::domain::entropy::Entropy;

/// `"HashToGroup-" ‖ contextString` of RFC 9497 §4.1 in mode 0x01.
const HASH_TO_GROUP: [&[u8]; 3] = [b"HashToGroup-OPRFV1-", &[1], b"-ristretto255-SHA512"];
/// An evaluated element and a proof over it.
const PROOF_BYTES: usize = 32 + 64;

/// Evaluates `HashToGroup(input)` under `key`: base64url of the evaluated element and the proof,
/// 96 bytes.
///
/// # Errors
/// [`OprfError::Entropy`] without randomness, [`OprfError::Input`] for an input that has no element.
pub fn prove(key: &Key, input: &[u8], entropy: &dyn Entropy) -> Result<String, OprfError> {
    let (evaluated, proof) = key.evaluate_batch(&[element(input)?], entropy)?;
    let evaluated = evaluated.first().ok_or(OprfError::Batch)?.to_bytes();
    Ok(URL_SAFE_NO_PAD.encode([evaluated.as_slice(), &proof.to_bytes()].concat()))
}

/// Checks that whoever made `proof` for `input` has the private half of `key`.
///
/// # Errors
/// [`OprfError::Element`] for what is no proof, [`OprfError::Proof`] for one that does not hold.
pub fn check(key: &PublicKey, input: &[u8], proof: &str) -> Result<(), OprfError> {
    let mut bytes = [0; PROOF_BYTES];
    let length = URL_SAFE_NO_PAD.decode_slice(proof, &mut bytes).map_err(|_| OprfError::Element)?;
    let (evaluated, proof) = bytes.split_first_chunk::<32>().ok_or(OprfError::Element)?;
    let proof = proof.first_chunk::<64>().filter(|_| length == PROOF_BYTES);
    let evaluated = EvaluatedElement::from_bytes(evaluated)?;
    let proof = Proof::from_bytes(proof.ok_or(OprfError::Element)?)?;
    // A client whose blind is one: its element is the input's own.
    let mut client = [0; 64];
    client[0] = 1;
    client[32..].copy_from_slice(&element(input)?.to_bytes());
    let client = VoprfClient::<Suite>::deserialize(&client).map_err(|_| OprfError::Input)?;
    let checked = client.finalize(input, &evaluated.0, &proof.0, key.0);
    checked.map(drop).map_err(|_| OprfError::Proof)
}

fn element(input: &[u8]) -> Result<BlindedElement, OprfError> {
    type Hash = <Suite as CipherSuite>::Hash;
    let point = <Suite as Group>::hash_to_curve::<Hash>(&[input], &HASH_TO_GROUP)
        .map_err(|_| OprfError::Input)?;
    BlindedElement::from_bytes(&PublicKey(point).to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entropy::EntropyError;

    struct Fixed(u8);

    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            bytes.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn a_proof_fits_one_key_and_one_input() {
        let key = Key::derive(&[7; 32], 1).unwrap();
        let proof = prove(&key, b"input", &Fixed(3)).unwrap();
        assert_eq!(check(&key.public(), b"input", &proof), Ok(()));
        assert_eq!(check(&key.public(), b"other", &proof), Err(OprfError::Proof));
        for other in [Key::derive(&[8; 32], 1), Key::derive(&[7; 32], 2)] {
            let public = other.unwrap().public();
            assert_eq!(check(&public, b"input", &proof), Err(OprfError::Proof));
        }
        let zeros = URL_SAFE_NO_PAD.encode([0; PROOF_BYTES]);
        let short = URL_SAFE_NO_PAD.encode([1; 64]);
        for text in ["", "!", &zeros, &short, &format!("{proof}AA")] {
            assert_eq!(check(&key.public(), b"input", text), Err(OprfError::Element), "{text}");
        }
    }

    #[test]
    fn the_published_vector_holds() {
        let text = include_str!("../../tests/vectors/oprf/possession.json");
        let vector: serde_json::Value = serde_json::from_str(text).unwrap();
        let member = |name: &str| vector[name].as_str().unwrap();
        let key = PublicKey::parse(member("public_key")).unwrap();
        assert_eq!(check(&key, member("text").as_bytes(), member("proof")), Ok(()));
    }

    /// The published element is what a client with blind one would send.
    #[test]
    fn the_element_is_hash_to_group_of_the_input() {
        struct One;
        impl Entropy for One {
            fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
                bytes.fill(0);
                bytes.iter_mut().take(1).for_each(|b| *b = 1);
                Ok(())
            }
        }
        let (_, blinded) = crate::oprf::client::blind_bytes(b"input", &One).unwrap();
        assert_eq!(element(b"input").unwrap(), blinded);
    }
}
