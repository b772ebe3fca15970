//! What a run found.

use std::time::Duration;

use serde::Serialize;

use super::work::Kind;

/// The numbers of one run. Times of the server are CPU time, user and system, of all its threads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// What was sent.
    pub kind: Kind,
    /// Operations in the window: messages, or records of bulk messages.
    pub operations: usize,
    /// Requests under way at once.
    pub in_flight: usize,
    /// Size of one message in bytes.
    pub message_bytes: usize,
    /// Size of one reply in bytes, proof included.
    pub reply_bytes: usize,
    /// Operations per second.
    pub ops_per_s: f64,
    /// Median time of a message, in ms.
    pub p50_ms: f64,
    /// 99th percentile, in ms.
    pub p99_ms: f64,
    /// 99.9th percentile, in ms.
    pub p999_ms: f64,
    /// CPU time of the server per operation, in µs.
    pub cpu_us_per_op: f64,
    /// Sum of the parts that no server can do without, per operation, in µs.
    pub floor_us: f64,
    /// The one by the other.
    pub ratio_to_floor: f64,
    /// The ratio that is asked for (DESIGN §12), where there is one.
    pub target_ratio: Option<f64>,
    /// The parts of the floor.
    pub floor: Vec<Part>,
    /// Messages in the store at the end.
    pub entries: usize,
    /// From starting the server on that store until it listens, in ms.
    pub ready_ms: f64,
    /// Memory of that server at rest, in KiB.
    pub idle_rss_kib: u64,
}

/// A part of the floor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What it does.
    pub part: &'static str,
    /// CPU time per operation, in µs.
    pub us: f64,
}

/// The value below which `per_mille` of a sorted list lies (nearest rank).
pub(super) fn quantile(sorted: &[Duration], per_mille: usize) -> Duration {
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

pub(super) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_nearest_rank() {
        let list: Vec<_> = (1..=1000).map(Duration::from_millis).collect();
        let at = |per_mille| quantile(&list, per_mille).as_millis();
        assert_eq!((at(500), at(990), at(999), at(1000)), (500, 990, 999, 1000));
        assert_eq!(quantile(&list[..1], 999).as_millis(), 1);
        assert_eq!(quantile(&[], 500), Duration::ZERO);
    }
}
