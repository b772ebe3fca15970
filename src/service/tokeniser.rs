//! The tokeniser's service.

use std::sync::Arc;

use super::bound::Place;
use super::gateway::signing_key;
use super::outbound::outbound;
use super::roster::Roster;
use super::secret::read_secret;
use super::tls::{credentials, wrong};
use super::{Service, StartError, pin};
use crate::config::TokeniserConfig;
use crate::gateway::Ports;
use crate::net::limits::Limits;
use crate::net::rate::Rate;
use crate::net::tls::server_config;
use crate::net::{edge, listener};
use crate::oprf::server::Key;
use crate::schema::Registry;
use crate::tokeniser::{self, REQUESTS_DEFAULT, Tokeniser};

impl Service {
    /// The tokeniser of a configuration: its listener, and the directory that it follows.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn tokeniser(config: &TokeniserConfig, ports: Ports) -> Result<Self, StartError> {
        let (identity, clients) = credentials(&config.listener)?;
        let tls = server_config(identity, clients, Arc::clone(&ports.clock))
            .map_err(wrong(&config.listener.certificate))?;
        let tls = Arc::new(tls);
        let run = config.run.as_deref();
        let gateway = outbound(&config.gateway, &config.client, run, Arc::clone(&ports.clock))?;
        let roster = Arc::new(Roster::open(pin(&config.pinned)?, config.directory.clone()));
        let app = tokeniser::router(Arc::new(opened(config, &roster, &ports)?));
        let app = edge::wrap(app, Arc::clone(&ports.ids));
        let mut service = Self::new();
        let place = Place { name: config.id.as_str(), address: config.listener.address, run };
        let serve = |socket, stop| listener::serve(socket, Some(tls), app, Limits::default(), stop);
        service.listen(place, true, serve).await?;
        service.background(roster.follow(gateway));
        Ok(service)
    }
}

fn opened(
    config: &TokeniserConfig,
    roster: &Arc<Roster>,
    ports: &Ports,
) -> Result<Tokeniser, StartError> {
    let seed = read_secret(&config.keys.oprf_seed)?;
    let keys = config.keys.epochs.iter().map(|epoch| Key::derive(&seed, *epoch));
    let settings = tokeniser::TokeniserConfig {
        id: config.id.clone(),
        receipt: signing_key(&config.keys.receipt)?,
        keys: keys.collect::<Result<_, _>>()?,
        requests: REQUESTS_DEFAULT,
        elements: Rate::per_day(config.quota.per_day, config.quota.burst),
    };
    let ports = tokeniser::Ports {
        clock: Arc::clone(&ports.clock),
        ids: Arc::clone(&ports.ids),
        entropy: Arc::clone(&ports.entropy),
    };
    let roster = Arc::clone(roster);
    Ok(Tokeniser::new(settings, roster, Arc::new(Registry::load()?), ports))
}
