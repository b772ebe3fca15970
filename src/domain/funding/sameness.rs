//! Is it the same plan, project or agreement? What is public is named by authority and number, each as
//! its district writes them, so they are compared in a form without the habits of writing, and in three
//! results: a number proves nothing against another authority's, and nothing for it either.

use serde::{Deserialize, Serialize};

use super::message::NumberRef;
use crate::domain::spelling::comparison_form;

/// How two things compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// They are different.
    Other,
    /// They may be one; what is known does not tell. For a person to compare.
    Perhaps,
    /// They are one.
    Same,
}

/// A number in the form in which numbers are compared and found: see [`comparison_form`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberForm(String);

impl NumberForm {
    /// The form of a number as it is written. One of marks alone keeps them, so that not all such
    /// numbers are one.
    pub fn of(number: &str) -> Self {
        let form = comparison_form(number);
        Self(if form.is_empty() { number.trim().to_owned() } else { form })
    }

    /// As text, for keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NumberRef {
    /// The form by which it is found, whoever is named as its authority.
    pub fn form(&self) -> NumberForm {
        NumberForm::of(&self.number)
    }

    /// Is it the same as `other`? Symmetric. One number under two authorities may be one (国家, 科技部)
    /// or two (two authorities count from 001).
    pub fn sameness(&self, other: &Self) -> Sameness {
        let of = |a: &str, b: &str| comparison_form(a) == comparison_form(b);
        match (self.form() == other.form(), of(&self.authority, &other.authority)) {
            (false, _) => Sameness::Other,
            (true, true) => Sameness::Same,
            (true, false) => Sameness::Perhaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(authority: &str, number: &str) -> NumberRef {
        NumberRef { authority: authority.into(), number: number.into() }
    }

    #[test]
    fn spellings_of_one_number_are_one() {
        let plan = number("上海市人力资源和社会保障局", "RC-2020-08");
        for (authority, written) in [
            ("上海市 人力资源和社会保障局", "rc-2020-08 "),
            ("“上海市人力资源和社会保障局”", "ＲＣ－２０２０－０８"),
            ("上海市人力资源和社会保障局", "RC 2020 08"),
            ("上海市人力资源和社会保障局", "《RC—2020—08》"),
            ("上海市人力资源和社会保障局", "RC_2020\u{200B}08"),
        ] {
            assert_eq!(plan.sameness(&number(authority, written)), Sameness::Same, "{written}");
        }
        let of = |written| number("沪", written);
        assert_eq!(of("人社〔2020〕1号").sameness(&of("人社［2020］ 1号")), Sameness::Same);
    }

    #[test]
    fn another_authority_may_be_another_name_and_another_number_is_another() {
        let plan = number("国家", "P1");
        for (other, expected) in [
            (number("科技部", "p1"), Sameness::Perhaps),
            (number("", "P1"), Sameness::Perhaps),
            (number("国家", "P2"), Sameness::Other),
            (number("国家", "P1.1"), Sameness::Other),
            (number("国家", "P11"), Sameness::Other),
            (number("国家", "—"), Sameness::Other),
        ] {
            assert_eq!(plan.sameness(&other), expected, "{other:?}");
        }
        assert_eq!(number("国家", "—").sameness(&number("国家", "《》")), Sameness::Other);
    }

    proptest! {
        #[test]
        fn symmetric_and_found_where_it_may_be_one(
            a in "[ａ-ｃA-Ca-c《》 ①Ⅻ.-]{0,4}", b in "[ａ-ｃA-Ca-c《》 ①Ⅻ.-]{0,4}",
            x in "[国家 ]{0,3}", y in "[国家 ]{0,3}",
        ) {
            let (a, b) = (number(&x, &a), number(&y, &b));
            prop_assert_eq!(a.sameness(&a), Sameness::Same);
            prop_assert_eq!(a.sameness(&b), b.sameness(&a));
            // Whatever may be the same lies under one key.
            prop_assert_eq!(a.form() == b.form(), a.sameness(&b) != Sameness::Other);
        }
    }
}
