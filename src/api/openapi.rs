//! The OpenAPI 3.1 description. 3.1 because its dialect is JSON Schema 2020-12, the one of
//! `schemas/`.

use utoipa::openapi::security::{SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, OpenApiVersion,
};

/// Name of the one security scheme.
const MUTUAL_TLS: &str = "mutualTLS";
/// How axum writes a parameter that takes the rest of a path; OpenAPI knows no such mark.
const REST_MARK: &str = "{*";

/// The whole description, as `/openapi.json` serves it.
pub fn description() -> OpenApi {
    finished(super::described().to_openapi())
}

/// Everything but the endpoints.
pub(super) fn base() -> OpenApi {
    let tag = |name: &str, text: &str| TagBuilder::new().name(name).description(Some(text)).build();
    OpenApiBuilder::new()
        .openapi(OpenApiVersion::Version31)
        .info(
            InfoBuilder::new()
                .title("长三角人才互认网关 / Yangtze Delta talent gateway")
                .version(env!("CARGO_PKG_VERSION"))
                .license(Some(
                    LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
                ))
                .description(Some(
                    "TLS 1.3 双向认证；证书的 SAN URI `urn:ydt:participant:<id>` 即参与方，每次请求都查其状态。\
                     错误为 RFC 9457 问题，代码稳定，文字按 Accept-Language 为中文（默认）或英文。\n\n\
                     TLS 1.3 with client certificates; the SAN URI `urn:ydt:participant:<id>` names the \
                     participant, whose standing is checked on each request. Errors are RFC 9457 problems with \
                     stable codes, in Chinese by default or English by Accept-Language.",
                ))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme(
                    MUTUAL_TLS,
                    SecurityScheme::MutualTls {
                        description: Some(
                            "参与方的客户端证书 / Client certificate of the participant".to_owned(),
                        ),
                        deprecated: None,
                        extensions: None,
                    },
                )
                .build(),
        ))
        .security(Some([SecurityRequirement::new(MUTUAL_TLS, [""; 0])]))
        .tags(Some([
            tag("messages", "消息、回执、动态 / Messages, receipts, feed"),
            tag("directory", "参与方目录 / Directory of participants"),
            tag("schemas", "消息模式 / Schemas of messages"),
            tag("log", "透明日志 / Transparency log"),
        ]))
        .build()
}

/// Paths in the spelling of OpenAPI.
pub(super) fn finished(mut api: OpenApi) -> OpenApi {
    let marked: Vec<_> =
        api.paths.paths.keys().filter(|path| path.contains(REST_MARK)).cloned().collect();
    for path in marked {
        if let Some(item) = api.paths.paths.remove(&path) {
            api.paths.paths.insert(path.replace(REST_MARK, "{"), item);
        }
    }
    api
}
