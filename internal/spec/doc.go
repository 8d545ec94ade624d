// Package spec names paragraphs of specifications.
//
// A Ref is written the way the official conformance suite writes a
// requirement: a prefix that names the document, a hyphen, and the clause
// ("RFC6749-4.1.3", "FAPI2-SP-FINAL-5.3.2.1-4"). A failed condition of the
// suite therefore greps straight to the rule that enforces it.
//
// What does not belong here: the rules themselves, and any quotation of a
// specification.
package spec
