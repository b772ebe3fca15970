//! When the process is asked to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Completes on SIGINT or SIGTERM. Where signals cannot be listened to, it never completes and the
/// system's own way of ending a process stands.
pub async fn stop_signal() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
