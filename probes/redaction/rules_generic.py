"""Secrets that need no vendor (headers, URLs, private keys, JWT), and numbers and addresses of persons."""

from probes.redaction.personal import is_bank_card, is_id_card
from probes.redaction.randomness import looks_random
from probes.redaction.rule import Rank, Rule, shaped

_B64 = r"[A-Za-z0-9+/=_\-]"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_KEY_NAME = r"[A-Z0-9_]{0,40}(?:KEY|TOKEN|SECRET|PASSW(?:OR)?D|PWD|COOKIE|_PAT|CREDENTIALS?)"
_PEM_NAME = r"(?:(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V\d)"
_PEM_GAP = r"(?:\\+[nrt]|[\s\\\"',:|>+#&;.\-])"  # between the lines of a block, however it was copied
# The rest of a line that was cut, and no word of the next sentence.
_PEM_TAIL = r"(?:[A-Za-z0-9+/]{12,}={1,2}|[A-Z0-9+/]{0,5}[a-z]{1,4}[A-Z0-9+/][A-Za-z0-9+/]{8,})"

RULES: tuple[Rule, ...] = (
    shaped(
        "private_key",
        # The whole block; without its end, its headings and lines, and the long part of a line that was cut.
        rf"(?P<secret>-{{3,5}} ?BEGIN {_PEM_NAME} ?-{{3,5}}(?:(?s:.*?)-{{3,5}} ?END {_PEM_NAME} ?-{{3,5}}"
        rf"|(?:{_PEM_GAP}{{0,40}}(?:Proc-Type|DEK-Info|Version|Comment): [A-Za-z0-9 ,.()-]{{1,80}})*"
        rf"(?:{_PEM_GAP}{{0,40}}[A-Za-z0-9+/]{{24,}}={{0,2}})*(?:{_PEM_GAP}{{0,40}}{_PEM_TAIL})?))",
        hint=r"BEGIN ",
        spans_lines=True,
        matches=(
            "-----BEGIN RSA PRIVATE KEY-----\n<b64:64>\n<b64:64>\n<b64:40>==\n-----END RSA PRIVATE KEY-----",
            '{"key": "«-----BEGIN PRIVATE KEY-----\\n<b64:64>\\n<b64:64>\\n-----END PRIVATE KEY-----»\\n"}',
            "-----BEGIN OPENSSH PRIVATE KEY-----\n<b64:70>\n<b64:70>",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n<b64:64>\n=<b64:4>\n"
            "-----END PGP PRIVATE KEY BLOCK-----",
        ),
        spares=("-----BEGIN CERTIFICATE-----\nMIID…\n-----END CERTIFICATE-----",),
    ),
    shaped(
        "putty_private_key",
        r"Private-Lines:\s*\d+\s+(?P<secret>(?:[A-Za-z0-9+/=]{4,}\s+)+)",
        hint=r"Private-Lines:",
        spans_lines=True,
        matches=("PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 2\n«<b64:64>\n<b64:40>\n»",),
    ),
    shaped(
        "jwt",
        rf"(?P<secret>ey[JA]{_B64}{{8,}}\.(?:ey[JA]|{_B64}{{4}}){_B64}{{8,}}(?:\.{_B64}+){{0,3}})",
        hint=r"ey[JA][A-Za-z0-9+/=_\-]{8}",
        matches=(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ<u64:60>.<u64:43>",
            "eyJhbGciOiJIUzI1NiJ9.eyJ<u64:60>",
        ),
    ),
    shaped(
        "basic_credentials",
        r"(?i:\bbasic)[\s:]+(?P<secret>[A-Za-z0-9+/_\-]{8,}={0,2})",
        check=lambda value: any(c.isdigit() or c.isupper() for c in value[1:]),
        matches=("Authorization: Basic «dXNlcjEyNjpBZG1p<an12>»",),
        spares=("basic authentication is off", "Basic Settings"),
    ),
    shaped(
        "bearer_token",
        r"(?i:\bbearer)(?:\\*[\"'`]|\\?[\s:=]|\$\{)+(?P<secret>[A-Za-z0-9_\-.~+/=|]{8,})",
        check=lambda value: (
            sum(c.isdigit() for c in value) >= 2 or (len(value) >= 24 and value != value.lower())
        ),
        matches=("Authorization: Bearer «<an40>»", 'auth="bearer «<hex32>»"'),
        spares=("Bearer authentication", "Bearer {{api_key}}", "Bearer ***", "bearer tokens are refused"),
    ),
    shaped(
        "url_password",
        r"(?i:[a-z][a-z0-9+.\-]{1,20}://)[^\s:/@\"'<>]{0,80}:(?P<secret>[^\s/\"'<>]{1,200})@[A-Za-z0-9\[]",
        hint=r"://[^\s/@\"'<>]*:[^\s/\"'<>]*@",
        matches=("https://ann:«<an12>»@proxy.example.cn:8080", "redis://:«<an16>»@redis.example.cn:6379/0"),
        spares=("https://example.cn:8080/a@b",),
    ),
    shaped(
        "database_password",
        r"(?i:(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|clickhouse|mssql|oracle|kafka|ftp|sftp|smtp|ldap)[a-z0-9+]{0,12}://)"
        r"[^\s:@\"'<>]{0,80}:(?P<secret>[^\s\"'<>]{1,200})@[A-Za-z0-9\[]",
        hint=r"(?i:postgres|mysql|mariadb|mongodb|redis|amqp|clickhouse|mssql|oracle|kafka|ftp|smtp|ldap)[a-z0-9+]*://",
        matches=(
            "postgresql://root:«<an9>/<an4>»@db.example.cn:5432/gateway",
            "mongodb+srv://app:«<an14>»@c0.example.net",
        ),
    ),
    shaped(
        "dsn_password",
        r"\b[A-Za-z0-9_.\-]{1,64}:(?P<secret>[^\s\"']{1,128})@(?:tcp|unix)\(",
        hint=r"@(?:tcp|unix)\(",
        matches=("SQL_DSN=root:«<an14>»@tcp(10.0.3.7:3306)/oneapi",),
    ),
    shaped(
        "url_token",
        r"(?i:https?|git|ssh)://(?P<secret>[A-Za-z0-9_\-.~%=+]{16,})@[A-Za-z0-9]",
        hint=r"://[A-Za-z0-9_\-.~%=+]{16}[A-Za-z0-9_\-.~%=+]*@",
        check=lambda value: sum(c.isdigit() for c in value) >= 2 or looks_random(value, least=16, rate=0.3),
        matches=(
            "git clone https://«<an40>»@gitee.example.com/a/b.git",
            "https://«<u64:27>%3D»@git.example.cn/a",
        ),
    ),
    shaped(
        "sql_password",
        r"(?i:identified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?|\bpassword\s+(?:for\s+\S+\s+)?=?\s*)'(?P<secret>[^'\n]{3,128})'",
        matches=("CREATE USER 'a'@'%' IDENTIFIED BY '«<an12>»';", "ALTER USER a WITH PASSWORD '«<an12>»'"),
    ),
    shaped(
        "form_value",
        r"(?i:<input\b[^<>]{0,200}?\bvalue\s*=\s*[\"'])(?P<secret>[^\"'<>]{6,512})[\"'][^<>]{0,200}?"
        r"(?i:\b(?:name|id)\s*=\s*[\"'][^\"'<>]{0,60}(?:key|secret|token|passw|pwd|credential|jscode|cookie|sonar[_\-]?login)[^\"'<>]{0,20}[\"'])",
        hint=r"(?i:<input\b)",
        check=lambda value: any(c.isdigit() for c in value) or value != value.lower(),
        matches=('<input type="text" value="«<hex40>»" name="webhook_secret">',),
        spares=('<input type="submit" value="save" name="new_token">',),
    ),
    shaped(
        "plist_value",
        r"<key>[\w.\-]{0,60}(?:(?i:key|secret|token|passw|pwd|credential|jscode|cookie)|[_\-]pat|Pat)[\w.\-]{0,20}</key>\s*"
        r"<string>(?P<secret>[^<>\s]{6,512})</string>",
        hint=r"<key>",
        spans_lines=True,
        check=lambda value: any(c.isdigit() for c in value) or value != value.lower(),
        matches=("<key>PAGERDUTY_TOKEN</key>\n<string>«<an20>»</string>",),
    ),
    shaped(
        "nested_value",
        r"(?i:\"(?:token|secret|password|api_?key|access_?token|credential)\"\s{0,4}:\s{0,4}\{\s{0,8}"
        r"\"(?:value|key|secret|raw|plain(?:_?text)?|data)\"\s{0,4}:\s{0,4}\")(?P<secret>[^\"\s\\]{8,512})\"",
        spans_lines=True,
        check=lambda value: any(c.isdigit() for c in value) or value != value.lower(),
        matches=('{"token": {"value": "«<hex32>»"}}', '{"apiKey":{\n  "raw":"«<uuid>»"}}'),
        spares=('{"token": {"value": "disabled"}}', '{"token": {"count": "12345678"}}'),
    ),
    shaped(
        "postman_entry",
        r"\"apikey\"\s*:\s*\[[^\]]{0,400}?\"key\"\s*:\s*\"value\"\s*,\s*\"value\"\s*:\s*\"(?P<secret>[^\"]{8,512})\"",
        hint=r"\"apikey\"",
        spans_lines=True,
        matches=('"apikey":[{"key":"value","value":"«<hex32>»"},{"key":"key","value":"x"}]',),
    ),
    shaped(
        "fallback_value",
        # What a program takes when the environment names no key: process.env.X || "…".
        rf"(?i:process\.env\.{_KEY_NAME}|getenv\([\"']{_KEY_NAME}[\"']\))"
        r"\s{0,3}(?:\|\||\?\?|\?:|or)\s{0,3}[\"'`](?P<secret>[^\"'`\s]{6,512})[\"'`]",
        hint=r"(?:\|\||\?\?|\?:|or)\s{0,3}[\"'`]",
        matches=(
            "apiKey: process.env.OPENAI_API_KEY || '«<hex32>»'",
            'key = os.getenv("API_KEY") or "«<uuid>»"',
            "$p = getenv('DB_PASSWORD') ?: '«<an12>»';",
        ),
        spares=("process.env.OPENAI_API_KEY || ''", "process.env.TOKEN_LIMIT_MODEL || 'gpt-4o-2024-11-20'"),
    ),
    shaped(
        "environment_default",
        # Whatever the variable is called, a random default is a key: os.environ.get('K', '…').
        r"(?i:process\.env(?:\.\w{1,64}|\[[^\]\n]{1,64}\])\s{0,3}(?:\|\||\?\?)|(?:getenv|environ\.get|\benv\.fetch|\benv)\(\s{0,4}[\"'][^\"'\n]{1,64}[\"']"
        r"(?:\s{0,3},\s{0,3}(?:default\s?=\s?)?|\)\s{0,3}(?:or|\|\||\?\?|\?:)))\s{0,3}[\"'`]"
        r"(?P<secret>[A-Za-z0-9_]{24,256}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[\"'`]",
        hint=r"(?i:env[\w.]{0,40}\s{0,3}(?:\(|\[|\|\||\?\?))",
        check=lambda value: looks_random(value, least=24, rate=0.2),
        matches=(
            "API = os.environ.get('K', '«<an40>»')",
            'os.getenv("X") or "«<hex40>»"',
            'ENV.fetch("PLAIN", "«<hex40>»")',
            'process.env.GATEWAY ?? "«<uuid>»"',
        ),
        spares=("os.environ.get('M', 'gpt-4o-2024-11-20')", "process.env.M || 'claude-sonnet-4-5-20250929'"),
    ),
    shaped(
        "key_below",
        # A heading that announces a key, and the key at the beginning of the line under it.
        r"(?im:(?:^|[\s\"'>，。：:（(是的])"
        r"(?:(?:api|access|secret)[ _\-]?(?:key|token)|app[ _\-]?secret|bearer|key[ =:：]|密钥|秘钥|令牌)"
        r"[\"')）】]{0,2}[ \t]{0,3}(?:是|为|如下)?[ \t]{0,3}[:：=]?[ \t]{0,8}\r?\n[ \t]{0,16}[\"'`]?"
        r"(?P<secret>[A-Za-z0-9_\-]{20,256})(?:[^A-Za-z0-9_\-]|$))",
        spans_lines=True,
        check=lambda value: looks_random(value, least=16, rate=0.1),
        matches=(
            '"API Key"\n«<hex32>»',
            "这是我的apikey\n«<an24>»\n帮我看看",
            "密钥如下：\n«<uuid>»",
            "<pre>密钥如下：\n«<uuid>»</pre>",
        ),
        spares=("API key\nmissing_from_the_request_header", "令牌\n任务 20260703537380214994"),
    ),
    shaped(
        "said_key",
        # Without a shape of its own, but called an API key.
        r"(?i:\bapi[ _\-]?key)[ \t]?(?:是|为)?(?:这个|这串)?[ \t]{1,3}"
        r"(?P<secret>[0-9a-f]{32,64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b",
        hint=r"(?i:api[ _\-]?key)",
        matches=("api key 是这个 «<hex32>»", "the API key «<uuid>» is refused"),
        spares=("the API key of request <uuid>",),
    ),
    shaped(
        "git_password",
        r"(?P<secret>[A-Za-z0-9_\-]{20,256}):x-oauth-basic@",
        hint=r":x-oauth-basic@",
        matches=("https://«<hex40>»:x-oauth-basic@github.com/a/b",),
    ),
    shaped(
        "share_link",
        r"(?i:\b(?:vmess|vless|ssr?|trojan|hysteria2?|hy2|tuic|anytls)://)(?P<secret>[A-Za-z0-9+/=_\-:%]{8,})",
        matches=("vmess://«<b64:120>»", "trojan://«<uuid>»@jp.example.cn:443?sni=x"),
    ),
    shaped(
        "rejected_key",
        r"(?i:\b(?:expected|invalid|incorrect)\b[^\n]{0,60}?\breceived ?[=:] ?)"
        r"(?P<secret>[^\s,;\"'<>]{12,512})",
        hint=r"(?i:received ?[=:])",
        matches=("LiteLLM Virtual Key expected. Received=«<an40>», expected to start with 'sk-'.",),
        check=lambda value: looks_random(value, least=12, rate=0.12),
    ),
    shaped(
        "short_password",
        # A bare `pass` also counts tests: its value must look chosen by somebody.
        r"(?im:^|[\s,;{/\-])(?i:pass)\s?[:=]\s?[\"']?(?P<secret>[^\s\"',;]{8,64})",
        hint=r"(?i:pass)\s?[:=]",
        check=lambda value: (
            any(c.isalpha() for c in value)
            and (
                sum(c.isdigit() for c in value) >= 2
                or any(c in "!@#$%^&*?" for c in value)
                or (any(c.isdigit() for c in value) and value != value.lower())
            )
            and not value.lower().startswith(("test", "unit", "spec", "case", "build", "should"))
        ),
        matches=("user: ops\npass: «Maple#20<d4>»", "cmdkey /user:ops /pass:«Maple#20<d4>»"),
        spares=("pass: 14 of 14", "PASS: TestRotation2KeepsKeys", "--- PASS: test_token_42_is_kept"),
    ),
    shaped(
        "account_pair",
        r"(?i:\b(?:credentials?|creds?|login|account)\b|账号密码|账号|账密|用户名)[ \t:：是为]{1,4}"
        r"[A-Za-z0-9_.@\-]{2,64}[ \t]{0,2}/[ \t]{0,2}(?P<secret>[^\s/，。；,;\"']{8,64})",
        hint=r"(?i:credential|creds?\b|login|account)|账",
        check=lambda value: (
            any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and value != value.lower()
        ),
        matches=("credentials admin / «Maple#20<d4>x» for kibana", "账号 ops/«<an12>Z9»"),
        spares=("login v1/Models2", "account 12/31"),
    ),
    shaped(
        "prompt_answer",
        # What somebody typed where a program asked: its echo is off, a screenshot's text is not.
        r"(?i:\b(?:password|passphrase|passcode) for (?:(?:key|user|account) )?[^\s:：]{1,80}[:：][ \t]+)"
        r"(?P<secret>[^\s\"']{6,128})",
        hint=r"(?i:password|passphrase|passcode)",
        check=lambda value: (
            looks_random(value, least=8)
            or (any(c.isalpha() for c in value) and any(c.isdigit() or c in "!@#$%^&*?" for c in value))
        ),
        matches=("Enter passphrase for key '/root/.ssh/id_rsa': «Maple#20<d4>»",),
        spares=("password for the account: required",),
    ),
    shaped(
        "entry_code",
        # NextChat's settings call the word that lets people in CODE.
        r"(?:^|[\s\"'])CODE=[\"']?(?P<secret>[^\s\"',;]{8,128})",
        hint=r"CODE=",
        check=lambda value: (
            any(c.isdigit() for c in value)
            and any(c.isupper() for c in value)
            and any(c.islower() for c in value)
        ),
        matches=('-e CODE="«<an14>aZ7»"',),
        spares=("CODE=ERR_42_TIMEOUT",),
    ),
    shaped(
        "key_content",
        r"(?i:\bkey content|关键内容|安全密钥内容)[ \t]{0,40}[:：][ \t]{0,8}(?P<secret>[^\s]{6,128})",
        hint=r"(?i:key content)|内容",
        matches=("    Key Content            : «<an14>»",),
    ),
    shaped(
        "key_part",
        r"(?i:[前后][半一]?段|第[一二三1-3]段|前半|后半|first half|second half|part ?[1-3])"
        r"(?:是| is)?[:：为 ]{0,4}"
        r"(?P<secret>[A-Za-z0-9_\-]{12,256})",
        hint=r"(?i:段|前半|后半|half|part ?[1-3])",
        check=lambda value: looks_random(value, least=12, rate=0.25),
        matches=("key 前半段 «<an24>» 后半段在下面",),
        spares=("part 2 multipart-upload-complete",),
    ),
    shaped(
        "proxy_account",
        # The UUID of a node is what lets its owner in.
        r"(?i:\b(?:vmess|vless|tuic|trojan)\b[^\n]{0,300}?\b(?:uuid|id)[\"']?\s{0,2}[:=]\s{0,2}[\"']?)"
        r"(?P<secret>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        hint=r"(?i:vmess|vless|tuic|trojan)",
        matches=("{name: JP, type: vmess, server: jp.example.cn, uuid: «<uuid>», alterId: 0}",),
    ),
    shaped(
        "digest_answer",
        r"(?i:\bdigest\s[^\n]{0,400}?\bresponse=[\"']?)(?P<secret>[0-9a-f]{32,128})",
        hint=r"(?i:\bdigest\s)",
        matches=('Authorization: Digest username="ops", nonce="<hex32>", response="«<hex32>»"',),
    ),
    shaped(
        "login_call",
        # The last of the texts that a program logs in with: auth=("ops", "…"), new PDO(…, 'root', '…').
        r"(?i:(?:auth|log_?in|credentials?|getconnection|\bpdo|get_?profile|sign_?in|set_?password|authenticate)\s?=?\s?\(\s{0,8})"
        r"(?:[\"'][^\"'\n]{0,200}[\"']\s{0,4},\s{0,8}){1,3}[\"'](?P<secret>[^\"'\n]{6,256})[\"']",
        hint=r"(?i:auth|log_?in|credentials?|getconnection|pdo|profile|sign_?in|password|authenticate)\s?=?\s?\(",
        check=lambda value: (
            looks_random(value, least=12)
            or (any(c.isalpha() for c in value) and len(value) >= 8 and any(c.isdigit() for c in value))
            or (any(c in "!@#$%^&*?_" for c in value) and value != value.lower())
        ),
        matches=(
            'requests.post(url, auth=("admin", "«<an14>Z7»"))',
            "new PDO('mysql:host=db', 'root', '«<an14>Z7»')",
            "oss2.Auth('LTAI-old', '«<an30>»')",
        ),
        spares=('login("admin", "dashboard")', 'auth("read", "write-2")'),
    ),
    shaped(
        "secure_string",
        r"(?i:\bConvertTo-SecureString(?: -String)? )[\"'](?P<secret>[^\"'\n]{4,128})[\"']",
        hint=r"(?i:ConvertTo-SecureString)",
        matches=("$p = ConvertTo-SecureString '«<an12>»' -AsPlainText -Force",),
    ),
    shaped(
        "recovery_phrase",
        r"(?i:mnemonic|seed phrase|recovery phrase|secret phrase|助记词)[^\n]{0,12}?"
        r"(?P<secret>\b[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23}\b)",
        hint=r"(?i:mnemonic|seed phrase|recovery phrase|secret phrase|助记词)",
        matches=("助记词：«" + "abandon zone tiger " * 3 + "orbit river wolf»",),
        spares=("The seed phrase is needed to restore this wallet.",),
    ),
    shaped(
        "app_password",
        r"(?i:app(?:lication)?[ \-]passwords?|应用(?:专用)?密码|专用密码)[^\na-z]{1,8}(?:\bis )?"
        r"(?P<secret>[a-z]{4}(?:[ \-]?[a-z]{4}){3})\b",
        hint=r"(?i:app(?:lication)?[ \-]passwords?|应用(?:专用)?密码|专用密码)",
        matches=("Gmail app password: «abcd wxyz kqjv mnop»",),
    ),
    shaped(
        "mail_code",
        r"授权码[ :：是为]{0,4}(?P<secret>[A-Za-z]{16})\b",
        hint=r"授权码",
        matches=("SMTP 授权码：«abcdwxyzkqjvmnop»",),
    ),
    shaped(
        "totp_seed",
        r"(?i:\btotp\b|\b2fa\b|\bmfa\b|authenticator|验证器|两步验证|二次验证|双因素)"
        r"[^\nA-Z0-9]{0,24}(?P<secret>[A-Z2-7]{4}(?: ?[A-Z2-7]{4}){3,15})\b",
        hint=r"(?i:\btotp\b|\b2fa\b|\bmfa\b|authenticator|验证器|两步验证|二次验证|双因素)",
        matches=("两步验证的种子 «<AL15>7»", "TOTP secret: «2CX7 UR3Q OI7G KVYP»"),
    ),
    shaped(
        "wifi_code",
        r"\bWIFI:[^\n]{0,120}?\bP:(?P<secret>[^;\n]{4,128});",
        hint=r"\bWIFI:",
        matches=("WIFI:T:WPA;S:Desk-5G;P:«<an14>»;;",),
    ),
    shaped(
        "pgpass_line",
        r"(?:^|\s)[A-Za-z0-9_.*\-]{1,128}:(?:\d{2,5}|\*):[A-Za-z0-9_*.$\-]{1,64}:[A-Za-z0-9_*.$@\-]{1,64}:(?P<secret>[^\s:]{4,128})(?:\s|$)",
        hint=r"(?:^|\s)[A-Za-z0-9_.*\-]+:(?:\d{2,5}|\*):[^\s:]+:[^\s:]+:[^\s:]{4}",
        matches=("db.example.cn:5432:desk:app:«<an14>»",),
        spares=("10.0.0.7:5432:17:03:1234",),
        check=lambda value: any(c.isalpha() for c in value),
    ),
    shaped(
        "password_hash",
        r"(?P<secret>\$(?:apr1|2[abxy]|[156y])\$[A-Za-z0-9./$=,]{20,})",
        matches=("ops:«$apr1$<an8>$<an22>»", "$2y$10$<an53>", "root:«$6$<an16>$<an86>»:19700:0:99999:7:::"),
    ),
    shaped(
        "client_argument",
        r"(?i:\b(?:new_?)?(?:\w{0,24}client|openai|anthropic|with_?(?:api_?)?(?:key|token)|set_?(?:api_?)?(?:key|token))"
        r"\(\s{0,4}[\"'`])(?P<secret>[A-Za-z0-9_:+/=\-]{16,256}|[A-Za-z0-9]{6,16}\.[A-Za-z0-9]{24,64})[\"'`]",
        hint=r"(?i:client|openai|anthropic|key|token)\(\s{0,4}[\"'`]",
        check=lambda value: looks_random(value, least=16, rate=0.2),
        matches=('client := openai.NewClient("«<an32>»")', 'openai.NewClient("«<an16>»")'),
        spares=('NewClient("gpt-4o-mini-2024-07-18")',),
    ),
    shaped(
        "later_argument",
        # An id, a region or an address first, then the key: AipSpeech('…', '…', '…').
        r"(?i:\b\w{0,24}(?:client|auth|credentials?|profile|speech|ocr|nlp|completion|sdk|service)\(\s{0,8})"
        r"(?:[\"'][^\"'\n]{0,200}[\"']\s{0,4},\s{0,8}){1,3}?[\"'](?P<secret>[A-Za-z0-9+/=]{24,128})[\"']",
        hint=r"(?i:client|auth|credentials?|profile|speech|ocr|nlp|completion|sdk|service)\(\s{0,8}[\"']",
        check=lambda value: looks_random(value, least=24, rate=0.2),
        matches=("AipSpeech('66418307', '«<an24>»', 'x')",),
    ),
    shaped(
        "email",
        # The first choice passes over the account in a URL, which would look like an address with its host.
        r"(?i)[a-z][a-z0-9+.\-]{1,20}://[^\s@/\"'<>]*@"
        r"|(?P<secret>[a-z0-9][a-z0-9._%+\-]{0,63}@(?:[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?\.){1,5}[a-z]{2,24})\b",
        hint=r"@(?:[A-Za-z0-9\-]{1,63}\.)",
        rank=Rank.PERSONAL,
        check=lambda value: (
            not value.lower().startswith(("git@", "root@", "noreply@"))
            and not value.lower().endswith((".png", ".jpg", ".git", ".local", ".py"))
        ),
        matches=("联系 «wei.zhang<d2>@corp-<lo4>.cn»", "«li+ai<d2>@outlook.com»"),
        spares=("git@github.com:acme/repo.git", "image@sha256:<hex64>", "pip install a@1.2.3"),
    ),
    shaped(
        "mobile",
        r"(?:^|[^0-9A-Za-z./]|(?:^|[^0-9A-Za-z])/)"
        r"(?P<secret>(?:(?:\+|00)?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})"
        r"(?:$|[^0-9A-Za-z])",
        rank=Rank.PERSONAL,
        matches=("手机 «138<d8>»", "电话：«+86 159-<d4>-<d4>» 谢谢"),
        spares=("0.13812345678 USD", "1760420936666", "a13812345678f", "/actions/runs/2465/job/13995985310"),
    ),
    shaped(
        "id_card",
        rf"(?:^|[^0-9A-Za-z])(?P<secret>[1-8]\d{{5}}[ \-]?(?:19|20)\d{{2}}{_DAY}[ \-]?\d{{3}}[0-9Xx])"
        r"(?:$|[^0-9A-Za-z])",
        rank=Rank.PERSONAL,
        check=is_id_card,
        matches=("身份证 «11010519491231002X»", "«440308199901010012»"),
        spares=("110105194912310021", "369214845730315529"),
    ),
    shaped(
        "id_card_old",
        rf"身份证号?码?[ :：是]{{0,3}}(?P<secret>[1-8]\d{{7}}{_DAY}\d{{3}})(?:$|[^0-9])",
        rank=Rank.PERSONAL,
        matches=("身份证号：«110105491231002»",),
    ),
    shaped(
        "bank_card",
        r"(?:^|[^0-9A-Za-z.\-/]|(?:^|[^0-9A-Za-z])/)(?P<secret>(?:\d{4}[ \-]?){3}\d{3,4}(?:[ \-]?\d{1,3})?"
        r"|3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5})(?:$|[^0-9A-Za-z])",
        rank=Rank.PERSONAL,
        check=is_bank_card,
        matches=("卡号 «6222021234567890128»", "«4111 1111 2233 4454»"),
        spares=("6222021234567890123", "任务号 3692148457303155290"),
    ),
)
