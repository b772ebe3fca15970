//! Composition: makes each role from its configuration and runs it until it is told to stop.
//!
//! Owns opening files, binding listeners, background tasks and the order of shutdown. Leaves what a
//! role does to its own module. Every role is made the same way, so that the demo can run all of
//! them in one process:
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use std::path::Path;
//! use talent_gateway::config;
//! use talent_gateway::service::{Service, system_ports};
//!
//! let config = config::load(Path::new("dev/talent-gateway.toml"))?;
//! let service = Service::gateway(&config, system_ports()).await?;
//! println!("{}", service.bound()[0].url());
//! service.run(std::future::pending::<()>()).await;
//! # Ok(())
//! # }
//! ```

mod bound;
mod connector;
mod echo;
mod error;
mod gateway;
mod outbound;
mod roster;
mod secret;
mod signal;
mod store;
mod tls;
mod tokeniser;

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::bound::Place;
pub use self::bound::{Bound, read_address};
pub use self::error::StartError;
pub use self::gateway::open_gateway;
pub use self::outbound::{outbound, outbound_with};
pub use self::secret::{SecretError, read_secret, write_secret};
pub use self::signal::stop_signal;
pub use self::store::{Store, open_store};
use crate::config::{ConfigError, PinnedFile};
use crate::evidence;
use crate::gateway::{Gateway, Ports};
use crate::net::listener::Drained;
use crate::system::{SystemClock, SystemEntropy, SystemIds};

/// A role with its listeners bound, ready to run.
pub struct Service {
    bound: Vec<Bound>,
    parts: Vec<Part>,
    stop: watch::Sender<()>,
    gateway: Option<Arc<Gateway>>,
}

/// Completes when the service stops.
type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;
/// Something that runs until the service stops.
type Part = Pin<Box<dyn Future<Output = Option<Drained>> + Send>>;

impl Service {
    fn new() -> Self {
        Self { bound: Vec::new(), parts: Vec::new(), stop: watch::Sender::new(()), gateway: None }
    }

    /// The addresses that were taken, in the order of the configuration: first the one that
    /// participants or local systems use, then the one for operations if there is one.
    pub fn bound(&self) -> &[Bound] {
        &self.bound
    }

    /// The gateway, when this is its service: for a process that also acts as its operator.
    pub fn gateway_handle(&self) -> Option<Arc<Gateway>> {
        self.gateway.clone()
    }

    /// Runs until `stop` completes, then lets requests in flight finish and background tasks end.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Drained {
        let mut parts: JoinSet<_> = self.parts.into_iter().collect();
        tokio::select! {
            () = stop => {}
            // Listeners and tasks end only when told to: one that ends before has failed.
            ended = parts.join_next() => {
                tracing::error!(?ended, "a part of the service ended by itself; stopping");
            }
        }
        drop(self.stop);
        let mut sum = Drained { finished: 0, aborted: 0 };
        while let Some(ended) = parts.join_next().await {
            match ended {
                Ok(Some(drained)) => {
                    sum.finished += drained.finished;
                    sum.aborted += drained.aborted;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "a part of the service failed"),
            }
        }
        sum
    }

    /// Binds a listener and keeps what serves it.
    async fn listen<F>(
        &mut self,
        place: Place<'_>,
        tls: bool,
        serve: impl FnOnce(TcpListener, Stopped) -> F,
    ) -> Result<(), StartError>
    where
        F: Future<Output = Drained> + Send + 'static,
    {
        let (socket, bound) = place.bind(tls).await?;
        let serving = serve(socket, self.stopped());
        self.bound.push(bound);
        self.parts.push(Box::pin(async move { Some(serving.await) }));
        Ok(())
    }

    /// Keeps a task that has no end of its own; it is dropped when the service stops.
    fn background(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.stopped();
        self.parts.push(Box::pin(async move {
            tokio::select! {
                () = stopped => {}
                () = task => {}
            }
            None
        }));
    }

    /// Completes when the service stops.
    fn stopped(&self) -> Stopped {
        let mut stop = self.stop.subscribe();
        Box::pin(async move {
            // Nothing is ever sent: the sender is dropped.
            let _ = stop.changed().await;
        })
    }
}

/// What a participant knows of the operator by other means than the network.
///
/// # Errors
/// [`StartError::Config`].
pub fn pin(file: &Path) -> Result<evidence::Pin, StartError> {
    let pinned = PinnedFile::load(file)?;
    let what = "the key is not a sound Ed25519 key";
    let key = pinned.public().ok_or(ConfigError::Contradiction { file: file.to_owned(), what })?;
    Ok(evidence::Pin { operator: pinned.operator.participant, key })
}

/// The machine's clock, ids and randomness.
pub fn system_ports() -> Ports {
    Ports {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        entropy: Arc::new(SystemEntropy),
    }
}
