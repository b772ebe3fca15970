//! Payloads under a good signature that a lenient JSON reader takes.

use serde_json::json;

use super::vector::{HEADER, Vector, claims, claims_with, message, seal};

pub fn vectors() -> Vec<Vector> {
    let mut all = members();
    all.extend(numbers());
    all.extend(texts());
    all
}

/// The good payload with raw text in place of the body.
fn body(raw: &str) -> String {
    let mut claims = claims_with("body", json!(null));
    claims["body"] = json!("@");
    seal("qingpu#message-1", HEADER, claims.to_string().replace("\"@\"", raw))
}

fn members() -> Vec<Vector> {
    let twice = |first: &str| {
        let text = claims().to_string();
        seal("qingpu#message-1", HEADER, format!("{{{first},{}", &text[1..]))
    };
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(15), "]".repeat(15));
    let names: Vec<_> = (0..1001).map(|i| format!("\"{i}\":0")).collect();
    [
        ("duplicate-iss", "两个 iss", "two iss", twice(r#""iss":"jiashan""#), "json-duplicate-key"),
        (
            "duplicate-escaped",
            "以转义写出的重复成员",
            "a repetition hidden by an escape",
            twice(r#""\u0069ss":"qingpu""#),
            "json-duplicate-key",
        ),
        (
            "duplicate-nested",
            "内层成员重复",
            "a repetition inside",
            body(r#"{"a":[{"b":1,"b":1}]}"#),
            "json-duplicate-key",
        ),
        ("depth-17", "嵌套 17 层", "nested 17 deep", body(&deep), "json-too-deep"),
        (
            "items-1001",
            "数组 1,001 项",
            "an array of 1,001 items",
            message(&claims_with("body", json!({"a": vec![0; 1001]}))),
            "json-too-large",
        ),
        (
            "members-1001",
            "对象 1,001 个成员",
            "an object of 1,001 members",
            body(&format!("{{{}}}", names.join(","))),
            "json-too-large",
        ),
    ]
    .map(|(id, zh, en, compact, expect)| Vector::new(id, zh, en, compact, expect))
    .into()
}

fn numbers() -> Vec<Vector> {
    [
        ("fraction", "小数", "1.5"),
        ("fraction-zero", "小数部分为零", "1.0"),
        ("exponent", "指数", "1e2"),
        ("exponent-huge", "巨大指数", "1e400"),
        ("minus-zero", "负零", "-0"),
        ("two-to-53", "2 的 53 次方", "9007199254740992"),
        ("minus-two-to-53", "负的 2 的 53 次方", "-9007199254740992"),
        ("two-to-64", "2 的 64 次方", "18446744073709551616"),
    ]
    .map(|(id, zh, number)| {
        let compact = body(&format!("{{\"n\":{number}}}"));
        Vector::new(id, zh, &format!("the number {number}"), compact, "json-number")
    })
    .into()
}

#[expect(clippy::too_many_lines, reason = "one table")]
fn texts() -> Vec<Vector> {
    let good = claims().to_string();
    let raw = |bytes: &[u8]| {
        let (head, tail) = good.split_once("qingpu-2024").unwrap();
        let payload = [head.as_bytes(), bytes, tail.as_bytes()].concat();
        seal("qingpu#message-1", HEADER, payload)
    };
    let whole = |text: String| seal("qingpu#message-1", HEADER, text);
    [
        ("bom", "有 BOM", "byte order mark", whole(format!("\u{feff}{good}")), "json-malformed"),
        (
            "trailing-brace",
            "之后多一个括号",
            "one brace too many",
            whole(format!("{good}}}")),
            "json-malformed",
        ),
        (
            "second-value",
            "之后还有一个值",
            "a second value",
            whole(format!("{good}\n{good}")),
            "json-malformed",
        ),
        (
            "trailing-nul",
            "之后有 NUL",
            "NUL at the end",
            whole(format!("{good}\0")),
            "json-malformed",
        ),
        ("empty", "空载荷", "an empty payload", whole(String::new()), "json-malformed"),
        ("trailing-comma", "多余的逗号", "a trailing comma", body(r#"{"a":1,}"#), "json-malformed"),
        ("comment", "含注释", "a comment", body("{/* */}"), "json-malformed"),
        ("single-quotes", "单引号", "single quotes", body("{'a':1}"), "json-malformed"),
        ("nan", "NaN", "NaN", body(r#"{"n":NaN}"#), "json-malformed"),
        (
            "control",
            "未转义的控制字符",
            "a control character, not escaped",
            raw(b"\x01"),
            "json-malformed",
        ),
        ("nul-raw", "未转义的 NUL", "NUL, not escaped", raw(b"\0"), "json-malformed"),
        ("nul-escaped", "转义的 NUL", "NUL, escaped", raw(br"\u0000"), "json-text"),
        ("nul-name", "成员名含 NUL", "NUL in a member name", body(r#"{"a\u0000":1}"#), "json-text"),
        (
            "lone-surrogate",
            "单独的高位代理",
            "a lone leading surrogate",
            raw(br"\ud800"),
            "json-text",
        ),
        (
            "lone-low-surrogate",
            "单独的低位代理",
            "a lone trailing surrogate",
            raw(br"\udc00"),
            "json-text",
        ),
        (
            "swapped-surrogates",
            "次序颠倒的代理对",
            "surrogates in the wrong order",
            raw(br"\ude00\ud83d"),
            "json-text",
        ),
        (
            "surrogate-bytes",
            "以字节写出的代理",
            "a surrogate as bytes",
            raw(b"\xed\xa0\x80"),
            "json-text",
        ),
        ("overlong", "超长 UTF-8 编码", "overlong UTF-8", raw(b"\xc0\xaf"), "json-text"),
        ("gb18030", "GB 18030 字节", "GB 18030 bytes", raw(b"\xc7\xe0\xc6\xd6"), "json-text"),
        (
            "noncharacter",
            "非字符 U+FDD0",
            "the noncharacter U+FDD0",
            raw("\u{fdd0}".as_bytes()),
            "json-text",
        ),
    ]
    .map(|(id, zh, en, compact, expect)| Vector::new(id, zh, en, compact, expect))
    .into()
}
