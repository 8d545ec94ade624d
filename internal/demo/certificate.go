package demo

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

const (
	certLifetime = 397 * 24 * time.Hour // browsers take no longer
	certReserve  = 14 * 24 * time.Hour
	leafBits     = 2048
)

// Certificate returns the certificate of localhost. A local authority signs
// it and is then forgotten: its key is kept nowhere, and it could vouch for
// this machine only, so that trusting it is no risk. The system's store of
// trusted certificates is never touched.
func (f *Folder) Certificate(now time.Time) (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(f.path(certFile), f.path(certKeyFile))
	if err == nil && pair.Leaf.NotAfter.After(now.Add(certReserve)) {
		return pair, nil
	}
	if err := f.makeCertificate(now); err != nil {
		return tls.Certificate{}, err
	}
	return tls.LoadX509KeyPair(f.path(certFile), f.path(certKeyFile))
}

// CertificateFiles returns where the certificate and its key lie.
func (f *Folder) CertificateFiles() (cert, key string) {
	return f.path(certFile), f.path(certKeyFile)
}

func (f *Folder) makeCertificate(now time.Time) error {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	local := []net.IP{net.IPv4(127, 0, 0, 1).To4(), net.IPv6loopback}
	ca := template("Symbolon demo CA", now)
	ca.IsCA, ca.MaxPathLenZero, ca.KeyUsage = true, true, x509.KeyUsageCertSign
	ca.PermittedDNSDomainsCritical, ca.PermittedDNSDomains = true, []string{"localhost"}
	for _, ip := range local {
		ca.PermittedIPRanges = append(ca.PermittedIPRanges, &net.IPNet{IP: ip, Mask: net.CIDRMask(len(ip)*8, len(ip)*8)})
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return err
	}
	key, err := rsa.GenerateKey(rand.Reader, leafBits)
	if err != nil {
		return err
	}
	leaf := template("localhost", now)
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	leaf.DNSNames, leaf.IPAddresses = []string{"localhost"}, local
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return err
	}
	return f.writeCertificate(caDER, leafDER, key)
}

func template(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          new(big.Int).SetInt64(now.UnixNano()),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(certLifetime - time.Hour),
		BasicConstraintsValid: true,
	}
}

func (f *Folder) writeCertificate(ca, leaf []byte, key crypto.PrivateKey) error {
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for _, file := range []struct {
		name, kind string
		der        []byte
		mode       os.FileMode
	}{
		{caFile, "CERTIFICATE", ca, 0o644},
		{certFile, "CERTIFICATE", leaf, 0o644},
		{certKeyFile, "PRIVATE KEY", keyDER, 0o600},
	} {
		text := pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.der})
		if err := os.WriteFile(f.path(file.name), text, file.mode); err != nil {
			return err
		}
	}
	return nil
}
