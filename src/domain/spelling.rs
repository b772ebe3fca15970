//! How public names and numbers are compared: of plans, projects, agreements, offices. Names of persons
//! are never carried, so there is no form in which to compare them.

/// The form in which public names and numbers are compared: half-width, lower case, Roman and circled
/// numerals spelled out (what NFKC does to characters that occur in them), one kind of brackets and of
/// dots, and no white space, hyphens, quotation marks and book-title marks (《》). Never shown, never sent.
pub fn comparison_form(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for c in text.chars().map(half_width).filter(|c| !is_left_out(*c)) {
        match c {
            '〔' | '【' | '[' | '{' => form.push('('),
            '〕' | '】' | ']' | '}' => form.push(')'),
            '•' | '‧' | '∙' | '⋅' | '・' | '･' | '.' => form.push('·'),
            '\u{2160}'..='\u{217F}' | '\u{2460}'..='\u{2473}' => form.push_str(&numeral(c)),
            c => form.extend(c.to_lowercase()),
        }
    }
    form
}

fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

fn is_left_out(c: char) -> bool {
    let mark = matches!(
        c,
        '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' // hyphens, dashes
            | '"' | '\'' | '`' | '\u{2018}'..='\u{201F}' | '\u{2032}' | '\u{2033}'
            | '「'..='』' | '《' | '》' | '〈' | '〉' | '«' | '»' | '‹' | '›'
            | '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' // not seen
    );
    mark || c.is_whitespace() || c.is_control()
}

/// Ⅳ as iv, ⑫ as 12.
fn numeral(c: char) -> String {
    const ROMAN: [&str; 16] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "l", "c", "d",
        "m",
    ];
    let code = u32::from(c);
    if let 0x2460..=0x2473 = code {
        return (code - 0x245F).to_string();
    }
    let roman = usize::try_from(code % 16).ok().and_then(|i| ROMAN.get(i));
    roman.map_or_else(|| c.to_string(), |r| (*r).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn habits_of_writing_fall_away_and_nothing_else() {
        for (written, form) in [
            ("ＲＣ－２０２０ ", "rc2020"),
            ("《国家“重点”计划》", "国家重点计划"),
            ("沪人社［2020］1号", "沪人社(2020)1号"),
            ("Ⅳ-⑫", "iv12"),
            ("1.1", "1·1"),
            ("1/2", "1/2"),
            ("—", ""),
        ] {
            assert_eq!(comparison_form(written), form, "{written}");
        }
    }

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(text in "\\PC{0,24}") {
            let form = comparison_form(&text);
            prop_assert_eq!(comparison_form(&form), form);
        }
    }
}
