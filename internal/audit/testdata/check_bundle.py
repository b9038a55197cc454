"""Check a bundle of whenwhere, written from the README.txt of a bundle alone: check_bundle.py BUNDLE KEY

Standard library only; Ed25519 as in RFC 8032, section 5.1, slow and not for signing. Exits with 4 and says what is damaged.
"""
import base64, hashlib, hmac, json, struct, sys, zipfile, zlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def lift(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if x * x % P == x2 else x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == x2, "no point of the curve"
    return P - x if x & 1 != sign else x


def plus(p, q):  # section 5.1.4
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        out = plus(out, point) if n & 1 else out
        point, n = plus(point, point), n >> 1
    return out


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point(data):
    y = int.from_bytes(data, "little")
    x, y = lift(y & (1 << 255) - 1, y >> 255), y & (1 << 255) - 1
    return x, y, 1, x * y % P


def ed25519(key, signature, text):
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    return len(signature) == 64 and s < L and same(times(s, base), plus(point(signature[:32]), times(h, point(key))))


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


def continues(m, n, old, new, proof):  # RFC 9162, section 2.1.4.2
    proof = [old] * (m & (m - 1) == 0) + [bytes.fromhex(p) for p in proof]
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    before = after = proof[0]
    for p in proof[1:]:
        assert sn, "the proof is too long"
        left = fn & 1 or fn == sn
        before = hashlib.sha256(b"\1" + p + before).digest() if left else before
        after = hashlib.sha256(b"\1" + (p + after if left else after + p)).digest()
        while left and not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and before == old and after == new


def archive(files):  # the one form of a bundle
    body, directory = b"", b""
    for name, data in sorted((n.encode(), d) for n, d in files.items()):
        entry = struct.pack("<IIIHH", zlib.crc32(data), len(data), len(data), len(name), 0)
        directory += b"PK\1\2" + bytes(12) + entry + bytes(10) + struct.pack("<I", len(body)) + name
        body += b"PK\3\4" + bytes(10) + entry + name + data
    return body + directory + b"PK\5\6" + struct.pack("<IHHIIH", 0, len(files), len(files), len(directory), len(body), 0)


def signed(note, key, where):
    name, _, raw = key.strip().split("+", 2)
    raw = base64.b64decode(raw)
    text, _, rest = note.decode().partition("\n\n")
    origin, size, want = text.split("\n")
    line = rest.strip().split(" ")
    signature = base64.b64decode(line[2])
    assert raw[0] == 1 and origin == name and ed25519(raw[1:], signature[4:], text.encode() + b"\n"), where + ": signature"
    head = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    form = "%s\n\n\u2014 %s %s\n" % (text, name, base64.b64encode(head + signature[4:]).decode())
    assert note == form.encode(), where + ": there is more in it than the checkpoint and its signature"
    return int(size), base64.b64decode(want)


def lines(files, name):
    text = files[name].split(b"\n")
    assert text.pop() == b"", name + ": it is cut off"
    return text


def check(bundle, key):
    files = {e.filename: bundle.read(e) for e in bundle.infolist()}
    bundle.fp.seek(0)
    assert bundle.fp.read() == archive(files), "the archive itself"
    assert files["log/key.pub"].decode() == key.strip() + "\n", "log/key.pub: it is not the key that was given"
    size, want = signed(files["log/checkpoint.txt"], key, "log/checkpoint.txt")
    manifest = json.loads(files["manifest.json"])
    salts = {s["name"]: bytes.fromhex(s["salt"]) for s in manifest["subjects"]}
    ids = {n: hmac.new(salts[n], n.encode(), "sha256").hexdigest() if s["kind"] == "incident" else n for s in manifest["subjects"] for n in [s["name"]]}
    latest, last, seq = {}, {}, -1
    for line, proof in zip(lines(files, "log/leaves.jsonl"), lines(files, "log/proofs.jsonl"), strict=True):
        leaf = json.loads(line)
        assert leaf["seq"] > seq and leaf["subject"] in ids.values(), "leaf %d: out of order, or of no subject of the bundle" % leaf["seq"]
        seq = leaf["seq"]
        assert json.dumps({"seq": leaf["seq"], "hashes": json.loads(proof)["hashes"]}, separators=(",", ":")).encode() == proof, "leaf %d: form of its proof" % leaf["seq"]
        assert root(line, leaf["seq"], size, json.loads(proof)["hashes"]) == want, "leaf %d: not in the tree" % leaf["seq"]
        assert leaf.get("previous") == last.get(leaf["subject"]), "leaf %d: one before it is left out" % leaf["seq"]
        last[leaf["subject"]] = leaf["seq"]
        latest[leaf["kind"], leaf["subject"], leaf.get("params")] = leaf
    known = {f["name"] for f in manifest["files"]} | {"manifest.json"} | {"log/" + n for n in ("checkpoint.txt", "key.pub", "leaves.jsonl", "proofs.jsonl")}
    assert set(files) == known | ({"log/stamp.json"} if "stamp/token.der" in known else set()), "files that are missing, or do not belong to it"

    def stated(kind, subject, params, data):
        def salted(b):
            return hmac.new(salts[subject], b, "sha256").hexdigest()
        leaf = latest.get((kind, ids[subject], salted(params.encode()) if params else None), {})
        assert leaf.get("result") == salted(data), "%s of %s: not what was logged" % (kind, subject)

    stated("export", manifest["incident"], "bundle", files["manifest.json"])
    for f in manifest["files"]:
        receipt = latest.get(("file", f["sha256"], None), {})
        assert hashlib.sha256(files[f["name"]]).hexdigest() == f["sha256"] and len(files[f["name"]]) == f["size"], f["name"] + ": its bytes"
        assert not f["name"].startswith("originals/") or f["name"] == "originals/" + f["sha256"], f["name"] + ": its name"
        assert not f["name"].startswith("originals/") or receipt.get("size_bytes") == f["size"], f["name"] + ": it was not received so"
    for i in manifest["items"]:
        stated(i["kind"], i["subject"], i.get("params", ""), files[i["file"]])
    if "stamp/token.der" in files:
        stamped = files["stamp/checkpoint.txt"]
        older, was = signed(stamped, key, "stamp/checkpoint.txt")
        proof = json.loads(files["log/stamp.json"])
        assert json.dumps(proof, separators=(",", ":")).encode() + b"\n" == files["log/stamp.json"], "log/stamp.json: its form"
        assert continues(older, size, was, want, proof) if older < size else (was == want and not proof), "log/stamp.json: the log does not continue the stamped one"
        assert hashlib.sha256(stamped).digest() in files["stamp/token.der"], "stamp/token.der: it is not of this checkpoint"
    return len(latest), len(manifest["files"])


try:
    print("unchanged: %d items, %d files" % check(zipfile.ZipFile(sys.argv[1]), open(sys.argv[2]).read()))
except Exception as e:  # whatever it is, the bundle is not what it should be
    print("DAMAGE", repr(e))
    sys.exit(4)
