//! Consents: to a message that awaits them, from whoever it awaits.

use super::{Bench, Judged, Objection, link};
use crate::domain::code::{Code, Refusal};
use crate::domain::directory::{ConsentBody, ConsentDecision};
use crate::projection::{
    JOINT_ACTS, JOINT_RULES, JointAct, LINKS, joint_act_key, link_key, owned_key,
};

pub(super) fn consent(bench: &Bench<'_>, body: &ConsentBody) -> Result<Judged, Objection> {
    let target = &body.target;
    let act = JOINT_ACTS.get(bench.view, &joint_act_key(target))?.ok_or_else(|| {
        Refusal::new(Code::TargetUnknown).at("/body/target", "a message that awaits consents")
    })?;
    match act {
        JointAct::JointRule(rule) => {
            let row = JOINT_RULES.get(bench.view, &owned_key(&target.iss, &rule))?;
            // The proposal is the proposer's own consent.
            let asked = row.filter(|row| row.rule.districts.contains(bench.iss));
            asked.filter(|row| row.owner != *bench.iss).ok_or_else(not_due)?;
        }
        JointAct::Link(id) => {
            let row = LINKS.get(bench.view, &link_key(&target.iss, &id).byte(0))?;
            let row = row
                .filter(|row| row.jti == target.jti && row.awaits.contains(bench.iss))
                .ok_or_else(not_due)?;
            if body.decision == ConsentDecision::Approve {
                link::check_kind(bench, row.kind, [row.subject, row.other])?;
            }
        }
    }
    Ok(Judged::default())
}

fn not_due() -> Objection {
    let expected = "an act that awaits the sender's consent, in its last revision";
    Refusal::new(Code::ConsentNotDue).at("/body/target", expected).into()
}
