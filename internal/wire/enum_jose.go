package wire

// JWSAlg is a signature algorithm of JOSE.
type JWSAlg string

// The values of JWSAlg.
const (
	// No signature.
	JWSAlgNone   JWSAlg = "NONE"
	JWSAlgHS256  JWSAlg = "HS256"
	JWSAlgHS384  JWSAlg = "HS384"
	JWSAlgHS512  JWSAlg = "HS512"
	JWSAlgRS256  JWSAlg = "RS256"
	JWSAlgRS384  JWSAlg = "RS384"
	JWSAlgRS512  JWSAlg = "RS512"
	JWSAlgES256  JWSAlg = "ES256"
	JWSAlgES384  JWSAlg = "ES384"
	JWSAlgES512  JWSAlg = "ES512"
	JWSAlgPS256  JWSAlg = "PS256"
	JWSAlgPS384  JWSAlg = "PS384"
	JWSAlgPS512  JWSAlg = "PS512"
	JWSAlgES256K JWSAlg = "ES256K"
	JWSAlgEdDSA  JWSAlg = "EdDSA"
)

var jwsAlgs = specs[JWSAlg]{
	{JWSAlgNone, "none"},
	{JWSAlgHS256, "HS256"},
	{JWSAlgHS384, "HS384"},
	{JWSAlgHS512, "HS512"},
	{JWSAlgRS256, "RS256"},
	{JWSAlgRS384, "RS384"},
	{JWSAlgRS512, "RS512"},
	{JWSAlgES256, "ES256"},
	{JWSAlgES384, "ES384"},
	{JWSAlgES512, "ES512"},
	{JWSAlgPS256, "PS256"},
	{JWSAlgPS384, "PS384"},
	{JWSAlgPS512, "PS512"},
	{JWSAlgES256K, "ES256K"},
	{JWSAlgEdDSA, "EdDSA"},
}

// Known tells whether v is a published name.
func (v JWSAlg) Known() bool { return jwsAlgs.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *JWSAlg) UnmarshalText(text []byte) error { return jwsAlgs.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v JWSAlg) Spec() string { return jwsAlgs.spec(v) }

// JWSAlgFromSpec finds the name of what the specifications write as s.
func JWSAlgFromSpec(s string) (JWSAlg, bool) { return jwsAlgs.fromSpec(s) }

// JWEAlg is a key management algorithm of JOSE.
type JWEAlg string

// The values of JWEAlg.
const (
	JWEAlgRSA15      JWEAlg = "RSA1_5"
	JWEAlgRSAOAEP    JWEAlg = "RSA_OAEP"
	JWEAlgRSAOAEP256 JWEAlg = "RSA_OAEP_256"
	JWEAlgA128KW     JWEAlg = "A128KW"
	JWEAlgA192KW     JWEAlg = "A192KW"
	JWEAlgA256KW     JWEAlg = "A256KW"
	// The shared key encrypts the content itself.
	JWEAlgDir              JWEAlg = "DIR"
	JWEAlgECDHES           JWEAlg = "ECDH_ES"
	JWEAlgECDHESA128KW     JWEAlg = "ECDH_ES_A128KW"
	JWEAlgECDHESA192KW     JWEAlg = "ECDH_ES_A192KW"
	JWEAlgECDHESA256KW     JWEAlg = "ECDH_ES_A256KW"
	JWEAlgA128GCMKW        JWEAlg = "A128GCMKW"
	JWEAlgA192GCMKW        JWEAlg = "A192GCMKW"
	JWEAlgA256GCMKW        JWEAlg = "A256GCMKW"
	JWEAlgPBES2HS256A128KW JWEAlg = "PBES2_HS256_A128KW"
	JWEAlgPBES2HS384A192KW JWEAlg = "PBES2_HS384_A192KW"
	JWEAlgPBES2HS512A256KW JWEAlg = "PBES2_HS512_A256KW"
)

var jweAlgs = specs[JWEAlg]{
	{JWEAlgRSA15, "RSA1_5"},
	{JWEAlgRSAOAEP, "RSA-OAEP"},
	{JWEAlgRSAOAEP256, "RSA-OAEP-256"},
	{JWEAlgA128KW, "A128KW"},
	{JWEAlgA192KW, "A192KW"},
	{JWEAlgA256KW, "A256KW"},
	{JWEAlgDir, "dir"},
	{JWEAlgECDHES, "ECDH-ES"},
	{JWEAlgECDHESA128KW, "ECDH-ES+A128KW"},
	{JWEAlgECDHESA192KW, "ECDH-ES+A192KW"},
	{JWEAlgECDHESA256KW, "ECDH-ES+A256KW"},
	{JWEAlgA128GCMKW, "A128GCMKW"},
	{JWEAlgA192GCMKW, "A192GCMKW"},
	{JWEAlgA256GCMKW, "A256GCMKW"},
	{JWEAlgPBES2HS256A128KW, "PBES2-HS256+A128KW"},
	{JWEAlgPBES2HS384A192KW, "PBES2-HS384+A192KW"},
	{JWEAlgPBES2HS512A256KW, "PBES2-HS512+A256KW"},
}

// Known tells whether v is a published name.
func (v JWEAlg) Known() bool { return jweAlgs.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *JWEAlg) UnmarshalText(text []byte) error { return jweAlgs.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v JWEAlg) Spec() string { return jweAlgs.spec(v) }

// JWEAlgFromSpec finds the name of what the specifications write as s.
func JWEAlgFromSpec(s string) (JWEAlg, bool) { return jweAlgs.fromSpec(s) }

// JWEEnc is a content encryption algorithm of JOSE.
type JWEEnc string

// The values of JWEEnc.
const (
	JWEEncA128CBCHS256 JWEEnc = "A128CBC_HS256"
	JWEEncA192CBCHS384 JWEEnc = "A192CBC_HS384"
	JWEEncA256CBCHS512 JWEEnc = "A256CBC_HS512"
	JWEEncA128GCM      JWEEnc = "A128GCM"
	JWEEncA192GCM      JWEEnc = "A192GCM"
	JWEEncA256GCM      JWEEnc = "A256GCM"
)

var jweEncs = specs[JWEEnc]{
	{JWEEncA128CBCHS256, "A128CBC-HS256"},
	{JWEEncA192CBCHS384, "A192CBC-HS384"},
	{JWEEncA256CBCHS512, "A256CBC-HS512"},
	{JWEEncA128GCM, "A128GCM"},
	{JWEEncA192GCM, "A192GCM"},
	{JWEEncA256GCM, "A256GCM"},
}

// Known tells whether v is a published name.
func (v JWEEnc) Known() bool { return jweEncs.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *JWEEnc) UnmarshalText(text []byte) error { return jweEncs.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v JWEEnc) Spec() string { return jweEncs.spec(v) }

// JWEEncFromSpec finds the name of what the specifications write as s.
func JWEEncFromSpec(s string) (JWEEnc, bool) { return jweEncs.fromSpec(s) }

// CompressionAlg is a compression of JOSE.
type CompressionAlg string

// The values of CompressionAlg.
const (
	// DEFLATE.
	CompressionAlgDEF CompressionAlg = "DEF"
)

var compressionAlgs = specs[CompressionAlg]{
	{CompressionAlgDEF, "DEF"},
}

// Known tells whether v is a published name.
func (v CompressionAlg) Known() bool { return compressionAlgs.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *CompressionAlg) UnmarshalText(text []byte) error { return compressionAlgs.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v CompressionAlg) Spec() string { return compressionAlgs.spec(v) }

// CompressionAlgFromSpec finds the name of what the specifications write as s.
func CompressionAlgFromSpec(s string) (CompressionAlg, bool) { return compressionAlgs.fromSpec(s) }
