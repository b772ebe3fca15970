//! A server that does nothing behind HTTP: what the gateway's listener alone takes, for `bench`.

use std::sync::Arc;

use super::bound::Place;
use super::tls::{credentials, wrong};
use super::{Service, StartError};
use crate::config::GatewayConfig;
use crate::gateway::Ports;
use crate::net::limits::Limits;
use crate::net::tls::server_config;
use crate::net::{echo, listener};

impl Service {
    /// Takes what clients of the gateway send, over the same TLS, and gives `reply_bytes` back.
    /// Opens no store; listens on any free port and tells nobody else.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn echo(
        config: &GatewayConfig,
        ports: Ports,
        reply_bytes: usize,
    ) -> Result<Self, StartError> {
        let (identity, clients) = credentials(&config.listener)?;
        let tls = server_config(identity, clients, ports.clock)
            .map_err(wrong(&config.listener.certificate))?;
        let tls = Some(Arc::new(tls));
        let mut address = config.listener.address;
        address.set_port(0);
        let app = echo::router(reply_bytes);
        let mut service = Self::new();
        let serve = |socket, stop| listener::serve(socket, tls, app, Limits::default(), stop);
        service.listen(Place { name: "echo", address, run: None }, true, serve).await?;
        Ok(service)
    }
}
