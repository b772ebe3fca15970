//! A district's connector.

use std::sync::Arc;

use super::bound::Place;
use super::gateway::signing_key;
use super::outbound::outbound;
use super::tls::text;
use super::{Service, StartError, pin};
use crate::config::ConnectorConfig;
use crate::connector::{self, Connector, Operators, Peer};
use crate::gateway::Ports;
use crate::net::limits::Limits;
use crate::net::{edge, listener};
use crate::schema::Registry;

impl Service {
    /// The connector of a configuration: its local listener, outbox and feed.
    ///
    /// A gateway or tokeniser whose URL has port 0 has to run already.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn connector(config: &ConnectorConfig, ports: Ports) -> Result<Self, StartError> {
        let connector = opened(config, &ports)?;
        let app = edge::wrap(connector::router(Arc::clone(&connector)), ports.ids);
        let mut service = Self::new();
        let run = config.run.as_deref();
        let place = Place { name: config.id.as_str(), address: config.listener.address, run };
        let serve = |socket, stop| listener::serve(socket, None, app, Limits::default(), stop);
        service.listen(place, false, serve).await?;
        let stopped = service.stopped();
        service.parts.push(Box::pin(async move {
            connector.run(stopped).await;
            None
        }));
        Ok(service)
    }
}

fn opened(config: &ConnectorConfig, ports: &Ports) -> Result<Arc<Connector>, StartError> {
    let run = config.run.as_deref();
    let peer = |section: &crate::config::PeerSection| {
        let client = outbound(section, &config.client, run, Arc::clone(&ports.clock))?;
        Ok::<_, StartError>(Peer { id: section.id.clone(), client })
    };
    let operators = Operators::parse(&text(&config.operators.file)?)
        .map_err(|source| StartError::Operators { file: config.operators.file.clone(), source })?;
    let settings = connector::ConnectorConfig {
        participant: config.id.clone(),
        key: signing_key(&config.keys.message)?,
        gateway: peer(&config.gateway)?,
        tokeniser: peer(&config.tokeniser)?,
        outbox: config.store.path.clone(),
        pin: pin(&config.pinned)?,
        operators,
        daily: config
            .reconcile
            .as_ref()
            .map(|section| connector::Daily { at: section.daily_at, kinds: section.kinds.clone() }),
    };
    let ports = connector::Ports {
        clock: Arc::clone(&ports.clock),
        ids: Arc::clone(&ports.ids),
        entropy: Arc::clone(&ports.entropy),
    };
    Connector::open(settings, Arc::new(Registry::load()?), ports)
        .map_err(|source| StartError::Connector { file: config.store.path.clone(), source })
}
