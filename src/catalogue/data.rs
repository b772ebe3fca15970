//! Loading of code lists (`catalogue/codes`) and schemes (`catalogue/schemes`).

use serde::Deserialize;

use super::{CatalogueError, parse};
use crate::domain::codelist::{CodeList, CodeLists, Mapping};
use crate::domain::record::scheme::{QualificationScheme, Scheme, SchemeAuthority, Schemes};

/// Code lists, one file for each list and version.
const LISTS: &[(&str, &str)] = &[
    ("codes/degree.json", include_str!("../../catalogue/codes/degree.json")),
    ("codes/document-type.json", include_str!("../../catalogue/codes/document-type.json")),
    (
        "codes/document-type-name.json",
        include_str!("../../catalogue/codes/document-type-name.json"),
    ),
    ("codes/education.json", include_str!("../../catalogue/codes/education.json")),
    ("codes/education-1984.json", include_str!("../../catalogue/codes/education-1984.json")),
    ("codes/education-level.json", include_str!("../../catalogue/codes/education-level.json")),
    ("codes/nationality.json", include_str!("../../catalogue/codes/nationality.json")),
    ("codes/position-level.json", include_str!("../../catalogue/codes/position-level.json")),
    ("codes/skill-level-eight.json", include_str!("../../catalogue/codes/skill-level-eight.json")),
    ("codes/skill-level-five.json", include_str!("../../catalogue/codes/skill-level-five.json")),
    (
        "codes/skill-level-falling.json",
        include_str!("../../catalogue/codes/skill-level-falling.json"),
    ),
    (
        "codes/skill-level-rising.json",
        include_str!("../../catalogue/codes/skill-level-rising.json"),
    ),
    ("codes/title.json", include_str!("../../catalogue/codes/title.json")),
];
const MAPPINGS: &str = include_str!("../../catalogue/codes/mappings.json");

/// Certification schemes by authority; national and city plans last.
const SCHEMES: &[(&str, &str)] = &[
    ("schemes/changning.json", include_str!("../../catalogue/schemes/changning.json")),
    ("schemes/delta.json", include_str!("../../catalogue/schemes/delta.json")),
    ("schemes/hongkou.json", include_str!("../../catalogue/schemes/hongkou.json")),
    ("schemes/qingpu.json", include_str!("../../catalogue/schemes/qingpu.json")),
    ("schemes/yangpu.json", include_str!("../../catalogue/schemes/yangpu.json")),
    ("schemes/plans.json", include_str!("../../catalogue/schemes/plans.json")),
];
const AUTHORITIES: &str = include_str!("../../catalogue/schemes/authorities.json");
const QUALIFICATIONS: &str = include_str!("../../catalogue/schemes/qualifications.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    mappings: Vec<Mapping>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemeFile {
    schemes: Vec<Scheme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityFile {
    authorities: Vec<SchemeAuthority>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QualificationFile {
    schemes: Vec<QualificationScheme>,
}

/// The code lists and their mappings.
pub(super) fn codes() -> Result<CodeLists, CatalogueError> {
    let lists = LISTS.iter().map(|(file, text)| parse::<CodeList>(file, text));
    let lists = lists.collect::<Result<Vec<_>, _>>()?;
    let mappings = parse::<MappingFile>("codes/mappings.json", MAPPINGS)?.mappings;
    CodeLists::new(lists, mappings).map_err(|twice| CatalogueError {
        file: format!("codes: {twice}"),
        line: 0,
        column: 0,
    })
}

/// The schemes.
pub(super) fn schemes() -> Result<Schemes, CatalogueError> {
    let mut all = Vec::new();
    for (file, text) in SCHEMES {
        all.extend(parse::<SchemeFile>(file, text)?.schemes);
    }
    let authorities = parse::<AuthorityFile>("schemes/authorities.json", AUTHORITIES)?.authorities;
    let qualifications =
        parse::<QualificationFile>("schemes/qualifications.json", QUALIFICATIONS)?.schemes;
    Ok(Schemes::new(authorities, all, qualifications))
}
