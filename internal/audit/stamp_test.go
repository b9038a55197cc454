package audit_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"whenwhere/internal/audit"
)

// authority is one of RFC 3161 on this machine, made with openssl.
type authority struct {
	dir     string
	openssl string
}

// newAuthority makes a root and a certificate for time stamps below it.
func newAuthority(t *testing.T) *authority {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: no local time stamp authority to test against")
	}
	a := &authority{dir: t.TempDir(), openssl: path}
	a.write(t, "tsa.cnf", `[tsa]
default_tsa = one
[one]
serial = `+filepath.Join(a.dir, "serial")+`
crypto_device = builtin
signer_cert = `+filepath.Join(a.dir, "tsa.pem")+`
certs = `+filepath.Join(a.dir, "ca.pem")+`
signer_key = `+filepath.Join(a.dir, "tsa.key")+`
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[ext]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
`)
	a.write(t, "serial", "01\n")
	a.run(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3", "-subj", "/CN=test root")
	a.run(t, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=test time stamps")
	a.run(t, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "3", "-extfile", "tsa.cnf", "-extensions", "ext")
	return a
}

func (a *authority) write(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(a.dir, name), []byte(text), 0o600))
}

func (a *authority) read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(a.dir, name))
	must(t, err)
	return data
}

func (a *authority) run(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), a.openssl, args...)
	cmd.Dir = a.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
}

// answer is what the authority answers to the request for a signed checkpoint.
func (a *authority) answer(t *testing.T, signed []byte) []byte {
	t.Helper()
	request, err := audit.StampRequest(signed)
	must(t, err)
	a.write(t, "request.tsq", string(request))
	a.run(t, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-out", "answer.tsr")
	return a.read(t, "answer.tsr")
}

func (a *authority) roots(t *testing.T) *audit.Roots {
	t.Helper()
	roots, err := audit.ParseRoots(a.read(t, "ca.pem"))
	must(t, err)
	return roots
}

func TestTimeStamp(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	key := newKey(t, 1)
	m := logOf(t, 12, key, 5)
	old := &m.signed[0]
	answer := a.answer(t, old.Note)
	token, err := audit.TokenOf(answer)
	must(t, err)
	if bare, err := audit.TokenOf(token); err != nil || string(bare) != string(token) {
		t.Errorf("a token as it is: %v", err)
	}
	if audit.TokenDigest(token) != [32]byte(digest(string(old.Note))) {
		t.Error("of another digest")
	}
	s, err := audit.ReadStamp(token, old.Note, old.Size, a.roots(t))
	must(t, err)
	if !s.Trusted || s.Leaves != 5 || !strings.Contains(s.By, "test time stamps") || time.Since(s.At).Abs() > time.Hour {
		t.Errorf("stamp %+v", s)
	}
	if s, err := audit.ReadStamp(token, old.Note, old.Size, nil); err != nil || s.Trusted {
		t.Errorf("without roots %+v, %v", s, err)
	}
	old.Token = token
	for name, c := range map[string]struct {
		do    func(*audit.Signed)
		roots *audit.Roots
		want  string
	}{
		"whole":             {func(*audit.Signed) {}, a.roots(t), ""},
		"another authority": {func(*audit.Signed) {}, newAuthority(t).roots(t), "certificate signed by unknown authority"},
		"of another checkpoint": {func(s *audit.Signed) { s.Token = answerToken(t, a, []byte("another")) }, nil,
			"it is not of this checkpoint"},
		"no token":  {func(s *audit.Signed) { s.Token = []byte("0") }, nil, "time stamp: "},
		"too large": {func(s *audit.Signed) { s.Token = make([]byte, 100_000) }, nil, "exceed the limit of 65536"},
		"changed":   {func(s *audit.Signed) { s.Token = []byte(strings.Replace(string(s.Token), "test", "tess", -1)) }, a.roots(t), "time stamp: "},
	} {
		signed := *old
		c.do(&signed)
		log, err := audit.Check(t.Context(), m, key.Public())
		must(t, err)
		stamps := log.CheckStamps([]audit.Signed{signed}, c.roots)
		got := strings.Join(texts(log.Damage), "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) || (got == "") != (len(stamps) == 1) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func answerToken(t *testing.T, a *authority, signed []byte) []byte {
	t.Helper()
	token, err := audit.TokenOf(a.answer(t, signed))
	must(t, err)
	return token
}

// certificate is one below another, or below itself, for some use.
func certificate(t *testing.T, usage x509.ExtKeyUsage, above *x509.Certificate, aboveKey crypto.Signer) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "invented"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: above == nil, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{usage}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	if above == nil {
		c.ExtKeyUsage, above, aboveKey = nil, c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, above, key.Public(), aboveKey)
	must(t, err)
	c, err = x509.ParseCertificate(der)
	must(t, err)
	return c, key
}

// A certificate for something else states no time, whoever issued it.
func TestCertificateForSomethingElse(t *testing.T) {
	t.Parallel()
	signed := []byte("three lines")
	root, rootKey := certificate(t, 0, nil, nil)
	roots, err := audit.ParseRoots(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}))
	must(t, err)
	for usage, good := range map[x509.ExtKeyUsage]bool{x509.ExtKeyUsageTimeStamping: true, x509.ExtKeyUsageServerAuth: false} {
		cert, key := certificate(t, usage, root, rootKey)
		digest := sha256.Sum256(signed)
		made := timestamp.Timestamp{HashAlgorithm: crypto.SHA256, HashedMessage: digest[:], Time: time.Now(), AddTSACertificate: true, Policy: asn1.ObjectIdentifier{1, 2, 3}}
		answer, err := made.CreateResponseWithOpts(cert, key, crypto.SHA256)
		must(t, err)
		token, err := audit.TokenOf(answer)
		must(t, err)
		if s, err := audit.ReadStamp(token, signed, 1, roots); (err == nil) != good || s.Trusted != good {
			t.Errorf("usage %d: %+v, %v", usage, s, err)
		}
	}
}

func TestWhatIsNoTimeStamp(t *testing.T) {
	t.Parallel()
	if _, err := audit.ParseRoots([]byte("no certificate")); err == nil {
		t.Error("no certificate is a root")
	}
	if _, err := audit.TokenOf([]byte("neither")); err == nil {
		t.Error("neither an answer nor a token was taken")
	}
	if audit.TokenDigest([]byte("neither")) != [32]byte{} {
		t.Error("a digest of nothing")
	}
}

// A bundle carries the stamp of an older checkpoint, and the proof that its own log continues it.
func TestStampOfABundle(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	f := newFixture(t)
	f.log.sign(t, f.key)
	f.log.signed[0].Token = answerToken(t, a, f.log.signed[0].Note)
	parts, leaves := audit.StampParts(f.log.signed)
	f.parts, f.stamped = append(f.parts, parts...), leaves
	data := f.write(t)
	check := func(data []byte) audit.Checked {
		return audit.CheckBundle(strings.NewReader(string(data)), int64(len(data)), f.key.Public(), a.roots(t))
	}
	c := check(data)
	if len(c.Damage) > 0 || c.Stamp == nil || !c.Stamp.Trusted || c.Stamp.Leaves != 6 {
		t.Fatalf("stamp %+v, damage %q", c.Stamp, texts(c.Damage))
	}
	agrees(t, data, f.key.Public(), nil)
	for name, do := range map[string]func(*files){
		"log/stamp.json: it is missing": func(f *files) { delete(f.data, "log/stamp.json") },
		"stamp/checkpoint.txt: the log of the": func(f *files) {
			f.set("log/stamp.json", strings.Replace(f.get("log/stamp.json"), `["`, `["`+strings.Repeat("0", 64)+`","`, 1))
		},
		"stamp/checkpoint.txt: the proof that": func(f *files) { f.set("log/stamp.json", f.get("log/stamp.json")+" ") },
		"stamp/token.der: its":                 func(f *files) { f.set("stamp/token.der", f.get("stamp/token.der")+" ") },
	} {
		forged := unpacked(t, data)
		do(forged)
		if got := texts(check(forged.pack()).Damage); len(got) != 1 || !strings.HasPrefix(got[0], name) {
			t.Errorf("%s: %q", name, got)
		}
		agrees(t, forged.pack(), f.key.Public(), check(forged.pack()).Damage)
	}
}

// FuzzReadStamp checks that no token breaks the reader.
func FuzzReadStamp(f *testing.F) {
	for _, seed := range []string{"", "0\x80\x00\x00", "0\x82\x10\x00\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x80", fmt.Sprint(strings.Repeat("0\x80", 500))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := audit.ReadStamp(data, []byte("note"), 1, nil); err == nil {
			t.Error("a stamp of nothing")
		}
		_, _ = audit.TokenOf(data)
	})
}
