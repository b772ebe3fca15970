use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Bounds, read};
use crate::domain::code::Code;

fn refused(text: &[u8]) -> (Code, String) {
    let refusal = read(text, &Bounds::MESSAGE).unwrap_err();
    (refusal.code, refusal.violations[0].pointer.clone())
}

#[test]
fn plain_json_is_read() {
    let text = r#" {"姓名":"\u4e2d\ud83d\ude00","a":[1,-9007199254740991,null,true,{}],"":""} "#;
    let expected =
        json!({"姓名": "中😀", "a": [1, -9_007_199_254_740_991_i64, null, true, {}], "": ""});
    assert_eq!(read(text.as_bytes(), &Bounds::MESSAGE).unwrap(), expected);
}

#[test]
fn broken_rules_are_refused_with_their_place() {
    let table: &[(&[u8], Code, &str)] = &[
        (br#"{"a":1,"a":1}"#, Code::JsonDuplicateKey, "/a"),
        (br#"{"a":1,"\u0061":1}"#, Code::JsonDuplicateKey, "/a"),
        (br#"{"x":[0,{"a":{},"b":1,"a":2}]}"#, Code::JsonDuplicateKey, "/x/1/a"),
        (br#"{"310101199001011234":{"n":1.0}}"#, Code::JsonNumber, "/?/n"),
        (b"1.5", Code::JsonNumber, ""),
        (b"1e2", Code::JsonNumber, ""),
        (b"1E400", Code::JsonNumber, ""),
        (b"[-0]", Code::JsonNumber, "/0"),
        (b"-0.0", Code::JsonNumber, ""),
        (b"9007199254740992", Code::JsonNumber, ""),
        (b"-9007199254740992", Code::JsonNumber, ""),
        (b"18446744073709551615", Code::JsonNumber, ""),
        (b"100000000000000000000000", Code::JsonNumber, ""),
        (br#"{"a":"\u0000"}"#, Code::JsonText, "/a"),
        (br#"{"a\u0000":1}"#, Code::JsonText, ""),
        (br#"["\ud800"]"#, Code::JsonText, "/0"),
        (br#"["\udc00"]"#, Code::JsonText, "/0"),
        (br#"["\ud800x"]"#, Code::JsonText, "/0"),
        (b"\"\xed\xa0\x80\"", Code::JsonText, ""),
        (b"\"\xff\"", Code::JsonText, ""),
        ("\"\u{fdd0}\"".as_bytes(), Code::JsonText, ""),
        ("\"\u{1ffff}\"".as_bytes(), Code::JsonText, ""),
        (b"\"\0\"", Code::JsonMalformed, ""),
        (b"\xef\xbb\xbf{}", Code::JsonMalformed, ""),
        (b"{}x", Code::JsonMalformed, ""),
        (b"{} {}", Code::JsonMalformed, ""),
        (b"{}\0", Code::JsonMalformed, ""),
        (b"", Code::JsonMalformed, ""),
        (b"{\"a\":1,}", Code::JsonMalformed, ""),
        (b"[1,]", Code::JsonMalformed, "/1"),
        (b"01", Code::JsonMalformed, ""),
        (b"NaN", Code::JsonMalformed, ""),
        (b"//\n1", Code::JsonMalformed, ""),
    ];
    for (text, code, pointer) in table {
        let shown = String::from_utf8_lossy(text);
        assert_eq!(refused(text), (*code, (*pointer).to_owned()), "{shown}");
    }
}

#[test]
fn full_width_text_is_not_mistaken_for_noncharacters() {
    assert!(read("\"，（Ｘ）𠮷\u{fffd}\"".as_bytes(), &Bounds::MESSAGE).is_ok());
}

#[test]
fn bounds_are_exact() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(16).as_bytes(), &Bounds::MESSAGE).is_ok());
    assert_eq!(refused(nested(17).as_bytes()).0, Code::JsonTooDeep);
    assert_eq!(refused(nested(5000).as_bytes()).0, Code::JsonTooDeep);
    let mut object = json!(1);
    for _ in 0..17 {
        object = json!({ "a": object });
    }
    assert_eq!(refused(object.to_string().as_bytes()).0, Code::JsonTooDeep);

    let array = |n: usize| Value::from(vec![0; n]).to_string();
    assert!(read(array(1000).as_bytes(), &Bounds::MESSAGE).is_ok());
    assert_eq!(refused(array(1001).as_bytes()).0, Code::JsonTooLarge);
    let object = |n: usize| {
        let members: Vec<_> = (0..n).map(|i| format!("\"m{i}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert!(read(object(1000).as_bytes(), &Bounds::MESSAGE).is_ok());
    assert_eq!(refused(object(1001).as_bytes()).0, Code::JsonTooLarge);

    let text = |n: usize| format!("\"{}\"", "x".repeat(n - 2));
    let max = Bounds::MESSAGE.size_max_bytes;
    assert!(read(text(max).as_bytes(), &Bounds::MESSAGE).is_ok());
    assert_eq!(refused(text(max + 1).as_bytes()).0, Code::BodyTooLarge);
}

fn strict_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-super::INTEGER_MAX..=super::INTEGER_MAX).prop_map(Value::from),
        "[ -~中文·𠮷]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\é]{0,4}", inner, 0..8)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn strict_values_survive(value in strict_json()) {
        prop_assert_eq!(read(value.to_string().as_bytes(), &Bounds::MESSAGE).unwrap(), value);
    }

    #[test]
    fn what_is_accepted_means_the_same_to_serde_json(
        value in strict_json(), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = value.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(value) = read(&bytes, &Bounds::MESSAGE) {
            prop_assert_eq!(value, serde_json::from_slice::<Value>(&bytes).unwrap());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(&bytes, &Bounds::MESSAGE);
    }
}
