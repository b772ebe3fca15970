//! The load: every connection sends the next message as soon as it has its reply.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::task::JoinSet;

use super::error::BenchError;
use super::server::Server;
use super::work::Party;
use crate::gateway::Ports;
use crate::net::client::{Client, Versions};
use crate::service::outbound_with;

/// Longest wait for one reply.
const REPLY_TIME: Duration = Duration::from_secs(30);

/// Connections of one participant, and what they send.
pub(super) struct Load {
    clients: Vec<Client>,
    messages: Arc<[Bytes]>,
    sample: Arc<Mutex<Vec<u8>>>,
}

impl Load {
    /// `in_flight` clients, each of which keeps one HTTP/1.1 connection.
    pub(super) fn new(
        server: &Server,
        party: &Party,
        in_flight: usize,
        messages: &Arc<[Bytes]>,
        ports: &Ports,
    ) -> Result<Self, BenchError> {
        let mut peer = party.config.gateway.clone();
        peer.url = format!("https://localhost:{}", server.address.port());
        let client = || {
            let clock = Arc::clone(&ports.clock);
            outbound_with(&peer, &party.config.client, None, clock, Versions::Http1)
        };
        let clients = (0..in_flight).map(|_| client()).collect::<Result<_, _>>()?;
        Ok(Self { clients, messages: Arc::clone(messages), sample: Arc::default() })
    }

    /// Sends these messages; the time that each took.
    pub(super) async fn send(&self, range: Range<usize>) -> Result<Vec<Duration>, BenchError> {
        let next = Arc::new(AtomicUsize::new(range.start));
        let mut senders = JoinSet::new();
        for client in &self.clients {
            let (client, messages, next) =
                (client.clone(), Arc::clone(&self.messages), next.clone());
            let sample = Arc::clone(&self.sample);
            senders.spawn(async move { one(&client, &messages, &next, range.end, &sample).await });
        }
        let mut latencies = Vec::with_capacity(range.len());
        while let Some(done) = senders.join_next().await {
            latencies.extend(done.map_err(|_| BenchError::Floor("a sender broke off"))??);
        }
        Ok(latencies)
    }

    /// The last reply that a connection ended with.
    pub(super) fn sample(&self) -> Vec<u8> {
        self.sample.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn one(
    client: &Client,
    messages: &[Bytes],
    next: &AtomicUsize,
    end: usize,
    sample: &Mutex<Vec<u8>>,
) -> Result<Vec<Duration>, BenchError> {
    let mut latencies = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(message) = messages.get(index).filter(|_| index < end) else { break };
        let began = Instant::now();
        let reply = send(client, message.clone()).await?;
        latencies.push(began.elapsed());
        if index + 1 == end {
            *sample.lock().unwrap_or_else(PoisonError::into_inner) = reply.to_vec();
        }
    }
    Ok(latencies)
}

/// Sends one message; anything but 200 ends the run.
pub(super) async fn send(client: &Client, message: Bytes) -> Result<Bytes, BenchError> {
    let reply = client.post("/v1/messages", "application/jose", message, REPLY_TIME).await?;
    if reply.status.as_u16() == 200 {
        return Ok(reply.body);
    }
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    Err(BenchError::Reply { status: reply.status.as_u16(), body })
}
