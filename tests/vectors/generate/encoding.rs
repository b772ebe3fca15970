//! Three parts of canonical base64url, or nothing.

use super::vector::{HEADER, Vector, b64, claims, key, unb64};

pub fn vectors() -> Vec<Vector> {
    // White space makes room for unused bits: 61 and 3n + 1 bytes.
    let header = format!("{HEADER} ");
    let mut payload = claims().to_string();
    while payload.len() % 3 != 1 {
        payload.push(' ');
    }
    let (h, p) = (b64(header), b64(payload));
    let good = sign(&h, &p);
    let s = good.rsplit('.').next().unwrap();
    let mut all = counts(&good, &h, &p, s);
    all.extend(alphabets(&good, &h, &p, s));
    all
}

/// Signs the two texts as they stand: a lenient decoder finds a good signature over them.
fn sign(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    let signature = key("qingpu#message-1").sign_bytes(input.as_bytes());
    format!("{input}.{}", b64(signature))
}

fn malformed(id: &str, zh: &str, en: &str, compact: String) -> Vector {
    Vector::new(id, zh, en, compact, "jws-malformed")
}

fn counts(good: &str, h: &str, p: &str, s: &str) -> Vec<Vector> {
    let signature = unb64(s);
    let mut long = signature.clone();
    long.push(0);
    let json_form = format!(r#"{{"protected":"{h}","payload":"{p}","signature":"{s}"}}"#);
    [
        ("empty", "空串", "an empty text", String::new()),
        ("dots", "只有分隔符", "separators only", "..".into()),
        ("two-parts", "只有两段", "two parts", format!("{h}.{p}")),
        ("four-parts", "四段", "four parts", format!("{good}.{s}")),
        ("five-parts", "五段（JWE 形式）", "five parts, as a JWE", format!("{h}.{p}.{s}.{h}.{p}")),
        ("json-form", "JWS JSON 序列化", "JWS JSON serialisation", json_form),
        ("no-signature", "没有签名", "no signature", format!("{h}.{p}.")),
        (
            "short-signature",
            "签名 63 字节",
            "signature of 63 bytes",
            format!("{h}.{p}.{}", b64(&signature[..63])),
        ),
        (
            "long-signature",
            "签名 65 字节",
            "signature of 65 bytes",
            format!("{h}.{p}.{}", b64(&long)),
        ),
    ]
    .map(|(id, zh, en, compact)| malformed(id, zh, en, compact))
    .into()
}

fn alphabets(good: &str, h: &str, p: &str, s: &str) -> Vec<Vector> {
    let standard = s.replace('-', "+").replace('_', "/");
    assert_ne!(standard, s, "the signature shows which alphabet it is in");
    let spaced = format!("{} {}", &h[..8], &h[8..]);
    [
        ("padded-header", "头部带填充", "padded header", sign(&format!("{h}=="), p)),
        ("padded-payload", "载荷带填充", "padded payload", sign(h, &format!("{p}=="))),
        ("padded-signature", "签名带填充", "padded signature", format!("{good}==")),
        ("leading-space", "前有空格", "leading space", format!(" {good}")),
        ("trailing-newline", "后有换行", "trailing newline", format!("{good}\n")),
        ("inner-space", "段内有空格", "space within a part", sign(&spaced, p)),
        (
            "standard-alphabet",
            "使用 + 与 / 的字母表",
            "the alphabet with + and /",
            format!("{h}.{p}.{standard}"),
        ),
        (
            "trailing-bits-header",
            "头部末位多余比特非零",
            "unused bits set in the header",
            sign(&bits(h), p),
        ),
        (
            "trailing-bits-payload",
            "载荷末位多余比特非零",
            "unused bits set in the payload",
            sign(h, &bits(p)),
        ),
        (
            "trailing-bits-signature",
            "签名末位多余比特非零",
            "unused bits set in the signature",
            format!("{h}.{p}.{}", bits(s)),
        ),
        ("full-width", "全角字母", "a full-width letter", format!("ｅ{}", &good[1..])),
    ]
    .map(|(id, zh, en, compact)| malformed(id, zh, en, compact))
    .into()
}

/// The same bytes with an unused trailing bit set; needs a part that has such bits.
fn bits(part: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert!(!part.len().is_multiple_of(4), "the last group is full");
    let (head, last) = part.split_at(part.len() - 1);
    let index = ALPHABET.iter().position(|c| *c == last.as_bytes()[0]).unwrap();
    format!("{head}{}", char::from(ALPHABET[index | 1]))
}
