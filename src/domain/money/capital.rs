//! 人民币大写: sums as prints and slips carry them, so that no digit can be altered.
//!
//! After 《支付结算办法》附一 (正确填写票据和结算凭证的基本规定; its examples are the tests). Where the rule leaves a choice,
//! one form is taken: no 整 after 角, no 零 between 元 and a 角 that is not zero.

use super::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
/// Yuan that 亿 counts.
const YI: u64 = 100_000_000;
/// Yuan that 万 counts.
const WAN: u64 = 10_000;

impl Fen {
    /// The sum in capital numerals: `人民币壹仟肆佰零玖元伍角`. Holds for every sum there is; the
    /// largest is 玖拾万 and some 亿.
    pub fn capital(self) -> String {
        let (yuan, jiao, fen) = (self.0 / 100, self.0 / 10 % 10, self.0 % 10);
        let mut out = String::from("人民币");
        if yuan > 0 {
            below_wan_yi(&mut out, yuan);
            out.push('元');
        } else if jiao == 0 && fen == 0 {
            out.push_str("零元");
        }
        match (jiao, fen) {
            (0, 0) => out.push('整'),
            (0, fen) => {
                if yuan > 0 {
                    out.push('零');
                }
                push(&mut out, fen, "分");
            }
            (jiao, 0) => push(&mut out, jiao, "角"),
            (jiao, fen) => {
                push(&mut out, jiao, "角");
                push(&mut out, fen, "分");
            }
        }
        out
    }
}

/// Any sum in bounds: 亿 and what is below.
fn below_wan_yi(out: &mut String, yuan: u64) {
    let (high, low) = (yuan / YI, yuan % YI);
    if high > 0 {
        below_yi(out, high);
        out.push('亿');
    }
    if low > 0 {
        gap(out, high > 0 && low < YI / 10);
        below_yi(out, low);
    }
}

/// Below 亿: 万 and what is below.
fn below_yi(out: &mut String, n: u64) {
    let (high, low) = (n / WAN, n % WAN);
    if high > 0 {
        below_wan(out, high);
        out.push('万');
    }
    if low > 0 {
        gap(out, high > 0 && low < WAN / 10);
        below_wan(out, low);
    }
}

/// 1 to 9999, with one 零 for any run of zeros inside.
fn below_wan(out: &mut String, n: u64) {
    let mut skipped = false;
    let mut begun = false;
    for (unit, word) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        match n / unit % 10 {
            0 => skipped = begun,
            digit => {
                gap(out, skipped);
                push(out, digit, word);
                (begun, skipped) = (true, false);
            }
        }
    }
}

fn gap(out: &mut String, is: bool) {
    if is {
        out.push('零');
    }
}

fn push(out: &mut String, digit: u64, unit: &str) {
    let digit = usize::try_from(digit).ok().and_then(|d| DIGITS.get(d));
    out.extend(digit);
    out.push_str(unit);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_rule_and_the_tricky_zeros() {
        let table = [
            // The examples of the rule.
            (140_950, "壹仟肆佰零玖元伍角"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "壹拾万柒仟元伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            // Ends.
            (0, "零元整"),
            (1, "壹分"),
            (10, "壹角"),
            (11, "壹角壹分"),
            (100, "壹元整"),
            (101, "壹元零壹分"),
            (1_000, "壹拾元整"),
            // Zeros inside and between groups.
            (100_100, "壹仟零壹元整"),
            (101_000, "壹仟零壹拾元整"),
            (1_000_000, "壹万元整"),
            (1_000_100, "壹万零壹元整"),
            (1_010_000, "壹万零壹佰元整"),
            (1_100_000, "壹万壹仟元整"),
            (10_000_100, "壹拾万零壹元整"),
            (100_010_000, "壹佰万零壹佰元整"),
            (10_000_000_000, "壹亿元整"),
            (10_000_000_100, "壹亿零壹元整"),
            (10_001_000_000, "壹亿零壹万元整"),
            (10_100_000_100, "壹亿零壹佰万零壹元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (100_100_000_000_000, "壹万零壹拾亿元整"),
            // Sums of the policies.
            (500_000_000, "伍佰万元整"),
            (400_000, "肆仟元整"),
            (4_166_666, "肆万壹仟陆佰陆拾陆元陆角陆分"),
            ((1 << 53) - 1, "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"),
        ];
        for (fen, words) in table {
            assert_eq!(Fen::new(fen).unwrap().capital(), format!("人民币{words}"), "{fen}");
        }
    }

    /// Reads the words back, written another way: every digit times its unit.
    fn value(words: &str) -> u64 {
        let (mut total, mut section, mut digit, mut fen) = (0, 0, 0, 0);
        for c in words.trim_start_matches("人民币").chars() {
            match c {
                '仟' => section += std::mem::take(&mut digit) * 1000,
                '佰' => section += std::mem::take(&mut digit) * 100,
                '拾' => section += std::mem::take(&mut digit) * 10,
                '万' => total += (std::mem::take(&mut section) + std::mem::take(&mut digit)) * WAN,
                '亿' => {
                    let group = std::mem::take(&mut section) + std::mem::take(&mut digit);
                    total = (total + group) * YI;
                }
                '元' => {
                    total += std::mem::take(&mut section) + std::mem::take(&mut digit);
                    fen += total * 100;
                }
                '角' => fen += std::mem::take(&mut digit) * 10,
                '分' => fen += std::mem::take(&mut digit),
                '整' => {}
                c => digit = DIGITS.iter().position(|d| *d == c).unwrap() as u64,
            }
        }
        fen
    }

    proptest! {
        #[test]
        fn every_sum_reads_back(fen in 0u64..(1 << 53)) {
            prop_assert_eq!(value(&Fen::new(fen).unwrap().capital()), fen);
        }

        #[test]
        fn sums_with_zeros_read_back_and_have_no_double_zero(digits in "[0-9]{1,3}0{0,6}[0-9]{1,3}0{0,4}") {
            let fen = digits.parse::<u64>().unwrap().min((1 << 53) - 1);
            let words = Fen::new(fen).unwrap().capital();
            prop_assert_eq!(value(&words), fen);
            prop_assert!(!words.contains("零零") && !words.contains("零万") && !words.contains("零亿"), "{}", words);
        }
    }
}
