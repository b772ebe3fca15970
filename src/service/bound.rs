//! Addresses that were taken, and how the other roles of one installation find them.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use serde::Serialize;
use tokio::net::TcpListener;

use super::StartError;

/// A listener's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// `gateway`, `gateway-operations`, `tokeniser`, or the district of a connector.
    pub name: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Is it TLS?
    pub tls: bool,
}

impl Bound {
    /// The URL by which a program on this machine reaches it. Development certificates name
    /// `localhost`.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://localhost:{}", self.address.port())
    }

    /// Writes the address to `<folder>/<name>.addr`.
    fn publish(&self, folder: Option<&Path>) -> Result<(), StartError> {
        let Some(folder) = folder else { return Ok(()) };
        let file = folder.join(format!("{}.addr", self.name));
        let write = || {
            std::fs::create_dir_all(folder)?;
            let staged = file.with_extension("addr.new");
            std::fs::write(&staged, format!("{}\n", self.address))?;
            std::fs::rename(&staged, &file)
        };
        write().map_err(|source| StartError::File { file: file.clone(), source })
    }
}

/// The address that a role of the same installation wrote.
///
/// # Errors
/// An I/O error; [`io::ErrorKind::InvalidData`] when the file holds no address.
pub fn read_address(folder: &Path, name: &str) -> io::Result<SocketAddr> {
    let text = std::fs::read_to_string(folder.join(format!("{name}.addr")))?;
    text.trim().parse().map_err(|_| io::ErrorKind::InvalidData.into())
}

/// A listener to be bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// Its name, see [`Bound::name`].
    pub name: &'a str,
    /// Where.
    pub address: SocketAddr,
    /// Folder into which the address is written.
    pub run: Option<&'a Path>,
}

impl Place<'_> {
    /// Binds it and writes the address.
    pub async fn bind(self, tls: bool) -> Result<(TcpListener, Bound), StartError> {
        let error = |source| StartError::Bind { address: self.address, source };
        let listener = TcpListener::bind(self.address).await.map_err(error)?;
        let address = listener.local_addr().map_err(error)?;
        let bound = Bound { name: self.name.to_owned(), address, tls };
        bound.publish(self.run)?;
        Ok((listener, bound))
    }
}
