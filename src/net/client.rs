//! Outbound HTTP: one client per peer, no redirects, no proxy, every wait and reply bounded.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

/// Longest wait for a TCP connection.
pub const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Largest reply that is read: a directory with room to grow.
pub const REPLY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Idle connections kept for the one peer.
const IDLE_MAX: usize = 8;
/// How long an idle connection is kept; below the server's own bound, so that we close first.
const IDLE_TIME: Duration = Duration::from_secs(20);

/// Why there is no reply. Says whose fault it is, never what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The base URL or path is not one we may call.
    #[error("the address is not usable")]
    Address,
    /// No connection: nobody listens, or the network is down. Nothing was sent.
    #[error("no connection to the peer")]
    Connect,
    /// The TLS handshake failed: a certificate of theirs or ours was refused.
    #[error("the TLS handshake failed")]
    Tls,
    /// No complete reply in time. The peer may have acted: send the same bytes again.
    #[error("no complete reply in time")]
    Timeout,
    /// The reply is larger than [`REPLY_BYTES_MAX`].
    #[error("the reply is too large")]
    TooLarge,
    /// The connection broke off. The peer may have acted: send the same bytes again.
    #[error("the connection broke off")]
    Broken,
}

/// Versions of HTTP that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// HTTP/2 or HTTP/1.1, as ALPN finds.
    Negotiated,
    /// HTTP/1.1 alone: a connection for every request that is under way.
    Http1,
}

/// A complete reply, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status; redirects are returned, never followed.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// A client of one peer; cheap to clone, connections are shared.
#[derive(Clone)]
pub struct Client {
    base: String,
    inner: Inner,
}

impl Client {
    /// A client of `https://host[:port]`, HTTP/2 or HTTP/1.1 by ALPN.
    pub fn https(base_url: &str, tls: ClientConfig) -> Result<Self, ClientError> {
        Self::https_with(base_url, tls, Versions::Negotiated)
    }

    /// A client of `https://host[:port]` that speaks these versions of HTTP.
    pub fn https_with(
        base_url: &str,
        mut tls: ClientConfig,
        versions: Versions,
    ) -> Result<Self, ClientError> {
        let base = base(base_url, "https")?;
        // The connector sets ALPN itself and panics when somebody did so before.
        tls.alpn_protocols.clear();
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_only();
        let connector = match versions {
            Versions::Negotiated => connector.enable_all_versions().wrap_connector(tcp()),
            Versions::Http1 => connector.enable_http1().wrap_connector(tcp()),
        };
        Ok(Self { base, inner: Inner::Https(builder().build(connector)) })
    }

    /// A client of `http://` on this machine; refuses any host but loopback.
    pub fn loopback(base_url: &str) -> Result<Self, ClientError> {
        let base = base(base_url, "http")?;
        let uri: Uri = base.parse().map_err(|_| ClientError::Address)?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if host != "localhost" && !host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()) {
            return Err(ClientError::Address);
        }
        Ok(Self { base, inner: Inner::Plain(builder().build(tcp())) })
    }

    /// `GET path`; `path` starts with `/`, `within` bounds the whole exchange.
    pub async fn get(&self, path: &str, within: Duration) -> Result<Reply, ClientError> {
        self.call(Method::GET, path, HeaderMap::new(), Bytes::new(), within).await
    }

    /// `POST path`; `within` bounds the whole exchange.
    pub async fn post(
        &self,
        path: &str,
        content_type: &'static str,
        body: Bytes,
        within: Duration,
    ) -> Result<Reply, ClientError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.call(Method::POST, path, headers, body, within).await
    }

    /// Any method with headers of the caller's (bearer token, language).
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
        within: Duration,
    ) -> Result<Reply, ClientError> {
        if !path.starts_with('/') {
            return Err(ClientError::Address);
        }
        let uri: Uri = format!("{}{path}", self.base).parse().map_err(|_| ClientError::Address)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request.headers_mut().entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        tokio::time::timeout(within, self.exchange(request))
            .await
            .unwrap_or(Err(ClientError::Timeout))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Reply, ClientError> {
        let response = match &self.inner {
            Inner::Https(client) => client.request(request).await,
            Inner::Plain(client) => client.request(request).await,
        };
        let (parts, body) = response.map_err(|e| classify(&e))?.into_parts();
        match Limited::new(body, REPLY_BYTES_MAX).collect().await {
            Ok(body) => {
                Ok(Reply { status: parts.status, headers: parts.headers, body: body.to_bytes() })
            }
            Err(e) if e.is::<LengthLimitError>() => Err(ClientError::TooLarge),
            Err(_) => Err(ClientError::Broken),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

#[derive(Clone)]
enum Inner {
    Https(legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
    Plain(legacy::Client<HttpConnector, Full<Bytes>>),
}

/// Scheme and authority only, without a slash at the end: paths come from our own code.
fn base(url: &str, scheme: &str) -> Result<String, ClientError> {
    let uri: Uri = url.parse().map_err(|_| ClientError::Address)?;
    let authority = uri.authority().ok_or(ClientError::Address)?;
    let bare = uri.path_and_query().is_none_or(|p| p.as_str() == "/");
    if uri.scheme_str() != Some(scheme) || !bare || authority.as_str().contains('@') {
        return Err(ClientError::Address);
    }
    Ok(format!("{scheme}://{authority}"))
}

fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.set_connect_timeout(Some(CONNECT_TIME));
    tcp.set_nodelay(true);
    tcp.enforce_http(false);
    tcp
}

fn builder() -> legacy::Builder {
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    builder
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIME)
        .pool_max_idle_per_host(IDLE_MAX);
    builder
}

/// In TLS 1.3 a server refuses our certificate after our side of the handshake is done, so the
/// alert shows up while sending: look through the causes before anything else. HTTP/2 keeps of it
/// only the I/O kind, `InvalidData`, which nothing but TLS gives on a socket.
fn classify(error: &legacy::Error) -> ClientError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(e) = cause {
        let io = e.downcast_ref::<io::Error>();
        if e.is::<rustls::Error>() || io.is_some_and(|e| e.kind() == io::ErrorKind::InvalidData) {
            return ClientError::Tls;
        }
        // `source` of an I/O error skips the error that it wraps.
        cause = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => e.source(),
        };
    }
    if error.is_connect() { ClientError::Connect } else { ClientError::Broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_bare_and_plain_means_loopback() {
        for good in ["http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:9"] {
            Client::loopback(good).unwrap();
        }
        for bad in [
            "http://10.0.0.1",
            "http://localhost.example.org",
            "https://127.0.0.1",
            "http://127.0.0.1/x",
            "http://u:p@127.0.0.1",
            "127.0.0.1",
            "",
        ] {
            assert_eq!(Client::loopback(bad).err(), Some(ClientError::Address), "{bad}");
        }
    }
}
