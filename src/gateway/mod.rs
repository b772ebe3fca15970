//! Use cases: accept, answer, feed, directory, log, rebuild; and the ports they need.
//!
//! Owns the order in which a message is checked, what is signed about it and when a reply may
//! leave. Leaves what a message means to `domain`, what it does to tables to `projection`, SQL to
//! `store` and HTTP to `api`.
//!
//! Acceptance is a chain of types, each made by the step before it alone:
//!
//! ```
//! use talent_gateway::domain::{code::Refusal, participant::ParticipantId, time::UtcSeconds};
//! use talent_gateway::gateway::{Authorised, Directory, Received};
//! use talent_gateway::schema::Registry;
//!
//! fn take<'a>(
//!     received: &Received<'a>,
//!     directory: &Directory,
//!     schemas: &Registry,
//!     service: &ParticipantId,
//!     now: UtcSeconds,
//! ) -> Result<Authorised<'a>, Refusal> {
//!     let authenticated = received.authenticate(directory, service, now)?;
//!     let validated = authenticated.validate(schemas).map_err(|r| r.refusal)?;
//!     validated.authorise(directory).map_err(|r| r.refusal)
//! }
//! ```
//!
//! so that no step can be left out
//!
//! ```compile_fail,E0599
//! # use talent_gateway::gateway::{Authenticated, Directory};
//! fn without_schema(message: Authenticated<'_>, directory: &Directory) {
//!     let _ = message.authorise(directory);
//! }
//! ```
//!
//! and none can be made up:
//!
//! ```compile_fail,E0451
//! # use talent_gateway::domain::registry::{Body, MessageType};
//! # use talent_gateway::gateway::{Authorised, Envelope};
//! fn forge(envelope: Envelope<'_>, ty: MessageType, body: Body) -> Authorised<'_> {
//!     Authorised { envelope, ty, body }
//! }
//! ```

mod accept;
mod again;
mod answer;
mod commit;
mod coverage;
mod deadline;
mod directory;
mod group;
mod judge;
mod log_reads;
mod operate;
pub mod ports;
mod precision;
mod pseudonym;
mod publish;
mod quota;
mod rebuild;
mod receipt;
mod reply;
mod review;
mod rulebook;
mod self_test;
mod shared;
mod tick;
pub mod vault;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{oneshot, watch};

pub use self::accept::{Authenticated, Authorised, Envelope, Received, Rejected, Validated};
pub use self::again::Taken;
pub use self::commit::{GatewayCommitter, Submission};
pub use self::coverage::{CoverageGap, CoverageLine};
pub use self::directory::{Directory, Pinned};
pub use self::log_reads::ProvenDocument;
pub use self::operate::NewKey;
pub use self::precision::RulePrecision;
pub use self::pseudonym::Pseudonyms;
pub use self::publish::Document;
pub use self::quota::QueryQuota;
pub use self::rebuild::{Difference, EachRow, differences, rebuild};
pub use self::reply::{Reply, Tiles};
pub use self::rulebook::Rulebook;
pub use self::self_test::{Load, SELF_TEST_TIME};
pub use self::shared::{GatewayKeys, Ports};

use self::answer::{Desk, answer_as_of};
use self::commit::{Submitted, Work};
use self::judge::Objection;
use self::ports::{Reads, Writer, read};
use self::quota::Asked;
use self::reply::internal;
use self::shared::Shared;
use self::vault::Part;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::domain::code::{Code, Refusal};
use crate::domain::context::QueryContext;
use crate::domain::participant::ParticipantId;
use crate::domain::registry::Class;
use crate::domain::subject::{Ref, TokenRef};
use crate::log::{KeyName, Tree};
use crate::projection::{FEED, FeedRow, Key, Resolution as _, ViewError};
use crate::schema::Registry;

/// Most feed entries in one reply.
pub const FEED_PAGE_MAX: usize = 500;

/// Who the gateway is.
pub struct Identity {
    /// Its participant id.
    pub id: ParticipantId,
    /// Origin of its log: a schema-less URL (C2SP tlog-checkpoint).
    pub origin: KeyName,
    /// The operator and its directory key.
    pub pinned: Pinned,
}

/// The gateway: one per store and origin.
pub struct Gateway {
    shared: Arc<Shared>,
    reads: Arc<dyn Reads>,
    writer: Box<dyn Writer<Submission>>,
    asked: Asked,
}

/// Why a gateway could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The catalogue of this build cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The store could not be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The tiles of the log contradict its entries.
    #[error("the log of this store is damaged: {0}")]
    Log(String),
    /// The writer could not be started.
    #[error("the writer could not be started: {0}")]
    Writer(String),
}

impl Gateway {
    /// Takes up the log of a store, with the catalogue of this build. `start` starts the store's writer
    /// around the committer.
    pub fn open<E: std::fmt::Display>(
        identity: Identity,
        keys: GatewayKeys,
        ports: Ports,
        schemas: Arc<Registry>,
        reads: Arc<dyn Reads>,
        start: impl FnOnce(GatewayCommitter) -> Result<Box<dyn Writer<Submission>>, E>,
    ) -> Result<Self, OpenError> {
        Self::open_with(Catalogue::embedded()?, identity, keys, ports, schemas, reads, start)
    }

    /// The same with another catalogue, such as one with notices of more years.
    pub fn open_with<E: std::fmt::Display>(
        catalogue: Arc<Catalogue>,
        identity: Identity,
        keys: GatewayKeys,
        ports: Ports,
        schemas: Arc<Registry>,
        reads: Arc<dyn Reads>,
        start: impl FnOnce(GatewayCommitter) -> Result<Box<dyn Writer<Submission>>, E>,
    ) -> Result<Self, OpenError> {
        let state = read(&reads, |snapshot| {
            let size = snapshot.size()?;
            let last = match size.checked_sub(1) {
                Some(pos) => snapshot.entries(pos, 1)?.pop(),
                None => None,
            };
            let tree = Tree::restore(size, &Tiles(snapshot)).map_err(|e| e.to_string());
            let snapshots = (
                Directory::load(snapshot, &identity.pinned)?,
                Document::load(snapshot)?,
                Rulebook::load(snapshot, &catalogue, size)?,
            );
            Ok((snapshots, tree, last))
        })?;
        let (snapshots, tree, last) = state;
        let tree = tree.map_err(OpenError::Log)?;
        let last_at = last.map_or(crate::domain::time::UtcSeconds(0), |entry| entry.at);
        let shared = Arc::new(Shared::new(identity, keys, ports, catalogue, schemas, snapshots));
        shared.sign_checkpoint(&tree);
        shared.size.send_replace(tree.size());
        let committer = GatewayCommitter::new(Arc::clone(&shared), tree, last_at);
        let writer = start(committer).map_err(|e| OpenError::Writer(e.to_string()))?;
        Ok(Self { shared, reads, writer, asked: Asked::new(QueryQuota::default()) })
    }

    /// The same gateway with another quota of queries and holds.
    #[must_use]
    pub fn with_quota(self, quota: QueryQuota) -> Self {
        Self { asked: Asked::new(quota), ..self }
    }

    /// The gateway's participant id, the `aud` of every message to it.
    pub fn id(&self) -> &ParticipantId {
        &self.shared.id
    }

    /// The schemas that it accepts.
    pub fn schemas(&self) -> &Registry {
        &self.shared.schemas
    }

    /// The directory of the moment.
    pub fn directory(&self) -> Arc<Directory> {
        self.shared.directory.load_full()
    }

    /// The newest signed directory document, once there is one.
    pub fn document(&self) -> Option<Document> {
        self.shared.document.load().as_ref().clone()
    }

    /// The newest signed checkpoint.
    pub fn checkpoint(&self) -> Arc<String> {
        self.shared.checkpoint.load_full()
    }

    /// Takes one message: the whole of acceptance. The reply is durable and proven.
    ///
    /// An error is an unsigned refusal: nothing was stored and no `jti` is consumed. A signed
    /// refusal is a [`Reply`] that carries its reason.
    pub async fn accept(&self, peer: &ParticipantId, bytes: &[u8]) -> Result<Reply, Refusal> {
        let received = Received::new(peer, bytes)?;
        let directory = self.directory();
        let now = self.shared.clock.now();
        let authenticated = match received.authenticate(&*directory, &self.shared.id, now) {
            Ok(authenticated) => authenticated,
            // Whatever fails now, bytes that were answered before get the same answer again.
            Err(refusal) => return self.replayed(&received).await.unwrap_or(Err(refusal)),
        };
        let authorised = authenticated
            .validate(&self.shared.schemas)
            .and_then(|validated| validated.authorise(&directory));
        let (envelope, work) = match authorised {
            Err(rejected) if rejected.refusal.code.retryable() => return Err(rejected.refusal),
            Err(rejected) => (rejected.envelope, Work::Refuse(rejected.refusal)),
            Ok(authorised) => {
                let (envelope, ty, body) = authorised.into_parts();
                // A hold tells as much as a query: it is no free oracle.
                if let Some((subject, context)) = body.about() {
                    self.count(peer, &context, &subject)?;
                }
                let work = match ty.class() {
                    Class::Query => self.answer(peer.clone(), directory, ty, body).await?,
                    Class::Tokeniser => Work::Refuse(Code::MessageTypeUnknown.into()),
                    _ => Work::Push(ty, Box::new(body)),
                };
                (envelope, work)
            }
        };
        self.submit(envelope, work).await
    }

    async fn submit(&self, envelope: Envelope<'_>, work: Work) -> Result<Reply, Refusal> {
        let key = self
            .shared
            .vault
            .entry_key(&*self.shared.entropy)
            .map_err(|_| internal("no key for an entry"))?;
        let sealed = key
            .seal(Part::Message, envelope.compact.as_bytes())
            .map_err(|_| internal("a message could not be sealed"))?;
        let (reply, waiter) = oneshot::channel();
        let submission = Submission::message(Submitted {
            claims: envelope.claims,
            kid: envelope.kid,
            digest: envelope.digest,
            key,
            sealed,
            work,
            reply,
        });
        self.shared.flow.submitted.fetch_add(1, Ordering::Relaxed);
        if self.writer.submit(submission).is_err() {
            self.shared.flow.submitted.fetch_sub(1, Ordering::Relaxed);
            return Err(Refusal::new(Code::Overloaded));
        }
        waiter.await.map_err(|_| Refusal::new(Code::Overloaded))?
    }

    async fn answer(
        &self,
        asker: ParticipantId,
        directory: Arc<Directory>,
        ty: crate::domain::registry::MessageType,
        body: crate::domain::registry::Body,
    ) -> Result<Work, Refusal> {
        let shared = Arc::clone(&self.shared);
        let now = shared.clock.now();
        let answered = self
            .read_blocking(move |snapshot| {
                let known_at = snapshot.size()?;
                let rules = Rulebook::of(&shared.rulebook, snapshot, &shared.catalogue, known_at)?;
                let desk = Desk {
                    view: snapshot,
                    known_at,
                    directory: &directory,
                    catalogue: &shared.catalogue,
                    rules: &rules,
                    resolution: &shared.pseudonyms,
                    asker: &asker,
                    now,
                };
                match answer_as_of(&desk, snapshot, &shared.pinned, ty, &body) {
                    Ok(answer) => Ok(Ok(answer)),
                    Err(Objection::Refused(refusal)) => Ok(Err(refusal)),
                    Err(Objection::View(error)) => Err(error),
                }
            })
            .await?;
        match answered {
            Ok(answer) => Ok(Work::Answer(Box::new(answer))),
            Err(refusal) if refusal.code.retryable() => Err(refusal),
            Err(refusal) => Ok(Work::Refuse(refusal)),
        }
    }

    /// Counts a subject against the asker's quota.
    fn count(
        &self,
        asker: &ParticipantId,
        context: &QueryContext,
        subject: &Ref<TokenRef>,
    ) -> Result<(), Refusal> {
        let lookup = self.shared.pseudonyms.lookup(subject.as_ref(), None);
        self.asked.take(asker, &context.case, lookup, self.shared.clock.now().date_cst())
    }

    /// Feed entries of a participant after a sequence number, at most [`FEED_PAGE_MAX`].
    pub async fn feed(
        &self,
        participant: &ParticipantId,
        after: u64,
    ) -> Result<Vec<FeedRow>, Refusal> {
        let prefix = Key::new().text(participant.as_str());
        let after = prefix.clone().number(after);
        self.read_blocking(move |s| FEED.range(s, &prefix, Some(&after), FEED_PAGE_MAX)).await
    }

    /// Tells when the log has grown; for long polls.
    pub fn grown(&self) -> watch::Receiver<u64> {
        self.shared.size.subscribe()
    }

    /// Folds the whole log again and compares: the rows that differ from the live tables.
    pub async fn check_rebuild(&self) -> Result<Vec<Difference>, Refusal> {
        let shared = Arc::clone(&self.shared);
        self.read_blocking(move |snapshot| {
            let rebuilt = rebuild(snapshot, &shared.vault, &shared.pseudonyms, &mut |_| {})?;
            differences(snapshot, &rebuilt)
        })
        .await
    }

    /// Runs a read off the asynchronous threads.
    pub async fn read_blocking<T: Send + 'static>(
        &self,
        f: impl FnOnce(&dyn ports::Snapshot) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let reads = Arc::clone(&self.reads);
        let done = tokio::task::spawn_blocking(move || read(&reads, f)).await;
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                tracing::error!(%error, "a read failed");
                Err(Code::Internal.into())
            }
            Err(_) => Err(internal("a read was interrupted")),
        }
    }
}
