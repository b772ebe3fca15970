//! Reads a request body with a cap and a time limit.

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::limits::{BODY_BYTES_MAX, BODY_READ_TIME, LOCAL_BODY_BYTES_MAX};
use crate::domain::code::{Code, Refusal};

/// Bounds of one body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit {
    /// Most bytes.
    pub bytes_max: usize,
    /// Longest time until the last byte is here.
    pub within: Duration,
}

impl BodyLimit {
    /// For `POST /v1/messages`, bulk form included.
    pub const MESSAGE: Self = Self { bytes_max: BODY_BYTES_MAX, within: BODY_READ_TIME };
    /// For plain JSON on the district's own network.
    pub const LOCAL: Self = Self { bytes_max: LOCAL_BODY_BYTES_MAX, within: BODY_READ_TIME };
}

/// The whole body, or `body-too-large`, `request-timeout`, or `bad-request` when it breaks off.
///
/// A declared length above the cap is refused before a byte is read.
pub async fn read(body: Body, limit: BodyLimit) -> Result<Bytes, Refusal> {
    let declared = body.size_hint().lower();
    if usize::try_from(declared).map_or(true, |n| n > limit.bytes_max) {
        return Err(too_large(limit));
    }
    let read = Limited::new(body, limit.bytes_max).collect();
    match tokio::time::timeout(limit.within, read).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(e)) if e.is::<LengthLimitError>() => Err(too_large(limit)),
        Ok(Err(_)) => Err(Refusal::new(Code::BadRequest)
            .detail("请求体传输中断", "the body broke off before its end")),
        Err(_) => {
            let seconds = limit.within.as_secs();
            Err(Refusal::new(Code::RequestTimeout).detail(
                format!("请求体须在 {seconds} 秒内到达"),
                format!("the body has to arrive within {seconds} s"),
            ))
        }
    }
}

fn too_large(limit: BodyLimit) -> Refusal {
    let n = limit.bytes_max;
    Refusal::new(Code::BodyTooLarge)
        .detail(format!("上限为 {n} 字节"), format!("the bound is {n} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_are_capped() {
        let limit = BodyLimit { bytes_max: 4, within: Duration::from_secs(1) };
        assert_eq!(read(Body::from("1234"), limit).await.unwrap(), "1234");
        let refusal = read(Body::from("12345"), limit).await.unwrap_err();
        assert_eq!(refusal.code, Code::BodyTooLarge);
        assert!(refusal.detail.unwrap().en.contains("4 bytes"));
    }
}
