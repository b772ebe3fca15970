//! A bound on the long polls of each participant, so that nobody uses up the listener's requests
//! by waiting.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::domain::participant::ParticipantId;

/// How many long polls each participant holds.
#[derive(Debug)]
pub(super) struct Polls {
    each_max: u32,
    open: Mutex<HashMap<ParticipantId, u32>>,
    ended: watch::Sender<bool>,
}

/// One long poll; ends when dropped.
#[derive(Debug)]
pub(super) struct Poll {
    polls: Arc<Polls>,
    participant: ParticipantId,
}

impl Polls {
    /// At most `each_max` for each participant.
    pub(super) fn new(each_max: u32) -> Self {
        Self { each_max, open: Mutex::default(), ended: watch::Sender::new(false) }
    }

    /// Begins one; `None` when the participant holds as many as it may.
    pub(super) fn begin(self: &Arc<Self>, participant: &ParticipantId) -> Option<Poll> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.entry(participant.clone()).or_default();
        if *held >= self.each_max {
            return None;
        }
        *held += 1;
        Some(Poll { polls: Arc::clone(self), participant: participant.clone() })
    }

    /// Ends all, for good: the service is about to stop.
    pub(super) fn end(&self) {
        self.ended.send_replace(true);
    }
}

impl Poll {
    /// Returns when all polls were ended.
    pub(super) async fn ended(&self) {
        // The sender lives as long as this poll does, so there is no error to see.
        let _ = self.polls.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        let mut open = self.polls.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut held) = open.entry(self.participant.clone()) {
            *held.get_mut() = held.get().saturating_sub(1);
            if *held.get() == 0 {
                held.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_participant_has_its_own_bound() {
        let polls = Arc::new(Polls::new(1));
        let (qingpu, jiashan) = ("qingpu".parse().unwrap(), "jiashan".parse().unwrap());
        let held = polls.begin(&qingpu).unwrap();
        assert!(polls.begin(&qingpu).is_none());
        assert!(polls.begin(&jiashan).is_some());
        drop(held);
        assert!(polls.begin(&qingpu).is_some());
        assert!(polls.open.lock().unwrap().is_empty(), "what has ended is forgotten");
    }
}
