package wire

// FAPIMode is a profile of the FAPI working group that requests are held to.
type FAPIMode string

// The values of FAPIMode.
const (
	FAPIModeFAPI1Baseline FAPIMode = "FAPI1_BASELINE"
	FAPIModeFAPI1Advanced FAPIMode = "FAPI1_ADVANCED"
	FAPIModeFAPI2Security FAPIMode = "FAPI2_SECURITY"
	// Authorization requests are signed.
	FAPIModeFAPI2MessageSigningAuthReq FAPIMode = "FAPI2_MESSAGE_SIGNING_AUTH_REQ"
	// Authorization responses are signed.
	FAPIModeFAPI2MessageSigningAuthRes FAPIMode = "FAPI2_MESSAGE_SIGNING_AUTH_RES"
	// Introspection responses are signed.
	FAPIModeFAPI2MessageSigningIntrospectionRes FAPIMode = "FAPI2_MESSAGE_SIGNING_INTROSPECTION_RES"
	// Resource requests are signed. Some published clients reject it: answer it only where it was
	// configured.
	FAPIModeFAPI2MessageSigningResourceReq FAPIMode = "FAPI2_MESSAGE_SIGNING_RESOURCE_REQ"
	// Resource responses are signed. Some published clients reject it: answer it only where it was
	// configured.
	FAPIModeFAPI2MessageSigningResourceRes FAPIMode = "FAPI2_MESSAGE_SIGNING_RESOURCE_RES"
)

var fapiModes = names[FAPIMode]{
	FAPIModeFAPI1Baseline,
	FAPIModeFAPI1Advanced,
	FAPIModeFAPI2Security,
	FAPIModeFAPI2MessageSigningAuthReq,
	FAPIModeFAPI2MessageSigningAuthRes,
	FAPIModeFAPI2MessageSigningIntrospectionRes,
	FAPIModeFAPI2MessageSigningResourceReq,
	FAPIModeFAPI2MessageSigningResourceRes,
}

// Known tells whether v is a published name.
func (v FAPIMode) Known() bool { return fapiModes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *FAPIMode) UnmarshalText(text []byte) error { return fapiModes.read(v, text) }

// ServiceProfile is a family of profiles that a service takes part in.
type ServiceProfile string

// The values of ServiceProfile.
const (
	// Without it no FAPI mode has an effect.
	ServiceProfileFAPI        ServiceProfile = "FAPI"
	ServiceProfileOpenBanking ServiceProfile = "OPEN_BANKING"
)

var serviceProfiles = names[ServiceProfile]{
	ServiceProfileFAPI,
	ServiceProfileOpenBanking,
}

// Known tells whether v is a published name.
func (v ServiceProfile) Known() bool { return serviceProfiles.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ServiceProfile) UnmarshalText(text []byte) error { return serviceProfiles.read(v, text) }

// UserCodeCharset is the alphabet of the user codes of the device flow.
type UserCodeCharset string

// The values of UserCodeCharset.
const (
	// The consonants BCDFGHJKLMNPQRSTVWXZ.
	UserCodeCharsetBase20 UserCodeCharset = "BASE20"
	// The digits 0 to 9.
	UserCodeCharsetNumeric UserCodeCharset = "NUMERIC"
)

var userCodeCharsets = names[UserCodeCharset]{
	UserCodeCharsetBase20,
	UserCodeCharsetNumeric,
}

// Known tells whether v is a published name.
func (v UserCodeCharset) Known() bool { return userCodeCharsets.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *UserCodeCharset) UnmarshalText(text []byte) error { return userCodeCharsets.read(v, text) }

// AttachmentType is how a piece of evidence about a user is attached to claims.
type AttachmentType string

// The values of AttachmentType.
const (
	AttachmentTypeEmbedded AttachmentType = "EMBEDDED"
	AttachmentTypeExternal AttachmentType = "EXTERNAL"
)

var attachmentTypes = specs[AttachmentType]{
	{AttachmentTypeEmbedded, "embedded"},
	{AttachmentTypeExternal, "external"},
}

// Known tells whether v is a published name.
func (v AttachmentType) Known() bool { return attachmentTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *AttachmentType) UnmarshalText(text []byte) error { return attachmentTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v AttachmentType) Spec() string { return attachmentTypes.spec(v) }

// AttachmentTypeFromSpec finds the name of what the specifications write as s.
func AttachmentTypeFromSpec(s string) (AttachmentType, bool) { return attachmentTypes.fromSpec(s) }

// ClientSource is where a client came from.
type ClientSource string

// The values of ClientSource.
const (
	// Created by an administrator or a developer.
	ClientSourceStaticRegistration ClientSource = "STATIC_REGISTRATION"
	// Registered itself (RFC 7591).
	ClientSourceDynamicRegistration ClientSource = "DYNAMIC_REGISTRATION"
	// Met in an authorization request of an OpenID Federation.
	ClientSourceAutomaticRegistration ClientSource = "AUTOMATIC_REGISTRATION"
	// Registered at the federation registration endpoint.
	ClientSourceExplicitRegistration ClientSource = "EXPLICIT_REGISTRATION"
	// Its client id is the address of its metadata.
	ClientSourceMetadataDocument ClientSource = "METADATA_DOCUMENT"
)

var clientSources = names[ClientSource]{
	ClientSourceStaticRegistration,
	ClientSourceDynamicRegistration,
	ClientSourceAutomaticRegistration,
	ClientSourceExplicitRegistration,
	ClientSourceMetadataDocument,
}

// Known tells whether v is a published name.
func (v ClientSource) Known() bool { return clientSources.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ClientSource) UnmarshalText(text []byte) error { return clientSources.read(v, text) }

// Sns is a social network of the legacy social login.
type Sns string

// The values of Sns.
const (
	SnsFacebook Sns = "FACEBOOK"
)

var snses = names[Sns]{
	SnsFacebook,
}

// Known tells whether v is a published name.
func (v Sns) Known() bool { return snses.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *Sns) UnmarshalText(text []byte) error { return snses.read(v, text) }

// VerifiedClaimsValidationSchema is a set of schemas that a verified_claims
// request is checked with. Its values are not names but the published strings.
type VerifiedClaimsValidationSchema string

// The values of VerifiedClaimsValidationSchema.
const (
	VerifiedClaimsValidationSchemaStandard           VerifiedClaimsValidationSchema = "standard"
	VerifiedClaimsValidationSchemaStandardIDDocument VerifiedClaimsValidationSchema = "standard+id_document"
)

var verifiedClaimsValidationSchemas = names[VerifiedClaimsValidationSchema]{
	VerifiedClaimsValidationSchemaStandard,
	VerifiedClaimsValidationSchemaStandardIDDocument,
}

// Known tells whether v is a published name.
func (v VerifiedClaimsValidationSchema) Known() bool { return verifiedClaimsValidationSchemas.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *VerifiedClaimsValidationSchema) UnmarshalText(text []byte) error {
	return verifiedClaimsValidationSchemas.read(v, text)
}

// Permission is a right of an API token. Some include others: USE_SERVICE
// includes USE_INTROSPECTION, VIEW_SERVICE and VIEW_CLIENT, and ADMIN everything.
type Permission string

// The values of Permission.
const (
	PermissionViewClient Permission = "VIEW_CLIENT"
	// Includes VIEW_CLIENT.
	PermissionModifyClient Permission = "MODIFY_CLIENT"
	// Includes VIEW_CLIENT.
	PermissionViewService Permission = "VIEW_SERVICE"
	// What a resource server needs.
	PermissionUseIntrospection Permission = "USE_INTROSPECTION"
	// What an authorization server needs.
	PermissionUseService Permission = "USE_SERVICE"
	// Includes USE_SERVICE and MODIFY_CLIENT.
	PermissionCreateClient Permission = "CREATE_CLIENT"
	// Includes CREATE_CLIENT.
	PermissionModifyService      Permission = "MODIFY_SERVICE"
	PermissionDeleteService      Permission = "DELETE_SERVICE"
	PermissionViewDefaultService Permission = "VIEW_DEFAULT_SERVICE"
	// Includes VIEW_DEFAULT_SERVICE.
	PermissionCreateService Permission = "CREATE_SERVICE"
	PermissionViewAuditLog  Permission = "VIEW_AUDIT_LOG"
	// Includes every other right.
	PermissionAdmin Permission = "ADMIN"
)

var permissions = names[Permission]{
	PermissionViewClient,
	PermissionModifyClient,
	PermissionViewService,
	PermissionUseIntrospection,
	PermissionUseService,
	PermissionCreateClient,
	PermissionModifyService,
	PermissionDeleteService,
	PermissionViewDefaultService,
	PermissionCreateService,
	PermissionViewAuditLog,
	PermissionAdmin,
}

// Known tells whether v is a published name.
func (v Permission) Known() bool { return permissions.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *Permission) UnmarshalText(text []byte) error { return permissions.read(v, text) }
