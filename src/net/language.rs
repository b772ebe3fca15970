//! Which language a client reads: `Accept-Language` (RFC 9110 §12.5.4), Chinese unless asked.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

use crate::domain::text::Language;

/// Ranges that are looked at; browsers send fewer than ten.
const RANGES_MAX: usize = 16;

/// The language of the answer: the highest-ranked range that we speak, the first among equals.
pub fn accepted(headers: &HeaderMap) -> Language {
    let ranges = headers
        .get_all(ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .take(RANGES_MAX);
    let mut best = (0, Language::default());
    for (language, weight) in ranges.filter_map(range) {
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

/// Language and weight in thousandths of one range; `None` for one we do not speak.
fn range(text: &str) -> Option<(Language, u32)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let primary = tag.trim().split('-').next()?;
    let language = if primary.eq_ignore_ascii_case("zh") {
        Language::Zh
    } else if primary.eq_ignore_ascii_case("en") {
        Language::En
    } else {
        return None;
    };
    let weight = match parameters.trim().strip_prefix("q=") {
        None => 1000,
        Some(q) => thousandths(q.trim())?,
    };
    Some((language, weight))
}

/// `0`, `0.8`, `1.000`, … as thousandths.
fn thousandths(q: &str) -> Option<u32> {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    let digits = fraction.bytes().all(|b| b.is_ascii_digit());
    if !matches!(whole, "0" | "1") || fraction.len() > 3 || !digits {
        return None;
    }
    let n: u32 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (n <= 1000).then_some(n)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_best_range_wins() {
        for (header, expected) in [
            ("", Language::Zh),
            ("en", Language::En),
            ("en-GB,en;q=0.9", Language::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Zh),
            ("zh;q=0.5, en;q=0.7", Language::En),
            ("fr, en;q=0.1", Language::En),
            ("fr, *", Language::Zh),
            ("en;q=0", Language::Zh),
            ("en;q=7", Language::Zh),
            ("en;q=", Language::Zh),
            ("EN", Language::En),
            (";;;,,,", Language::Zh),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
            assert_eq!(accepted(&headers), expected, "{header}");
        }
    }
}
