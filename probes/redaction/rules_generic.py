"""Secrets that need no vendor (headers, URLs, private keys, JWT), and numbers and addresses of persons."""

from probes.redaction.personal import is_bank_card, is_id_card
from probes.redaction.rule import Rank, Rule, shaped

_B64 = r"[A-Za-z0-9+/=_\-]"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PEM_NAME = r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?"

RULES: tuple[Rule, ...] = (
    shaped(
        "private_key",
        # The whole block; without its end, whatever still reads as its body.
        rf"(?P<secret>-{{3,5}} ?BEGIN {_PEM_NAME} ?-{{3,5}}(?:(?s:.*?)-{{3,5}} ?END {_PEM_NAME} ?-{{3,5}}"
        r"|(?:[A-Za-z0-9+/=\s\\\"',:|>+#&;.\-]|Proc-Type|DEK-Info)*))",
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
        spans_lines=True,
        matches=("PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 2\n«<b64:64>\n<b64:40>\n»",),
    ),
    shaped(
        "jwt",
        rf"(?P<secret>ey[JA]{_B64}{{8,}}\.(?:ey[JA]|{_B64}{{4}}){_B64}{{8,}}(?:\.{_B64}+){{0,3}})",
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
        r"(?i:\bbearer)(?:\\*[\"'`]|[\s:=])+(?P<secret>[A-Za-z0-9_\-.~+/=|]{8,})",
        check=lambda value: (
            sum(c.isdigit() for c in value) >= 2 or (len(value) >= 24 and value != value.lower())
        ),
        matches=("Authorization: Bearer «<an40>»", 'auth="bearer «<hex32>»"'),
        spares=("Bearer authentication", "Bearer {{api_key}}", "Bearer ***", "bearer tokens are refused"),
    ),
    shaped(
        "url_password",
        r"(?i:[a-z][a-z0-9+.\-]{1,20}://)[^\s:/@\"'<>]{0,80}:(?P<secret>[^\s/\"'<>]{1,200})@[A-Za-z0-9\[]",
        matches=("https://ann:«<an12>»@proxy.example.cn:8080", "redis://:«<an16>»@redis.example.cn:6379/0"),
        spares=("https://example.cn:8080/a@b",),
    ),
    shaped(
        "database_password",
        r"(?i:(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|clickhouse|mssql|oracle|kafka|ftp|sftp|smtp|ldap)[a-z0-9+]{0,12}://)"
        r"[^\s:@\"'<>]{0,80}:(?P<secret>[^\s\"'<>]{1,200})@[A-Za-z0-9\[]",
        matches=(
            "postgresql://root:«<an9>/<an4>»@db.example.cn:5432/gateway",
            "mongodb+srv://app:«<an14>»@c0.example.net",
        ),
    ),
    shaped(
        "dsn_password",
        r"\b[A-Za-z0-9_.\-]{1,64}:(?P<secret>[^\s@\"']{1,128})@(?:tcp|unix)\(",
        matches=("SQL_DSN=root:«<an14>»@tcp(10.0.3.7:3306)/oneapi",),
    ),
    shaped(
        "url_token",
        r"(?i:https?|git|ssh)://(?P<secret>[A-Za-z0-9_\-.]{16,})@[A-Za-z0-9]",
        check=lambda value: sum(c.isdigit() for c in value) >= 2,
        matches=("git clone https://«<an40>»@gitee.example.com/a/b.git",),
    ),
    shaped(
        "login_pair",
        r"(?i:\bcurl\b[^\n]*?\s(?:-u|--user|--proxy-user|-U)[ =]?[\"']?)"
        r"[^\s:\"']{1,80}:(?P<secret>[^\s\"']{1,200})",
        matches=(
            "curl -u ann:«<an14>» https://api.example.cn/v1",
            "curl -X POST --user 'ann:«<an14>»' https://x.cn",
        ),
    ),
    shaped(
        "command_password",
        r"(?:\bsshpass\s+-p\s*[\"']?|\bmysql(?:dump|admin)?\b[^\n]{0,200}?\s-p|\bredis-cli\b[^\n]{0,200}?\s-a\s+[\"']?)(?P<secret>[^\s\"']{4,128})",
        matches=(
            "mysql -h db -u root -p«<an12>» oneapi",
            "redis-cli -h r -a «<an16>» ping",
            "sshpass -p '«<an12>»' ssh root@h",
        ),
    ),
    shaped(
        "sql_password",
        r"(?i:identified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?|\bpassword\s+(?:for\s+\S+\s+)?=?\s*)'(?P<secret>[^'\n]{3,128})'",
        matches=("CREATE USER 'a'@'%' IDENTIFIED BY '«<an12>»';", "ALTER USER a WITH PASSWORD '«<an12>»'"),
    ),
    shaped(
        "named_value",
        r"(?i:\\*[\"']?\b(?:name|key|header|field|variable)\\*[\"']?\s*[:=]\s*\\*[\"']?)"
        r"(?i:[\w.\-]*(?:api[_\-]?key|secret|token|passw(?:or)?d|authorization|cookie|_key|access[_\-]?key)[\w\-]*)"
        r"\\*[\"']?\s*,?\s*(?i:\\*[\"']?value\\*[\"']?\s*[:=]\s*\\*[\"']?)(?i:(?:bearer|basic)\s+)?(?P<secret>[^\s\"'\\,}<]{8,})",
        spans_lines=True,
        check=lambda value: any(c.isdigit() for c in value) or value != value.lower(),
        matches=(
            '- name: GATEWAY_API_KEY\n  value: "«<an32>»"',
            '{"name": "authorization", "value": "Bearer «<an32>»"}',
        ),
        spares=('{"name": "max_tokens", "value": "4096"}',),
    ),
    shaped(
        "email",
        r"(?i)(?P<secret>[a-z0-9][a-z0-9._%+\-]{0,63}@(?:[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?\.){1,5}[a-z]{2,24})\b",
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
        r"(?:^|[^0-9A-Za-z.])(?P<secret>(?:(?:\+|00)?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})"
        r"(?:$|[^0-9A-Za-z])",
        rank=Rank.PERSONAL,
        matches=("手机 «138<d8>»", "电话：«+86 159-<d4>-<d4>» 谢谢"),
        spares=("0.13812345678 USD", "1760420936666", "a13812345678f"),
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
        r"(?:^|[^0-9A-Za-z.\-])(?P<secret>(?:\d{4}[ \-]?){3}\d{3,4}(?:[ \-]?\d{1,3})?"
        r"|3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5})(?:$|[^0-9A-Za-z])",
        rank=Rank.PERSONAL,
        check=is_bank_card,
        matches=("卡号 «6222021234567890128»", "«4111 1111 2233 4454»"),
        spares=("6222021234567890123", "任务号 3692148457303155290"),
    ),
)
