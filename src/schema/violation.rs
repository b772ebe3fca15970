//! From the library's errors to violations that hold no value of the message.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::domain::code::Violation;

/// Most violations that one refusal lists; a sender mends these and sees the next ones.
pub const VIOLATIONS_MAX: usize = 20;

/// Where the instance stands in a message payload: schemas describe the claim `body` only.
const BODY_POINTER: &str = "/body";

/// Collects what is wrong with `body`, masked. Slow next to `is_valid`: only for refusals.
pub(super) fn violations(validator: &Validator, body: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    for error in validator.iter_errors(body).take(VIOLATIONS_MAX) {
        collect(&error, &mut found);
    }
    found.truncate(VIOLATIONS_MAX);
    found
}

/// Where one alternative alone takes the shape of the instance, and fails further inside, the faults are
/// inside: `oneOf` at the outer place would help nobody.
fn collect(error: &ValidationError<'_>, found: &mut Vec<Violation>) {
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
    found.push(masked(error));
}

/// Pointer and keyword. Objects are closed, so a pointer is made of names that the schema knows;
/// `expected` is made of the schema's words alone, never of the instance.
fn masked(error: &ValidationError<'_>) -> Violation {
    Violation {
        pointer: format!("{BODY_POINTER}{}", error.instance_path().as_str()),
        expected: expected(error.kind()),
    }
}

/// The keyword, and what the schema says about it where that helps: `maxLength 64`.
fn expected(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as K;
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
        // Everything else may carry words of the instance, such as the names of unknown members.
        _ => keyword.to_owned(),
    }
}
