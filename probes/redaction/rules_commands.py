"""Passwords among the arguments of commands, where no name stands before them."""

from probes.redaction.randomness import looks_random
from probes.redaction.rule import Rule, Style, shaped

_REST = r"\b[^\n]{0,200}?"  # of the command before the option
_VALUE = r"""["']?(?P<secret>[^\s"'<>|;]{4,128})"""


def _argument(name: str, commands: str, before: str, *, matches: tuple[str, ...]) -> Rule:
    """The word right after `before`, somewhere behind one of the commands."""
    return Rule(
        name=name,
        kind="command_password",
        pattern=rf"\b(?i:{commands}){_REST}{before}{_VALUE}",
        hint=rf"\b(?i:{commands})\b",
        style=Style.LABEL,
        check=lambda value: not value.startswith(("-", "$")),
        matches=matches,
    )


RULES: tuple[Rule, ...] = (
    _argument(
        "password_beside_p",
        r"mysql(?:dump|admin|import|pump)?|mariadb(?:-dump)?|7z[az]?|rar|unrar",
        r"\s-p",
        matches=(
            "mysql -h db -u root -p«<an12>» oneapi",
            "7z x -p«<an12>» logs.7z",
        ),
    ),
    _argument(
        "password_after_p",
        r"(?:(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|helm\s+registry|az|oc|cf|npm|argocd)\s+login"
        r"|mongo(?:sh|dump|restore|export|import|stat)?|cqlsh|plink|pscp|psexec|influx)",
        r"\s(?:-p|-pw)\s+",
        matches=(
            "docker login -u demo -p «<an14>» registry.example.cn",
            "mongosh -u admin -p «<an14>» --authenticationDatabase admin",
            "plink -ssh ops@h -pw «<an14>» uptime",
        ),
    ),
    _argument("sshpass_password", "sshpass", r"\s-p\s*", matches=("sshpass -p '«<an12>»' ssh root@h",)),
    _argument(
        "password_after_capital_p",
        r"unzip|zip|sqlcmd|bcp|isql|ipmitool|mosquitto_(?:pub|sub)",
        r"\s-P\s*",
        matches=("unzip -P «<an12>» logs.zip", "sqlcmd -S db -U sa -P «<an14>» -Q 'select 1'"),
    ),
    _argument("password_of_account", "useradd|usermod", r"\s-p\s+", matches=("useradd -p '«<an12>»' ops",)),
    _argument("password_after_a", "redis-cli", r"\s-a\s+", matches=("redis-cli -h r -a «<an16>» ping",)),
    _argument(
        "password_after_w",
        r"ldap(?:search|add|modify|delete|passwd|whoami|compare)",
        r"\s-w\s+",
        matches=("ldapsearch -D cn=admin -w «<an12>» -b dc=x",),
    ),
    _argument(
        "password_source",
        r"openssl|gpg2?|ssh-keygen",
        r"\s(?:-{1,2}pass(?:in|out|word|wd|phrase)?\s+pass:|-k\s+|-N\s+)",
        matches=("openssl rsa -passin pass:«<an14>» -in k.pem", "openssl enc -aes-256-cbc -k «<an14>» -in a"),
    ),
    shaped(
        "account_argument",
        # Commands that take an account and its password one after the other.
        r"\b(?i:rabbitmqctl\s+(?:add_user|change_password|authenticate_user)\s+[^\s]{1,64}"
        r"|htpasswd\s+-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}\s+(?:[^\s]*[/.][^\s]*\s+)?[^\s]{1,64}"
        r"|net\s+user\s+[^\s/]{1,64}|net\s+use\s+(?:[a-z*]:?\s+)?\\\\[^\s]{3,128}"
        r"|mc\s+(?:alias|config\s+host)\s+(?:set|add)\s+[^\s]{1,64}\s+[^\s]{8,200}\s+[^\s]{1,128}"
        r"|wpa_passphrase\s+[^\s]{1,64}|smbclient\s+//[^\s]{3,128})\s+[\"']?(?P<secret>[^\s\"'/\-][^\s\"']{3,128})",
        hint=r"(?i:rabbitmqctl|htpasswd|net\s+use|wpa_passphrase|smbclient|mc\s+(?:alias|config))",
        matches=(
            "rabbitmqctl add_user desk «<an14>»",
            "htpasswd -b /etc/nginx/.htpasswd ops «<an12>»",
            "mc alias set prod https://minio.example.cn ops «<an12>»",
            r"net use Z: \\nas\share «<an12>» /user:ops",
        ),
        spares=("net user ops /delete",),
    ),
    shaped(
        "piped_password",
        r"\becho\s+(?:-n\s+)?[\"']?(?:[a-z_][a-z0-9_\-]{0,31}:)?(?P<secret>[^\s\"'|$][^\s\"'|]{3,127})[\"']?\s*\|\s*"
        r"(?:sudo\s+(?:-\S+\s+)*-\S*S|(?:sudo\s+)?(?:chpasswd|passwd\s+--stdin)|[^\n|]{1,80}--password-stdin)",
        hint=r"\becho\s",
        matches=("echo '«<an12>»' | sudo -S systemctl restart desk", "echo ops:«<an12>» | chpasswd"),
    ),
    shaped(
        "login_pair",
        r"(?i:\b(?:curl|etcdctl|consul|ab|siege|hey|oha|wrk|vegeta|k6)\b"
        r"[^\n]*?\s(?:-u|--user|--proxy-user|-U)[ =]?[\"']?"
        r"|\bcurl\b[^\n]*?\s(?:-E|--cert)[ =]?[\"']?|\bCURLOPT_(?:PROXY)?USERPWD,\s{0,4}[\"']"
        r"|\bhttps?\s(?:[^\n]*?\s)?(?:-a|--auth)[ =]?[\"']?|\blftp\b[^\n]*?\s-u\s[\"']?)"
        r"[^\s:,\"']{1,80}[:,](?P<secret>[^\s\"']{1,200})",
        hint=r"(?i:\b(?:curl|lftp|etcdctl|consul|ab|siege|hey|oha|wrk|vegeta|k6)\b|\bhttps?\s|userpwd)",
        matches=(
            "curl -u ann:«<an14>» https://api.example.cn/v1",
            "curl -X POST --user 'ann:«<an14>»' https://x.cn",
            "etcdctl --user root:«<an14>» get /gw",
            "curl -E client.pem:«<an14>» https://x.cn",
        ),
    ),
    shaped(
        "login_key",
        r"(?i:\bcurl\b[^\n]*?\s(?:-u|--user)[ =]?[\"']?)"
        r"(?P<secret>[A-Za-z0-9_.+/=~%\-]{16,200})(?::[^\s\"']*)?(?:[\s\"']|$)",
        hint=r"(?i:\bcurl\b)",
        check=lambda value: (
            looks_random(value, least=16, rate=0.12)
            or (any(c in "+/=~%" for c in value) and any(c.isupper() for c in value))
        ),
        matches=("curl -u «<hex32>»: https://api.example.cn/v1",),
    ),
    shaped(
        "bearer_argument",
        r"(?i:\bhttps?\s[^\n]*?-A[ =]?bearer\s[^\n]*?-a[ =]?[\"']?)(?P<secret>[^\s\"']{8,512})",
        hint=r"(?i:-A[ =]?bearer)",
        matches=("http -A bearer -a «<hex40>» https://api.example.cn/v1/models",),
    ),
    shaped(
        "oracle_account",
        r"(?i:\bjdbc:oracle:\w{2,5}:|\b(?:sqlplus|expdp|impdp|exp|imp|sqlldr|rman)\s+(?:-\w+\s+)*)"
        r"[A-Za-z0-9_$#]{1,64}/[\"']?(?P<secret>[^\s@/\"']{3,128})[\"']?@",
        hint=r"(?i:oracle|sqlplus|expdp|impdp|\bexp\s|\bimp\s|sqlldr|rman)",
        matches=(
            "jdbc:oracle:thin:desk/«<an14>»@//ora.example.cn:1521/X",
            "sqlplus system/«<an14>»@ora.example.cn:1521/X",
        ),
    ),
    shaped(
        "redis_password",
        # AUTH at a prompt, and the ACL of a user.
        r"(?:(?:^|> )AUTH\s+(?:[A-Za-z0-9_\-]{1,64}\s+)?|(?i:\buser\s+[^\s]{1,64}\s+on\s+>))"
        r"[\"']?(?P<secret>[^\s\"'>]{4,256})",
        hint=r"AUTH\s|\son\s+>",
        matches=("127.0.0.1:6379> AUTH «<an14>»", "user default on >«<an14>» ~* +@all"),
        spares=("AUTH failed for the user",),
        check=lambda value: (
            any(c.isdigit() or c in "!@#$%^&*?" for c in value) or looks_random(value, least=8)
        ),
    ),
    shaped(
        "snmp_community",
        r"(?i:\bsnmp-server\s+community\s+)(?P<secret>[^\s]{4,128})",
        hint=r"(?i:snmp-server)",
        matches=("snmp-server community «<an12>» RO",),
    ),
    shaped(
        "cookie_argument",
        r"(?i:\bcurl\b[^\n]*?\s(?:-b|--cookie)[ =]?[\"']?)(?:[^\s=;\"']{1,64}=[^;\s\"']{0,7};\s?){0,4}"
        r"[^\s=;\"']{1,64}=(?P<secret>[^\s;\"']{8,}(?:;\s?[^\s=;\"']{1,64}=[^\s;\"']*)*)",
        hint=r"(?i:\bcurl\b)",
        matches=("curl -b 'PHPSESSID=«<lo26>»' https://desk.example.cn",),
    ),
)
