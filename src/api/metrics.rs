//! What the operator's monitoring sees: counts by route, status and code; the writer; the log.
//! Never a participant, a subject or anything out of a message.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use crate::domain::code::Code;
use crate::gateway::ports::Outcome;
use crate::gateway::{Gateway, Reply, RulePrecision};

/// The endpoints' counters; cheap to clone, all clones count together.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    requests: Family<RouteLabels, Counter>,
    taken: Family<TakenLabels, Counter>,
    refused: Family<RefusedLabels, Counter>,
    feed_waits: Gauge,
}

impl Metrics {
    /// Counters in `registry`.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register(
            "ydt_http_requests",
            "Requests by method, route and status",
            metrics.requests.clone(),
        );
        registry.register(
            "ydt_messages",
            "Messages with a signed reply, by what became of them",
            metrics.taken.clone(),
        );
        registry.register("ydt_refusals", "Refused messages by code", metrics.refused.clone());
        registry.register("ydt_feed_waits", "Open long polls", metrics.feed_waits.clone());
        metrics
    }

    /// A message got a signed reply.
    pub(super) fn taken(&self, reply: &Reply) {
        let outcome = match reply.outcome {
            _ if reply.replayed => "replayed",
            Outcome::Accepted => "accepted",
            Outcome::Answered => "answered",
            Outcome::Rejected => "rejected",
            Outcome::Equivocation => "equivocation",
        };
        self.taken.get_or_create(&TakenLabels { outcome }).inc();
        if let Some(refusal) = &reply.refusal {
            self.refused(refusal.code);
        }
    }

    /// A message was refused.
    pub(super) fn refused(&self, code: Code) {
        self.refused.get_or_create(&RefusedLabels { code: code.as_str() }).inc();
    }

    /// A long poll has begun; it has ended when the guard is dropped.
    pub(super) fn feed_wait(&self) -> FeedWait {
        self.feed_waits.inc();
        FeedWait(self.feed_waits.clone())
    }
}

/// One open long poll.
pub(super) struct FeedWait(Gauge);

impl Drop for FeedWait {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Counts a request when its response is known.
pub(super) async fn count(
    State(metrics): State<Metrics>,
    request: Request,
    next: Next,
) -> Response {
    // The template, never the path: paths hold message ids, and would make a series for each.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("-", MatchedPath::as_str).to_owned();
    let method = method(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    metrics.requests.get_or_create(&RouteLabels { method, route, status }).inc();
    response
}

/// Methods are the client's text; those that no route takes count as one.
fn method(method: &http::Method) -> &'static str {
    match *method {
        http::Method::GET => "GET",
        http::Method::HEAD => "HEAD",
        http::Method::POST => "POST",
        _ => "other",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TakenLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RuleLabels {
    rule: String,
}

/// Reads the gateway's own counts at each scrape.
pub struct GatewayCollector(pub Arc<Gateway>);

impl std::fmt::Debug for GatewayCollector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GatewayCollector")
    }
}

impl Collector for GatewayCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let load = self.0.load();
        for (name, help, value) in [
            ("ydt_log_entries", "Entries of the log under the newest checkpoint", load.size),
            ("ydt_writer_waiting", "Messages that wait for the writer", load.waiting()),
        ] {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        for (name, help, value) in [
            ("ydt_commit_groups", "Commit groups that became durable", load.groups),
            ("ydt_commit_messages", "Messages in commit groups", load.grouped),
        ] {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                counter.metric_type(),
            )?)?;
        }
        precision(&mut encoder, &self.0.precision())
    }
}

/// How precise each rule has proved; a rule without decided findings has no precision.
fn precision(
    encoder: &mut DescriptorEncoder<'_>,
    rules: &[RulePrecision],
) -> Result<(), std::fmt::Error> {
    type Read = fn(&RulePrecision) -> Option<u64>;
    let gauges: [(&str, &str, Read); 3] = [
        ("ydt_rule_decided", "Findings of a rule that people decided", |rule| {
            Some(rule.counted.confirmed.saturating_add(rule.counted.excluded))
        }),
        ("ydt_rule_precision_permille", "Confirmed among the decided, in permille", |rule| {
            rule.counted.permille()
        }),
        ("ydt_rule_hint", "1 where the rule only hints, its precision being too low", |rule| {
            Some(u64::from(rule.hint))
        }),
    ];
    for (name, help, read) in gauges {
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for rule in rules {
            let Some(value) = read(rule) else { continue };
            let labels = RuleLabels { rule: rule.rule.clone() };
            ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
        }
    }
    Ok(())
}
