//! `subject token`: from an identifier to the token that messages carry.

use clap::Args;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::failure::{Exit, Failure, Outcome};
use super::output::Form;
use super::session::{As, unverified};
use crate::domain::code::Refusal;
use crate::domain::id::{Document, DocumentType, IdRefusal, MatchInput, Notice};
use crate::domain::query::{TokenEvaluate, TokenEvaluated};
use crate::domain::registry::MessageType;
use crate::evidence::verify_token_answer;
use crate::oprf::client::{blind, finalize_batch};
use crate::oprf::{EvaluatedElement, OprfError, Proof};

/// Arguments of `subject token`.
#[derive(Debug, Args)]
pub struct TokenCommand {
    /// Type of the document (GA/T 517), never guessed: 111 resident identity card, residence permit;
    /// 114 officer card; 511, 516 travel permits; 553 permanent resident card
    #[arg(long, value_name = "CODE", value_parser = document_type)]
    document_type: DocumentType,
    #[command(flatten)]
    district: As,
}

fn document_type(text: &str) -> Result<DocumentType, String> {
    DocumentType::parse(text)
        .filter(|kind| kind.is_person() && *kind != DocumentType::Passport)
        .ok_or_else(|| {
            "a type whose number stands for one person: 111, 114, 511, 516, 553".to_owned()
        })
}

impl TokenCommand {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let session = self.district.open()?;
        let number =
            Zeroizing::new(std::io::read_to_string(std::io::stdin()).map_err(anyhow::Error::from)?);
        let today = session.ports.clock.now().date_cst();
        let (input, notices) = input(self.document_type, number.trim(), today)?;
        let (directory, _) = session.directory().await?;
        let epoch = directory.oprf_epochs().last();
        let key = epoch.and_then(|epoch| directory.oprf_key(epoch).map(|key| (epoch, *key)));
        let (epoch, key) = key.ok_or_else(|| {
            Failure::text(Exit::Failed, "the directory lists no key of the tokeniser")
        })?;
        let (state, element) = blind(&input, &*session.ports.entropy).map_err(not_proven)?;
        let body = TokenEvaluate { epoch, elements: vec![element.to_string()] };
        let body = serde_json::to_value(body).map_err(anyhow::Error::from)?;
        let aud = &session.config.tokeniser.id;
        let message = session.compose_for(aud, MessageType::TokenEvaluate, &body, None)?;
        let tokeniser = session.tokeniser()?;
        let answer = session.post(&tokeniser, "/v1/tokens", &message.compact).await?;
        let verified = verify_token_answer(&directory, &message.compact, &answer.compact)
            .map_err(unverified)?;
        let body: TokenEvaluated =
            serde_json::from_value(verified.into_body()).map_err(anyhow::Error::from)?;
        let evaluated = body.elements.iter().map(|e| EvaluatedElement::parse(e));
        let evaluated = evaluated.collect::<Result<Vec<_>, _>>().map_err(not_proven)?;
        let proof = Proof::parse(&body.proof).map_err(not_proven)?;
        let tokens = finalize_batch(&[state], &evaluated, &proof, &key).map_err(not_proven)?;
        let token = tokens.first().map(ToString::to_string).unwrap_or_default();
        form.print(&shown(&token, epoch, &notices), ToString::to_string)
    }
}

/// The token, and what an officer has to look at: 提示 and 异常, as the connector tells them.
fn shown(token: &str, epoch: u32, notices: &[Notice]) -> Value {
    let mut value = json!({ "token": token, "epoch": epoch });
    if !notices.is_empty() {
        let remarks = notices.iter().map(|notice| {
            json!({
                "notice": notice.as_str(),
                "severity": notice.severity().as_str(),
                "text": notice.text(),
            })
        });
        value["remarks"] = remarks.collect();
    }
    value
}

fn input(
    kind: DocumentType,
    number: &str,
    today: jiff::civil::Date,
) -> Outcome<(MatchInput, Vec<Notice>)> {
    let document = Document::parse(kind, number, today).map_err(identifier)?;
    let key = document.person_key().ok_or_else(|| {
        Failure::text(Exit::Usage, "a number of this document does not stand for one person")
    })?;
    let input = MatchInput::talent(key).map_err(identifier)?;
    Ok((input, document.notices().to_vec()))
}

/// Says what is wrong with the number without saying the number.
fn identifier(refusal: IdRefusal) -> Failure {
    let text = super::failure::describe(&Refusal::from(refusal));
    Failure::text(Exit::Usage, text)
}

fn not_proven(error: OprfError) -> Failure {
    Failure::new(Exit::Unverified, error).hint("the tokeniser's answer is not believed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_about_the_number_is_told_beside_the_token() {
        let today = jiff::civil::date(2026, 1, 1);
        for (number, said) in [
            ("11010519491231002X", None),
            ("310229197505054417", Some(("RegionAbolished", "hint"))),
            ("460033197708170019", Some(("RegionAbolished", "hint"))),
        ] {
            let kind = DocumentType::parse("111").unwrap();
            let (_, notices) = input(kind, number, today).ok().unwrap();
            let value = shown("t", 1, &notices);
            assert_eq!(value["remarks"].is_null(), said.is_none(), "{value}");
            if let Some((notice, severity)) = said {
                assert_eq!(value["remarks"][0]["notice"], notice);
                assert_eq!(value["remarks"][0]["severity"], severity);
                assert!(value["remarks"][0]["text"]["zh"].is_string());
            }
            assert!(!value.to_string().contains(number));
        }
    }
}
