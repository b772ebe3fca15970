//! From the library's errors to violations that hold no value of the message.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::domain::code::{Code, Refusal, Violation};

/// Most violations that one refusal lists; a sender mends these and sees the next ones.
pub const VIOLATIONS_MAX: usize = 20;

/// Most alternatives that one violation tells of, and most faults of each.
const ALTERNATIVES_MAX: usize = 8;
const FAULTS_MAX: usize = 4;

/// Where the instance stands in a message payload: schemas describe the claim `body` only.
const BODY_POINTER: &str = "/body";

/// Name of the format of a day.
const DATE: &str = "date";
/// Where a day has digits.
const DAY: &str = "0000-00-00";
/// The definition of a sum in the shared definitions.
const SUM: &str = "/$defs/fen/";

/// Collects what is wrong with `body`, masked. Slow next to `is_valid`: only for refusals.
pub(super) fn violations(validator: &Validator, body: &Value) -> Vec<Violation> {
    found(validator, body).into_iter().map(|(violation, _)| violation).collect()
}

/// The same as a refusal. Where nothing is wrong but days that do not exist, or sums that none can be, an
/// officer mends it, so that the code says so.
pub(super) fn refusal(validator: &Validator, body: &Value) -> Refusal {
    let (violations, codes): (Vec<_>, Vec<_>) = found(validator, body).into_iter().unzip();
    let common = codes.first().filter(|first| codes.iter().all(|code| code == *first));
    let mut refusal = Refusal::new(common.copied().unwrap_or(Code::SchemaViolation));
    refusal.violations = violations;
    refusal
}

fn found(validator: &Validator, body: &Value) -> Vec<(Violation, Code)> {
    let mut found = Vec::new();
    for error in validator.iter_errors(body).take(VIOLATIONS_MAX) {
        collect(&error, &mut found);
    }
    found.truncate(VIOLATIONS_MAX);
    found
}

/// Where one alternative alone takes the shape of the instance, and fails further inside, the faults are
/// inside: `oneOf` at the outer place would help nobody.
fn collect(error: &ValidationError<'_>, found: &mut Vec<(Violation, Code)>) {
    if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } =
        error.kind()
    {
        let here = error.instance_path().as_str().len();
        let inside = |errors: &&Vec<ValidationError<'static>>| {
            !errors.is_empty() && errors.iter().all(|e| e.instance_path().as_str().len() > here)
        };
        let mut meant = context.iter().filter(inside);
        if let (Some(errors), None) = (meant.next(), meant.next()) {
            for error in errors {
                collect(error, found);
            }
            return;
        }
    }
    found.push((masked(error), code(error)));
}

/// What each alternative would need, in the schema's words: `oneOf: (1) required percent; (2) required fen`.
fn alternatives(keyword: &str, context: &[Vec<ValidationError<'static>>], here: usize) -> String {
    let fault = |error: &ValidationError<'static>| {
        let inside = error.instance_path().as_str().get(here..).unwrap_or_default();
        let expected = expected(error);
        if inside.is_empty() { expected } else { format!("{inside} {expected}") }
    };
    let branch = |(number, errors): (usize, &Vec<ValidationError<'static>>)| {
        let faults: Vec<String> = errors.iter().take(FAULTS_MAX).map(fault).collect();
        format!("({}) {}", number + 1, faults.join(", "))
    };
    let branches: Vec<String> =
        context.iter().enumerate().take(ALTERNATIVES_MAX).map(branch).collect();
    format!("{keyword}: {}", branches.join("; "))
}

fn code(error: &ValidationError<'_>) -> Code {
    use ValidationErrorKind as K;
    match error.kind() {
        K::Format { format } if *format == DATE && looks_like_a_day(error.instance()) => {
            Code::DateImpossible
        }
        K::Minimum { .. } | K::Maximum { .. } if is_of_a_sum(error) => Code::AmountAbsurd,
        _ => Code::SchemaViolation,
    }
}

/// Digits where a day has them: what fails then is no day of the calendar.
fn looks_like_a_day(instance: &Value) -> bool {
    let shape = |text: &str| {
        text.len() == DAY.len()
            && text.bytes().zip(DAY.bytes()).all(|(c, like)| match like {
                b'-' => c == b'-',
                _ => c.is_ascii_digit(),
            })
    };
    instance.as_str().is_some_and(shape)
}

/// The bound is that of the shared definition of a sum.
fn is_of_a_sum(error: &ValidationError<'_>) -> bool {
    error.absolute_keyword_location().is_some_and(|at| at.as_str().contains(SUM))
}

/// Pointer and keyword. Objects are closed, so a pointer is made of names that the schema knows;
/// `expected` is made of the schema's words alone, never of the instance.
fn masked(error: &ValidationError<'_>) -> Violation {
    Violation {
        pointer: format!("{BODY_POINTER}{}", error.instance_path().as_str()),
        expected: expected(error),
    }
}

/// The keyword, and what the schema says about it where that helps: `maxLength 64`.
fn expected(error: &ValidationError<'_>) -> String {
    use ValidationErrorKind as K;
    let kind = error.kind();
    let keyword = kind.keyword();
    match kind {
        K::Maximum { limit }
        | K::Minimum { limit }
        | K::ExclusiveMaximum { limit }
        | K::ExclusiveMinimum { limit } => format!("{keyword} {limit}"),
        K::MaxLength { limit }
        | K::MinLength { limit }
        | K::MaxItems { limit }
        | K::MaxProperties { limit }
        | K::MinProperties { limit }
        | K::MinItems { limit } => format!("{keyword} {limit}"),
        K::Enum { options } => format!("{keyword} {options}"),
        K::Constant { expected_value } => format!("{keyword} {expected_value}"),
        K::Format { format } => format!("{keyword} {format}"),
        K::Pattern { pattern } => format!("{keyword} {pattern}"),
        K::Required { property } => {
            format!("{keyword} {}", property.as_str().unwrap_or_default())
        }
        K::Type { kind: TypeKind::Single(one) } => format!("{keyword} {one}"),
        K::OneOfNotValid { context } | K::AnyOf { context } => {
            alternatives(keyword, context, error.instance_path().as_str().len())
        }
        // Everything else may carry words of the instance, such as the names of unknown members.
        _ => keyword.to_owned(),
    }
}
