//! `query.entitlement/1`: yes or no and the class for a shared service. The same look-up as
//! recognition, of which only the result leaves the gateway.

use serde_json::json;

use super::recognition::{KINDS, recognised};
use super::suspected::Suspected;
use super::{Answer, Desk, check_context};
use crate::domain::code::{Code, Refusal};
use crate::domain::context::Purpose;
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::{EntitlementQuery, Told, entitlement, explain_entitlement};
use crate::domain::registry::MessageType;
use crate::domain::subject::Ref;
use crate::domain::text::Language;
use crate::gateway::coverage::coverage;
use crate::gateway::judge::Objection;

pub(super) fn answer(
    desk: &Desk<'_>,
    query: MessageType,
    q: &EntitlementQuery,
) -> Result<Answer, Objection> {
    check_context(&q.context)?;
    // Agreements give less for this purpose than for others; another purpose would widen it.
    if q.context.purpose != Purpose::Service {
        return Err(Refusal::new(Code::PurposeNotAllowed)
            .at("/body/context/purpose", "service")
            .into());
    }
    if desk.catalogue.service(&q.service).is_none() {
        let refusal = Refusal::new(Code::ServiceUnknown);
        return Err(refusal.at("/body/service", "a service of the list").into());
    }
    let coverage =
        coverage(desk.view, desk.directory, desk.asker, Purpose::Service, &KINDS, desk.now)?;
    let question = q.clone().map(&mut |r| desk.resolve(r))?.into_question();
    let recognition = recognised(desk, &q.subject, &question, Purpose::Service)?;
    let mut entitlement = entitlement(&recognition).ok_or(Code::Internal)?;
    let suspected = Suspected::of(desk, &q.subject, Purpose::Service, &KINDS)?;
    // Records of who may be the same person may open the service: nobody is sent away before it is known.
    entitlement.person_decides |= !entitlement.entitled && !suspected.is_empty();
    let contact = |participant: &ParticipantId| desk.contact(participant);
    let told = Told { names: desk.catalogue, contact: &contact };
    let mut body = json!({
        "entitlement": entitlement,
        "text": {
            "zh": explain_entitlement(&entitlement, told, Language::Zh),
            "en": explain_entitlement(&entitlement, told, Language::En),
        },
    });
    suspected.tell_unnamed(&mut body);
    Ok(Answer {
        query,
        about: Some((Ref::Talent(q.subject), q.context.clone())),
        known_at: desk.known_at,
        coverage: json!(coverage),
        body,
        findings: None,
        given: None,
    })
}
