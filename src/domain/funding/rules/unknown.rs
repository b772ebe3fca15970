//! Why a fact is asked for though something about it is on record: a copy of what its authority has
//! ended, a place in a team's list that is not the one needed, a team that is no longer certified.
//! Without it the officer reads “bring the certificate” and has it on the table.

use super::criteria::{CERTIFICATION, EDUCATION, TITLE};
use crate::domain::funding::case::Case;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{Criterion, Policy};
use crate::domain::funding::team::{LEADS_TEAM, MEMBER, TeamPlace};
use crate::domain::place;
use crate::domain::record::Record;
use crate::domain::record::certification::TeamRole;
use crate::domain::record::life_cycle::State;
use crate::domain::record::qualification::QualificationObject;
use crate::domain::text::{Language, Text};

/// Why `fact` is not known of the applicant; `None` where nothing was sent about it.
pub fn why_unknown(case: &Case<'_>, fact: &str) -> Option<Text> {
    match fact {
        EDUCATION | TITLE => ended_copy(case, |r| match &r.record {
            Record::Qualification(q) => asked_as(q.object) == Some(fact),
            _ => false,
        }),
        CERTIFICATION => {
            let of_scheme = |r: &HeldRecord| {
                matches!((&r.record, &case.policy.class),
                (Record::Certification(c), Some(class)) if c.scheme == class.scheme)
            };
            ended_copy(case, of_scheme).or_else(|| team_place(case, fact))
        }
        MEMBER => team_place(case, fact),
        LEADS_TEAM => led_before(case),
        _ => None,
    }
}

/// Under which code a qualification of this object is asked for.
const fn asked_as(object: QualificationObject) -> Option<&'static str> {
    match object {
        QualificationObject::Education => Some(EDUCATION),
        QualificationObject::Title => Some(TITLE),
        _ => None,
    }
}

/// A copy at hand of what its authority has revoked or suspended.
fn ended_copy(case: &Case<'_>, fits: impl Fn(&HeldRecord) -> bool) -> Option<Text> {
    let (copy, original) = case.ended_copies().into_iter().find(|(copy, _)| fits(copy))?;
    let head = original.record.head();
    let (on, by) = (head.attestation.as_of, &head.authority.name);
    let (zh, en) = ended(original.state);
    let name =
        |record: &HeldRecord, language| place::name(record.district.as_str(), language).to_owned();
    let id = &copy.record.head().record;
    Some(Text::new(
        format!(
            "{}报送的副本（{id}）不作数：原件已由{by}于 {on} {zh}（{}报送）",
            name(copy, Language::Zh),
            name(original, Language::Zh),
        ),
        format!(
            "the copy that {} filed ({id}) does not count, because the original was {en} by {by} on {on} (sent by {})",
            name(copy, Language::En),
            name(original, Language::En),
        ),
    ))
}

const fn ended(state: State) -> (&'static str, &'static str) {
    match state {
        State::Suspended => ("暂停", "suspended"),
        _ => ("撤销", "revoked"),
    }
}

/// The applicant led a team, by a certification that has ended.
fn led_before(case: &Case<'_>) -> Option<Text> {
    let TeamPlace { role, record } = case.place_in_team(LEADS_TEAM)?;
    if role != TeamRole::Leader || record.state == State::Active {
        return None;
    }
    let (id, on) = (&record.record.head().record, record.record.head().attestation.as_of);
    let (zh, en) = ended(record.state);
    Some(Text::new(
        format!("团队认定（{id}）列申请人为带头人，但已于 {on} {zh}，不能再作依据"),
        format!(
            "the team's certification ({id}) lists the applicant as leader, but was {en} on {on} and proves nothing"
        ),
    ))
}

/// What the applicant is in a team's list, where the policy is for its members.
fn team_place(case: &Case<'_>, fact: &str) -> Option<Text> {
    if !is_for_members(case.policy) {
        return None;
    }
    let TeamPlace { role, record } = case.place_in_team(MEMBER)?;
    // One of the two is enough: said once at length, with the fact that the list states.
    if fact == CERTIFICATION && role != TeamRole::Adviser {
        return Some(Text::new(
            "不能以团队成员身份享受的，须有创业人才认定",
            "who is no member in force needs a founder's certification",
        ));
    }
    let id = &record.record.head().record;
    if record.state != State::Active {
        let (zh, en) = ended(record.state);
        let on = record.record.head().attestation.as_of;
        return Some(Text::new(
            format!("申请人所在团队的认定（{id}）已于 {on} {zh}，不能再作依据"),
            format!(
                "the certification of the applicant's team ({id}) was {en} on {on} and proves nothing"
            ),
        ));
    }
    match role {
        TeamRole::Adviser => Some(Text::new(
            format!(
                "团队认定（{id}）把申请人列为顾问，不计为团队成员（附件3 二（一）1“不含顾问、理事等”）；须另有创业人才认定"
            ),
            format!(
                "the team's certification ({id}) lists the applicant as adviser, who is no member (附件3 二（一）1); only a founder's own certification would do"
            ),
        )),
        TeamRole::Leader => Some(Text::new(
            format!(
                "团队认定（{id}）把申请人列为带头人；本项给予的是团队成员和创业人才（附件3 三（二）2），带头人是否在内文件没有写明，请主管部门确认"
            ),
            format!(
                "the team's certification ({id}) lists the applicant as leader; the benefit is for members and founders (附件3 三（二）2), and whether the leader is one is for the authority to say"
            ),
        )),
        TeamRole::Member => None,
    }
}

fn is_for_members(policy: &Policy) -> bool {
    let grounds = policy.target.iter().flat_map(|target| &target.grounds);
    let mut criteria = grounds.flat_map(|ground| &ground.all);
    criteria.any(|c| matches!(c, Criterion::Fact { fact } if fact == MEMBER))
}
