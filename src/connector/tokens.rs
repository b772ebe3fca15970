//! From match inputs to tokens: blind, ask the tokeniser in batches, check its signature and its
//! proof, finalise. Nothing of an input leaves this file but its blinded form.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::hub::{self, HubError, REPLY_TIME};
use super::{Connector, Peer, directory};
use crate::domain::code::{Code, Refusal};
use crate::domain::entropy::{Entropy, EntropyError};
use crate::domain::id::MatchInput;
use crate::domain::query::{TokenEvaluate, TokenEvaluated};
use crate::domain::registry::MessageType;
use crate::domain::subject::{Token, TokenRef};
use crate::evidence::{TrustedDirectory, verify_token_answer};
use crate::message::{Composer, Message};
use crate::oprf::client::{Blind, blind, finalize_batch};
use crate::oprf::{BATCH_MAX, EvaluatedElement, Proof};

/// Most tokens that are remembered: the cases of a busy day. In memory only, under a random key of
/// this process, so that a dump of it cannot be searched for ID numbers afterwards.
pub const CACHE_MAX: usize = 4_096;

type CacheKey = [u8; 32];

pub(super) struct Tokens {
    peer: Peer,
    key: Zeroizing<[u8; 32]>,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    tokens: HashMap<CacheKey, Token>,
    order: VecDeque<CacheKey>,
}

impl Tokens {
    pub(super) fn new(peer: Peer, entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(key.as_mut_slice())?;
        Ok(Self { peer, key, cache: Mutex::default() })
    }

    fn cache_key(&self, input: &MatchInput, epoch: u32) -> Result<CacheKey, Refusal> {
        let mac = Hmac::<Sha256>::new_from_slice(self.key.as_slice());
        let mut mac = mac.map_err(|_| Code::Internal)?;
        mac.update(&epoch.to_be_bytes());
        mac.update(input.expose());
        Ok(mac.finalize().into_bytes().into())
    }

    fn known(&self, key: &CacheKey) -> Option<Token> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.tokens.get(key).copied()
    }

    fn remember(&self, key: CacheKey, token: Token) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.tokens.insert(key, token).is_none() {
            cache.order.push_back(key);
        }
        if cache.order.len() > CACHE_MAX
            && let Some(oldest) = cache.order.pop_front()
        {
            cache.tokens.remove(&oldest);
        }
    }
}

impl Connector {
    /// One token per input, in order, of the newest epoch.
    pub(super) async fn tokenise(&self, inputs: &[MatchInput]) -> Result<Vec<TokenRef>, Refusal> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        let directory = self.directory().await?;
        let epoch = directory::epoch(&directory)?;
        let keys = inputs
            .iter()
            .map(|input| self.tokens.cache_key(input, epoch))
            .collect::<Result<Vec<_>, _>>()?;
        // Found here and not in the cache at the end: a large request may push its own tokens out.
        let mut found: HashMap<CacheKey, Token> = HashMap::new();
        let mut asked: HashSet<CacheKey> = HashSet::new();
        let mut missing: Vec<(CacheKey, &MatchInput)> = Vec::new();
        for (key, input) in keys.iter().zip(inputs) {
            if let Some(token) = self.tokens.known(key) {
                found.insert(*key, token);
            } else if asked.insert(*key) {
                missing.push((*key, input));
            }
        }
        for batch in missing.chunks(BATCH_MAX) {
            let tokens = self.evaluate(&directory, epoch, batch).await?;
            for ((key, _), token) in batch.iter().zip(tokens) {
                self.tokens.remember(*key, token);
                found.insert(*key, token);
            }
        }
        keys.iter()
            .zip(inputs)
            .map(|(key, input)| found.get(key).map(|token| input.reference(*token, epoch)))
            .collect::<Option<_>>()
            .ok_or_else(|| Code::Internal.into())
    }

    /// One batch: signed question, verified answer, checked proof.
    async fn evaluate(
        &self,
        directory: &TrustedDirectory,
        epoch: u32,
        batch: &[(CacheKey, &MatchInput)],
    ) -> Result<Vec<Token>, Refusal> {
        let key = *directory.oprf_key(epoch).ok_or(Code::EpochUnknown)?;
        let (mut blinds, mut elements): (Vec<Blind>, Vec<String>) = (Vec::new(), Vec::new());
        for (_, input) in batch {
            let (state, element) = blind(input, &*self.ports.entropy)?;
            blinds.push(state);
            elements.push(element.to_string());
        }
        let message = self.ask_for(epoch, elements)?;
        let answer = self.fetch(&message).await?;
        let verified =
            verify_token_answer(directory, &message.compact, &answer).map_err(|error| {
                tracing::error!(%error, "the tokeniser's answer is not believed");
                not_believed()
            })?;
        if verified.claims().iss != self.tokens.peer.id {
            return Err(not_believed());
        }
        let body: TokenEvaluated =
            serde_json::from_value(verified.into_body()).map_err(|_| not_believed())?;
        if body.epoch != epoch {
            return Err(not_believed());
        }
        let finished = tokio::task::spawn_blocking(move || {
            let evaluated = body
                .elements
                .iter()
                .map(|e| EvaluatedElement::parse(e))
                .collect::<Result<Vec<_>, _>>()?;
            finalize_batch(&blinds, &evaluated, &Proof::parse(&body.proof)?, &key)
        });
        // Whatever does not parse or prove: the answer is the tokeniser's, the operators have to act.
        finished.await.map_err(|_| Code::Internal)?.map_err(|error| {
            tracing::error!(%error, "the tokeniser's proof does not hold");
            not_believed()
        })
    }

    fn ask_for(&self, epoch: u32, elements: Vec<String>) -> Result<Message, Refusal> {
        let composer =
            Composer { schemas: &self.schemas, key: &self.key, aud: &self.tokens.peer.id };
        let body = TokenEvaluate { epoch, elements };
        let (now, id) = (self.ports.clock.now(), self.ports.ids.uuid_v7());
        composer.compose(MessageType::TokenEvaluate, &body, now, id, None)
    }

    async fn fetch(&self, message: &Message) -> Result<String, Refusal> {
        let body = Bytes::copy_from_slice(message.compact.as_bytes());
        let client = &self.tokens.peer.client;
        let reply = client.post("/v1/tokens", "application/jose", body, REPLY_TIME).await;
        let members = reply.map_err(HubError::from).and_then(|reply| hub::read(&reply));
        let members = members.map_err(|error| error.into_refusal("令牌服务", "the tokeniser"))?;
        members.get("answer").and_then(|v| v.as_str()).map(str::to_owned).ok_or_else(not_believed)
    }
}

fn not_believed() -> Refusal {
    Refusal::new(Code::OprfProof).detail(
        "令牌服务的答复未通过验证，已停止办理：请联系令牌服务和网关运营方核对密钥",
        "the tokeniser's answer does not verify and nothing was sent: ask the operators of tokeniser and gateway to compare keys",
    )
}
