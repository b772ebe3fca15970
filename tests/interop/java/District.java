// 一个区的系统，只用 JDK 17：推送、查询、核验（docs/verify.md）。
// A district's system with nothing but JDK 17: push, query, verify (docs/verify.md). Long, because
// the JDK has no JSON: the reader at the end is a strict one, as the signature covers bytes that
// two lenient readers may understand differently.
//
//     java District.java <installation folder> <district> <gateway URL>

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

public final class District {
    static final long LIFETIME_SECONDS = 600;

    final Path folder;
    final String id;
    final String url;
    final PrivateKey key;
    final Map<String, Object> pinned;
    final HttpClient http;

    District(Path folder, String id, String url) throws Exception {
        this.folder = folder;
        this.id = id;
        this.url = url;
        Path own = folder.resolve("districts").resolve(id);
        key = Pem.key(own.resolve("keys/message.pem"), "Ed25519");
        pinned = Json.object(Files.readAllBytes(folder.resolve("pinned.json")));
        http = HttpClient.newBuilder().sslContext(tls(own)).build();
    }

    public static void main(String[] args) {
        try {
            new District(Path.of(args[0]), args[1], args[2]).checks();
        } catch (Exception error) {
            System.out.println("FAIL java: " + error);
            System.exit(1);
        }
    }

    void checks() throws Exception {
        var directory = new Directory(get("/v1/directory"), pinned);
        pass("the directory is signed by the pinned key and in the log");

        byte[] token = new byte[32];
        new SecureRandom().nextBytes(token);
        String subject = Bytes.base64url(token), record = "WJ-" + uuid7();
        String message = compose("certification/1", certification(subject, record, "C"));
        var reply = Json.object(send(message).body());
        var receipt = directory.checkReply(reply, "receipt", message);
        require(Json.at(receipt, "res", "outcome").equals("accepted"), "not accepted");
        pass("a push gets a receipt that is signed, about this message and in the log");

        var again = send(message);
        require(Json.object(again.body()).get("receipt").equals(reply.get("receipt")), "another");
        require(again.headers().firstValue("idempotent-replayed").equals(
            java.util.Optional.of("true")), "not marked as replayed");
        pass("the same bytes get the identical receipt");

        String asked = compose("query.records/1", question(subject));
        var answered = Json.object(send(asked).body());
        var answer = directory.checkReply(answered, "answer", asked);
        require((long) answer.get("known_at") > (long) Json.at(receipt, "log", "index"), "known_at");
        require(((List<?>) Json.at(answer, "body", "records")).size() == 1, "records");
        pass("a query gets an answer that is signed, about this question and in the log");

        String wrong = compose("certification/1", certification(subject, record, ""));
        var refused = send(wrong);
        var problem = Json.object(refused.body());
        require(refused.statusCode() == 422, "status");
        require(problem.get("code").equals("schema-violation"), "code");
        var refusal = directory.checkReply(problem, "receipt", wrong);
        require(Json.at(refusal, "res", "code").equals("schema-violation"), "res.code");
        pass("a body against the schema gets a signed refusal");

        boolean taken = true;
        try {
            directory.checkReply(reply, "receipt", asked);
        } catch (Refused expected) {
            taken = false;
        }
        require(!taken, "a receipt was taken for another message");
        pass("a receipt is refused for another message");
    }

    static void pass(String name) {
        System.out.println("PASS java: " + name);
    }

    // --- messages ---

    String compose(String mt, String body) throws Exception {
        long now = System.currentTimeMillis() / 1000;
        String head = "{\"alg\":\"EdDSA\",\"typ\":\"ydt-msg+jwt\",\"kid\":\"" + id + "#message-1\"}";
        String claims = """
            {"iss":"%s","aud":"%s","iat":%d,"exp":%d,"jti":"%s","mt":"%s","sch":%s,"body":%s}"""
            .formatted(id, Json.at(pinned, "operator", "participant"), now, now + LIFETIME_SECONDS,
                uuid7(), mt, schema(mt), body);
        String input = Bytes.base64url(Bytes.utf8(head)) + "." + Bytes.base64url(Bytes.utf8(claims));
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(key);
        signer.update(Bytes.utf8(input));
        return input + "." + Bytes.base64url(signer.sign());
    }

    /** 模式的引用：摘要按收到的字节计算。The pin; the digest is that of the bytes received. */
    String schema(String mt) throws Exception {
        byte[] bytes = get("/v1/schemas/" + mt);
        var uri = Json.object(bytes).get("$id");
        return "{\"uri\":\"" + uri + "\",\"sha256\":\"" + Bytes.hex(Bytes.sha256(bytes)) + "\"}";
    }

    static String certification(String token, String record, String level) {
        return """
            {"record":"%s","revision":1,"action":"issue","subject":{"token":"%s","epoch":1},
             "authority":{"name":"吴江区人力资源和社会保障局","region":"320509"},
             "attestation":{"level":"issued","as_of":"2026-03-01"},
             "validity":{"from":"2026-03-01","until":"2029-02-28"},
             "scheme":"wujiang-talent","scheme_version":"2020","class":"%s",
             "basis":{"document":"吴委〔2020〕1号","article":"三"}}"""
            .formatted(record, token, level);
    }

    static String question(String token) {
        return """
            {"context":{"case":"WJ-0001","purpose":"recognition",
              "legal_basis":{"document":"吴委〔2020〕1号","article":"三"},
              "operator":{"id":"op-java","role":"window"}},
             "subject":{"token":"%s","epoch":1},"kinds":["certification"]}""".formatted(token);
    }

    /** RFC 9562 §5.7 */
    static String uuid7() {
        var random = new SecureRandom();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
        long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }

    // --- HTTP ---

    byte[] get(String path) throws Exception {
        var reply = http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
        require(reply.statusCode() == 200, path + ": " + reply.statusCode());
        return reply.body();
    }

    HttpResponse<byte[]> send(String message) throws Exception {
        var body = HttpRequest.BodyPublishers.ofString(message);
        var request = request("/v1/messages").header("content-type", "application/jose").POST(body);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("accept-language", "en");
    }

    /** 客户端证书与信任的根，均取自 PEM。Client certificate and trusted root, both from PEM. */
    SSLContext tls(Path own) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        var chain = Pem.certificates(own.resolve("tls.pem"));
        keys.setKeyEntry("tls", Pem.key(own.resolve("tls.key"), "EC"), new char[0], chain);
        var client = KeyManagerFactory.getInstance("PKIX");
        client.init(keys, new char[0]);
        var roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", Pem.certificates(folder.resolve("pki/ca.pem"))[0]);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(client.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    static final class Refused extends Exception {
        Refused(String why) {
            super(why);
        }
    }

    static void require(boolean holds, String why) throws Refused {
        if (!holds) throw new Refused(why);
    }

    // --- verification ---

    /** 按固定公钥核验的目录。The directory, verified with the pinned key. */
    static final class Directory {
        final Map<String, Map<String, Object>> keys = new LinkedHashMap<>();
        final Map<Object, Object> kinds = new LinkedHashMap<>();
        final String operator;
        final Object origin;

        Directory(byte[] reply, Map<String, Object> pinned) throws Exception {
            var body = Json.object(reply);
            String compact = (String) body.get("directory");
            operator = (String) Json.at(pinned, "operator", "participant");
            var pin = Json.members(pinned.get("key"));
            byte[] raw = Bytes.unbase64url((String) Json.at(pin, "jwk", "x"));
            require(Bytes.hex(Bytes.sha256(raw)).equals(pin.get("fingerprint")), "fingerprint");
            var claims = Jws.open(compact, "ydt-directory+jwt",
                kid -> kid.equals(pin.get("kid")) ? pin : null);
            require(claims.get("iss").equals(operator), "iss");
            for (Object entry : (List<?>) claims.get("keys")) {
                keys.put((String) Json.members(entry).get("kid"), Json.members(entry));
            }
            for (Object entry : (List<?>) claims.get("participants")) {
                var participant = Json.members(entry);
                kinds.put(participant.get("participant"), participant.get("kind"));
            }
            origin = Json.at(claims, "log", "origin");
            checkProof((String) body.get("proof"), "directory", compact, claims);
        }

        /** verify.md 第 2 至 4 步，返回声明。Steps 2 to 4; gives the claims. */
        Map<String, Object> checkReply(Map<String, Object> reply, String kind, String message)
                throws Exception {
            String compact = (String) reply.get(kind), proof = (String) reply.get("proof");
            var claims = Jws.open(compact, "ydt-" + kind + "+jwt", keys::get);
            String kid = Jws.kid(compact), iss = (String) claims.get("iss");
            var key = keys.get(kid);
            require(key.get("use").equals("receipt") && kid.startsWith(iss + "#"), "key");
            require("gateway".equals(kinds.get(iss)), "signed by another service");
            long at = (long) claims.get("iat");
            require((long) key.get("nbf") <= at && at < (long) key.get("exp"), "key not in force");
            Object revoked = key.get("revoked_from");
            require(revoked == null || at < (long) revoked, "key revoked");
            checkProof(proof, kind, compact, claims);

            var sent = Json.object(Bytes.unbase64url(message.split("\\.")[1]));
            require(Json.at(claims, "msg", "sha256").equals(
                Bytes.hex(Bytes.sha256(Bytes.utf8(message)))), "about another message");
            require(Json.at(claims, "msg", "iss").equals(sent.get("iss")), "msg.iss");
            require(Json.at(claims, "msg", "jti").equals(sent.get("jti")), "msg.jti");
            require(claims.get("aud").equals(sent.get("iss")) && iss.equals(sent.get("aud")), "aud");
            require(kind.equals("receipt") || claims.get("irt").equals(sent.get("jti")), "irt");
            return claims;
        }

        /** `c2sp.org/tlog-proof@v1` */
        void checkProof(String proof, String kind, String compact, Map<String, Object> claims)
                throws Exception {
            String[] parts = proof.split("\n\n", 2);
            var lines = new ArrayList<>(List.of(parts[0].split("\n")));
            require(lines.remove(0).equals("c2sp.org/tlog-proof@v1"), "version of the proof");
            if (lines.get(0).startsWith("extra ")) lines.remove(0);
            long index = (long) Json.at(claims, "log", "index");
            require(lines.remove(0).equals("index " + index), "for another position");
            require(Json.at(claims, "log", "origin").equals(origin), "another log");
            String entry = "ydt-leaf/v1\n" + kind + "\n"
                + Bytes.hex(Bytes.sha256(Bytes.utf8(compact))) + "\n";
            String[] signed = checkpoint(parts[1]);
            byte[] root = Base64.getDecoder().decode(signed[2]);
            byte[] r = Bytes.sha256(new byte[] {0}, Bytes.utf8(entry));
            long fn = index, sn = Long.parseLong(signed[1]) - 1;
            require(fn <= sn, "index outside the tree");
            for (String line : lines) { // RFC 9162 §2.1.3.2
                require(sn != 0, "path too long");
                byte[] p = Base64.getDecoder().decode(line);
                if ((fn & 1) == 1 || fn == sn) {
                    r = Bytes.sha256(new byte[] {1}, p, r);
                    for (; (fn & 1) == 0 && fn != 0; fn >>= 1) sn >>= 1;
                } else {
                    r = Bytes.sha256(new byte[] {1}, r, p);
                }
                fn >>= 1;
                sn >>= 1;
            }
            require(sn == 0 && Arrays.equals(r, root), "the path does not lead to the root");
        }

        /** 检查点的三行，须由日志密钥签名。Its three lines; a log key must have signed them. */
        String[] checkpoint(String note) throws Exception {
            String[] parts = note.split("\n\n", 2);
            String signed = parts[0] + "\n";
            require(signed.startsWith(origin + "\n"), "another log");
            boolean byLog = false;
            for (String line : parts[1].split("\n")) {
                String[] words = line.split(" ");
                byte[] blob = Base64.getDecoder().decode(words[2]);
                for (var key : keys.values()) {
                    boolean logs = key.get("use").equals("log") && words[1].equals(origin)
                        && ((String) key.get("kid")).startsWith(operator + "#");
                    if (!logs || key.get("revoked_from") != null) continue;
                    byte[] raw = Bytes.unbase64url((String) Json.at(key, "jwk", "x"));
                    byte[] id = Bytes.sha256(Bytes.utf8(origin + "\n\001"), raw);
                    if (!Arrays.equals(id, 0, 4, blob, 0, 4)) continue;
                    byte[] signature = Arrays.copyOfRange(blob, 4, blob.length);
                    require(Jws.verify(key, Bytes.utf8(signed), signature), "checkpoint");
                    byLog = true;
                }
            }
            require(byLog, "the log did not sign");
            return signed.split("\n");
        }
    }

    static final class Jws {
        static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        /** 小阶点的 y（大端）：JDK 不检查。y of points of small order, which the JDK lets through. */
        static final Set<BigInteger> SMALL_ORDER_Y = Set.of(
            BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE),
            new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
            new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7", 16));
        static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

        static String kid(String compact) throws Exception {
            return (String) Json.object(Bytes.unbase64url(compact.split("\\.")[0])).get("kid");
        }

        static Map<String, Object> open(String compact, String typ,
                Function<String, Map<String, Object>> keyOf) throws Exception {
            String[] parts = compact.split("\\.", -1);
            require(parts.length == 3, "three parts");
            var header = Json.object(Bytes.unbase64url(parts[0]));
            require(header.keySet().equals(Set.of("alg", "typ", "kid")), "header");
            require(Set.of("EdDSA", "Ed25519").contains(header.get("alg")), "alg");
            require(typ.equals(header.get("typ")), "typ");
            var key = keyOf.apply((String) header.get("kid"));
            require(key != null, "key unknown");
            byte[] signature = Bytes.unbase64url(parts[2]);
            require(signature.length == 64, "signature of 64 bytes");
            require(verify(key, Bytes.utf8(parts[0] + "." + parts[1]), signature), "signature");
            return Json.object(Bytes.unbase64url(parts[1]));
        }

        static boolean verify(Map<String, Object> key, byte[] data, byte[] signature)
                throws Exception {
            byte[] raw = Bytes.unbase64url((String) Json.at(key, "jwk", "x"));
            byte[] big = new byte[32];
            for (int i = 0; i < 32; i++) big[i] = raw[31 - i];
            var y = new BigInteger(1, big).clearBit(255);
            require(raw.length == 32 && y.compareTo(P) < 0 && !SMALL_ORDER_Y.contains(y), "weak key");
            var spki = ByteBuffer.allocate(44).put(SPKI).put(raw).array();
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
            verifier.update(data);
            return verifier.verify(signature);
        }
    }

    static final class Pem {
        static PrivateKey key(Path file, String algorithm) throws Exception {
            String text = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
            var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        }

        static Certificate[] certificates(Path file) throws Exception {
            var in = new ByteArrayInputStream(Files.readAllBytes(file));
            return CertificateFactory.getInstance("X.509").generateCertificates(in)
                .toArray(new Certificate[0]);
        }
    }

    static final class Bytes {
        static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        static byte[] sha256(byte[]... parts) throws Exception {
            var digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) digest.update(part);
            return digest.digest();
        }

        static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }

        static String base64url(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        /** 规范编码：再编码须得原文。Canonical: encoding again gives the same text. */
        static byte[] unbase64url(String text) throws Refused {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            require(base64url(bytes).equals(text), "base64url");
            return bytes;
        }
    }

    /** 严格 JSON：对象为 Map，整数为 long。Strict JSON: objects are maps, integers are longs. */
    static final class Json {
        static final long INTEGER_MAX = (1L << 53) - 1;
        static final int DEPTH_MAX = 16;
        final String text;
        int at;

        Json(String text) {
            this.text = text;
        }

        static Map<String, Object> object(byte[] bytes) throws Exception {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            var reader = new Json(decoder.decode(ByteBuffer.wrap(bytes)).toString());
            Object value = reader.value(1);
            reader.space();
            require(reader.at == reader.text.length(), "data after the value");
            return members(value);
        }

        @SuppressWarnings("unchecked")
        static Map<String, Object> members(Object value) throws Refused {
            require(value instanceof Map, "not an object");
            return (Map<String, Object>) value;
        }

        static Object at(Object value, String... path) throws Refused {
            for (String name : path) value = members(value).get(name);
            require(value != null, "no " + String.join(".", path));
            return value;
        }

        Object value(int depth) throws Refused {
            space();
            switch (peek()) {
                case '{': {
                    require(depth <= DEPTH_MAX, "too deep");
                    var members = new LinkedHashMap<String, Object>();
                    for (boolean more = open('}'); more; more = next('}')) {
                        space();
                        String name = string();
                        space();
                        expect(":");
                        require(!members.containsKey(name), "repeated member");
                        members.put(name, value(depth + 1));
                    }
                    return members;
                }
                case '[': {
                    require(depth <= DEPTH_MAX, "too deep");
                    var items = new ArrayList<Object>();
                    for (boolean more = open(']'); more; more = next(']')) items.add(value(depth + 1));
                    return items;
                }
                case '"':
                    return string();
                case 't':
                    return expect("true", true);
                case 'f':
                    return expect("false", false);
                case 'n':
                    return expect("null", null);
                default:
                    return integer();
            }
        }

        String string() throws Refused {
            expect("\"");
            var out = new StringBuilder();
            for (char c = take(); c != '"'; c = take()) {
                require(c >= ' ', "control character");
                if (c == '\\') {
                    c = take();
                    int plain = "bfnrt".indexOf(c);
                    if (c == 'u') {
                        require(at + 4 <= text.length(), "escape");
                        c = (char) HexFormat.fromHexDigits(text, at, at + 4);
                        at += 4;
                    } else if (plain >= 0) {
                        c = "\b\f\n\r\t".charAt(plain);
                    } else {
                        require("\"\\/".indexOf(c) >= 0, "escape");
                    }
                }
                out.append(c);
            }
            return out.toString();
        }

        Long integer() throws Refused {
            int start = at;
            while (at < text.length() && "-0123456789.eE+".indexOf(text.charAt(at)) >= 0) at++;
            String digits = text.substring(start, at);
            require(digits.matches("0|-?[1-9][0-9]{0,15}"), "number");
            long value = Long.parseLong(digits);
            require(Math.abs(value) <= INTEGER_MAX, "number");
            return value;
        }

        boolean open(char end) throws Refused {
            at++;
            space();
            if (peek() != end) return true;
            at++;
            return false;
        }

        boolean next(char end) throws Refused {
            space();
            char c = take();
            require(c == ',' || c == end, "punctuation");
            return c == ',';
        }

        Object expect(String word, Object value) throws Refused {
            require(text.startsWith(word, at), "expected " + word);
            at += word.length();
            return value;
        }

        void expect(String word) throws Refused {
            expect(word, null);
        }

        char peek() throws Refused {
            require(at < text.length(), "the text ends early");
            return text.charAt(at);
        }

        char take() throws Refused {
            char c = peek();
            at++;
            return c;
        }

        void space() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        }
    }
}
