//! The development CA: issues server and client certificates and revocation lists.
//!
//! Keys are drawn by the TLS provider's own generator, never from a seed that a caller passes in;
//! serial numbers and times are arguments.

use std::fmt;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams,
    CertificateSigningRequestParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose, PublicKeyData, RevokedCertParams, SanType, SerialNumber,
    date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{Credential, Leaf, PkiError, PrivateKeyPem, Profile, Serial};
use crate::domain::entropy::Entropy;
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;

/// Names of a server certificate when the caller has no others: this machine only.
pub const LOCAL_NAMES: [&str; 2] = ["localhost", "127.0.0.1"];
/// Certificates start this long before `now`, for clocks that run behind (seconds).
const BACKDATE_S: i64 = 300;
/// Largest CSR that is read, in bytes of PEM.
const CSR_BYTES_MAX: usize = 16 * 1024;
const DAY_S: i64 = 86_400;
/// 9999-12-31T23:59:59Z, the last instant of a certificate (RFC 5280 §4.1.2.5).
const LAST_INSTANT_S: u64 = 253_402_300_799;

/// A certificate authority for development and tests.
pub struct Ca {
    profile: Profile,
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl fmt::Debug for Ca {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ca").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl Ca {
    /// Makes a new key and a self-signed root.
    pub fn create(
        profile: Profile,
        now: UtcSeconds,
        entropy: &dyn Entropy,
    ) -> Result<Self, PkiError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, profile.common_name.clone());
        params.distinguished_name.push(DnType::OrganizationName, profile.organization.clone());
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        set_serial(&mut params, Serial::draw(entropy)?);
        set_validity(&mut params, now, i64::from(profile.ca_days));
        let pem = params.self_signed(&key)?.pem();
        Ok(Self { profile, issuer: Issuer::new(params, key), pem })
    }

    /// Reads a root and its key; refuses a root that is no CA or has another key.
    pub fn load(profile: Profile, cert_pem: &str, key_pem: &str) -> Result<Self, PkiError> {
        use rustls::pki_types::pem::PemObject as _;

        let key = KeyPair::from_pem(key_pem).map_err(|_| PkiError::Load("key is unreadable"))?;
        let der = CertificateDer::from_pem_slice(cert_pem.as_bytes())
            .map_err(|_| PkiError::Load("certificate is unreadable"))?;
        let (_, cert) = X509Certificate::from_der(&der)
            .map_err(|_| PkiError::Load("certificate is unreadable"))?;
        if !cert.is_ca() {
            return Err(PkiError::Load("certificate is not that of a CA"));
        }
        if cert.public_key().raw != key.subject_public_key_info() {
            return Err(PkiError::Load("key belongs to another certificate"));
        }
        let issuer = Issuer::from_ca_cert_der(&der, key)?;
        Ok(Self { profile, issuer, pem: cert_pem.to_owned() })
    }

    /// The root as PEM.
    pub fn root_pem(&self) -> &str {
        &self.pem
    }

    /// The CA's private key, to be written with [`super::write_private`].
    pub fn key(&self) -> PrivateKeyPem {
        key_pem(self.issuer.key())
    }

    /// Issues a server certificate for DNS names and IP addresses (see [`LOCAL_NAMES`]).
    pub fn issue_server(
        &self,
        names: &[&str],
        now: UtcSeconds,
        entropy: &dyn Entropy,
    ) -> Result<Credential, PkiError> {
        if names.is_empty() {
            return Err(PkiError::Name);
        }
        let names: Vec<String> = names.iter().map(|&n| n.to_owned()).collect();
        let mut params = CertificateParams::new(names).map_err(|_| PkiError::Name)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.issue_with_new_key(params, now, entropy)
    }

    /// Makes a key and a client certificate that names `participant`.
    pub fn issue_client(
        &self,
        participant: &ParticipantId,
        now: UtcSeconds,
        entropy: &dyn Entropy,
    ) -> Result<Credential, PkiError> {
        self.issue_with_new_key(client_params(participant)?, now, entropy)
    }

    /// Issues a client certificate for a key that `participant` made itself.
    ///
    /// Only the public key is taken from the request, whose signature proves possession
    /// (RFC 2986); every name in it is ignored.
    pub fn sign_csr(
        &self,
        csr_pem: &str,
        participant: &ParticipantId,
        now: UtcSeconds,
        entropy: &dyn Entropy,
    ) -> Result<Leaf, PkiError> {
        if csr_pem.len() > CSR_BYTES_MAX {
            return Err(PkiError::Request("too large"));
        }
        let csr = CertificateSigningRequestParams::from_pem(csr_pem)
            .map_err(|_| PkiError::Request("malformed or not signed by its own key"))?;
        if !key_allowed(&csr.public_key) {
            return Err(PkiError::Request("key is not P-256, P-384 or Ed25519"));
        }
        self.sign(client_params(participant)?, &csr.public_key, now, entropy)
    }

    /// A revocation list with these serial numbers, as PEM.
    ///
    /// Its number is `now` in seconds: it grows as long as lists are made in order.
    pub fn crl(&self, revoked: &[Serial], now: UtcSeconds) -> Result<String, PkiError> {
        let this_update = now.plus_seconds(-BACKDATE_S);
        let next_update = now.plus_seconds(i64::from(self.profile.crl_hours) * 3600);
        let epoch = date_time_ymd(1970, 1, 1);
        let revoked_certs = revoked
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial.as_bytes()),
                revocation_time: epoch + since_epoch(this_update),
                reason_code: None,
                invalidity_date: None,
            })
            .collect();
        let params = CertificateRevocationListParams {
            this_update: epoch + since_epoch(this_update),
            next_update: epoch + since_epoch(next_update),
            crl_number: SerialNumber::from(since_epoch(now).as_secs()),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer)?.pem()?)
    }

    fn issue_with_new_key(
        &self,
        params: CertificateParams,
        now: UtcSeconds,
        entropy: &dyn Entropy,
    ) -> Result<Credential, PkiError> {
        let key = KeyPair::generate()?;
        let leaf = self.sign(params, &key, now, entropy)?;
        Ok(Credential { leaf, key: key_pem(&key) })
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        key: &impl PublicKeyData,
        now: UtcSeconds,
        entropy: &dyn Entropy,
    ) -> Result<Leaf, PkiError> {
        let serial = Serial::draw(entropy)?;
        set_serial(&mut params, serial);
        let not_after = set_validity(&mut params, now, i64::from(self.profile.leaf_days));
        // Browsers and Java show the subject; nobody may rely on it, so it says nothing.
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "see subject alternative name");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let pem = params.signed_by(key, &self.issuer)?.pem();
        Ok(Leaf { pem, serial, not_after })
    }
}

fn client_params(participant: &ParticipantId) -> Result<CertificateParams, PkiError> {
    let mut params = CertificateParams::default();
    let urn = participant.urn().try_into().map_err(|_| PkiError::Name)?;
    params.subject_alt_names = vec![SanType::URI(urn)];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    Ok(params)
}

/// The length of the point tells the curve: a request may name a hash that goes with another one.
fn key_allowed(key: &rcgen::PublicKey) -> bool {
    let bytes = key.der_bytes().len();
    let algorithm = key.algorithm();
    [
        (&rcgen::PKCS_ECDSA_P256_SHA256, 65),
        (&rcgen::PKCS_ECDSA_P384_SHA384, 97),
        (&rcgen::PKCS_ED25519, 32),
    ]
    .into_iter()
    .any(|(allowed, length)| *algorithm == *allowed && bytes == length)
}

fn set_serial(params: &mut CertificateParams, serial: Serial) {
    params.serial_number = Some(SerialNumber::from_slice(serial.as_bytes()));
}

fn set_validity(params: &mut CertificateParams, now: UtcSeconds, days: i64) -> UtcSeconds {
    let not_after = now.plus_seconds(days.saturating_mul(DAY_S));
    let epoch = date_time_ymd(1970, 1, 1);
    params.not_before = epoch + since_epoch(now.plus_seconds(-BACKDATE_S));
    params.not_after = epoch + since_epoch(not_after);
    not_after
}

fn since_epoch(t: UtcSeconds) -> Duration {
    Duration::from_secs(u64::try_from(t.0).unwrap_or(0).min(LAST_INSTANT_S))
}

fn key_pem(key: &KeyPair) -> PrivateKeyPem {
    PrivateKeyPem::new(key.serialize_pem())
}
