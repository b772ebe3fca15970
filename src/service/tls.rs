//! TLS settings from the files of a configuration.

use std::path::Path;

use super::StartError;
use crate::config::ListenerSection;
use crate::net::tls::{ClientAuth, Identity, TlsError, Trust};

/// What a listener shows, and whom it asks for a certificate: everybody.
pub(super) fn credentials(section: &ListenerSection) -> Result<(Identity, ClientAuth), StartError> {
    let (chain, key) = (text(&section.certificate)?, text(&section.key)?);
    let (roots, crl) = (text(&section.client_roots)?, text(&section.crl)?);
    let wrong = wrong(&section.certificate);
    let identity = Identity::from_pem(&chain, &key).map_err(&wrong)?;
    let trust = Trust::with_revocation(&roots, &crl).map_err(&wrong)?;
    Ok((identity, ClientAuth::Required(trust)))
}

/// Places an error of TLS at the certificate that the settings begin with.
pub(super) fn wrong(certificate: &Path) -> impl Fn(TlsError) -> StartError {
    move |source| StartError::Tls { file: certificate.to_owned(), source }
}

/// A text file of the configuration.
pub(super) fn text(file: &Path) -> Result<String, StartError> {
    std::fs::read_to_string(file)
        .map_err(|source| StartError::File { file: file.to_owned(), source })
}
