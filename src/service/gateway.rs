//! The gateway's service.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::registry::Registry;

use super::bound::Place;
use super::secret::read_secret;
use super::tls::{credentials, wrong};
use super::{Service, StartError};
use crate::api::metrics::GatewayCollector;
use crate::api::ops::OpsState;
use crate::api::{self, ApiLimits, ApiState, Metrics};
use crate::catalogue::Catalogue;
use crate::config::{GatewayConfig, KeyFile, LimitsSection, PinnedFile};
use crate::gateway::ports::Writer;
use crate::gateway::vault::Vault;
use crate::gateway::{
    Gateway, GatewayKeys, Identity, OpenError, Pinned, Ports, Pseudonyms, QueryQuota, Submission,
};
use crate::jws::{KeyFileError, SigningKey, read_private_pem};
use crate::net::limits::Limits;
use crate::net::rate::Rate;
use crate::net::tls::server_config;
use crate::net::{edge, listener};
use crate::schema;
use crate::store::sqlite::SqliteStore;

/// How often the gateway looks whether something has expired.
const TICK_EVERY: Duration = Duration::from_secs(1);

/// Opens the gateway of a configuration without any listener: for its service, for `init`, and for
/// the commands that work on a store at rest.
///
/// # Errors
/// [`StartError`].
pub fn open_gateway(config: &GatewayConfig, ports: Ports) -> Result<Gateway, StartError> {
    let keys = keys(config)?;
    let pinned = pinned(config, &keys)?;
    let origin = config
        .log
        .origin
        .parse()
        .map_err(|source| StartError::Origin { origin: config.log.origin.clone(), source })?;
    let identity = Identity { id: config.id.clone(), origin, pinned };
    let mut catalogue = Catalogue::embedded().map_err(OpenError::from)?;
    if let Some(calendar) = &config.calendar {
        calendar.add_to(Arc::make_mut(&mut catalogue))?;
    }
    let schemas = Arc::new(schema::Registry::load()?);
    let store_error = |source| StartError::Store { file: config.store.path.clone(), source };
    let store = Arc::new(SqliteStore::open(&config.store.path).map_err(store_error)?);
    let writer = Arc::clone(&store);
    let start = move |committer| {
        writer.start_writer(committer).map(|w| Box::new(w) as Box<dyn Writer<Submission>>)
    };
    let gateway = Gateway::open_with(catalogue, identity, keys, ports, schemas, store, start)?;
    Ok(gateway.with_quota(quota(config.limits)))
}

impl Service {
    /// The gateway of a configuration: its listener for participants, and the one for operations.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn gateway(config: &GatewayConfig, ports: Ports) -> Result<Self, StartError> {
        let (identity, clients) = credentials(&config.listener)?;
        let tls = server_config(identity, clients, Arc::clone(&ports.clock))
            .map_err(wrong(&config.listener.certificate))?;
        let tls = Arc::new(tls);
        let gateway = Arc::new(open_gateway(config, ports.clone())?);
        let mut registry = Registry::default();
        let metrics = Metrics::register(&mut registry);
        registry.register_collector(Box::new(GatewayCollector(Arc::clone(&gateway))));
        let state = ApiState::new(
            Arc::clone(&gateway),
            limits(config.limits),
            metrics,
            Arc::clone(&ports.clock),
        );
        let app = edge::wrap(api::router(state), Arc::clone(&ports.ids));
        let ops = OpsState { gateway: Arc::clone(&gateway), registry: Arc::new(registry) };
        let ops = edge::wrap(api::ops::router(ops), ports.ids);
        let mut service = Self::new();
        let run = config.run.as_deref();
        let place = Place { name: config.id.as_str(), address: config.listener.address, run };
        let serve = |socket, stop| listener::serve(socket, Some(tls), app, Limits::default(), stop);
        service.listen(place, true, serve).await?;
        let name = format!("{}-operations", config.id);
        let place = Place { name: &name, address: config.operations.address, run };
        let serve = |socket, stop| listener::serve(socket, None, ops, Limits::default(), stop);
        service.listen(place, false, serve).await?;
        service.background(tick(Arc::clone(&gateway)));
        service.gateway = Some(gateway);
        Ok(service)
    }
}

fn limits(section: LimitsSection) -> ApiLimits {
    let mut limits = ApiLimits::default();
    let Rate { units, burst, .. } = limits.rate;
    limits.rate = Rate::per_minute(
        section.messages_per_minute.unwrap_or(units),
        section.messages_burst.unwrap_or(burst),
    );
    limits
}

fn quota(section: LimitsSection) -> QueryQuota {
    let number = |set: Option<NonZeroU32>, default| {
        set.and_then(|n| usize::try_from(n.get()).ok()).unwrap_or(default)
    };
    let QueryQuota { subjects_per_day, subjects_per_case } = QueryQuota::default();
    QueryQuota {
        subjects_per_day: number(section.subjects_per_day, subjects_per_day),
        subjects_per_case: number(section.subjects_per_case, subjects_per_case),
    }
}

fn keys(config: &GatewayConfig) -> Result<GatewayKeys, StartError> {
    let keys = &config.keys;
    Ok(GatewayKeys {
        message: signing_key(&keys.message)?,
        receipt: signing_key(&keys.receipt)?,
        directory: signing_key(&keys.directory)?,
        log: signing_key(&keys.log)?,
        vault: Vault::new(&*read_secret(&keys.vault)?)?,
        pseudonyms: Pseudonyms::new(&*read_secret(&keys.pseudonym)?),
    })
}

/// Brings about what time alone brings about.
async fn tick(gateway: Arc<Gateway>) {
    let mut every = tokio::time::interval(TICK_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if let Err(refusal) = gateway.tick().await {
            tracing::error!(code = refusal.code.as_str(), "the clock entry was refused");
        }
    }
}

/// The pin, which the gateway's own directory key has to fit: another key would sign a directory
/// that nobody believes.
fn pinned(config: &GatewayConfig, keys: &GatewayKeys) -> Result<Pinned, StartError> {
    let other = || StartError::OtherOperator { pinned: config.pinned.clone() };
    let file = PinnedFile::load(&config.pinned)?;
    let key = file.record().ok_or_else(other)?;
    if key.public() != keys.directory.public() || file.operator.participant != config.id {
        return Err(other());
    }
    Ok(Pinned { participant: file.operator, key })
}

/// Reads a private key.
pub(super) fn signing_key(key: &KeyFile) -> Result<SigningKey, KeyFileError> {
    read_private_pem(&key.file, key.kid.clone())
}
