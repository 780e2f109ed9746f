"""Keys of clouds, source hosts, chat tools, payment and the other services around an AI gateway."""

from probes.redaction.randomness import looks_random
from probes.redaction.rule import Rule, key, labelled

_W = r"[A-Za-z0-9_\-]"
_A = r"[A-Za-z0-9]"
_H = r"[0-9a-f]"


def _in_url(kind: str, before: str, secret: str, *, matches: tuple[str, ...]) -> Rule:
    return Rule(name=kind, kind=kind, pattern=f"{before}(?P<secret>{secret})", matches=matches)


RULES: tuple[Rule, ...] = (
    # Clouds
    key(
        "aws_access_key_id",
        r"A(?:KIA|SIA|BIA|CCA|GPA|IDA|ROA)",
        r"[A-Z2-7]{16}\b",
        matches=("AKIA<AL16>", "ASIA<AL16>"),
    ),
    labelled(
        "aws_secret_key",
        r"(?:aws|amazon|s3|bedrock)[\w\-]*secret[\w\-]*",
        r"[A-Za-z0-9/+]{40}\b",
        matches=("AWS_SECRET_ACCESS_KEY=«<b64:39>Z»", 'aws_secret_access_key = "«<b64:39>Z»"'),
    ),
    _in_url(
        "aws_session_token",
        r"(?i:security-?token=)",
        r"[A-Za-z0-9%/+=_\-]{40,}",
        matches=("?X-Amz-Security-Token=«IQoJb3JpZ2lu<an200>»",),
    ),
    key(
        "aws_sts_token",
        r"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)",
        r"[A-Za-z0-9/+=%]{60,}",
        matches=("IQoJb3JpZ2lu<b64:200>",),
    ),
    _in_url(
        "presigned_signature",
        r"(?i:(?:x-[a-z]{2,5}-|q-)?signature=|[?&]sign=)",
        r"[A-Za-z0-9%/+=_\-]{20,}",
        matches=(
            "X-Amz-Signature=«<hex64>»",
            "q-signature=«<hex40>»",
            "?Expires=1760000000&OSSAccessKeyId=x&Signature=«<an26>%3D»",
        ),
    ),
    Rule(
        name="gcp_service_account",
        kind="gcp_service_account",
        pattern=r'"private_key_id"\s*:\s*"(?P<secret>[0-9a-f]{40})"',
        matches=('"private_key_id": "«<hex40>»"',),
    ),
    _in_url(
        "azure_storage_key",
        r"(?i:AccountKey=)",
        r"[A-Za-z0-9+/]{60,}={0,2}",
        matches=("AccountName=lab;AccountKey=«<b64:86>==»;EndpointSuffix=core.windows.net",),
    ),
    _in_url(
        "azure_shared_signature",
        r"[?&;](?i:sig=)",
        r"[A-Za-z0-9%/+=_\-]{20,}",
        matches=("https://a.blob.core.windows.net/c/b?sv=2024-11-04&sig=«<an43>%3D»&se=2026",),
    ),
    _in_url(
        "azure_bus_key",
        r"(?i:SharedAccessKey=)",
        r"[A-Za-z0-9+/]{40,}={0,2}",
        matches=("SharedAccessKeyName=root;SharedAccessKey=«<b64:43>=»",),
    ),
    Rule(
        name="azure_client_secret",
        kind="azure_client_secret",
        pattern=r"(?P<secret>[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{31,34})",
        matches=("<an3>8Q~<u64:34>",),
    ),
    key("aliyun_access_key_id", "LTAI", rf"{_A}{{12,26}}\b", matches=("LTAI5t<an18>", "LTAI4<an19>")),
    key("aliyun_sts_id", r"STS\.", rf"{_A}{{20,}}", matches=("STS.N<an23>",)),
    labelled(
        "aliyun_secret",
        r"(?:ali(?:yun|baba|cloud)?|oss)[\w\-]*secret[\w\-]*",
        rf"{_A}{{30}}\b",
        matches=("ALIYUN_ACCESS_KEY_SECRET=«<an30>»", "oss_access_key_secret: «<an30>»"),
    ),
    key("tencent_secret_id", "AKID", rf"{_A}{{24,}}", matches=("AKID<an32>",)),
    labelled(
        "tencent_secret_key",
        r"(?:tencent|cos|hunyuan|qcloud)[\w\-]*(?:secret|key)[\w\-]*",
        rf"{_A}{{32}}\b",
        matches=("TENCENTCLOUD_SECRET_KEY=«<an32>»",),
    ),
    labelled(
        "huawei_access_key",
        r"huawei[\w\-]*(?:_ak|access[\w\-]*)",
        r"[A-Z0-9]{20}\b",
        matches=("HUAWEICLOUD_SDK_AK=«<AN20>»",),
    ),
    labelled(
        "huawei_secret_key",
        r"huawei[\w\-]*(?:_sk|secret[\w\-]*)",
        rf"{_A}{{40}}\b",
        matches=("HUAWEICLOUD_SDK_SK=«<an40>»", '$env:HUAWEICLOUD_SK = "«<an40>»"'),
    ),
    labelled(
        "qiniu_secret_key",
        r"qiniu[\w\-]*(?:key|secret|sk|ak)",
        rf"{_W}{{40}}",
        matches=("QINIU_SECRET_KEY=«<u64:40>»",),
    ),
    labelled(
        "ucloud_key", r"ucloud[\w\-]*key", r"[A-Za-z0-9+/=_\-]{30,}", matches=("UCLOUD_PRIVATE_KEY=«<an44>»",)
    ),
    labelled(
        "cloudflare_token",
        r"(?:cloudflare|\bcf|wrangler)[\w\-]*(?:token|key)",
        rf"{_W}{{37,40}}",
        matches=("CLOUDFLARE_API_TOKEN=«<u64:40>»", "CF_API_TOKEN: «<u64:40>»"),
    ),
    key("cloudflare_ca_key", r"v1\.0-", rf"{_H}{{24}}-{_H}{{100,}}", matches=("v1.0-<hex24>-<hex146>",)),
    key("digitalocean_token", r"do[opr]_v1_", rf"{_H}{{40,}}", matches=("dop_v1_<hex64>", "doo_v1_<hex64>")),
    key("heroku_key", "HRKU-", rf"{_W}{{30,}}", matches=("HRKU-<uuid>", "HRKU-AA<u64:58>")),
    key("netlify_token", "nf[pcoub]_", rf"{_A}{{30,}}", matches=("nfp_<an36>",)),
    key(
        "fly_token",
        r"(?:fm[12]_|fo1_|FlyV1 fm\d_)",
        r"[A-Za-z0-9+/=_\-]{30,}",
        matches=("fo1_<u64:43>", "fm2_<b64:120>"),
    ),
    key(
        "planetscale_key",
        "pscale_(?:tkn|pw|oauth)_",
        r"[A-Za-z0-9_.\-]{30,}",
        matches=("pscale_tkn_<u64:43>", "pscale_pw_<u64:43>"),
    ),
    key("supabase_key", r"sb(?:p|_secret)_", rf"{_W}{{20,}}", matches=("sbp_<hex40>", "sb_secret_<u64:31>")),
    key("neon_key", "napi_", rf"{_A}{{40,}}", matches=("napi_<lo64>",)),
    key("databricks_token", "dapi", rf"{_H}{{32}}(?:-\d)?\b", matches=("dapi<hex32>",)),
    key("vault_token", r"hv[sbr]\.", rf"{_W}{{20,}}", matches=("hvs.<u64:90>", "hvb.<u64:140>")),
    Rule(
        name="terraform_token",
        kind="terraform_token",
        pattern=rf"(?P<secret>{_A}{{14}}\.(?P<mid>atlasv1)\.{_W}{{40,}})",
        matches=("<an14>.atlasv1.<u64:67>",),
    ),
    key("pulumi_token", "pul-", rf"{_H}{{40}}", matches=("pul-<hex40>",)),
    key(
        "doppler_token",
        r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_\-]{2,35}\.)?",
        rf"{_A}{{40,}}",
        matches=("dp.pt.<an43>", "dp.st.prd.<an43>"),
    ),
    key("tailscale_key", r"tskey-[a-z]+-", r"[A-Za-z0-9\-]{20,}", matches=("tskey-auth-<an17>-<an32>",)),
    key("onepassword_token", "ops_eyJ", r"[A-Za-z0-9+/=_\-]{100,}", matches=("ops_eyJ<an250>",)),
    key("age_key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{40,}", matches=("AGE-SECRET-KEY-1<AN58>",)),
    # Source hosts and package registries
    key(
        "github_token",
        "gh[pousr]_",
        rf"{_A}{{30,}}",
        matches=("ghp_<an36>", "gho_<an36>", "ghu_<an36>", "ghs_<an36>", "ghr_<an76>"),
    ),
    key("github_pat", "github_pat_", rf"{_A}[A-Za-z0-9_]{{30,}}", matches=("github_pat_<an22>_<an59>",)),
    key(
        "gitlab_token",
        r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-",
        r"[A-Za-z0-9_\-.]{18,}",
        matches=("glpat-<u64:20>", "gldt-<u64:20>", "glrt-t1_<u64:20>"),
    ),
    key("gitlab_runner_token", "GR1348941", rf"{_W}{{18,}}", matches=("GR1348941<u64:20>",)),
    labelled(
        "gitee_token",
        r"gitee[\w\-]*(?:token|key|secret)",
        rf"{_H}{{32,64}}\b",
        matches=("GITEE_TOKEN=«<hex32>»",),
    ),
    key(
        "bitbucket_password",
        "AT(?:BB|CTT3|ATT3)",
        r"[A-Za-z0-9_\-=]{24,}",
        matches=("ATBB<an32>", "ATATT3<u64:180>", "ATCTT3<u64:180>"),
    ),
    key("npm_token", "npm_", rf"{_A}{{30,}}", matches=("npm_<an36>",)),
    key("pypi_token", "pypi-", rf"{_W}{{40,}}", matches=("pypi-AgEIcHlwaS5vcmc<u64:150>",)),
    key(
        "docker_token",
        r"dckr_(?:pat|oat)_",
        rf"{_W}{{20,}}",
        matches=("dckr_pat_<u64:27>", "dckr_oat_<u64:32>"),
    ),
    key("rubygems_key", "rubygems_", rf"{_H}{{40,}}", matches=("rubygems_<hex48>",)),
    key("crates_token", "cio", rf"{_A}{{32}}\b", matches=("cio<an32>",)),
    key("nuget_key", "oy2", r"[a-z0-9]{43}\b", matches=("oy2<lo43>",)),
    key("artifactory_key", "AKCp", rf"{_A}{{60,}}", matches=("AKCp<an69>",)),
    # Chat tools
    key(
        "slack_token",
        r"xox[abeoprs]-",
        r"[A-Za-z0-9\-]{16,}",
        matches=("xoxb-<d12>-<d13>-<an24>", "xoxp-<d12>-<d12>-<d12>-<hex32>", "xoxs-<d12>-<an30>"),
    ),
    key(
        "slack_refresh_token",
        r"xoxe\.?(?:xox[bp]-)?-?\d-",
        rf"{_W}{{30,}}",
        matches=("xoxe-1-<an146>", "xoxe.xoxp-1-<an160>"),
    ),
    key("slack_app_token", r"xapp-\d-", r"[A-Za-z0-9\-]{20,}", matches=("xapp-1-A<AN10>-<d13>-<hex64>",)),
    _in_url(
        "slack_webhook",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/",
        r"[A-Za-z0-9/]{20,}",
        matches=("https://hooks.slack.com/services/«T<AN8>/B<AN8>/<an24>»",),
    ),
    _in_url(
        "discord_webhook",
        r"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{15,21}/",
        rf"{_W}{{40,}}",
        matches=("https://discord.com/api/webhooks/<d18>/«<u64:68>»",),
    ),
    Rule(
        name="discord_token",
        kind="discord_token",
        pattern=rf"\b(?P<secret>[MNO][A-Za-z0-9_\-]{{22,27}}\.{_W}{{6}}\.{_W}{{27,40}})",
        matches=("M<an25>.<u64:6>.<u64:38>",),
    ),
    Rule(
        name="telegram_token",
        kind="telegram_token",
        pattern=rf"(?:\b|bot)(?P<secret>\d{{8,10}}:AA{_W}{{32,35}})",
        matches=("<d10>:AA<u64:33>", "https://api.telegram.org/bot«<d10>:AA<u64:33>»/getMe"),
    ),
    _in_url(
        "feishu_webhook",
        r"(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v\d/)?hook/",
        r"[A-Za-z0-9\-]{20,}",
        matches=("https://open.feishu.cn/open-apis/bot/v2/hook/«<uuid>»",),
    ),
    labelled(
        "feishu_app_secret",
        r"(?:feishu|lark)[\w\-]*secret",
        rf"{_A}{{32}}\b",
        matches=("FEISHU_APP_SECRET=«<an32>»",),
    ),
    key("feishu_token", r"[tu]-", r"g[A-Za-z0-9_\-]{28,45}", matches=("t-g<an40>", "u-g<an40>")),
    _in_url(
        "dingtalk_webhook",
        r"dingtalk\.com/robot/send(?:BySession)?\?(?:access_token|session)=",
        r"[A-Za-z0-9]{20,}",
        matches=("https://oapi.dingtalk.com/robot/send?access_token=«<hex64>»",),
    ),
    key("dingtalk_secret", "SEC", rf"{_H}{{48,}}", matches=("SEC<hex64>",)),
    _in_url(
        "wecom_webhook",
        r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/[a-z_]+\?key=",
        r"[A-Za-z0-9\-]{20,}",
        matches=("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=«<uuid>»",),
    ),
    labelled(
        "wecom_secret",
        r"(?:wecom|corp|weixin|wechat|wx)[\w\-]*secret",
        rf"{_W}{{32,43}}",
        matches=("WECOM_SECRET=«<u64:43>»", '"corpsecret": "«<u64:43>»"', "WX_APP_SECRET=«<hex32>»"),
    ),
    _in_url(
        "teams_webhook",
        r"webhook\.office\.com/webhookb2/[0-9a-f\-]{36}@[0-9a-f\-]{36}/IncomingWebhook/",
        r"[0-9a-f]{32}(?:/[0-9a-f\-]{36})?",
        matches=("https://acme.webhook.office.com/webhookb2/<uuid>@<uuid>/IncomingWebhook/«<hex32>/<uuid>»",),
    ),
    _in_url(
        "serverchan_key",
        r"(?:sctapi\.ftqq\.com|push\.ft07\.com)/(?:send/)?",
        r"[A-Za-z0-9]{16,}",
        matches=("https://sctapi.ftqq.com/«SCT<d6>T<an25>».send",),
    ),
    _in_url(
        "bark_key", r"api\.day\.app/", r"[A-Za-z0-9]{18,}", matches=("https://api.day.app/«<an22>»/alert",)
    ),
    # Payment
    key(
        "stripe_key",
        r"[sr]k_(?:live|test)_",
        rf"{_A}{{16,}}",
        matches=("sk_live_<an24>", "rk_live_<an99>", "sk_test_<an24>"),
    ),
    key("webhook_signing_secret", "whsec_", r"[A-Za-z0-9+/=]{20,}", matches=("whsec_<an32>",)),
    labelled(
        "wechat_pay_key",
        r"(?:wx|wechat|weixin|mch)[\w\-]*(?:api_?v[23][\w\-]*|mch[\w\-]*|pay)[\w\-]*key|(?:api_?v[23]|mch)[\w\-]*key",
        rf"{_A}{{32}}\b",
        matches=("WECHAT_PAY_APIV3_KEY=«<an32>»", "mch_key: «<hex32>»"),
    ),
    labelled("epay_key", r"epay[\w\-]*key", rf"{_A}{{16,}}", matches=("EPAY_KEY=«<an32>»",)),
    Rule(
        name="raw_private_key",
        kind="private_key",
        pattern=r"(?P<secret>MI[GI][A-Za-z0-9+/]{2,6}(?:IBA[DA]|AgEA|CAQAw|BAQQ)[A-Za-z0-9+/=]{80,})",
        matches=(
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC<b64:300>",
            "alipay_private_key=«MIIEpAIBAAKCAQEA<b64:300>»",
        ),
        spares=("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA is a public key",),
    ),
    key(
        "square_token",
        r"(?:sq0[a-z]{3}-|EAAA[a-zA-Z0-9])",
        rf"{_W}{{22,}}",
        matches=("sq0csp-<u64:43>", "EAAAl<u64:59>"),
    ),
    key(
        "paypal_token",
        r"access_token\$(?:production|sandbox)\$",
        r"[A-Za-z0-9$]{30,}",
        matches=("access_token$production$<lo16>$<hex32>",),
    ),
    key(
        "shopify_token",
        r"shp(?:at|ca|pa|ss|tka|ua)_",
        rf"{_H}{{32}}",
        matches=("shpat_<hex32>", "shpss_<hex32>"),
    ),
    # Mail, monitoring, the rest
    key("sendgrid_key", r"SG\.", rf"{_W}{{16,}}\.{_W}{{30,}}", matches=("SG.<u64:22>.<u64:43>",)),
    key("mailgun_key", "key-", rf"{_H}{{32}}\b", matches=("key-<hex32>",)),
    Rule(
        name="mailchimp_key",
        kind="mailchimp_key",
        pattern=rf"\b(?P<secret>{_H}{{32}}-us\d{{1,2}})\b",
        matches=("<hex32>-us12",),
    ),
    key("resend_key", "re_", rf"[A-Za-z0-9]{{6,}}_{_A}{{20,}}", matches=("re_<an8>_<an24>",)),
    key(
        "brevo_key", r"x(?:keysib|smtpsib)-", rf"{_H}{{48,}}-{_A}{{12,}}", matches=("xkeysib-<hex64>-<an16>",)
    ),
    key("twilio_key", "SK", rf"{_H}{{32}}\b", matches=("SK<hex32>",)),
    labelled(
        "twilio_auth_token", r"twilio[\w\-]*token", rf"{_H}{{32}}\b", matches=("TWILIO_AUTH_TOKEN=«<hex32>»",)
    ),
    key(
        "grafana_token",
        r"gl(?:sa|c)_",
        r"[A-Za-z0-9+/=_]{30,}",
        matches=("glsa_<an32>_<hex8>", "glc_<b64:120>"),
    ),
    key("newrelic_key", r"NR(?:AK|II|IQ|JS|RA|AA)-", rf"{_W}{{20,}}", matches=("NRAK-<AN27>",)),
    labelled(
        "datadog_key",
        r"(?:datadog|\bdd)[\w\-]*key",
        rf"{_H}{{32,40}}\b",
        matches=("DD_API_KEY=«<hex32>»", "DATADOG_APP_KEY: «<hex40>»"),
    ),
    key(
        "sentry_token",
        r"sntry[su]_",
        r"[A-Za-z0-9+/=_\-]{40,}",
        matches=("sntryu_<hex64>", "sntrys_eyJ<an120>"),
    ),
    Rule(
        name="sentry_dsn",
        kind="sentry_dsn",
        pattern=r"https?://(?P<secret>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[A-Za-z0-9.\-]+/\d+",
        matches=("https://«<hex32>»@o450123.ingest.sentry.io/4505",),
    ),
    key("posthog_key", "ph[xc]_", rf"{_A}{{36,}}", matches=("phx_<an43>",)),
    key("notion_token", r"(?:ntn_|secret_)", rf"{_A}{{40,}}", matches=("ntn_<an46>", "secret_<an43>")),
    key("linear_key", "lin_(?:api|oauth)_", rf"{_A}{{36,}}", matches=("lin_api_<an40>",)),
    key("airtable_token", "pat", rf"{_A}{{14}}\.{_H}{{64}}", matches=("pat<an14>.<hex64>",)),
    key("mapbox_token", r"[st]k\.eyJ", rf"{_W}{{40,}}\.{_W}{{16,}}", matches=("sk.eyJ<an80>.<u64:22>",)),
    key("facebook_token", "EAA", rf"{_A}{{60,}}", matches=("EAA<an120>",)),
    key("firebase_key", "AAAA", rf"{_W}{{7}}:APA91b{_W}{{100,}}", matches=("AAAA<u64:7>:APA91b<u64:134>",)),
    key("atlas_key", "mdb_(?:sa|ia)_(?:sk|id)_", rf"{_W}{{20,}}", matches=("mdb_sa_sk_<u64:40>",)),
    key("postman_key", "PMAK-", rf"{_H}{{24}}-{_H}{{34}}", matches=("PMAK-<hex24>-<hex34>",)),
    key("figma_token", "fig[dour]_", rf"{_W}{{36,}}", matches=("figd_<u64:40>",)),
    key("typeform_token", "tfp_", r"[A-Za-z0-9_.\-]{40,}", matches=("tfp_<an44>_<an14>",)),
    key("prefect_key", "pn[ub]_", rf"{_A}{{36}}\b", matches=("pnu_<an36>",)),
    key("buildkite_token", "bk(?:ua|aj|ct)_", rf"{_A}{{36,}}", matches=("bkua_<hex40>",)),
    key("circleci_token", r"CCI(?:PAT|PRJ)_", r"[A-Za-z0-9_]{40,}", matches=("CCIPAT_<an22>_<hex40>",)),
    _in_url(
        "totp_secret",
        r"otpauth://[^\s?]{1,200}\?(?:[a-z]+=[^&\s]*&){0,6}secret=",
        r"[A-Z2-7a-z]{10,}",
        matches=("otpauth://totp/desk:ann?issuer=desk&secret=«<AL32>»",),
    ),
    _in_url(
        "zapier_webhook",
        r"hooks\.zapier\.com/hooks/catch/\d+/",
        r"[a-z0-9]{6,}",
        matches=("https://hooks.zapier.com/hooks/catch/<d7>/«<lo12>»",),
    ),
    Rule(
        name="webhook",
        kind="webhook",
        # A path below hooks/, or below a host called hook: whoever knows the address may post to it.
        pattern=r"(?i:https?://(?:[^\s/\"'<>]{1,128}/(?:[\w.\-]{1,64}/){0,5}"
        r"(?:hooks?|web-?hooks?|incoming-?webhook|integration|with/key|triggers?)|hooks?\.[^\s/\"'<>]{3,100})"
        r"/(?:[\w.@\-]{1,100}/){0,4})(?P<secret>[A-Za-z0-9_\-]{20,})",
        check=lambda value: looks_random(value, least=20, rate=0.12),
        matches=(
            "https://chat.example.cn/hooks/«<lo26>»",
            "https://maker.ifttt.com/trigger/fail/with/key/«<an43>»",
            "https://hook.eu1.make.com/«<lo32>»",
            "https://events.pagerduty.com/integration/«<hex32>»/enqueue",
        ),
        spares=("https://example.cn/hooks/after-deploy-notify-everyone",),
    ),
    _in_url(
        "websocket_key",
        r"openai-insecure-api-key\.",
        r"[A-Za-z0-9_.\-]{16,}",
        matches=("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.«<an40>»",),
    ),
    Rule(
        name="oauth_code",
        kind="oauth_code",
        pattern=r"(?i:/(?:oauth2?|auth|login|sso|callback|signin)[^\s?]{0,80}\?(?:[^\s#]{0,400}&)?code=)"
        r"(?P<secret>[A-Za-z0-9._~%/+\-]{8,})",
        check=lambda value: any(c.isdigit() for c in value),
        matches=("https://desk.example.cn/oauth/callback?state=ok&code=«<hex40>»",),
        spares=("https://desk.example.cn/auth/callback?error=denied&code=access_denied",),
    ),
    key(
        "dynatrace_token",
        r"dt0[a-z]\d{2}\.",
        r"[A-Z0-9]{8,24}\.[A-Z0-9]{40,}",
        matches=("dt0c01.<AN24>.<AN64>",),
    ),
    key("vidu_key", "vda_", r"\d{6,20}_[A-Za-z0-9]{16,}", matches=("vda_<d18>_<an32>",)),
    key("readme_key", "rdme_", r"[a-z0-9]{40,}", matches=("rdme_<lo70>",)),
    key("sonar_token", "sq[apu]_", r"[0-9a-f]{40}\b", matches=("sqp_<hex40>",)),
    key(
        "plaid_token",
        r"(?:access|public|link)-(?:sandbox|development|production)-",
        r"[0-9a-f\-]{36}",
        matches=("access-production-<uuid>",),
    ),
    key("clojars_token", "CLOJARS_", r"[0-9a-f]{60}", matches=("CLOJARS_<hex60>",)),
    key("flutterwave_key", "FLWSECK(?:_TEST)?-", r"[0-9a-zA-Z]{20,}(?:-X)?", matches=("FLWSECK-<hex32>-X",)),
    key("honeycomb_key", "hc[abx][il]k_", r"[a-z0-9]{40,}", matches=("hcaik_<lo58>",)),
    key("daytona_key", "dtn_", r"[0-9a-f]{40,}", matches=("dtn_<hex64>",)),
    labelled(
        "amap_code",
        r"security[_\-]?js[_\-]?code",
        rf"{_H}{{32}}\b",
        matches=("amap_security_jscode=«<hex32>»",),
    ),
)
