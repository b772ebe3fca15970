//! The first entries of a log: every participant, key and agreement as a signed message of its own.

use anyhow::anyhow;

use super::material::{district_folder, signing_key};
use super::plan::{District, TOKENISER};
use crate::cli::failure::describe;
use crate::domain::citation::Citation;
use crate::domain::code::Refusal;
use crate::domain::context::Purpose;
use crate::domain::directory::{
    AgreementBody, AgreementGrant, ParticipantBody, ParticipantKind, Residence, Standing,
};
use crate::domain::registry::MessageType;
use crate::domain::text::Text;
use crate::domain::time::{UtcSeconds, Validity};
use crate::gateway::{Gateway, NewKey, Ports};
use crate::jws::{KeyUse, SigningKey};
use crate::message::Composer;
use crate::oprf;

/// How long development keys and agreements hold, in seconds: a year.
pub(super) const LIFE_SECONDS: i64 = 365 * 86_400;
/// Keys hold from this long before they are made, for clocks that run behind (seconds).
const BACKDATE_SECONDS: i64 = 300;
/// How old a reconciliation may be before its data count as not covered, in hours.
const RECONCILED_HOURS_MAX: u32 = 36;

/// First and last second of what is made at `now`.
pub(super) fn life(now: UtcSeconds) -> (UtcSeconds, UtcSeconds) {
    (now.plus_seconds(-BACKDATE_SECONDS), now.plus_seconds(LIFE_SECONDS))
}

/// Enrols an installation into an empty log. `step` is told after each participant.
pub(super) struct Enrolment<'a> {
    pub gateway: &'a Gateway,
    pub ports: &'a Ports,
    pub folder: &'a std::path::Path,
}

impl Enrolment<'_> {
    /// The operator and the gateway's own keys.
    pub async fn operator(&self, operator: &ParticipantBody) -> anyhow::Result<()> {
        let (nbf, exp) = life(self.ports.clock.now());
        self.gateway.enrol(operator).await.map_err(|e| refused("the operator", &e))?;
        self.gateway.register_own_keys(nbf, exp).await.map_err(|e| refused("its keys", &e))
    }

    /// The tokeniser, its receipt key and its key of epoch 1.
    pub async fn tokeniser(&self, seed: &[u8; 32]) -> anyhow::Result<()> {
        let body = ParticipantBody {
            participant: TOKENISER.parse()?,
            revision: 1,
            kind: ParticipantKind::Tokeniser,
            region: None,
            name: Text::new("令牌服务（演示）", "Tokeniser (demonstration)"),
            contact: "office@tokeniser.example".to_owned(),
            standing: Standing::Active,
            may_send: vec![MessageType::Key.as_str().to_owned()],
        };
        let (nbf, exp) = life(self.ports.clock.now());
        self.gateway.enrol(&body).await.map_err(|e| refused(TOKENISER, &e))?;
        let file = self.folder.join("tokeniser/keys/receipt.pem");
        let receipt = signing_key(&format!("{TOKENISER}#receipt-1"), &file, &*self.ports.entropy)?;
        let key = oprf::server::Key::derive(seed, 1)?;
        let oprf = NewKey::Oprf { kid: format!("{TOKENISER}#oprf-1").parse()?, key: &key };
        for key in [NewKey::Signing(&receipt, KeyUse::Receipt), oprf] {
            self.gateway.register_key(key, nbf, exp).await.map_err(|e| refused("its keys", &e))?;
        }
        Ok(())
    }

    /// A district, its message key with proof of possession, and its agreement with the others.
    pub async fn district(&self, district: &District) -> anyhow::Result<()> {
        let (nbf, exp) = life(self.ports.clock.now());
        let body = participant(district)?;
        self.gateway.enrol(&body).await.map_err(|e| refused(district.id, &e))?;
        let file = district_folder(self.folder, district.id).join("keys/message.pem");
        let kid = format!("{}#message-1", district.id);
        let key = signing_key(&kid, &file, &*self.ports.entropy)?;
        let new = NewKey::Signing(&key, KeyUse::Message);
        self.gateway.register_key(new, nbf, exp).await.map_err(|e| refused("its key", &e))?;
        self.agreement(district, &key).await
    }

    /// Sent by the district itself: only the owner of data can allow its use.
    async fn agreement(&self, district: &District, key: &SigningKey) -> anyhow::Result<()> {
        let (from, until) = life(self.ports.clock.now());
        let body =
            agreement(district, Validity { from: from.date_cst(), until: Some(until.date_cst()) });
        let gateway = self.gateway;
        let composer = Composer { schemas: gateway.schemas(), key, aud: gateway.id() };
        let (now, id) = (self.ports.clock.now(), self.ports.ids.uuid_v7());
        let message = composer
            .compose(MessageType::Agreement, &body, now, id, None)
            .map_err(|e| refused("the agreement", &e))?;
        let reply = gateway
            .accept(&district.id.parse()?, message.compact.as_bytes())
            .await
            .map_err(|e| refused("the agreement", &e))?;
        match &reply.refusal {
            None => Ok(()),
            Some(refusal) => Err(refused("the agreement", refusal)),
        }
    }
}

/// The operator as the pinned file and the first entry of the log have it.
pub(super) fn operator(id: &str) -> anyhow::Result<ParticipantBody> {
    Ok(ParticipantBody {
        participant: id.parse()?,
        revision: 1,
        kind: ParticipantKind::Gateway,
        region: None,
        name: Text::new("互认网关运营方（演示）", "Operator of the gateway (demonstration)"),
        contact: "office@gateway.example".to_owned(),
        standing: Standing::Active,
        may_send: [MessageType::Participant, MessageType::Key, MessageType::Clock]
            .map(|ty| ty.as_str().to_owned())
            .to_vec(),
    })
}

/// A district may send everything but what is the operator's.
fn participant(district: &District) -> anyhow::Result<ParticipantBody> {
    let operators = [MessageType::Participant, MessageType::Clock];
    let may_send = MessageType::ALL.iter().filter(|ty| !operators.contains(ty));
    Ok(ParticipantBody {
        participant: district.id.parse()?,
        revision: 1,
        kind: ParticipantKind::District,
        region: Some(district.region.clone()),
        name: district.name.clone(),
        contact: district.contact.clone(),
        standing: Standing::Active,
        may_send: may_send.map(|ty| ty.as_str().to_owned()).collect(),
    })
}

/// What each district lets the others use: results and periods, no amounts paid to others, no
/// employers, nothing that names anybody.
fn agreement(district: &District, validity: Validity) -> AgreementBody {
    const LINES: [(&str, &[&str]); 6] = [
        (
            "certification",
            &["scheme", "scheme_version", "class", "basis", "authority", "attestation"],
        ),
        (
            "qualification",
            &[
                "object",
                "scheme",
                "class",
                "speciality",
                "registered",
                "full_time",
                "hours",
                "authority",
                "attestation",
            ],
        ),
        ("affiliation", &["mode", "region", "dissolved", "authority", "attestation"]),
        ("occupancy", &["kind", "discount_percent"]),
        ("fact", &["about", "name", "value", "attestation"]),
        ("funding", &["policy", "kind", "months"]),
    ];
    let grants = LINES.map(|(kind, fields)| AgreementGrant {
        kind: kind.to_owned(),
        purposes: purposes(kind),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    });
    AgreementBody {
        agreement: format!("DEV-{}-1", district.id),
        revision: 1,
        users: Vec::new(),
        grants: grants.to_vec(),
        legal_basis: Citation {
            document: "开发环境数据授权（虚构，不作依据） / development agreement (invented)"
                .to_owned(),
            article: "1".to_owned(),
            phrase: None,
        },
        validity,
        residence: Residence::Hub,
        max_age_hours: RECONCILED_HOURS_MAX,
        withdrawn: false,
    }
}

/// Shared services rest on what recognition rests on, and answer yes or no only.
fn purposes(kind: &str) -> Vec<Purpose> {
    match kind {
        "certification" | "qualification" | "affiliation" | "fact" => {
            vec![Purpose::FundingCheck, Purpose::Recognition, Purpose::Service]
        }
        _ => vec![Purpose::FundingCheck, Purpose::Recognition],
    }
}

fn refused(what: &str, refusal: &Refusal) -> anyhow::Error {
    anyhow!(describe(refusal)).context(format!("{what} could not be enrolled"))
}
