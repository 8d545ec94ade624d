// Package theme is how the pages look and what they say: templates, a
// stylesheet, and texts in several languages. Whoever runs a front may lay
// files of their own over ours.
//
//	pages/*.html, front.css, words.yaml ┐
//	a folder of the same names ─────────┴─ Load ─► Theme ─► Execute(template, data)
//	                                         │
//	                                         └─ every page is made once, and looked at
//
// Not here: what is on a page and when it is shown (front).
package theme
