//! What a record needs that is stated as it stands now: nothing, patience, or its next revision.

use super::revisions::{Accepted, Known, Open};
use crate::domain::code::{Code, Refusal};
use crate::domain::record::life_cycle::{Action, State};

/// What has to be done about an item.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Known with this content.
    Nothing(Accepted),
    /// Under way with this content.
    Wait(Open),
    /// Send it as this revision, which does this.
    Send(u32, Option<Action>),
}

/// The next step of a record that has revisions.
pub(super) fn next_revision(
    state: State,
    revision: Option<u32>,
    digest: [u8; 32],
    known: Known,
) -> Result<Step, Refusal> {
    if let Some(open) = known.open {
        let same = open.digest == digest
            && open.state.is_none_or(|s| s == state)
            && revision.is_none_or(|n| n == open.revision);
        return if same { Ok(Step::Wait(open)) } else { Err(under_way()) };
    }
    let Some(accepted) = known.accepted else {
        return match (revision.unwrap_or(1), state) {
            (1, State::Active) => Ok(Step::Send(1, Some(Action::Issue))),
            (1, _) => Err(Refusal::new(Code::RecordUnknown).at("/state", "active").detail(
                "该记录尚未推送过，首次推送须为有效状态",
                "the record was never sent: it begins as active",
            )),
            (n, _) => Ok(Step::Send(n, Some(action(State::Active, state)?))),
        };
    };
    let same = accepted.digest == digest && accepted.state == state;
    match revision {
        None if same => Ok(Step::Nothing(accepted)),
        Some(n) if same && n == accepted.revision => Ok(Step::Nothing(accepted)),
        Some(n) if n <= accepted.revision => Err(Refusal::new(Code::RevisionStale)
            .at("/revision", "above the revision that was accepted")
            .detail(
                "该修订号已被受理过，且内容不同或已有更新的修订",
                "this revision was accepted before with another content, or a newer one was",
            )),
        next => {
            let next = next.unwrap_or(accepted.revision.saturating_add(1));
            Ok(Step::Send(next, Some(action(accepted.state, state)?)))
        }
    }
}

/// The next step of an entry of the ledger, which is sent once and never changed.
pub(super) fn once(digest: [u8; 32], known: Known) -> Result<Step, Refusal> {
    match known {
        Known { accepted: Some(accepted), .. } if accepted.digest == digest => {
            Ok(Step::Nothing(accepted))
        }
        Known { accepted: Some(_), .. } => Err(Refusal::new(Code::RecordTaken).detail(
            "该编号已登记且内容不同；资助登记不能更改，请用停发、追回等消息处理",
            "the id is registered with another content; the ledger is not changed but corrected by stop or recovery",
        )),
        Known { open: Some(open), .. } if open.digest == digest => Ok(Step::Wait(open)),
        Known { open: Some(_), .. } => Err(under_way()),
        Known { accepted: None, open: None } => Ok(Step::Send(1, None)),
    }
}

fn action(from: State, to: State) -> Result<Action, Refusal> {
    match (from, to) {
        (State::Active, State::Active) | (State::Suspended, State::Suspended) => Ok(Action::Amend),
        (State::Active, State::Suspended) => Ok(Action::Suspend),
        (State::Suspended, State::Active) => Ok(Action::Reinstate),
        (State::Active | State::Suspended, State::Revoked) => Ok(Action::Revoke),
        (State::Revoked, _) => Err(Code::RecordClosed.into()),
    }
}

pub(super) fn under_way() -> Refusal {
    Refusal::new(Code::RecordState).detail(
        "该记录的上一次变更仍在发送中，请待其有回执后再提交",
        "an earlier change of this record is under way: state it again once that has its receipt",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [u8; 32] = [1; 32];
    const B: [u8; 32] = [2; 32];

    fn accepted(revision: u32, state: State) -> Known {
        let accepted = Accepted { revision, state, digest: A, outbox: 1, position: 7 };
        Known { accepted: Some(accepted), open: None }
    }

    #[test]
    fn revisions_follow_what_was_accepted() {
        use State::{Active, Revoked, Suspended};
        for (state, revision, digest, known, expected) in [
            (Active, None, A, Known::default(), Ok((1, Action::Issue))),
            (Active, None, B, accepted(3, Active), Ok((4, Action::Amend))),
            (Suspended, None, A, accepted(3, Active), Ok((4, Action::Suspend))),
            (Active, None, A, accepted(4, Suspended), Ok((5, Action::Reinstate))),
            (Suspended, None, B, accepted(4, Suspended), Ok((5, Action::Amend))),
            (Revoked, None, A, accepted(4, Suspended), Ok((5, Action::Revoke))),
            (Active, Some(9), B, accepted(4, Active), Ok((9, Action::Amend))),
            (Active, Some(2), B, Known::default(), Ok((2, Action::Amend))),
            (Active, None, B, accepted(5, Revoked), Err(Code::RecordClosed)),
            (Suspended, None, A, Known::default(), Err(Code::RecordUnknown)),
            (Active, Some(3), B, accepted(3, Active), Err(Code::RevisionStale)),
        ] {
            let step = next_revision(state, revision, digest, known);
            match (step, expected) {
                (Ok(Step::Send(n, Some(action))), Ok(expected)) => {
                    assert_eq!((n, action), expected);
                }
                (Err(refusal), Err(code)) => assert_eq!(refusal.code, code),
                (other, expected) => panic!("{other:?}, expected {expected:?}"),
            }
        }
        for revision in [None, Some(3)] {
            let step = next_revision(Active, revision, A, accepted(3, Active));
            assert!(matches!(step, Ok(Step::Nothing(_))));
        }
    }

    #[test]
    fn the_ledger_is_written_once() {
        assert_eq!(once(A, Known::default()).unwrap(), Step::Send(1, None));
        assert!(matches!(once(A, accepted(1, State::Active)), Ok(Step::Nothing(_))));
        let refused = once(B, accepted(1, State::Active)).unwrap_err();
        assert_eq!(refused.code, Code::RecordTaken);
    }
}
