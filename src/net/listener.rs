//! The accept loop: one task per connection, every wait bounded, drained in two steps at shutdown.
//!
//! `axum::serve` awaits each handshake in turn and puts header timeout and HTTP/2 bounds out of
//! reach, so the loop is our own. The HTTP version comes from ALPN, never from sniffing the first
//! bytes, which has no time limit; without TLS it is HTTP/1.1.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::Service as _;

use super::limits::Limits;
use super::peer::{ConnectInfo, PeerIdentity};

/// Pause after a failed accept (out of file descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How a listener ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were open at shutdown and ended by themselves.
    pub finished: usize,
    /// Connections that were cut when the time for draining was over.
    pub aborted: usize,
}

/// Serves `app` until `shutdown` completes; then accepts nothing more, lets requests in flight
/// finish (soft), and cuts what is left after [`Limits::drain`] (hard).
///
/// Without `tls` it speaks plain HTTP/1.1: for loopback only (connector, operations).
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    app: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send,
) -> Drained {
    let (stop, stopping) = watch::channel(());
    let permits = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let shared = Arc::new(Shared::new(tls, app, limits));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => report(&ended),
            (stream, remote, permit) = accept(&listener, &permits) => {
                let (shared, stopping) = (Arc::clone(&shared), stopping.clone());
                connections.spawn(async move {
                    shared.connection(stream, remote, stopping).await;
                    drop(permit);
                });
            }
        }
    }
    drop(listener);
    drop(stop);
    drain(connections, limits.drain).await
}

/// Waits for a free place first, then for a connection.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there always is a permit.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, remote)) => return (stream, remote, permit),
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn drain(mut connections: JoinSet<()>, within: Duration) -> Drained {
    let open = connections.len();
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            report(&ended);
        }
    };
    let in_time = tokio::time::timeout(within, all_ended).await.is_ok();
    let aborted = if in_time { 0 } else { connections.len() };
    connections.shutdown().await;
    Drained { finished: open - aborted, aborted }
}

fn report(ended: &Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection's task failed");
    }
}

/// What all connections of one listener share.
struct Shared {
    tls: Option<TlsAcceptor>,
    app: Router,
    limits: Limits,
    http1: auto::Builder<TokioExecutor>,
    http2: auto::Builder<TokioExecutor>,
}

impl Shared {
    fn new(tls: Option<Arc<ServerConfig>>, app: Router, limits: Limits) -> Self {
        let mut http1 = auto::Builder::new(TokioExecutor::new()).http1_only();
        http1
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_read)
            .max_buf_size(usize::try_from(limits.head_bytes).unwrap_or(usize::MAX).max(8192));
        let mut http2 = auto::Builder::new(TokioExecutor::new()).http2_only();
        http2
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.http2_streams)
            .max_header_list_size(limits.head_bytes)
            .keep_alive_interval(limits.http2_ping)
            .keep_alive_timeout(limits.http2_ping);
        Self { tls: tls.map(TlsAcceptor::from), app, limits, http1, http2 }
    }

    async fn connection(
        &self,
        stream: TcpStream,
        remote: SocketAddr,
        mut stopping: watch::Receiver<()>,
    ) {
        // Small answers leave at once; an error here means that the peer is gone already.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = &self.tls else {
            return self
                .http(&self.http1, stream, ConnectInfo { peer: None, remote }, stopping)
                .await;
        };
        let handshake = tokio::time::timeout(self.limits.handshake, acceptor.accept(stream));
        let stream = tokio::select! {
            _ = stopping.changed() => return,
            done = handshake => match done {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return tracing::info!(%remote, %error, "handshake refused"),
                Err(_) => return tracing::info!(%remote, "handshake took too long"),
            },
        };
        let builder = if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            &self.http2
        } else {
            &self.http1
        };
        let peer = peer(&stream, remote);
        self.http(builder, stream, ConnectInfo { peer, remote }, stopping).await;
    }

    async fn http<S>(
        &self,
        builder: &auto::Builder<TokioExecutor>,
        stream: S,
        info: ConnectInfo,
        mut stopping: watch::Receiver<()>,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let remote = info.remote;
        let app = self.app.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(info.clone());
            app.clone().call(request.map(Body::new))
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stopping.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%remote, %error, "connection ended early");
        }
    }
}

fn peer(stream: &TlsStream<TcpStream>, remote: SocketAddr) -> Option<Arc<PeerIdentity>> {
    let leaf = stream.get_ref().1.peer_certificates()?.first()?;
    match PeerIdentity::from_certificate(leaf) {
        Ok(peer) => Some(Arc::new(peer)),
        Err(error) => {
            tracing::warn!(%remote, %error, "client certificate");
            None
        }
    }
}
