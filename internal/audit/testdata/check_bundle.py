"""Check a bundle of whenwhere, written from the README.txt of a bundle alone: check_bundle.py BUNDLE KEY

Standard library only; Ed25519 as in RFC 8032, section 5.1, slow and not for signing. Exits with 4 and says what is damaged.
"""
import base64, hashlib, hmac, json, sys, zipfile

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def lift(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if x * x % P == x2 else x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == x2, "no point of the curve"
    return P - x if x & 1 != sign else x


def plus(a, b):  # of points in affine coordinates
    k = D * a[0] * b[0] * a[1] * b[1] % P
    return ((a[0] * b[1] + b[0] * a[1]) * pow(1 + k, P - 2, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, P - 2, P) % P)


def times(n, point):
    out = (0, 1)
    while n:
        out = plus(out, point) if n & 1 else out
        point, n = plus(point, point), n >> 1
    return out


def point(data):
    y = int.from_bytes(data, "little")
    return (lift(y & (1 << 255) - 1, y >> 255), y & (1 << 255) - 1)


def ed25519(key, signature, text):
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    base = (lift(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)
    return len(signature) == 64 and s < L and times(s, base) == plus(point(signature[:32]), times(h, point(key)))


def root(leaf, number, size, proof):  # RFC 9162, section 2.1.3.2
    node, fn, sn = hashlib.sha256(b"\0" + leaf).digest(), number, size - 1
    assert fn <= sn, "leaf %d is not in a tree of %d" % (number, size)
    for p in map(bytes.fromhex, proof):
        assert sn, "the proof is too long"
        left = fn & 1 or fn == sn
        node = hashlib.sha256(b"\1" + (p + node if left else node + p)).digest()
        while left and not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0, "the proof is too short"
    return node


def check(bundle, key):
    files = {e.filename: bundle.read(e) for e in bundle.infolist()}
    name, _, raw = key.strip().split("+", 2)
    raw = base64.b64decode(raw)
    text, _, rest = files["log/checkpoint.txt"].decode().partition("\n\n")
    origin, size, want = text.split("\n")
    signature = base64.b64decode(rest.strip().split(" ")[2])[4:]
    assert raw[0] == 1 and origin == name and ed25519(raw[1:], signature, text.encode() + b"\n"), "log/checkpoint.txt: signature"
    latest, last = {}, {}
    for line, proof in zip(files["log/leaves.jsonl"].splitlines(), files["log/proofs.jsonl"].splitlines(), strict=True):
        leaf = json.loads(line)
        assert root(line, leaf["seq"], int(size), json.loads(proof)["hashes"]) == base64.b64decode(want), "leaf %d: not in the tree" % leaf["seq"]
        assert leaf.get("previous") == last.get(leaf["subject"]), "leaf %d: one before it is left out" % leaf["seq"]
        last[leaf["subject"]] = leaf["seq"]
        latest[leaf["kind"], leaf["subject"], leaf.get("params")] = leaf.get("result")
    manifest = json.loads(files["manifest.json"])
    salts = {s["name"]: bytes.fromhex(s["salt"]) for s in manifest["subjects"]}

    def stated(kind, subject, params, data):
        def salted(b):
            return hmac.new(salts[subject], b, "sha256").hexdigest()
        ids = [salted(subject.encode()) if s["kind"] == "incident" else subject for s in manifest["subjects"] if s["name"] == subject]
        assert latest.get((kind, ids[0], salted(params.encode()) if params else None)) == salted(data), "%s of %s: not what was logged" % (kind, subject)

    stated("export", manifest["incident"], "bundle", files["manifest.json"])
    for f in manifest["files"]:
        assert hashlib.sha256(files[f["name"]]).hexdigest() == f["sha256"], f["name"] + ": its bytes"
        assert not f["name"].startswith("originals/") or f["name"] == "originals/" + f["sha256"], f["name"] + ": its name"
    for i in manifest["items"]:
        stated(i["kind"], i["subject"], i.get("params", ""), files[i["file"]])
    return len(latest), len(manifest["files"])


try:
    print("unchanged: %d items, %d files" % check(zipfile.ZipFile(sys.argv[1]), open(sys.argv[2]).read()))
except Exception as e:  # whatever it is, the bundle is not what it should be
    print("DAMAGE", repr(e))
    sys.exit(4)
