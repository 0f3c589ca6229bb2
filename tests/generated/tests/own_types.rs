//! Types of the caller's own stand for schemas: in bodies, in other types and in unions.

use std::fs;
use std::path::Path;
use std::process::Command;

use accredit::{Config, Runtime};
use generated::{lock, root};

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: { title: Bills, version: "1" }
servers: [{ url: https://bills.example }]
security: []
paths:
  /bills:
    post:
      operationId: create
      tags: [bills]
      parameters:
        - { name: limit, in: query, required: true, schema: { $ref: "#/components/schemas/Money" } }
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Bill" } } }
      responses:
        "200":
          description: The sums.
          content:
            application/json:
              schema: { type: array, items: { $ref: "#/components/schemas/Money" } }
components:
  schemas:
    Money: { type: string, pattern: "^[0-9]+\\.[0-9]{2}$" }
    Bill:
      type: object
      required: [total]
      properties:
        total: { $ref: "#/components/schemas/Money" }
        refunds: { type: array, items: { $ref: "#/components/schemas/Money" } }
        payer:
          oneOf:
            - { $ref: "#/components/schemas/Payer" }
            - { type: integer }
        memo:
          x-rust-type: crate::ext::Memo
          type: object
          properties: { text: { type: string } }
    Payer: { type: object, required: [name], properties: { name: { type: string } } }
"##;

/// What people write in `src/ext.rs`.
const OWN: &str = "\
//! Types of our own.

use accredit_runtime::{Value, formats::Decimal};

/// A sum.
pub type Money = Decimal;

/// A text that isn't read.
pub type Memo = Value;

/// Who pays.
pub type Payer = std::collections::BTreeMap<String, Value>;

// What the crate calls so is ours.
const _: fn(crate::types::Money) -> Money = std::convert::identity;
const _: fn(crate::types::Payer) -> Payer = std::convert::identity;
const _: fn(crate::types::BillMemo) -> Memo = std::convert::identity;
";

#[test]
fn what_is_written_by_hand_takes_the_place_of_what_would_be_generated() {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = temporary.join("own-types");
    fs::remove_dir_all(&folder).ok();
    let document = temporary.join("bills.yaml");
    fs::write(&document, DOCUMENT).expect("written");
    let config = Config::new(&document)
        .name("own-types")
        .runtime(Runtime::Path(root().join("runtime")))
        .replace_schema("Money", "crate::ext::Money")
        .replace_schema("Payer", "crate::ext::Payer");
    let package = accredit::generate(&config).expect("a crate");
    package.write_to(&folder).expect("written");
    // The crate declares what is there.
    fs::write(folder.join("src/ext.rs"), OWN).expect("written");
    package.write_to(&folder).expect("written");
    lock(&folder);
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--quiet", "--", "-D", "warnings"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", temporary.join("target"))
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
