//! A CA, a clock that tests set, and a server that stops when told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use rustls::ServerConfig;
use rustls::pki_types::ServerName;
use talent_gateway::domain::participant::ParticipantId;
use talent_gateway::domain::ports::Clock;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::net::body::{self, BodyLimit};
use talent_gateway::net::client::Client;
use talent_gateway::net::edge;
use talent_gateway::net::limits::Limits;
use talent_gateway::net::listener::{self, Drained};
use talent_gateway::net::peer::Peer;
use talent_gateway::net::problem::Problem;
use talent_gateway::net::tls::{self, ClientAuth, Identity, Trust};
use talent_gateway::pki::{Ca, Credential, LOCAL_NAMES, Profile, Serial};
use talent_gateway::system::{SystemEntropy, SystemIds};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// When the tests take place; far from the real clock on purpose.
pub const NOW: UtcSeconds = UtcSeconds(1_900_000_000);
pub const DAY_S: i64 = 86_400;
/// Longer than any test may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Cap and time of the test server's bodies.
pub const BODY: BodyLimit = BodyLimit { bytes_max: 1024, within: Duration::from_millis(300) };

/// A clock that stands still until a test moves it.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(now: UtcSeconds) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(now.0)))
    }

    pub fn set(&self, now: UtcSeconds) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UtcSeconds {
        UtcSeconds(self.0.load(Ordering::SeqCst))
    }

    fn now_ms(&self) -> i64 {
        self.now().0 * 1000
    }
}

pub fn participant(id: &str) -> ParticipantId {
    id.parse().unwrap()
}

pub fn new_ca() -> Ca {
    Ca::create(Profile::development().unwrap(), NOW, &SystemEntropy).unwrap()
}

/// A CA, and the clock that servers go by.
pub struct World {
    pub ca: Ca,
    pub clock: Arc<TestClock>,
}

impl World {
    pub fn new() -> Self {
        Self { ca: new_ca(), clock: TestClock::at(NOW) }
    }

    pub fn client(&self, id: &str) -> Credential {
        self.ca.issue_client(&participant(id), NOW, &SystemEntropy).unwrap()
    }

    pub fn server_tls(&self, clients: ClientAuth) -> Arc<ServerConfig> {
        let own = self.ca.issue_server(&LOCAL_NAMES, NOW, &SystemEntropy).unwrap();
        Arc::new(tls::server_config(identity(&own), clients, self.clock.clone()).unwrap())
    }

    /// Mutual TLS without revocation.
    pub fn mutual_tls(&self) -> Arc<ServerConfig> {
        let trust = Trust::without_revocation(self.ca.root_pem()).unwrap();
        self.server_tls(ClientAuth::Required(trust))
    }

    /// Mutual TLS with a revocation list of this moment.
    pub fn mutual_tls_revoking(&self, revoked: &[Serial]) -> Arc<ServerConfig> {
        let crl = self.ca.crl(revoked, self.clock.now()).unwrap();
        let trust = Trust::with_revocation(self.ca.root_pem(), &crl).unwrap();
        self.server_tls(ClientAuth::Required(trust))
    }

    pub fn client_tls(&self, own: Option<&Credential>) -> rustls::ClientConfig {
        // Clients go by a clock of their own: what a test changes is the server's judgement.
        let servers = Trust::without_revocation(self.ca.root_pem()).unwrap();
        tls::client_config(own.map(identity), servers, TestClock::at(NOW)).unwrap()
    }

    pub fn https(&self, addr: SocketAddr, own: Option<&Credential>) -> Client {
        let base = format!("https://localhost:{}", addr.port());
        Client::https(&base, self.client_tls(own)).unwrap()
    }
}

pub fn identity(credential: &Credential) -> Identity {
    Identity::from_pem(&credential.leaf.pem, credential.key.expose()).unwrap()
}

/// A TLS connection in our own hands, which speaks HTTP/1.1.
pub async fn connect(addr: SocketAddr, config: rustls::ClientConfig) -> TlsStream<TcpStream> {
    let tcp = TcpStream::connect(addr).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap()
}

/// Sends bytes and reads until the server closes or `PATIENCE` is over.
pub async fn talk<S>(stream: &mut S, request: &[u8]) -> String
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    stream.write_all(request).await.unwrap();
    let mut reply = Vec::new();
    // A server that closes without a TLS goodbye is an error here, with the bytes read so far.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut reply))
        .await
        .expect("the server neither answered nor closed");
    String::from_utf8(reply).unwrap()
}

/// A running server.
pub struct Server {
    pub addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    done: JoinHandle<Drained>,
}

impl Server {
    pub async fn start(tls: Option<Arc<ServerConfig>>, app: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let app = edge::wrap(app, Arc::new(SystemIds));
        let done = tokio::spawn(async move {
            let shutdown = async move { drop(stopped.await) };
            listener::serve(listener, tls, app, limits, shutdown).await
        });
        Self { addr, stop: Some(stop), done }
    }

    pub fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    pub async fn stop(mut self) -> Drained {
        self.ask_to_stop();
        tokio::time::timeout(PATIENCE, self.done).await.expect("drain has a bound").unwrap()
    }
}

/// `GET /who` names version and peer, `POST /echo` reads a bounded body.
pub fn app() -> Router {
    Router::new()
        .route(
            "/who",
            get(|Peer(peer): Peer, request: Request| async move {
                format!("{:?} {}", request.version(), peer.participant)
            }),
        )
        .route(
            "/echo",
            post(|request: Request| async move {
                body::read(request.into_body(), BODY).await.map_err(Problem::from)
            }),
        )
}
