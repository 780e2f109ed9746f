"""Generates labelled texts with secrets in them, of kinds, places and disguises that the examples do not have.

    python -m tests.cases.secret_cases --seed 1 > cases.jsonl

Seeded, and written without a look at the redactor's rules, so that it can judge them. Every key is made of random
characters at run time; the file itself holds shapes only. One case is one JSON object:

    {"id", "polarity", "context", "difficulty", "text",
     "spans": [[start, end, kind]], "secrets": [{"kind", "group", "core"}], "keep": [[start, end, label]]}

`core` lists what must not survive: the random part without its public prefix, and the spelling in the text where a
reader would have to undo it first. `context` is "place" or "place+disguise".
"""

# ruff: noqa: E501 (tables of shapes and wordings)

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import string
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

ALNUM = string.ascii_letters + string.digits
CLASSES = {
    "a": ALNUM,
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "L": string.ascii_lowercase,
    "U": string.ascii_uppercase,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "b": ALNUM + "-_",
    "B": ALNUM + "+/",
    "d": string.digits,
    "t": string.ascii_uppercase + "234567",
    "f": string.digits + string.ascii_uppercase + "@#%",
}
SLOT = re.compile(r"\{(uuid|jwt|[a-zA-Z])(\d*)\}")


class Dice(random.Random):
    def chars(self, alphabet: str, n: int) -> str:
        return "".join(self.choice(alphabet) for _ in range(n))

    def fill(self, shape: str) -> str:
        """`{h32}` becomes 32 hex digits, `{uuid}` a UUID; other classes are in CLASSES."""

        def one(m: re.Match[str]) -> str:
            if m[1] == "uuid":
                return self.uuid()
            if m[1] == "jwt":
                return jwt(self)
            text = self.chars(CLASSES[m[1]], int(m[2] or 1))
            # No secret begins or ends with a sign that a sentence could own.
            if m[1] in "bB":
                text = self.choice(ALNUM) + text[1:-1] + self.choice(ALNUM) if len(text) > 1 else text
            return text

        return SLOT.sub(one, shape)

    def uuid(self) -> str:
        h = self.chars(CLASSES["h"], 32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{self.choice('89ab')}{h[17:20]}-{h[20:]}"

    def chance(self, p: float) -> bool:
        return self.random() < p


@dataclass
class Secret:
    kind: str
    value: str
    core: list[str]
    name: str = "API_KEY"  # environment variable
    say: str = "api"  # how people call the vendor
    host: str = "api.example-gateway.cn"
    strong: bool = True
    group: str = "secret"


@dataclass
class Draft:
    """A text under construction; remembers where the secrets and the things to keep are."""

    context: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[list[Any]] = field(default_factory=list)
    secrets: list[dict[str, Any]] = field(default_factory=list)
    keep: list[list[Any]] = field(default_factory=list)
    hard: bool = False
    quote: str = '"'  # of the code that stands around the secret

    def t(self, text: str) -> Draft:
        self.parts.append(text)
        self.length += len(text)
        return self

    def hide(self, s: Secret, shown: str | None = None, extra: tuple[str, ...] = ()) -> Draft:
        shown = s.value if shown is None else shown
        self.spans.append([self.length, self.length + len(shown), s.kind])
        core = list(dict.fromkeys([*s.core, *extra]))
        self.secrets.append({"kind": s.kind, "group": s.group, "core": core})
        self.hard |= not s.strong
        return self.t(shown)

    def k(self, text: str, label: str) -> Draft:
        self.keep.append([self.length, self.length + len(text), label])
        return self.t(text)

    def case(self, number: int, disguise: str = "") -> dict[str, Any]:
        return {
            "id": f"g{number:04d}",
            "polarity": "positive" if self.spans else "negative",
            "context": self.context + (f"+{disguise}" if disguise else ""),
            "difficulty": "obfuscated" if disguise else "context" if self.hard else "plain",
            "text": "".join(self.parts),
            "spans": self.spans,
            "secrets": self.secrets,
            "keep": self.keep,
        }


# --- Credentials with a shape of their own. `|` ends the public prefix.
# kind, shape, environment variable, how people call it, host
STRONG = """
groq             gsk_|{a52}                                GROQ_API_KEY          Groq        api.groq.com
openai_svcacct   sk-svcacct-|{b74}T3BlbkFJ{b74}            OPENAI_API_KEY        OpenAI      api.openai.com
openai_admin     sk-admin-|{b58}T3BlbkFJ{b58}              OPENAI_ADMIN_KEY      OpenAI      api.openai.com
openai_legacy    sk-|{a20}T3BlbkFJ{a20}                    OPENAI_API_KEY        GPT         api.openai.com
openai_none      sk-None-|{a48}                            OPENAI_API_KEY        OpenAI      api.openai.com
openai_session   sess-|{a40}                               OPENAI_SESSION_KEY    OpenAI      api.openai.com
openai_realtime  ek_|{h40}                                 REALTIME_SECRET       OpenAI      api.openai.com
anthropic_admin  sk-ant-admin01-|{b93}AA                   ANTHROPIC_ADMIN_KEY   Claude      api.anthropic.com
anthropic_sid    sk-ant-sid01-|{b86}AA                     CLAUDE_SESSION_KEY    Claude      claude.ai
anthropic_ort    sk-ant-ort01-|{b93}AA                     CLAUDE_REFRESH_TOKEN  Claude      api.anthropic.com
relay_sk         sk-|{a48}                                 OPENAI_API_KEY        中转        api.relay-demo.cn
deepseek         sk-|{h32}                                 DEEPSEEK_API_KEY      DeepSeek    api.deepseek.com
siliconflow      sk-|{L48}                                 SILICONFLOW_API_KEY   硅基流动    api.siliconflow.cn
litellm_virtual  sk-|{b22}                                 LITELLM_API_KEY       LiteLLM     litellm.corp-demo.cn
perplexity       pplx-|{a48}                               PERPLEXITY_API_KEY    Perplexity  api.perplexity.ai
fireworks        fw_|{a24}                                 FIREWORKS_API_KEY     Fireworks   api.fireworks.ai
cerebras         csk-|{l48}                                CEREBRAS_API_KEY      Cerebras    api.cerebras.ai
zhipu            |{h32}.{a16}                              ZHIPUAI_API_KEY       智谱        open.bigmodel.cn
qianfan          bce-v3/ALTAK-|{a21}/{h40}                 QIANFAN_API_KEY       千帆        qianfan.baidubce.com
modelscope       ms-|{uuid}                                MODELSCOPE_TOKEN      魔搭        api-inference.modelscope.cn
minimax_jwt      |{jwt}                                    MINIMAX_API_KEY       MiniMax     api.minimaxi.com
ppio             sk_|{b43}                                 PPIO_API_KEY          PPIO        api.ppinfra.com
dify_app         app-|{a24}                                DIFY_API_KEY          Dify        api.dify.ai
dify_dataset     dataset-|{a24}                            DIFY_DATASET_KEY      Dify        api.dify.ai
fastgpt          fastgpt-|{a47}                            FASTGPT_KEY           FastGPT     api.fastgpt.in
coze             pat_|{a64}                                COZE_API_TOKEN        扣子        api.coze.cn
ragflow          ragflow-|{b51}                            RAGFLOW_API_KEY       RAGFlow     rag.corp-demo.cn
langfuse         sk-lf-|{uuid}                             LANGFUSE_SECRET_KEY   Langfuse    cloud.langfuse.com
langsmith        lsv2_pt_|{h32}_{h10}                      LANGCHAIN_API_KEY     LangSmith   api.smith.langchain.com
pinecone         pcsk_|{a6}_{a63}                          PINECONE_API_KEY      Pinecone    api.pinecone.io
jina             jina_|{h32}{b28}                          JINA_API_KEY          Jina        api.jina.ai
voyage           pa-|{b43}                                 VOYAGE_API_KEY        Voyage      api.voyageai.com
runway           key_|{h128}                               RUNWAYML_API_SECRET   Runway      api.dev.runwayml.com
luma             luma-|{uuid}-{uuid}                       LUMAAI_API_KEY        Luma        api.lumalabs.ai
cartesia         sk_car_|{b22}                             CARTESIA_API_KEY      Cartesia    api.cartesia.ai
anyscale         esecret_|{l26}                            ANYSCALE_API_KEY      Anyscale    api.endpoints.anyscale.com
runpod           rpa_|{u36}{l6}                            RUNPOD_API_KEY        RunPod      api.runpod.ai
friendli         flp_|{a46}                                FRIENDLI_TOKEN        Friendli    api.friendli.ai
vercel_gateway   vck_|{a56}                                AI_GATEWAY_API_KEY    Vercel      ai-gateway.vercel.sh
helicone         sk-helicone-|{l7}-{l7}-{l7}-{l7}          HELICONE_API_KEY      Helicone    oai.helicone.ai
bedrock          ABSK|{B128}=                              AWS_BEARER_TOKEN_BEDROCK  Bedrock bedrock-runtime.us-east-1.amazonaws.com
google_secret    GOCSPX-|{b28}                             GOOGLE_CLIENT_SECRET  Google      oauth2.googleapis.com
google_refresh   1//0|{a1}{b98}                            GOOGLE_REFRESH_TOKEN  Google      oauth2.googleapis.com
google_express   AQ.Ab8RN6|{b44}                           VERTEX_API_KEY        Vertex      aiplatform.googleapis.com
firecrawl        fc-|{h32}                                 FIRECRAWL_API_KEY     Firecrawl   api.firecrawl.dev
brave            BSA|{b27}                                 BRAVE_API_KEY         Brave       api.search.brave.com
e2b              e2b_|{h40}                                E2B_API_KEY           E2B         api.e2b.dev
daytona          dtn_|{h64}                                DAYTONA_API_KEY       Daytona     app.daytona.io
cursor           key_|{h64}                                CURSOR_API_KEY        Cursor      api.cursor.com
vidu             vda_|{d18}_{a32}                          VIDU_API_KEY          Vidu        api.vidu.cn
memorilabs       m0-|{a40}                                 MEM0_API_KEY          mem0        api.mem0.ai
azure_secret     |{a3}8Q~{b34}                             AZURE_CLIENT_SECRET   Azure       login.microsoftonline.com
azure_openai_84  |{a52}JQQJ99B{u1}ACYeBjFXJ3w3AAABACOG{a4} AZURE_OPENAI_API_KEY  Azure       demo-eastus.openai.azure.com
tencent_id       AKID|{a32}                                TENCENTCLOUD_SECRET_ID 腾讯云     cloud.tencent.com
digitalocean     dop_v1_|{h64}                             DIGITALOCEAN_TOKEN    DigitalOcean api.digitalocean.com
heroku           HRKU-AA|{b58}                             HEROKU_API_KEY        Heroku      api.heroku.com
render           rnd_|{a32}                                RENDER_API_KEY        Render      api.render.com
netlify          nfp_|{a36}                                NETLIFY_AUTH_TOKEN    Netlify     api.netlify.com
supabase_pat     sbp_|{h40}                                SUPABASE_ACCESS_TOKEN Supabase    api.supabase.com
supabase_secret  sb_secret_|{b22}_{b8}                     SUPABASE_SECRET_KEY   Supabase    demo.supabase.co
planetscale      pscale_tkn_|{b43}                         PLANETSCALE_TOKEN     PlanetScale api.planetscale.com
neon             napi_|{l64}                               NEON_API_KEY          Neon        console.neon.tech
doppler          dp.pt.|{a43}                              DOPPLER_TOKEN         Doppler     api.doppler.com
vault            hvs.|{b94}                                VAULT_TOKEN           Vault       vault.corp-demo.cn
terraform        {a14}.atlasv1.|{b67}                      TFE_TOKEN             Terraform   app.terraform.io
pulumi           pul-|{h40}                                PULUMI_ACCESS_TOKEN   Pulumi      api.pulumi.com
databricks       dapi|{h32}                                DATABRICKS_TOKEN      Databricks  adb-demo.azuredatabricks.net
fly              FlyV1 fm2_|{B120}                         FLY_API_TOKEN         Fly         api.machines.dev
github_classic   ghp_|{a36}                                GITHUB_TOKEN          GitHub      api.github.com
github_fine      github_pat_|{a22}_{a59}                   GITHUB_TOKEN          GitHub      api.github.com
github_oauth     gho_|{a36}                                GH_TOKEN              GitHub      api.github.com
github_refresh   ghr_|{a76}                                GH_REFRESH_TOKEN      GitHub      api.github.com
gitlab_runner    glrt-|{b20}                               CI_RUNNER_TOKEN       GitLab      gitlab.com
gitlab_deploy    gldt-|{b20}                               CI_DEPLOY_TOKEN       GitLab      gitlab.com
gitlab_trigger   glptt-|{h40}                              CI_TRIGGER_TOKEN      GitLab      gitlab.com
atlassian        ATATT3xFfGF0|{b170}={H8}                  JIRA_API_TOKEN        Jira        demo.atlassian.net
bitbucket        ATBB|{a32}                                BITBUCKET_TOKEN       Bitbucket   api.bitbucket.org
npm              npm_|{a36}                                NPM_TOKEN             npm         registry.npmjs.org
rubygems         rubygems_|{h48}                           GEM_HOST_API_KEY      RubyGems    rubygems.org
crates           cio|{a32}                                 CARGO_REGISTRY_TOKEN  crates      crates.io
nuget            oy2|{l43}                                 NUGET_API_KEY         NuGet       api.nuget.org
dockerhub        dckr_pat_|{b27}                           DOCKERHUB_TOKEN       Docker      hub.docker.com
clojars          CLOJARS_|{h60}                            CLOJARS_TOKEN         Clojars     clojars.org
artifactory      AKCp|{a69}                                ARTIFACTORY_API_KEY   Artifactory demo.jfrog.io
circleci         CCIPAT_|{a22}_{h40}                       CIRCLE_TOKEN          CircleCI    circleci.com
buildkite        bkua_|{h40}                               BUILDKITE_TOKEN       Buildkite   api.buildkite.com
sonarqube        sqp_|{h40}                                SONAR_TOKEN           Sonar       sonar.corp-demo.cn
telegram         {d10}:|AA{b33}                            TELEGRAM_BOT_TOKEN    Telegram    api.telegram.org
discord_bot      M{a25}.{b6}.|{b38}                        DISCORD_BOT_TOKEN     Discord     discord.com
slack_user       xoxp-|{d12}-{d12}-{d12}-{h32}             SLACK_USER_TOKEN      Slack       slack.com
slack_config     xoxe.xoxp-1-|{b146}                       SLACK_CONFIG_TOKEN    Slack       slack.com
matrix           syt_|{a12}_{a20}_{a6}                     MATRIX_ACCESS_TOKEN   Matrix      matrix.org
serverchan       SCT|{d5}T{a24}                            SERVERCHAN_SENDKEY    Server酱    sctapi.ftqq.com
stripe_test      sk_test_|{a99}                            STRIPE_SECRET_KEY     Stripe      api.stripe.com
stripe_webhook   whsec_|{a32}                              STRIPE_WEBHOOK_SECRET Stripe      api.stripe.com
square           sq0csp-|{b43}                             SQUARE_SECRET         Square      connect.squareup.com
square_access    EAAA|{b60}                                SQUARE_ACCESS_TOKEN   Square      connect.squareup.com
shopify          shpat_|{h32}                              SHOPIFY_ADMIN_TOKEN   Shopify     demo.myshopify.com
braintree        access_token$production$|{l16}${h32}      BRAINTREE_TOKEN       Braintree   api.braintreegateway.com
flutterwave      FLWSECK-|{h32}-X                          FLW_SECRET_KEY        Flutterwave api.flutterwave.com
plaid            access-production-|{uuid}                 PLAID_ACCESS_TOKEN    Plaid       production.plaid.com
paddle           pdl_live_apikey_|{l26}_{a22}_{a3}         PADDLE_API_KEY        Paddle      api.paddle.com
newrelic_user    NRAK-|{u27}                               NEW_RELIC_API_KEY     NewRelic    api.newrelic.com
newrelic_license |{h36}NRAL                                NEW_RELIC_LICENSE_KEY NewRelic    log-api.newrelic.com
grafana_service  glsa_|{a32}_{h8}                          GRAFANA_TOKEN         Grafana     grafana.corp-demo.cn
grafana_cloud    glc_|eyJ{b120}                            GRAFANA_CLOUD_TOKEN   Grafana     logs-prod.grafana.net
sentry_user      sntryu_|{h64}                             SENTRY_AUTH_TOKEN     Sentry      sentry.io
sentry_org       sntrys_|eyJ{b140}_{b43}                   SENTRY_AUTH_TOKEN     Sentry      sentry.io
posthog          phx_|{b43}                                POSTHOG_API_KEY       PostHog     app.posthog.com
dynatrace        dt0c01.|{u24}.{u64}                       DT_API_TOKEN          Dynatrace   demo.live.dynatrace.com
honeycomb        hcaik_01|{l56}                            HONEYCOMB_API_KEY     Honeycomb   api.honeycomb.io
mailgun          key-|{h32}                                MAILGUN_API_KEY       Mailgun     api.mailgun.net
mailchimp        |{h32}-us{d2}                             MAILCHIMP_API_KEY     Mailchimp   us1.api.mailchimp.com
resend           re_|{a8}_{a24}                            RESEND_API_KEY        Resend      api.resend.com
brevo            xkeysib-|{h64}-{a16}                      BREVO_API_KEY         Brevo       api.brevo.com
twilio_key       SK|{h32}                                  TWILIO_API_KEY        Twilio      api.twilio.com
tailscale        tskey-auth-|{a17}-{a32}                   TS_AUTHKEY            Tailscale   api.tailscale.com
age              AGE-SECRET-KEY-1|{u58}                    SOPS_AGE_KEY          age         git.corp-demo.cn
linear           lin_api_|{a40}                            LINEAR_API_KEY        Linear      api.linear.app
notion           ntn_|{d11}{a35}                           NOTION_TOKEN          Notion      api.notion.com
notion_old       secret_|{a43}                             NOTION_TOKEN          Notion      api.notion.com
airtable         pat{a14}.|{h64}                           AIRTABLE_API_KEY      Airtable    api.airtable.com
figma            figd_|{b40}                               FIGMA_TOKEN           Figma       api.figma.com
postman          PMAK-|{h24}-{h34}                         POSTMAN_API_KEY       Postman     api.getpostman.com
hubspot          pat-na1-|{uuid}                           HUBSPOT_TOKEN         HubSpot     api.hubapi.com
typeform         tfp_|{b44}_{b14}                          TYPEFORM_TOKEN        Typeform    api.typeform.com
mapbox           sk.eyJ|{b60}.{b22}                        MAPBOX_SECRET_TOKEN   Mapbox      api.mapbox.com
facebook         EAA|{a160}                                FB_ACCESS_TOKEN       Facebook    graph.facebook.com
twitter_bearer   AAAAAAAAAAAAAAAAAAAAA|{a30}%3D{a50}       TWITTER_BEARER_TOKEN  Twitter     api.twitter.com
cloudflare_ca    v1.0-|{h24}-{h146}                        CF_ORIGIN_CA_KEY      Cloudflare  api.cloudflare.com
aws_session      IQoJb3JpZ2luX2Vj|{B340}==                 AWS_SESSION_TOKEN     AWS         sts.amazonaws.com
onepassword      ops_|eyJ{b250}                            OP_SERVICE_ACCOUNT_TOKEN 1Password my.1password.com
infracost        ico-|{a32}                                INFRACOST_API_KEY     Infracost   pricing.api.infracost.io
prefect          pnu_|{a36}                                PREFECT_API_KEY       Prefect     api.prefect.cloud
readme           rdme_|{l70}                               README_API_KEY        ReadMe      dash.readme.com
sendinblue_smtp  xsmtpsib-|{h64}-{a16}                     SMTP_KEY              Brevo       smtp-relay.brevo.com
jwt_bearer       |{jwt}                                    ACCESS_TOKEN          登录        console.relay-demo.cn
amazon_mws       amzn.mws.|{uuid}                          MWS_AUTH_TOKEN        MWS         mws.amazonservices.com
shippo           shippo_live_|{h40}                        SHIPPO_TOKEN          Shippo      api.goshippo.com
adafruit         aio_|{a28}                                ADAFRUIT_IO_KEY       Adafruit    io.adafruit.com
dropbox_short    sl.B|{b136}                               DROPBOX_ACCESS_TOKEN  Dropbox     api.dropboxapi.com
launchdarkly     sdk-|{uuid}                               LD_SDK_KEY            LaunchDarkly app.launchdarkly.com
octopus          API-|{u26}                                OCTOPUS_API_KEY       Octopus     deploy.corp-demo.cn
sourcegraph      sgp_|{h40}                                SRC_ACCESS_TOKEN      Sourcegraph sourcegraph.corp-demo.cn
op_secret_key    A3-|{u6}-{u11}-{u5}-{u5}-{u5}             OP_SECRET_KEY         1Password   my.1password.com
deno             ddp_|{a36}                                DENO_DEPLOY_TOKEN     Deno        dash.deno.com
tripo            tsk_|{b43}                                TRIPO_API_KEY         Tripo       api.tripo3d.ai
browserbase      bb_live_|{b27}                            BROWSERBASE_API_KEY   Browserbase api.browserbase.com
axiom            xaat-|{uuid}                              AXIOM_TOKEN           Axiom       api.axiom.co
infisical        st.|{h24}.{h32}.{h32}                     INFISICAL_TOKEN       Infisical   app.infisical.com
cal              cal_live_|{h32}                           CAL_API_KEY           Cal         api.cal.com
codeup           pt-|{uuid}_{uuid}                         CODEUP_TOKEN          云效        codeup.aliyun.com
serverchan3      sctp|{d4}t{l32}                           SERVERCHAN_KEY        Server酱    push.ft07.com
chutes           cpk_|{h32}.{h32}.{a32}                    CHUTES_API_KEY        Chutes      llm.chutes.ai
paseto           v4.local.|{b100}                          PASETO_TOKEN          登录        console.relay-demo.cn
kaggle           KGAT_|{h32}                               KAGGLE_API_TOKEN      Kaggle      www.kaggle.com
meshy            msy_|{a40}                                MESHY_API_KEY         Meshy       api.meshy.ai
apify            apify_api_|{a36}                          APIFY_TOKEN           Apify       api.apify.com
polar            polar_oat_|{a43}                          POLAR_ACCESS_TOKEN    Polar       api.polar.sh
n8n_key          n8n_api_|{jwt}                            N8N_API_KEY           n8n         n8n.corp-demo.cn
yandex           AQVN|{b35}                                YANDEX_API_KEY        Yandex      llm.api.cloud.yandex.net
"""

# --- Credentials that only their surroundings betray.
WEAK = """
mistral          |{a32}                MISTRAL_API_KEY         Mistral      api.mistral.ai
cohere           |{a40}                COHERE_API_KEY          Cohere       api.cohere.com
ai21             |{a32}                AI21_API_KEY            AI21         api.ai21.com
ark_uuid         |{uuid}               ARK_API_KEY             火山方舟     ark.cn-beijing.volces.com
lingyi           |{h32}                YI_API_KEY              零一万物     api.lingyiwanwu.com
stepfun          |{a64}                STEP_API_KEY            阶跃星辰     api.stepfun.com
spark_secret     |{a32}                SPARK_API_SECRET        讯飞星火     spark-api.xf-yun.com
spark_password   |{a20}:{a20}          SPARK_API_PASSWORD      讯飞星火     spark-api-open.xf-yun.com
baidu_secret     |{a32}                BAIDU_SECRET_KEY        百度         aip.baidubce.com
kling_secret     |{a32}                KLING_SECRET_KEY        可灵         api.klingai.com
aliyun_secret    |{a30}                ALIBABA_CLOUD_ACCESS_KEY_SECRET  阿里云 oss-cn-hangzhou.aliyuncs.com
tencent_secret   |{a32}                TENCENTCLOUD_SECRET_KEY 腾讯云       cos.ap-guangzhou.myqcloud.com
azure_openai     |{h32}                AZURE_OPENAI_API_KEY    Azure        demo.openai.azure.com
wandb            |{h40}                WANDB_API_KEY           wandb        api.wandb.ai
deepgram         |{h40}                DEEPGRAM_API_KEY        Deepgram     api.deepgram.com
assemblyai       |{h32}                ASSEMBLYAI_API_KEY      AssemblyAI   api.assemblyai.com
sambanova        |{uuid}               SAMBANOVA_API_KEY       SambaNova    api.sambanova.ai
deepinfra        |{a32}                DEEPINFRA_API_KEY       DeepInfra    api.deepinfra.com
baseten          |{a8}.{a32}           BASETEN_API_KEY         Baseten      inference.baseten.co
exa              |{uuid}               EXA_API_KEY             Exa          api.exa.ai
serper           |{h40}                SERPER_API_KEY          Serper       google.serper.dev
serpapi          |{h64}                SERPAPI_API_KEY         SerpApi      serpapi.com
portkey          |{b27}=               PORTKEY_API_KEY         Portkey      api.portkey.ai
datadog_api      |{h32}                DD_API_KEY              Datadog      api.datadoghq.com
datadog_app      |{h40}                DD_APP_KEY              Datadog      api.datadoghq.com
linode           |{h64}                LINODE_TOKEN            Linode       api.linode.com
hetzner          |{a64}                HCLOUD_TOKEN            Hetzner      api.hetzner.cloud
vultr            |{u36}                VULTR_API_KEY           Vultr        api.vultr.com
scaleway         |{uuid}               SCW_SECRET_KEY          Scaleway     api.scaleway.com
vercel           |{a24}                VERCEL_TOKEN            Vercel       api.vercel.com
railway          |{uuid}               RAILWAY_TOKEN           Railway      backboard.railway.com
gitee            |{h32}                GITEE_ACCESS_TOKEN      Gitee        gitee.com
gitea            |{h40}                GITEA_TOKEN             Gitea        git.corp-demo.cn
azure_devops     |{l52}                AZURE_DEVOPS_PAT        AzureDevOps  dev.azure.com
travis           |{a22}                TRAVIS_TOKEN            Travis       api.travis-ci.com
jenkins          |11{h32}              JENKINS_API_TOKEN       Jenkins      ci.corp-demo.cn
codecov          |{uuid}               CODECOV_TOKEN           Codecov      codecov.io
snyk             |{uuid}               SNYK_TOKEN              Snyk         api.snyk.io
feishu_secret    |{a32}                FEISHU_APP_SECRET       飞书         open.feishu.cn
wechat_secret    |{h32}                WECHAT_APP_SECRET       微信         api.weixin.qq.com
wecom_aes        |{a43}                WECOM_ENCODING_AES_KEY  企业微信     qyapi.weixin.qq.com
line             |{a43}                LINE_NOTIFY_TOKEN       LINE         notify-api.line.me
pushplus         |{h32}                PUSHPLUS_TOKEN          pushplus     www.pushplus.plus
wechatpay_v3     |{a32}                WXPAY_API_V3_KEY        微信支付     api.mch.weixin.qq.com
paypal           |{b80}                PAYPAL_CLIENT_SECRET    PayPal       api-m.paypal.com
razorpay         |{a24}                RAZORPAY_KEY_SECRET     Razorpay     api.razorpay.com
opsgenie         |{uuid}               OPSGENIE_API_KEY        Opsgenie     api.opsgenie.com
rollbar          |{h32}                ROLLBAR_ACCESS_TOKEN    Rollbar      api.rollbar.com
pagerduty        |u+{b18}              PAGERDUTY_TOKEN         PagerDuty    api.pagerduty.com
postmark         |{uuid}               POSTMARK_SERVER_TOKEN   Postmark     api.postmarkapp.com
mailjet          |{h32}                MJ_APIKEY_PRIVATE       Mailjet      api.mailjet.com
twilio_auth      |{h32}                TWILIO_AUTH_TOKEN       Twilio       api.twilio.com
vonage           |{a16}                VONAGE_API_SECRET       Vonage       rest.nexmo.com
ngrok            |{a27}_{a21}          NGROK_AUTHTOKEN         ngrok        api.ngrok.com
qiniu_secret     |{b40}                QINIU_SECRET_KEY        七牛         upload.qiniup.com
upyun            |{a32}                UPYUN_PASSWORD          又拍云       v0.api.upyun.com
amap             |{h32}                AMAP_SECURITY_JSCODE    高德         restapi.amap.com
jwt_secret       |{B43}=               JWT_SECRET              后台         console.relay-demo.cn
session_secret   |{h64}                SESSION_SECRET          new-api      console.relay-demo.cn
django_secret    |{a50}                DJANGO_SECRET_KEY       Django       desk.corp-demo.cn
rails_key        |{h128}               SECRET_KEY_BASE         Rails        shop.corp-demo.cn
crypto_secret    |{a32}                CRYPTO_SECRET           new-api      console.relay-demo.cn
encryption_key   |{B43}=               ENCRYPTION_KEY          n8n          n8n.corp-demo.cn
minio_secret     |{a40}                MINIO_SECRET_KEY        MinIO        minio.corp-demo.cn
r2_secret        |{h64}                R2_SECRET_ACCESS_KEY    R2           r2.cloudflarestorage.com
cloudflare_key   |{h37}                CLOUDFLARE_API_KEY      Cloudflare   api.cloudflare.com
slack_signing    |{h32}                SLACK_SIGNING_SECRET    Slack        slack.com
github_webhook   |{h40}                GITHUB_WEBHOOK_SECRET   GitHub       api.github.com
frp_token        |{a24}                FRP_TOKEN               frp          frp.corp-demo.cn
meili            |{b43}                MEILI_MASTER_KEY        Meilisearch  search.corp-demo.cn
algolia          |{h32}                ALGOLIA_ADMIN_KEY       Algolia      demo.algolia.net
okta             |00{b40}              OKTA_API_TOKEN          Okta         demo.okta.com
auth0            |{b64}                AUTH0_CLIENT_SECRET     Auth0        demo.eu.auth0.com
dropbox          |{b64}                DROPBOX_REFRESH_TOKEN   Dropbox      api.dropboxapi.com
modal            as-|{a22}                                 MODAL_TOKEN_SECRET    Modal       api.modal.com
composio         ak_|{b20}                                 COMPOSIO_API_KEY      Composio    backend.composio.dev
zendesk          |{a40}                ZENDESK_API_TOKEN       Zendesk      demo.zendesk.com
sendcloud        |{h32}                SENDCLOUD_APIKEY        SendCloud    api.sendcloud.net
tinify           |{a32}                TINIFY_KEY              TinyPNG      api.tinify.com
faceplusplus     |{a32}                FACEPP_API_SECRET       旷视         api-cn.faceplusplus.com
umeng            |{l32}                UMENG_MASTER_SECRET     友盟         msgapi.umeng.com
jpush            |{h24}                JPUSH_MASTER_SECRET     极光         api.jpush.cn
getui            |{a22}                GETUI_MASTERSECRET      个推         restapi.getui.com
baidu_map        |{a32}                BAIDU_MAP_AK            百度地图     api.map.baidu.com
leonardo         |{uuid}               LEONARDO_API_KEY        Leonardo     cloud.leonardo.ai
fish_audio       |{h32}                FISH_API_KEY            FishAudio    api.fish.audio
playht           |{h32}                PLAYHT_SECRET_KEY       PlayHT       api.play.ht
litellm_salt     |{a48}                LITELLM_SALT_KEY        LiteLLM      litellm.corp-demo.cn
key_vaults       |{B43}=               KEY_VAULTS_SECRET       LobeChat     chat.corp-demo.cn
dify_inner       |{B64}                PLUGIN_DIFY_INNER_API_KEY Dify       dify.corp-demo.cn
sonar_login      |{h40}                SONAR_LOGIN             Sonar        sonar.corp-demo.cn
erlang_cookie    |{u20}                RABBITMQ_ERLANG_COOKIE  RabbitMQ     mq.corp-demo.cn
"""


def jwt(r: Dice) -> str:
    def part(o: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(o, separators=(",", ":")).encode()).decode().rstrip("=")

    head = part({"alg": r.choice(["HS256", "RS256", "EdDSA"]), "typ": "JWT"})
    body = part(
        {
            "sub": r.fill("{d6}"),
            "name": r.fill("{L7}"),
            "iat": 1700000000 + r.randrange(9**8),
            "n": r.fill("{a16}"),
        }
    )
    return f"{head}.{body}.{r.fill('{b43}')}"


def table(rows: str, strong: bool) -> list[tuple[str, str, str, str, str, bool]]:
    out = []
    for line in rows.strip().splitlines():
        # A shape may hold one space; the last three columns never do.
        kind, rest = line.split(None, 1)
        shape, name, say, host = rest.rsplit(None, 3)
        out.append((kind, shape.strip(), name, say, host, strong))
    return out


def make(r: Dice, row: tuple[str, str, str, str, str, bool]) -> Secret:
    kind, shape, name, say, host, strong = row
    before, after = shape.split("|")
    prefix, rest = r.fill(before), r.fill(after)
    core = rest.split(".", 1)[1].split(".") if "{jwt}" in shape else [rest]
    core = [c for c in core if len(c) >= 12] or [rest]
    return Secret(kind, prefix + rest, core, name, say, host, strong)


WORDS = [
    "river",
    "stone",
    "maple",
    "falcon",
    "Copper",
    "Winter",
    "Harbor",
    "Lantern",
    "tiger",
    "Orbit",
    "Cedar",
    "Velvet",
    "Comet",
    "Island",
]


def password(r: Dice, kind: str = "password", signs: str = "!@#$^&*?") -> Secret:
    style = r.randrange(5)
    if style == 0:
        value = r.chars(ALNUM, 6) + r.choice(signs) + r.chars(ALNUM, 6)
    elif style == 1:
        value = (
            r.choice(WORDS).title()
            + r.choice(signs)
            + r.chars(string.digits, 4)
            + r.chars(string.ascii_letters, 4)
        )
    elif style == 2:
        value = r.chars(ALNUM, 16)
    elif style == 3:
        value = (
            r.choice(WORDS)
            + "-"
            + r.choice(WORDS)
            + "-"
            + r.chars(string.digits, 3)
            + r.chars(string.ascii_letters, 3)
        )
    else:
        value = (
            r.chars(string.ascii_letters, 3)
            + r.choice(signs)
            + r.chars(string.digits, 3)
            + r.choice(signs)
            + r.chars(ALNUM, 5)
        )
    return Secret(kind, value, [value], "DB_PASSWORD", "数据库", strong=False)


# --- Disguises: value -> spelling. The second list names those that the scorer cannot undo, where the spelling
# itself is a core as well.
ZERO = "\u200b\u200c\u200d\u2060\ufeff"
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def sprinkle(r: Dice, value: str, marks: str, p: float = 0.16) -> str:
    out = value[0]
    for n, c in enumerate(value[1:], 1):
        out += (r.choice(marks) if r.chance(p) or n == 4 else "") + c
    return out


def wide(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def chunks(value: str, n: int) -> list[str]:
    return [value[i : i + n] for i in range(0, len(value), n)]


def some(r: Dice, value: str, one: Callable[[str], str]) -> str:
    p = r.choice([0.35, 1.0])
    return "".join(one(c) if r.chance(p) or i == len(value) // 2 else c for i, c in enumerate(value))


def escape_u(c: str) -> str:
    return f"\\u{ord(c):04x}"


def double_percent(value: str) -> str:
    return "".join(f"%25{ord(c):02X}" for c in value)


def quoted_printable(r: Dice, value: str) -> str:
    n = r.randrange(14, 22)
    return "=\n".join(chunks(value, n)) if r.chance(0.5) else some(r, value, lambda c: f"={ord(c):02X}")


DISGUISES: dict[str, Callable[[Dice, str], str]] = {
    "zero_width": lambda r, v: sprinkle(r, v, ZERO),
    "soft_hyphen": lambda r, v: sprinkle(r, v, "\u00ad"),
    "bidi": lambda r, v: sprinkle(r, v, BIDI),
    "fullwidth": lambda r, v: wide(v),
    "fullwidth_some": lambda r, v: "".join(wide(c) if r.chance(0.4) else c for c in v),
    "percent": lambda r, v: some(r, v, lambda c: f"%{ord(c):02X}"),
    "double_percent": lambda r, v: double_percent(v),
    "unicode_escape": lambda r, v: some(r, v, escape_u),
    "hex_escape": lambda r, v: some(r, v, lambda c: f"\\x{ord(c):02x}"),
    "entity_decimal": lambda r, v: some(r, v, lambda c: f"&#{ord(c)};"),
    "entity_hex": lambda r, v: some(r, v, lambda c: f"&#x{ord(c):X};"),
    "wrapped": lambda r, v: "\n".join(chunks(v, r.randrange(16, 34))),
    "wrapped_crlf": lambda r, v: "\r\n".join(chunks(v, r.randrange(16, 34))),
    "wrapped_indented": lambda r, v: "\n    ".join(chunks(v, r.randrange(16, 34))),
    "continued": lambda r, v: "\\\n".join(chunks(v, r.randrange(16, 30))),
    "spaced": lambda r, v: " ".join(chunks(v, r.choice([4, 5, 8]))),
    "quoted_printable": quoted_printable,
    "concat_plus": lambda r, v: '" + "'.join(chunks(v, r.randrange(8, 20))),
    "concat_plus_lines": lambda r, v: '" +\n  "'.join(chunks(v, r.randrange(8, 20))),
    "concat_single": lambda r, v: "' + '".join(chunks(v, r.randrange(8, 20))),
    "concat_beside": lambda r, v: '" "'.join(chunks(v, r.randrange(8, 20))),
    "concat_beside_lines": lambda r, v: '"\n  "'.join(chunks(v, r.randrange(8, 20))),
    "concat_php": lambda r, v: "' . '".join(chunks(v, r.randrange(8, 20))),
    "concat_vb": lambda r, v: '" & "'.join(chunks(v, r.randrange(8, 20))),
    "concat_lua": lambda r, v: '" .. "'.join(chunks(v, r.randrange(8, 20))),
    "concat_haskell": lambda r, v: '" ++ "'.join(chunks(v, r.randrange(12, 20))),
    "concat_sql": lambda r, v: "' || '".join(chunks(v, r.randrange(12, 20))),
    "concat_prefix": lambda r, v: '" f"'.join(chunks(v, r.randrange(12, 20))),
    "concat_vb_lines": lambda r, v: '" & _\n  "'.join(chunks(v, r.randrange(12, 20))),
    "concat_shell": lambda r, v: "\"'".join(chunks(v, -(-len(v) // 2))),
    "concat_calls": lambda r, v: '").append("'.join(chunks(v, r.randrange(12, 20))),
    "concat_grown": lambda r, v: '";\nkey += "'.join(chunks(v, r.randrange(12, 20))),
    "join_list": lambda r, v: '", "'.join(chunks(v, r.randrange(8, 20))),
}
INVISIBLE = ("zero_width", "soft_hyphen", "bidi", "fullwidth", "fullwidth_some")
NEEDS_SPELLING = (
    "bidi",
    "double_percent",
    "quoted_printable",
    "concat_beside",
    "concat_beside_lines",
    "concat_php",
    "concat_vb",
    "concat_lua",
    "join_list",
    "concat_haskell",
    "concat_sql",
    "concat_prefix",
    "concat_vb_lines",
    "concat_shell",
    "concat_calls",
    "concat_grown",
)


# --- Things to keep
MODELS = [
    "gpt-5-mini",
    "gpt-4.1-2025-04-14",
    "o4-mini-2025-04-16",
    "claude-opus-4-1-20250805",
    "claude-3-7-sonnet-latest",
    "gemini-2.5-flash-lite-preview-09-2025",
    "deepseek-ai/DeepSeek-R1-0528",
    "deepseek-reasoner",
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8",
    "qwen3:30b-a3b-instruct-2507-q4_K_M",
    "llama3.2-vision:11b-instruct-fp16",
    "openai/gpt-oss-120b:free",
    "anthropic/claude-sonnet-4.5:beta",
    "x-ai/grok-code-fast-1",
    "moonshotai/kimi-k2:free",
    "doubao-1-5-thinking-pro-250415",
    "hunyuan-turbos-20250604",
    "ernie-4.5-turbo-128k",
    "text-embedding-3-large",
    "bge-reranker-v2-m3",
    "flux-1.1-pro-ultra",
    "veo-3.0-fast-generate-001",
    "kling-v2-1-master",
    "sora-2-pro",
    "abab6.5s-chat",
    "glm-4.6",
    "step-2-16k-202411",
    "Pro/Qwen/Qwen2.5-VL-7B-Instruct",
    "accounts/fireworks/models/llama-v3p1-405b-instruct",
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    "us.anthropic.claude-sonnet-4-20250514-v1:0",
    "ft:gpt-4o-mini-2024-07-18:acme::9xKq2LmT",
    "mj_fast_imagine",
    "suno-v4.5-plus",
    "whisper-large-v3-turbo",
    "gemma3:27b-it-qat",
    "stable-diffusion-3.5-large-turbo",
]
CODES = [
    "context_length_exceeded",
    "invalid_api_key",
    "model_not_found",
    "insufficient_user_quota",
    "rate_limit_exceeded",
    "bad_response_status_code",
    "get_channel_failed",
    "token_not_found_in_db",
    "organization_spend_limit_exceeded",
    "authentication_error",
    "unsupported_country_region_territory",
    "upstream_error",
    "RESOURCE_EXHAUSTED",
    "InvalidEndpointOrModel.NotFound",
    "DataInspectionFailed",
    "Throttling.RateQuota",
    "AccessDenied.Unpurchased",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId.NotFound",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "password_expired",
    "token_expired",
    "invalid_grant",
    "credit_balance_exhausted",
]
HOSTS = [
    "api.openai.com",
    "generativelanguage.googleapis.com",
    "dashscope-intl.aliyuncs.com",
    "ark.cn-beijing.volces.com",
    "my-resource-eastus2.openai.azure.com",
    "bedrock-runtime.ap-southeast-1.amazonaws.com",
    "ec2-52-14-203-7.us-east-2.compute.amazonaws.com",
    "pg-2f8c91d4.internal.corp-demo.cn",
    "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
    "api.relay-demo.cn",
    "d111111abcdef8.cloudfront.net",
    "svc-token-auth.prod.svc.cluster.local",
    "k8s-prod-ingress-6f4b9c7d58-x2x9p",
]


def stamp(r: Dice) -> str:
    return f"2026-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}"


def clock(r: Dice) -> str:
    return f"{r.randrange(24):02d}:{r.randrange(60):02d}:{r.randrange(60):02d}"


# label, wording around `@`, value
def keeps(r: Dice) -> list[tuple[str, list[str], str]]:
    u, c = r.uuid, r.fill
    return [
        ("request_id_openai", ["x-request-id: @", "request id @", "请求号 @"], c("req_{h32}")),
        ("request_id_anthropic", ["request-id: @", '"request_id":"@"', "请求 ID：@"], c("req_011C{a20}")),
        ("request_id_oneapi", ["X-Oneapi-Request-Id: @", "(request id: @)"], "20260" + c("{d9}{d8}{a8}")),
        (
            "request_id_uuid",
            ["x-request-id: @", "apim-request-id: @", "requestId=@", "x-ms-request-id: @"],
            u(),
        ),
        ("request_id_dashscope", ['"request_id": "@"', "DashScope request_id @"], u()),
        ("request_id_volc", ["X-Tt-Logid: @", "Request id: @"], "0217" + c("{d9}") + c("{h40}")[:32]),
        ("request_id_aws", ["x-amzn-RequestId: @", "RequestId: @"], u()),
        ("request_id_aws_ext", ["x-amz-id-2: @"], c("{B74}")),
        ("request_id_aliyun", ["RequestId: @", "x-oss-request-id: @"], c("{H24}")),
        ("request_id_google", ["x-goog-request-id: @"], c("{b22}")),
        ("request_id_groq", ["x-request-id: @", "groq id @"], "req_01k" + c("{l23}")),
        ("request_id_fal", ["x-fal-request-id: @"], u()),
        ("request_id_github", ["X-GitHub-Request-Id: @"], c("{H4}:{H6}:{H7}:{H7}:{H8}")),
        (
            "cf_ray",
            ["cf-ray: @", "CF-RAY @", "Ray ID: @"],
            c("{h16}-") + r.choice(["HKG", "NRT", "SJC", "FRA"]),
        ),
        ("trace_id", ["traceparent: @"], c("00-{h32}-{h16}-01")),
        ("trace_id_hex", ["trace_id=@", "dd.trace_id @", "X-B3-TraceId: @", '"traceId":"@"'], c("{h32}")),
        ("trace_id_xray", ["X-Amzn-Trace-Id: Root=@"], c("1-{h8}-{h24}")),
        ("trace_id_gcp", ["X-Cloud-Trace-Context: @"], c("{h32}/{d19};o=1")),
        ("span_id", ["span_id=@"], c("{h16}")),
        ("chatcmpl_id", ['"id":"@"', "id: @"], c("chatcmpl-{a29}")),
        ("response_id", ['"id": "@"', "response @"], c("resp_{h48}")),
        ("message_id", ["id @", '"id":"@"'], c("msg_01{a22}")),
        (
            "tool_call_id",
            ["tool_call_id=@", '"tool_use_id":"@"'],
            r.choice([c("call_{a24}"), c("toolu_01{a22}")]),
        ),
        ("generation_id", ["X-Generation-Id: @", "generation @"], c("gen-{d10}-{a20}")),
        ("batch_or_file_id", ["batch @", "file id: @"], r.choice([c("batch_{h32}"), c("file-{a22}")])),
        (
            "assistant_id",
            ["assistant_id: @", "thread @"],
            r.choice([c("asst_{a24}"), c("thread_{a24}"), c("run_{a24}")]),
        ),
        (
            "org_or_project_id",
            ["openai-organization: @", "project @"],
            r.choice([c("org-{a24}"), c("proj_{a24}")]),
        ),
        ("system_fingerprint", ['"system_fingerprint":"@"'], c("fp_{h10}")),
        (
            "task_id_prefixed",
            ["task_id=@", "任务 @ 卡在 90%"],
            r.choice([c("task_{a24}"), c("cgt-2026{d10}-{l5}")]),
        ),
        ("task_id_uuid", ["task_id: @", "任务号：@", "视频任务 @ 一直排队"], u()),
        ("task_id_numeric", ["任务号 @", "taskId=@"], "7" + c("{d18}")),
        ("task_id_numeric", ["mj 任务 @ 没有图"], "17" + c("{d14}")),
        ("video_id", ["video_id @", "GET /v1/videos/@ 一直 queued"], c("video_{h48}")),
        ("replicate_id", ["prediction @", "predictions/@"], c("{l26}")),
        ("session_label", ["会话窗口 @ 之后断流"], c("#{d6}")),
        ("git_sha", ["commit @", "at revision @", "git 版本 @"], c("{h40}")),
        ("git_sha_short", ["commit @", "build @"], c("{h4}a1{h1}")),
        ("sha256", ["sha256 @", "SHA256: @", "文件校验 @"], c("{h64}")),
        ("md5", ["md5 @", "Content-MD5 hex @"], c("{h32}")),
        ("image_digest", ["image: calciumion/new-api@", "digest @"], "sha256:" + c("{h64}")),
        ("npm_integrity", ['"integrity": "@"', "integrity @"], "sha512-" + c("{B86}") + "=="),
        ("pip_hash", ["--hash=@"], "sha256:" + c("{h64}")),
        (
            "go_sum",
            ["golang.org/x/net v0.38.0 h1:@", "go.sum: github.com/gin-gonic/gin v1.10.1 h1:@"],
            c("{B43}") + "=",
        ),
        ("etag", ["ETag: @", "etag @"], r.choice([c('"{h32}"'), c('W/"{h8}-{h12}"')])),
        (
            "version",
            ["客户端 @", "User-Agent: @", "用的 @"],
            r.choice(
                [
                    "OpenAI/Python 2.8.1",
                    "axios/1.7.9",
                    "okhttp/4.12.0",
                    "claude-cli/2.0.31",
                    "Dify/1.4.0",
                    "new-api v0.9.3-alpha.2",
                    "LobeChat/1.94.3",
                    "curl/8.7.1",
                ]
            ),
        ),
        ("version", ["@ 之后开始报错", "升级到 @"], c("v{d1}.{d2}.{d1}")),
        ("model", ["model @", "模型 @", '"model":"@"', "model=@"], r.choice(MODELS)),
        ("model", ["模型：@", "--model @"], r.choice(MODELS)),
        (
            "timestamp",
            ["时间 @", "at @"],
            r.choice(
                [
                    f"{stamp(r)}T{clock(r)}Z",
                    f"{stamp(r)} {clock(r)},{c('{d3}')}",
                    f"{stamp(r)}T{clock(r)}.{c('{d6}')}+08:00",
                ]
            ),
        ),
        ("timestamp", ["created=@", '"created": @', "ts @"], "17" + c(r.choice(["{d8}", "{d11}"]))),
        (
            "amount",
            ["扣了 @", "cost @", "余额 @"],
            r.choice([c("{d1}.{d10} USD"), c("¥{d3}.{d2}"), c("${d2}.{d6}"), c("{d7} quota")]),
        ),
        (
            "http_status",
            ["返回 @", "status @"],
            r.choice(
                [
                    "429 Too Many Requests",
                    "HTTP/2 524",
                    "HTTP/1.1 401 Unauthorized",
                    "503 Service Unavailable",
                ]
            ),
        ),
        ("error_code", ["报错 @", '"code":"@"', "error: @"], r.choice(CODES)),
        (
            "rate_limit_value",
            ["< @"],
            r.choice(
                [
                    c("x-ratelimit-remaining-tokens: {d6}"),
                    "x-ratelimit-reset-requests: 6m0s",
                    "anthropic-ratelimit-tokens-reset: 2026-08-01T04:05:06Z",
                    "retry-after-ms: 1250",
                    "x-ratelimit-limit-requests: 10000",
                ]
            ),
        ),
        (
            "usage_numbers",
            ['"usage":{@}'],
            c('"prompt_tokens":1{d4},"completion_tokens":2{d3},"total_tokens":1{d4}'),
        ),
        (
            "usage_numbers",
            ["@"],
            r.choice(
                [
                    c("token usage 1{d3}"),
                    c("max_tokens=4{d3}"),
                    c("completion_tokens: 3{d2}"),
                    c("reasoning_tokens 1{d4}"),
                    "cached_tokens=0",
                ]
            ),
        ),
        ("hostname", ["host @", "域名 @", "连不上 @"], r.choice(HOSTS)),
        (
            "base_url",
            ["base_url=@", "Base URL: @", "接口地址 @"],
            r.choice(
                [
                    "https://api.relay-demo.cn/v1",
                    "http://10.0.3.17:3000/v1/chat/completions",
                    "https://dashscope.aliyuncs.com/compatible-mode/v1",
                    "https://gateway.ai.cloudflare.com/v1/" + c("{h32}") + "/prod/openai",
                    "https://demo.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview",
                ]
            ),
        ),
        (
            "file_path",
            ["File @", "日志在 @", "at @"],
            r.choice(
                [
                    "/usr/local/lib/python3.12/site-packages/openai/_base_client.py",
                    "C:\\Users\\demo\\AppData\\Roaming\\CherryStudio\\logs\\app.log",
                    "node_modules/@anthropic-ai/sdk/src/core/streaming.ts:128:17",
                    "/var/lib/docker/containers/" + c("{h12}") + "/config.v2.json",
                    "/etc/ssl/private/token-service.conf",
                ]
            ),
        ),
        (
            "exception",
            ["@"],
            r.choice(
                [
                    "openai.APITimeoutError: Request timed out.",
                    "httpx.ReadError: [Errno 104] Connection reset by peer",
                    "TypeError: Cannot read properties of undefined (reading 'choices')",
                    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
                    "java.net.SocketTimeoutException: Read timed out",
                ]
            ),
        ),
        (
            "masked_key",
            ["key @", "密钥 @", "后台显示 @", '"key":"@"', "Incorrect API key provided: @."],
            r.choice(
                [
                    c("sk-…{a4}"),
                    c("sk-***{a4}"),
                    c("sk-{a2}****{a2}"),
                    c("AKIA…{u4}"),
                    c("sk-proj-...{a4}"),
                    c("sk-{a4}**********{a4}"),
                    c("{a4}...{a4}"),
                    c("AIza••••••••{a4}"),
                    c("ghp_xxxxxxxxxxxx{a4}"),
                    c("sk-ant-api03-…{a4}"),
                    c("****{a4}"),
                    c("gsk_******{a4}"),
                    c("sk-********************************************{a4}"),
                ]
            ),
        ),
        ("masked_personal", ["手机号 @", "电话 @"], c("13{d1}****{d4}")),
        ("masked_personal", ["邮箱 @"], c("{L1}***@example-mail.cn")),
        (
            "placeholder_key",
            [
                "Authorization: Bearer @",
                "api_key=@",
                "export OPENAI_API_KEY=@",
                "把 @ 换成自己的",
                'apiKey: "@"',
            ],
            r.choice(
                [
                    "$OPENAI_API_KEY",
                    "<your-key>",
                    "YOUR_API_KEY",
                    "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
                    "${OPENAI_API_KEY}",
                    "{{api_key}}",
                    "your-api-key-here",
                    "<YOUR_TOKEN>",
                    "%OPENAI_API_KEY%",
                    "sk-your-key",
                    "[REDACTED]",
                    "********",
                ]
            ),
        ),
        (
            "code_reference",
            ["api_key=@", "token: @", "password = @"],
            r.choice(
                [
                    'os.environ["OPENAI_API_KEY"]',
                    "process.env.GROQ_API_KEY",
                    "${{ secrets.NPM_TOKEN }}",
                    "st.secrets.openai_key",
                    'os.getenv("DB_PASSWORD")',
                    "config.get_api_key(provider)",
                    "settings.DATABASES['default']['PASSWORD']",
                    'System.getenv("API_KEY")',
                    "var.db_password",
                    "None",
                    "null",
                ]
            ),
        ),
        (
            "empty_value",
            ["配置里 @", "@"],
            r.choice(
                [
                    '"api_key": ""',
                    "OPENAI_API_KEY=\n",
                    "password: ''",
                    '"token": null',
                    'Authorization: ""',
                    "secret_key =",
                ]
            ),
        ),
        (
            "plain_words",
            ["@"],
            r.choice(
                [
                    "password reset link",
                    "the api key page is blank",
                    "令牌已过期，怎么续期",
                    "密码忘了怎么重置",
                    "token 有效期 7 天",
                    "tokenizer=cl100k_base",
                    "the secret is required",
                    "请不要发送完整密钥",
                    "forgot my password again",
                    "access token expired 3600 seconds ago",
                    "我的密钥是在后台新建的",
                    "primary key constraint users_pkey",
                    "密钥权限：只读",
                    "api key name: production-backend",
                    "authorization header is missing",
                    "token bucket size 60000",
                ]
            ),
        ),
        ("idempotency_key", ["Idempotency-Key: @", "idempotency_key=@"], u()),
        (
            "cache_key",
            ["cache key @ miss", "prompt_cache_key=@"],
            r.choice(["user:10442:profile:v3", "tenant-42/chat/2026-08", "support-desk-system-prompt-v12"]),
        ),
        ("public_key", ["公钥 @", "Host key @"], "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + c("{B43}")),
        ("public_key", ["WireGuard 对端 PublicKey = @"], c("{B43}") + "="),
        ("fingerprint", ["host fingerprint @", "SSH 指纹 @"], "SHA256:" + c("{B43}")),
        ("fingerprint", ["证书指纹 @", "thumbprint @"], ":".join(chunks(c("{H40}"), 2))),
        ("account_id", ["AWS 账号 @", "arn:aws:iam::@:role/desk"], c("{d12}")),
        ("account_id", ["subscription @", "tenant id @", "Subscription ID: @"], u()),
        (
            "user_agent",
            ["UA @"],
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0",
        ),
        (
            "container_id",
            ["container @", "pod @"],
            r.choice([c("{h12}"), c("new-api-{l9}-{l5}"), c("{h64}")]),
        ),
        (
            "order_number",
            ["订单号 @", "流水号 @", "out_trade_no=@"],
            unlucky(r, stamp(r).replace("-", "") + c("{d10}")),
        ),
        ("order_number", ["支付单 @"], "42000" + unlucky(r, c("{d23}"))),
        (
            "charge_id",
            ["charge @", "付款单 @"],
            r.choice([c("ch_3{a23}"), c("pi_3{a23}"), c("in_1{a23}"), c("cs_live_{a24}")]),
        ),
        (
            "resource_id",
            ["instance @", "资源 @"],
            r.choice([c("i-0{h16}"), c("vpc-0{h16}"), c("ami-0{h16}"), c("lb-{l8}"), c("dep-{a20}")]),
        ),
        (
            "ulid",
            ["event @", "job id @"],
            "01" + c("{u24}").replace("I", "J").replace("L", "K").replace("O", "P").replace("U", "V"),
        ),
        ("objectid", ["_id: @", "文档 @"], c("6{h23}")),
        ("snowflake", ["消息 id @", "message_id=@"], c("1{d18}")),
        (
            "address",
            ["peer @"],
            r.choice(["fe80::1ff:fe23:4567:890a", "2001:db8:85a3::8a2e:370:7334", "00:1A:2B:3C:4D:5E"]),
        ),
        ("error_trace_id", ["Trace ID: @", "Correlation ID: @"], u()),
        ("aadsts", ["@"], "AADSTS7000215: Invalid client secret provided."),
        ("ssh_remote", ["git clone @"], "git@github.com:acme-demo/desk-tools.git"),
        (
            "package",
            ["npm i @", "依赖 @"],
            r.choice(
                [
                    "@anthropic-ai/sdk@0.68.0",
                    "openai@6.9.1",
                    "langchain-core==0.3.79",
                    "github.com/sashabaranov/go-openai v1.41.2",
                    "com.alibaba.cloud.ai:spring-ai-alibaba-starter:1.0.0.2",
                ]
            ),
        ),
        (
            "slug",
            ["@"],
            r.choice(
                [
                    "risk-assessment-dashboard-2026-final",
                    "task-force-weekly-report-notes-v12",
                    "sk-fading-circle",
                    "disk-usage-monitor-prod-eu-west-1",
                    "ask-the-support-desk-anything-today",
                    "AbstractAutowireCapableBeanFactory",
                    "test_user_can_reset_password_with_expired_token",
                    "com.demo.security.TokenAuthenticationFilter.doFilterInternal",
                    "k8s-app-secret-rotation-controller",
                ]
            ),
        ),
        (
            "header_text",
            ["< @"],
            r.choice(
                [
                    "access-control-allow-headers: Authorization, X-Api-Key, Content-Type",
                    "vary: Authorization, Accept-Encoding",
                    'www-authenticate: Bearer realm="api", error="invalid_token"',
                    "x-litellm-key-spend: 0.01234",
                    "x-litellm-key-rpm-limit: 60",
                    "anthropic-version: 2023-06-01",
                    "x-auth-type: bearer-token",
                    "strict-transport-security: max-age=31536000",
                ]
            ),
        ),
        (
            "object_key",
            ["S3 key: @", "Redis key: @", "object key @"],
            r.choice(
                [
                    "results/2026/08/01/video-out.mp4",
                    "ratelimit:user:42:2026080112",
                    "outputs/tenant-7/run-0193/final.png",
                    "i18n.errors.quota.exceeded",
                ]
            ),
        ),
        ("name_value", ['{"key":"request_id","value":"@"}', '{"name":"trace","value":"@"}'], u()),
        (
            "token_text",
            ["@"],
            r.choice(
                [
                    "token_ids: [15339, 1917, 0]",
                    "stop token <|endoftext|>",
                    "max_tokens_to_sample=2048",
                    "input tokens 18231, output tokens 992",
                    "tokens/s 41.7",
                    "token 数 18342",
                    "TPM 限制 200000",
                    "令牌分组 vip-claude",
                ]
            ),
        ),
        ("hotline", ["客服热线 @"], r.choice(["400-820-8820", "95588", "10086"])),
        ("card_tail", ["尾号 @", "card ending in @"], c("{d4}")),
        ("guid", ["ProductCode @", "CLSID @"], "{" + u().upper() + "}"),
        ("litellm_call_id", ["x-litellm-call-id: @", "x-portkey-trace-id: @"], u()),
        ("sampling", ["参数 @"], "temperature=0.7 top_p=0.95 seed=1234567890123"),
    ]


def luhn_ok(number: str) -> bool:
    total = 0
    for i, c in enumerate(reversed(number)):
        n = int(c) * (2 if i % 2 else 1)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


def unlucky(r: Dice, number: str) -> str:
    """Neither a bank card nor an identity card by its check digit."""
    while luhn_ok(number) or (len(number) == 18 and id_digit(number[:17]) == number[17]):
        number = number[:-1] + r.choice(string.digits)
    return number


def id_digit(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(c) * w for c, w in zip(first17, weights, strict=True)) % 11]


def fact(r: Dice, d: Draft, only: tuple[str, ...] = ()) -> None:
    pool = [k for k in keeps(r) if not only or k[0] in only]
    label, wordings, value = r.choice(pool)
    before, _, after = r.choice(wordings).rpartition("@")
    if before.endswith("new-api"):
        before += "@"
    d.t(before).k(value, label).t(after)


def noise(r: Dice, d: Draft, n: int | None = None, lead: str | None = None) -> None:
    n = r.choice([1, 1, 2, 2, 3]) if n is None else n
    for i in range(n):
        sep = (
            lead
            if i == 0 and lead is not None
            else r.choice(["，", "；", " ，", "\n", "\n", "。 ", " | ", ", "])
        )
        d.t(sep)
        fact(r, d)


# --- Places. Each takes the dice, a draft, a secret and a function that writes the secret in its disguise.
Put = Callable[[Draft, Secret], Any]
Place = Callable[[Dice, Draft, Secret, Put], None]
PLACES: dict[str, tuple[Place, tuple[str, ...], bool]] = {}  # name -> (place, disguises, also for weak kinds)


def place(*disguises: str, weak: bool = True) -> Callable[[Place], Place]:
    def keep(f: Place) -> Place:
        PLACES[f.__name__] = (f, disguises, weak)
        return f

    return keep


def field_name(r: Dice, s: Secret) -> str:
    """A key as programs write it; for weak kinds one that says what the value is."""
    n = s.name.lower()
    words = n.split("_")
    camel = words[0] + "".join(w.title() for w in words[1:])
    tail = next((t for t in ("secret", "token", "password", "key") if t in n), "key")
    general = {
        "secret": ["client_secret", "secretKey", "app_secret"],
        "token": ["access_token", "authToken", "token"],
        "password": ["password", "passwd"],
        "key": ["api_key", "apiKey", "api-key", "ApiKey", "API_KEY"],
    }
    return r.choice([n, camel, n.replace("_", "-"), s.name, *general[tail]])


@place(*INVISIBLE, "wrapped", "spaced", "wrapped_crlf")
def zh_prose(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        r.choice(
            [
                f"你好，{s.say} 的 api key 是 ",
                f"麻烦看一下，{s.say} 密钥：",
                f"我用的{s.say}令牌是：",
                f"{s.say} 的 secret 填的 ",
                f"key 给你：{s.say} ApiKey=",
                f"后台复制出来的 {s.say} 密钥为 ",
                f"帮我测下这个 {s.say} key：",
                f"{s.say}的访问令牌（token）：",
            ]
        )
    )
    put(d, s)
    d.t(r.choice([" ，一直失败", " 昨天还能用", "\n今天开始全部超时", " ，麻烦尽快", "。谢谢"]))
    noise(r, d)


@place(weak=False)
def zh_glued(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(r.choice(["我的key是", "秘钥", "用这个", "令牌为", "旧的", "复制的是", "【", "（", "「", "填了"]))
    put(d, s)
    d.t(
        r.choice(["不行啊", "这个报错", "对吗", "】", "）额度没了", "」", "和之前一样", "，换了也不行", "。"])
    )
    noise(r, d)


@place(*INVISIBLE, "wrapped", "spaced")
def en_prose(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            (f"Hi team, my {s.say} api key is ", " and it still fails"),
            (f"I regenerated the {s.say} key (", ") but nothing works"),
            (f"here's the {s.say} token: ", "\nthanks!"),
            (f"We use {s.say} with secret ", " since Monday"),
            (f"the {s.say} credential is: ", "\n"),
            (f"key for {s.say}: `", "` please check"),
            (f'the new {s.say} api key "', '" gives 401'),
            (f"tried {s.say} with key=", ", same error"),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z)
    noise(r, d)


@place("wrapped", "fullwidth", "zero_width", weak=False)
def bare_line(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(r.choice(["", "看图\n", "ok this one:\n", "1)\n", "> "]))
    put(d, s)
    noise(r, d, lead="\n")


@place(*INVISIBLE, "unicode_escape", "percent")
def json_nested(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    f = field_name(r, s)
    d.t('{"providers":[{"id":"p1","options":{"baseURL":"').k(f"https://{s.host}", "base_url").t(
        f'/v1","{f}":"'
    )
    put(d, s)
    d.t('","timeout":').t(str(r.randrange(10, 600))).t('}}],"last":{')
    d.t('"request_id":"').k(r.fill("req_{h32}"), "request_id_openai").t('","model":"').k(
        r.choice(MODELS), "model"
    ).t('"}}')


@place("unicode_escape", "zero_width")
def json_in_json(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    q = r.choice(['\\"', '\\\\\\"'])
    f = field_name(r, s)
    d.t('{"level":"error","time":"').k(f"{stamp(r)}T{clock(r)}Z", "timestamp")
    d.t(f'","body":"{{{q}{f}{q}:{q}')
    put(d, s)
    d.t(f"{q},{q}model{q}:{q}").k(r.choice(MODELS), "model").t(f'{q}}}","trace_id":"').k(
        r.fill("{h32}"), "trace_id_hex"
    ).t('"}')


@place("zero_width")
def json_name_value(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, b = r.choice([("name", "value"), ("key", "value"), ("Name", "Value"), ("header", "val")])
    n = r.choice(["x-api-key", "Authorization", s.name])
    d.t(
        f'"headers":[{{"{a}":"content-type","{b}":"application/json"}},{{"{a}":"{n}","{b}":"{"Bearer " if n == "Authorization" else ""}'
    )
    put(d, s)
    d.t(f'"}},{{"{a}":"x-request-id","{b}":"').k(r.uuid(), "request_id_uuid").t('"}]')


@place("wrapped_indented", "unicode_escape", *INVISIBLE)
def yaml_block(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    q = r.choice(["", '"', "'"])
    d.t(f"model_list:\n  - model_name: prod\n    litellm_params:\n      {field_name(r, s)}: {q}")
    put(d, s)
    d.t(f"{q}\n      model: ").k(r.choice(MODELS), "model").t("\n      api_base: ").k(
        f"https://{s.host}/v1", "base_url"
    ).t("\n")


@place("continued", "zero_width")
def k8s_env(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f"        env:\n        - name: {s.name}\n          value: ")
    put(d, s)
    d.t("\n        - name: IMAGE_TAG\n          value: ").k(r.fill("v{d1}.{d2}.{d1}-{h7}"), "version").t("\n")


@place("fullwidth_some", "soft_hyphen")
def toml(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f'[model_providers.{s.say.lower() if s.say.isascii() else "custom"}]\n{field_name(r, s)} = "')
    put(d, s)
    d.t('"\nbase_url = "').k(f"https://{s.host}/v1", "base_url").t('"\n')


@place(*INVISIBLE, "continued")
def dotenv(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    q = r.choice(["", "", '"', "'"])
    d.t(
        f"# prod\nPORT=3000\n{s.name} {'' if r.chance(0.8) else ' '}={q}".replace(f"{s.name} =", f"{s.name}=")
    )
    put(d, s)
    d.t(f"{q}{r.choice(['', '   # 新的'])}\nDEFAULT_MODEL=").k(r.choice(MODELS), "model").t(
        "\nMAX_TOKENS=8192\n"
    )


@place("soft_hyphen")
def ini(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f"[{s.say}]\nendpoint = ").k(s.host, "hostname").t(f"\n{field_name(r, s)} {r.choice(['=', ':'])} ")
    put(d, s)
    d.t("\nretries = 3\n")


@place("continued", *INVISIBLE)
def shell_export(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    q = r.choice(["", '"', "'"])
    lead = r.choice(
        [
            "export {n}={q}",
            "set -gx {n} {q}",
            "setenv {n} {q}",
            "export {n}=$'",
            "declare -x {n}={q}",
            "$ {n}={q}",
        ]
    )
    d.t(lead.format(n=s.name, q=q))
    put(d, s)
    d.t(("'" if lead.endswith("$'") else q) + r.choice(["\n", " && python run.py "]) + "codex --model ").k(
        r.choice(MODELS), "model"
    ).t("\n")


@place("zero_width")
def windows_setx(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(r.choice([f'C:\\> setx {s.name} "', f"C:\\Users\\demo> set {s.name}=", f'setx /M {s.name} "']))
    put(d, s)
    d.t('"' if '"' in d.parts[-2] else "").t("\r\nC:\\> curl -I https://").k(s.host, "hostname").t("\r\n")


@place("concat_plus", "zero_width")
def powershell(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    style = r.randrange(4)
    if style == 0:
        d.t(f'PS> [Environment]::SetEnvironmentVariable("{s.name}", "')
        put(d, s)
        d.t('", "User")\n')
    elif style == 1:
        d.t(f"PS> $headers = @{{ '{r.choice(['x-api-key', 'api-key'])}' = \"")
        put(d, s)
        d.t('"; "Accept" = "*/*" }\n')
    elif style == 2:
        d.t(f"PS> $Env:{s.name}='".replace("'", '"'))
        put(d, s)
        d.t('"\n')
    else:
        d.t('Invoke-RestMethod -Headers @{Authorization="Bearer ')
        put(d, s)
        d.t(f'"}} -Uri https://{s.host}/v1/models\n')
    noise(r, d, 1, lead="")


@place("continued", "zero_width", "fullwidth_some")
def curl_header(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    h = r.choice(
        [
            "Authorization: Bearer ",
            "x-api-key: ",
            "api-key: ",
            "X-Auth-Token: ",
            "PRIVATE-TOKEN: ",
            "Authorization: Token ",
            "Authorization: Key ",
            "x-goog-api-key: ",
            "Ocp-Apim-Subscription-Key: ",
        ]
    )
    q = r.choice(['"', "'"])
    flag = r.choice(["-H ", "--header ", "-H"])
    d.t("curl -sS https://").k(s.host, "hostname").t(f"/v1/chat/completions {flag}{q}{h}")
    put(d, s)
    d.t(f"""{q} -d '{{"model":\"""").k(r.choice(MODELS), "model").t("""","max_tokens":16}'""")


@place()
def curl_user(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    flag = r.choice(
        ["-u api:", "--user svc-desk:", "--oauth2-bearer ", "-u ", "-udeploy:", "--proxy-user desk:"]
    )
    d.t(f"curl {flag}")
    put(d, s)
    d.t(": " if flag == "-u " else " ").t("https://").k(s.host, "hostname").t("/v1/ping -v\n< ").k(
        "HTTP/2 403", "http_status"
    )


@place("percent")
def curl_data(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    f = r.choice(["api_key", "token", "client_secret", "access_token", "apikey", "secret"])
    d.t(f"curl -X POST --data '{r.choice(['', 'grant_type=client_credentials&'])}{f}=")
    put(d, s)
    d.t("&model=").k(r.choice(["glm-4.6", "gpt-5-mini"]), "model").t("' https://").k(s.host, "hostname")


@place(weak=True)
def httpie(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        f"http POST https://{s.host}/v1/embeddings "
        + r.choice(["Authorization:'Bearer ", "'Authorization:Bearer ", "'X-API-Key:"])
    )
    put(d, s)
    d.t("' model=").k("text-embedding-3-large", "model")


@place("zero_width", "fullwidth", "wrapped_indented")
def http_dump(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    h = r.choice(
        [
            "Authorization: Bearer ",
            "authorization: bearer ",
            "X-Api-Key: ",
            "Api-Key: ",
            "x-goog-api-key: ",
            "Proxy-Authorization: Bearer ",
            "X-Auth-Key: ",
            "xi-api-key: ",
            "X-Vault-Token: ",
            "cf-aig-authorization: Bearer ",
        ]
    )
    d.t("POST /v1/messages HTTP/1.1\r\nHost: ").k(s.host, "hostname").t(f"\r\n{h}")
    put(d, s)
    d.t("\r\nContent-Length: 214\r\n\r\nHTTP/1.1 ").k("529 ", "http_status").t("\r\nrequest-id: ").k(
        r.fill("req_011C{a20}"), "request_id_anthropic"
    ).t("\r\n")


@place(
    "concat_plus",
    "concat_plus_lines",
    "concat_single",
    "concat_beside",
    "concat_beside_lines",
    "hex_escape",
    "unicode_escape",
)
def python_code(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    q = '"'
    a, z = r.choice(
        [
            ("client = OpenAI(api_key=", ")"),
            ("headers['x-api-key'] = ", ""),
            (f"os.environ[{q}{s.name}{q}] = ", ""),
            (f"{s.name} = (", ")"),
            ("genai.configure(api_key=", ")"),
            ("api_key: str = ", ""),
            ("client = OpenAI(api_key=(", "))"),
            ("KEYS = dict(api_key=", ")"),
            (f"os.environ.setdefault({q}{s.name}{q}, ", ")"),
            (f"os.getenv({q}{s.name}{q}, ", ")"),
        ]
    )
    d.t(a + d.quote)
    put(d, s)
    d.t(f'{d.quote}{z}\nresp = client.chat.completions.create(model="').k(r.choice(MODELS), "model").t(
        '", max_tokens=1024)\n'
    )


@place("join_list")
def python_join(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(r.choice(["api_key = ''.join([\"", 'token = "".join(("', f'os.environ["{s.name}"] = "".join(["']))
    put(d, s)
    d.t('"))\n' if '(("' in d.parts[-2] else '"])\n')
    noise(r, d, 1, lead="# ")


@place("concat_plus", "concat_single", "hex_escape", "unicode_escape")
def js_code(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    style = r.choice(
        [
            "const client = createClient({ baseURL, apiKey: ",
            f"process.env.{s.name} = ",
            "axios.defaults.headers.common['x-api-key'] = ",
            "const token = ",
            "await fetch(url, { headers: { Authorization: `Bearer ${",
        ]
    )
    d.t(style + d.quote)
    put(d, s)
    d.t(
        d.quote
        + ("}` } })" if "fetch" in style else " });" if "createClient" in style else ";")
        + "  // axios "
    ).k(r.fill("1.{d1}.{d1}"), "version")


@place("concat_plus", "concat_plus_lines", "unicode_escape")
def java_code(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            ('private static final String API_KEY = "', '";'),
            ('.header("Authorization", "Bearer " + "', '")'),
            ('OpenAIOkHttpClient.builder().apiKey("', '").build();'),
            ('System.setProperty("app.secret.key", "', '");'),
            ('@Value("${api.key:', '}")'),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z + "\nat com.demo.Chat.main(Chat.java:42)\n").k(
        "java.net.SocketTimeoutException: Read timed out", "exception"
    )


@place("concat_plus", "hex_escape")
def go_code(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            ('client := openai.NewClient("', '")'),
            ('cfg.APIKey = "', '"'),
            ('req.Header.Set("Authorization", "Bearer "+"', '")'),
            ('const apiKey = "', '"'),
            ('option.WithAPIKey("', '")'),
            ('Config{BaseURL: u, APIKey: "', '"}'),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z + "\n// ").k("github.com/openai/openai-go v1.12.0", "package")


@place("concat_php")
def php_code(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            (f"define('{s.name}', '", "');"),
            (f"putenv('{s.name}=' . '", "');"),
            ("$apiKey = '", "';"),
            ("$config['secret_key'] = '", "';"),
            ("'api_key' => '", "',"),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z + "\n// PHP ").k("8.3.11", "version")


@place("concat_vb", "concat_lua", weak=True)
def other_code(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            ('Sys.setenv(OPENAI_API_KEY = "', '")'),
            (f'ENV["{s.name}"] = "', '"'),
            ('Dim apiKey As String = "', '"'),
            ('local api_key = "', '"'),
            ('let api_key: &str = "', '";'),
            ('var apiKey = "', '"'),
            ('client.DefaultRequestHeaders.Add("x-api-key", "', '");'),
            ('final accessToken = "', '";'),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z + "\n")
    noise(r, d, 1, lead="-- ")


@place("zero_width")
def header_repr(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            ("Headers({'host': 'x', 'authorization': 'Bearer ", "', 'accept': '*/*'})"),
            ("[(b'authorization', b'Bearer ", "'), (b'accept', b'*/*')]"),
            ("map[Accept:[*/*] Authorization:[Bearer ", "] X-Retry:[1]]"),
            ("{Accept=[*/*], Authorization=[Bearer ", "]}"),
            ("[authorization] => Bearer ", "\n    [accept] => */*"),
            ("<CIMultiDict('Authorization': 'Bearer ", "', 'Accept': '*/*')>"),
            ('{"Authorization"=>"Bearer ', '", "Accept"=>"*/*"}'),
            ("headers: AxiosHeaders {\n  Authorization: 'Bearer ", "',\n  'User-Agent': 'axios/1.7.9' }"),
            ('HeaderMap { "authorization": "Bearer ', '" }'),
            ("http.headers={x-api-key=", ", accept=*/*}"),
            ("metadata=(('x-api-key', '", "'),)"),
        ]
    )
    d.t('Traceback (most recent call last):\n  File "').k("/app/worker/chat.py", "file_path").t(
        '", line 88, in send\n    headers = ' + a
    )
    put(d, s)
    d.t(z + "\n").k("openai.APIConnectionError: Connection error.", "exception")


@place("zero_width")
def traceback_kwargs(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        r.choice(
            [
                '  File "chat.py", line 12\n    llm = ChatOpenAI(openai_api_key=\'',
                "Settings(base_url='https://x', api_key='",
                "ValidationError: 1 validation error for Config\napi_key\n  Value error [type=value_error, input_value={'api_key': '",
                "Client.__init__() kwargs={'api_key': '",
                "locals: api_key = '",
                "Provider(id=3, secret_key='",
            ]
        )
    )
    put(d, s)
    d.t("')\n").k(
        r.choice(["httpx.ConnectTimeout: timed out", "ValueError: unsupported provider"]), "exception"
    ).t("\n")
    noise(r, d, 1, lead="")


@place("zero_width", "soft_hyphen")
def log_line(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.k(f"{stamp(r)} {clock(r)}", "timestamp")
    d.t(
        r.choice(
            [
                " ERROR relay: upstream rejected key=",
                " [GIN] token=",
                " WARN auth failed api_key=",
                " DEBUG channel#12 use key: ",
                " INFO x-api-key=",
            ]
        )
    )
    put(d, s)
    d.t(" status=401 channel=12 request_id=").k("20260" + r.fill("{d17}{a8}"), "request_id_oneapi").t(
        " model="
    ).k(r.choice(MODELS), "model")


@place("unicode_escape")
def sdk_error(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            ("Incorrect API key provided: ", ". You can find your API key at https://platform.example.com."),
            ("Invalid token: ", " (invalid_request)"),
            ("API key not valid: ", ", please pass a valid key"),
            ("无效的令牌：", "，请检查"),
            ("The api key ", " has been revoked"),
            ("LiteLLM Virtual Key expected. Received=", ", expected to start with 'sk-'."),
            ("Authentication Fails, Your api key: ", " is invalid"),
            ("user token '", "' not found in db"),
            ("invalid x-api-key: ", ""),
            ("received API key = ", ", Key Hash (Token) ="),
        ]
    )
    d.t('{"error":{"message":"' + a)
    put(d, s)
    d.t(z + '","type":"').k("invalid_request_error", "error_code").t('","param":null}}')


@place("zero_width", "fullwidth_some")
def markdown_table(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        "| 服务 | Key | 模型 |\n|---|---|---|\n| ".replace(
            "Key", r.choice(["API Key", "密钥", "Token", "Secret"])
        )
        + s.say
        + " | "
    )
    t = r.choice(["", "`"])
    d.t(t)
    put(d, s)
    d.t(t + " | ").k(r.choice(MODELS), "model").t(" |\n")


@place("zero_width")
def markdown_fence(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f"复现：\n```{r.choice(['bash', 'env', ''])}\n{s.name}=")
    put(d, s)
    d.t("\n```\n")
    fact(r, d)


@place("zero_width", "spaced", "fullwidth", "wrapped")
def screenshot(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f"微信聊天记录\n{clock(r)} 张三\n设置 > 模型服务 > {s.say}\nAPI 密钥\n")
    put(d, s)
    d.t("\nAPI 地址\n").k(f"https://{s.host}", "base_url").t("\n模型\n").k(r.choice(MODELS), "model").t("\n")


@place("zero_width")
def csv_line(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    q = r.choice(["", '"'])
    d.t(f"id,provider,{r.choice(['api_key', 'key', 'token', 'secret'])},model,created\n7,{s.say},{q}")
    put(d, s)
    d.t(f"{q},").k(r.choice([m for m in MODELS if "," not in m]), "model").t(",").k(
        "17" + r.fill("{d8}"), "timestamp"
    ).t("\n")


@place("percent", "double_percent", "zero_width")
def query_string(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    f = r.choice(
        [
            "key",
            "api_key",
            "apikey",
            "access_token",
            "token",
            "appkey",
            "api-key",
            "client_secret",
            "auth_token",
            "apiKey",
        ]
    )
    d.t("GET https://").k(s.host, "hostname").t(f"/v1/models?alt=sse&{f}=")
    put(d, s)
    d.t("&page=2 -> ").k("HTTP/1.1 403 Forbidden", "http_status")


@place("percent", weak=False)
def share_link(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    if r.chance(0.5):
        d.t('https://chat.demo-next.cn/#/?settings={"key":"')
        put(d, s)
        d.t('","url":"').k("https://api.relay-demo.cn", "base_url").t('"}')
    else:
        d.t("cherrystudio://providers/api-keys?v=1&apiKey=")
        put(d, s)
        d.t("&baseUrl=").k("https://api.relay-demo.cn", "base_url")


@place("entity_decimal", "entity_hex", "zero_width")
def xml(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    f = field_name(r, s)
    a, z = r.choice(
        [
            (f"<{f}>", f"</{f}>"),
            (f'<add key="{f}" value="', '" />'),
            (f'<property name="{f}" value="', '"/>'),
            (f'<string name="{f}">', "</string>"),
            (f"<key>{f}</key>\n<string>", "</string>"),
            (f'<config {f}="', '"/>'),
            (f"<entry key='{f}'><![CDATA[", "]]></entry>"),
        ]
    )
    if "CDATA" in a and "&#" in "".join(d.parts):
        a, z = f"<{f}>", f"</{f}>"
    d.t('<?xml version="1.0"?>\n<settings>\n  ' + a)
    put(d, s)
    d.t(z + "\n  <model>").k(r.choice(MODELS), "model").t("</model>\n</settings>")


@place("entity_decimal", "entity_hex")
def html_form(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t('<label>API Key</label><input type="text" value="')
    put(d, s)
    d.t(f'" name="{field_name(r, s)}"> <span>').k("insufficient_user_quota", "error_code").t("</span>")


@place()
def url_userinfo(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    shown = quote(s.value, safe="")
    d.t(
        r.choice(
            [
                "git clone https://oauth2:",
                "remote: https://x-access-token:",
                "pip install --index-url https://__token__:",
                "https://",
            ]
        )
    )
    d.hide(s, shown, (shown,) if shown != s.value else ())
    d.t("@").k(s.host, "hostname").t("/team/repo.git")


@place()
def cli_flag(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    f = r.choice(
        [
            "--api-key ",
            "--api-key=",
            "--token ",
            "--token=",
            "--secret-key ",
            "--auth-token=",
            "-apikey ",
            "--openai-api-key ",
            "-Dapp.api-key=",
            "/apikey:",
        ]
    )
    d.t(
        r.choice(["root  4121  0.3 python serve.py --port 8000 ", "$ npx tool run ", "java -jar app.jar "])
        + f
    )
    put(d, s)
    d.t(" --model ").k(r.choice(MODELS), "model")


@place("continued")
def docker_env(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            (f"docker run -d -e {s.name}=", " -p 3000:3000 "),
            (f'"Env": ["PATH=/usr/bin", "{s.name}=', '"], "Image": '),
            (f"ENV {s.name} ", "\nFROM "),
            (f"    environment:\n      - {s.name}=", "\n    image: "),
            (f'Environment="{s.name}=', '"\nExecStart='),
            (f"kubectl create secret generic llm --from-literal={s.name.lower()}=", " -n prod # "),
            (f"ARG {s.name}=", "\nFROM "),
            (f"fly secrets set {s.name}=", " -a demo # "),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z).k("calciumion/new-api:v0.9.3", "version")


@place()
def sql_insert(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        r.choice(
            [
                "INSERT INTO channels (id, name, api_key) VALUES (12, 'prod', '",
                "UPDATE tokens SET secret='",
                "UPDATE providers SET api_key = '",
            ]
        )
    )
    put(d, s)
    d.t("');  -- ").k(r.choice(MODELS), "model")


@place(weak=False)
def key_list(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    row = next(x for x in table(STRONG, True) if x[0] == s.kind)
    d.t(r.choice(["渠道里填了三个 key：\n", "keys:\n- ", "OPENAI_API_KEYS="]))
    sep = {"渠": "\n", "k": "\n- ", "O": ","}[d.parts[-1][0]]
    put(d, s)
    d.t(sep)
    d.hide(make(r, row))
    d.t(sep)
    d.hide(make(r, row))
    d.t("\n")
    fact(r, d)


@place(weak=False)
def websocket_protocol(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.")
    put(d, s)
    d.t(", openai-beta.realtime-v1\nSec-WebSocket-Version: 13\n")
    noise(r, d, 1, lead="")


@place("quoted_printable")
def mail(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t("Content-Transfer-Encoding: quoted-printable\nSubject: API unstable\n\nour key: ")
    put(d, s)
    d.t("\nregards\n")
    noise(r, d, 1, lead="")


@place()
def properties(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        r.choice(
            [
                "spring.ai.openai.api-key=",
                "app.auth.secret=",
                "gateway.token = ",
                "sonar.login=",
                f"{s.name.lower().replace('_', '.')}=",
                "spring.datasource.password=",
            ]
        )
    )
    put(d, s)
    d.t("\nserver.port=8080\nspring.ai.openai.chat.options.model=").k(r.choice(MODELS), "model").t("\n")


@place("percent", "double_percent")
def access_log(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    f = r.choice(["key", "access_token", "apiKey", "api_key", "auth_token", "client_secret"])
    d.t('203.0.113.9 - - [03/Aug/2026:10:11:12 +0800] "GET /v1/models?').t(f"{f}=")
    put(d, s)
    d.t('&alt=json HTTP/1.1" 401 153 "-" "').k("python-requests/2.32.3", "user_agent").t('" rid=').k(
        r.fill("{h32}"), "trace_id_hex"
    )


@place()
def fragment(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t("https://").k(s.host, "hostname").t(
        r.choice(
            [
                "/cb#token_type=bearer&access_token=",
                "/#/login?token=",
                "/auth#state=x&id_token=",
                "/#access_token=",
            ]
        )
    )
    d.hide(s, quote(s.value, safe=""), tuple(quote(core, safe="") for core in s.core))
    d.t("&expires_in=3600 ").k("HTTP/2 403", "http_status")


@place("concat_plus", "concat_beside", "unicode_escape", "concat_prefix")
def env_default(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            (f'os.environ.get("{s.name}", "', '")'),
            (f'os.getenv("{s.name}") or "', '"'),
            (f'ENV.fetch("{s.name}", "', '")'),
            (f'process.env.{s.name} ?? "', '"'),
            ('api_key: SecretStr = SecretStr("', '")'),
            ('token = Some("', '")'),
            ('apiKey := String("', '")'),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z + "\nmodel = os.environ.get('M', '").k(r.choice(MODELS), "model").t("')\n")


@place(
    "concat_haskell",
    "concat_prefix",
    "concat_vb_lines",
    "concat_calls",
    "concat_grown",
    "concat_sql",
    weak=False,
)
def more_joins(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(r.choice(['key = "', 'let apiKey = ("', 'const token = ("', 'api_key = new Builder("']))
    put(d, s)
    d.t('")\nversion = "').k(r.fill("{d1}.{d2}.{d1}"), "version").t('"\n')


@place("concat_shell", "continued")
def shell_quotes(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f'{s.name}="')
    put(d, s)
    d.t('" ./run --model ').k(r.choice(MODELS), "model").t("\n")


@place()
def sql_rows(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    column = "secret" if "secret" in s.name.lower() else r.choice(["api_key", "`key`", "access_token"])
    d.t(f"INSERT INTO `tokens` (`id`,`name`,{column},`request_id`,`created_at`) VALUES (7,'prod','")
    put(d, s)
    d.t("','").k(r.fill("{h32}"), "request_id_plain").t("','").k(f"{stamp(r)} {clock(r)}", "timestamp")
    d.t("'),(8,'test',NULL,'").k(r.uuid(), "request_id_uuid").t("',NOW());\n")


@place("zero_width")
def client_table(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        "+----+------+-----------+\n| id | name | api_key | model |\n+----+------+-----------+\n| 12 | prod | "
    )
    put(d, s)
    d.t(" | ").k(r.choice(MODELS), "model").t(" |\n+----+------+-----------+\n").k(
        "1 row in set (0.00 sec)", "plain_words"
    )


@place("zero_width")
def postman(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    n = r.choice(["token", "apiKey", s.name])
    d.t('{"_postman_id":"').k(r.uuid(), "request_id_uuid").t(f'","variable":[{{"key":"{n}","value":"')
    put(d, s)
    d.t('","type":"string"},{"key":"model","value":"').k(r.choice(MODELS), "model").t('"}]}')


@place(weak=False)
def json_key_list(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    row = next(x for x in table(STRONG, True) if x[0] == s.kind)
    d.t('{\n  "apiKeys": [\n    "')
    put(d, s)
    d.t('",\n    "')
    d.hide(make(r, row))
    d.t('"\n  ],\n  "baseUrl": "').k(f"https://{s.host}/v1", "base_url").t('"\n}\n')


@place(*INVISIBLE)
def zh_changes(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(
        r.choice(
            [
                f"{s.say} 的 api key 刚换成 ",
                f"环境变量 {s.name} 的值是 ",
                "x-api-key 传的是 ",
                f"{s.say} access_token 已更新为 ",
                f"渠道 #12 的密钥改成了 {s.say} ",
                f"后台把 {s.say} 密钥重置为：",
                "AppSecret(应用密钥) ",
                "密钥给你：",
            ]
        )
    )
    put(d, s)
    d.t(r.choice([" ，还是不行", " 之后报错", " ，麻烦看下"]))
    noise(r, d)


@place()
def later_argument(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    a, z = r.choice(
        [
            ('DefaultProfile.getProfile("cn-hangzhou", "old-id", "', '")'),
            ('requests.get(u, auth=("svc", "', '"))'),
            ('credential.Credential("id-1", "', '")'),
            ('req.SetBasicAuth("ops", "', '")'),
            ('smtp.login("robot", "', '")'),
        ]
    )
    d.t(a)
    put(d, s)
    d.t(z + "  # ").k(r.fill("req_{h32}"), "request_id_openai").t("\n")


@place()
def reg_file(r: Dice, d: Draft, s: Secret, put: Put) -> None:
    d.t(f'[HKEY_CURRENT_USER\\Environment]\r\n"{s.name}"="')
    put(d, s)
    d.t('"\r\n"TEMP"="').k("%USERPROFILE%\\\\AppData", "file_path").t('"\r\n')


# --- Whole constructions that bring their own secret
BUILDERS: list[Callable[[Dice], Draft]] = []


def builder(f: Callable[[Dice], Draft]) -> Callable[[Dice], Draft]:
    BUILDERS.append(f)
    return f


SCHEMES = [
    "postgresql",
    "postgres",
    "mysql",
    "mysql+pymysql",
    "mongodb+srv",
    "mongodb",
    "redis",
    "rediss",
    "amqps",
    "clickhouse",
    "mssql+pyodbc",
    "nats",
    "postgresql+asyncpg",
    "mariadb",
    "kafka",
    "ldap",
    "smtp",
    "smtps",
    "ftp",
    "sftp",
    "socks5",
    "http",
    "https",
    "mqtt",
    "cockroachdb",
    "neo4j+s",
    "elasticsearch",
    "rtsp",
]


@builder
def service_url(r: Dice) -> Draft:
    scheme = r.choice(SCHEMES)
    d = Draft("service_url")
    p = password(r, scheme.split("+")[0] + "_url", signs="!$*~@#%&")
    shown = quote(p.value, safe="!$*~")
    user = (
        ""
        if scheme.startswith("redis") and r.chance(0.5)
        else r.choice(["root", "app_user", "postgres", "admin", "svc%40corp"])
    )
    d.t(
        r.choice(
            [
                "DATABASE_URL=",
                "连接串 ",
                '"dsn": "',
                "Error: could not connect to ",
                "SQL_DSN=",
                "url: ",
                "proxy=",
            ]
        )
    )
    d.t(f"{scheme}://{user}:").hide(p, shown, (shown,)).t("@").k(r.choice(HOSTS), "hostname").t(
        r.choice([":5432/app", "/desk?sslmode=require", ":6379/0", "/"])
    )
    d.t('"' if d.parts[0].endswith('"') else "")
    noise(r, d)
    return d


@builder
def connection_string(r: Dice) -> Draft:
    d = Draft("connection_string")
    host = r.choice(HOSTS)
    p = password(r, "connection_string", signs="!$*#@")
    style = r.randrange(9)
    if style == 0:
        d.t("Server=tcp:").k(host, "hostname").t(",1433;Initial Catalog=desk;User ID=sa;Password=").hide(p).t(
            ";Encrypt=True;"
        )
    elif style == 1:
        d.t("DefaultEndpointsProtocol=https;AccountName=deskstore;AccountKey=").hide(
            Secret("azure_storage_key", v := r.fill("{B86}") + "==", [v])
        ).t(";EndpointSuffix=").k("core.windows.net", "hostname")
    elif style == 2:
        d.t("Endpoint=sb://").k("desk.servicebus.windows.net", "hostname").t(
            "/;SharedAccessKeyName=Root;SharedAccessKey="
        ).hide(Secret("azure_bus_key", v := r.fill("{B43}") + "=", [v]))
    elif style == 3:
        d.t("jdbc:mysql://").k(host, "hostname").t(":3306/app?user=root&password=").hide(
            p, quote(p.value, safe=""), (quote(p.value, safe=""),)
        ).t("&useSSL=false")
    elif style == 4:
        d.t("host=").k(host, "hostname").t(" port=5432 user=app password=").hide(p).t(" dbname=desk")
    elif style == 5:
        d.t(
            'org.apache.kafka.common.security.plain.PlainLoginModule required username="svc" password="'
        ).hide(p).t('";')
    elif style == 6:
        d.t("AccountEndpoint=https://desk.documents.azure.com:443/;AccountKey=").hide(
            Secret("cosmos_key", v := r.fill("{B86}") + "==", [v])
        ).t(";")
    elif style == 7:
        d.t("root:").hide(p).t("@tcp(").k(host, "hostname").t(":3306)/newapi?parseTime=true")
    else:
        d.t("Data Source=").k(host, "hostname").t(";Uid=app;Pwd=").hide(p).t(";")
    noise(r, d)
    return d


@builder
def password_prose(r: Dice) -> Draft:
    d = Draft("password_prose")
    p = password(r)
    a, z = r.choice(
        [
            ("账号 demo01 密码 ", " 登录不上"),
            ("后台密码是", "，帮我看看"),
            ("登录密码：", " 谢谢"),
            ("初始密码为 ", "。"),
            ("我的账号admin，密码", " 怎么进不去"),
            ("口令: ", " 不对吗"),
            ("my password is ", " and I cannot log in"),
            ("password: ", "\n"),
            ("Login with admin / password ", " please"),
            ("pwd=", " user=admin"),
            ("the root password was set to ", " yesterday"),
            ("passwd：", "，试过了"),
            ("服务器密码 ", " 你们自己登上去看"),
            ("用户名：ops\n密码：", "\n"),
            ("user: ops\npass: ", "\n"),
            ("数据库的密码改成了 ", " 之后就连不上"),
            ("解压密码：", " "),
            ("远程桌面密码【", "】"),
            ("密码（", "）"),
            ("credentials: username=ops password=", " region=cn"),
        ]
    )
    d.t(a).hide(p).t(z)
    noise(r, d)
    return d


@builder
def password_field(r: Dice) -> Draft:
    d = Draft("password_field")
    p = password(r, signs="!@#$*?")
    f = r.choice(
        [
            "password",
            "passwd",
            "pwd",
            "db_password",
            "DB_PASS",
            "smtpPassword",
            "redis-password",
            "MYSQL_ROOT_PASSWORD",
            "adminPassword",
            "passphrase",
            "ssh_pass",
            "POSTGRES_PASSWORD",
            "ansible_become_pass",
            "keystorePassword",
            "登录密码",
            "user_pass",
        ]
    )
    a, z = r.choice(
        [
            (f'{{"user":"ops","{f}":"', '","port":5432}'),
            (f"{f}: ", "\nport: 5432"),
            (f"{f}=", "\nHOST=db"),
            (f"export {f}='", "'"),
            (f"<{f}>", f"</{f}>"),
            (f"'{f}' => '", "',"),
            (f"{{'{f}': '", "'}"),
            (f'{f} = "', '"'),
            (f"define('{f}', '", "');"),
            (f'\\"{f}\\": \\"', '\\"'),
            (f"--{f}=", " --host db"),
            (f"{f}&quot;:&quot;", "&quot;"),
        ]
    )
    d.t(a).hide(p).t(z)
    noise(r, d)
    return d


@builder
def password_command(r: Dice) -> Draft:
    d = Draft("password_command")
    p = password(r, "cli_password", signs="@_.+")
    a, z = r.choice(
        [
            ("mysql -h db -uroot -p", " newapi"),
            ("mysqldump --password=", " newapi"),
            ("redis-cli -h cache -a ", " ping"),
            ("sshpass -p ", " ssh root@bastion"),
            ("sshpass -p'", "' scp a root@bastion:/"),
            ("PGPASSWORD=", " psql -h db -U app"),
            ("docker login -u demo -p ", " registry.corp-demo.cn"),
            ("wget --user=ops --password=", " https://x.corp-demo.cn/a"),
            ("az login --service-principal -u app -p ", " --tenant t"),
            ("openssl rsa -passin pass:", " -in k.pem"),
            ("gpg --batch --passphrase ", " -d a.gpg"),
            ("mongosh -u admin -p ", " --authenticationDatabase admin"),
            ("svn co --username ops --password ", " svn://x"),
            ("keytool -list -storepass ", " -keystore a.jks"),
            ("net use Z: \\\\nas\\share ", " /user:ops"),
            ("curl -u admin:", " http://es:9200"),
            ("echo '", "' | sudo -S systemctl restart new-api"),
            ("helm install x --set auth.password=", " ."),
            ("ldapsearch -D cn=admin -w ", " -b dc=x"),
            ("unzip -P ", " logs.zip"),
            ("7z x -p", " logs.7z"),
            ("htpasswd -b /etc/nginx/.htpasswd ops ", ""),
            ("rabbitmqctl add_user desk ", ""),
            ("docker run -e MYSQL_ROOT_PASSWORD=", " mysql:8"),
        ]
    )
    d.t("$ " + a).hide(p).t(z)
    noise(r, d, lead="\n")
    return d


@builder
def basic_base64(r: Dice) -> Draft:
    d = Draft("basic_base64")
    p = password(r, "basic_auth")
    raw = base64.b64encode(f"{r.choice(WORDS)}:{p.value}".encode()).decode()
    a, z = r.choice(
        [
            ("Authorization: Basic ", "\r\n"),
            ("'Authorization': 'Basic ", "'"),
            ('{"auths":{"registry.corp-demo.cn":{"auth":"', '"}}}'),
            ("Proxy-Authorization: Basic ", "\n"),
            ("//npm.corp-demo.cn/:_auth=", "\n"),
            ("authorization=[Basic ", "]"),
            ("curl -H 'authorization: basic ", "' https://x.corp-demo.cn"),
        ]
    )
    d.t(a).hide(Secret("basic_auth", raw, [raw, p.value], strong=True)).t(z)
    noise(r, d, lead="\n")
    return d


@builder
def k8s_base64(r: Dice) -> Draft:
    d = Draft("k8s_secret+base64")
    s = make(r, r.choice(table(STRONG, True)))
    style = r.randrange(4)
    raw = s.value.encode()
    if style == 1:
        raw = f"{s.name}={s.value}\n".encode()
    elif style == 2:
        raw = json.dumps({"api_key": s.value, "base_url": f"https://{s.host}"}).encode()
    shown = (base64.urlsafe_b64encode if style == 3 else base64.b64encode)(raw).decode()
    if style == 3:
        shown = shown.rstrip("=")
    a, z = r.choice(
        [
            (f"apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  {s.name}: ", "\nmetadata:\n  name: llm"),
            ("base64 后是 ", " 你解一下"),
            (f'"data":{{"{s.name.lower()}":"', '"}'),
            ("echo ", " | base64 -d"),
            ("config=", "&v=2"),
        ]
    )
    d.t(a).hide(s, shown, (shown,)).t(z)
    noise(r, d, lead="\n")
    return d


@builder
def cookies(r: Dice) -> Draft:
    d = Draft("cookie")
    name, shape = r.choice(
        [
            ("sessionid", "{l32}"),
            ("PHPSESSID", "{l26}"),
            ("JSESSIONID", "{H32}"),
            ("connect.sid", "s%3A{b32}.{b43}"),
            ("cf_clearance", "{b43}-1760000000-1.2.1.1-{b80}"),
            ("__Secure-next-auth.session-token", "{b180}"),
            ("SESSDATA", "{h8}%2C17{d8}%2C{h5}%2Ab1{b60}"),
            ("laravel_session", "eyJ{b200}%3D"),
            ("session", ".eJ{b60}.{b6}.{b27}"),
            ("remember_token", "{d3}|{h128}"),
            ("access_token", "{jwt}"),
            ("_gitlab_session", "{h32}"),
            ("authjs.session-token", "{b120}"),
            ("koa.sid", "{b32}"),
            ("ASP.NET_SessionId", "{l24}"),
            ("oai-did-session", "{b64}"),
            ("sid", "{a40}"),
            ("user_session", "{b48}"),
            ("__Host-session", "{b44}"),
            ("SSESS0123", "{b43}"),
            ("wordpress_logged_in_ab12", "admin%7C17{d8}%7C{a43}%7C{h64}"),
        ]
    )
    v = r.fill(shape)
    core = v.split(".")[1:] if "{jwt}" in shape else [x for x in re.split(r"%7C|%2C|\|", v) if len(x) >= 20]
    a, z = r.choice(
        [
            ("Cookie: lang=zh; ", "; theme=dark\n"),
            ("Set-Cookie: ", "; Path=/; HttpOnly; SameSite=Lax\n"),
            ("curl -b '", "' https://console.relay-demo.cn\n"),
            ("-H 'cookie: ", "; lang=zh-CN' \\\n"),
            ('document.cookie = "', '";\n'),
            ("'Cookie': 'locale=zh; ", "'\n"),
            ("cookies={'", "'}\n"),
            ('"cookie": "', '"\n'),
        ]
    )
    sep = "': '" if a.startswith("cookies") else "="
    d.t(a + name + sep).hide(Secret("cookie", v, core, strong=False)).t(z)
    noise(r, d, lead="")
    return d


@builder
def signed_url(r: Dice) -> Draft:
    d = Draft("signed_url")
    host, path, rest, shape, kind = r.choice(
        [
            (
                "demo.s3.ap-southeast-1.amazonaws.com",
                "/out/v.mp4",
                "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260801T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=",
                "{h64}",
                "aws_presigned",
            ),
            (
                "demo.s3.amazonaws.com",
                "/out/v.mp4",
                "?Expires=1790000000&Signature=",
                "{a27}%3D",
                "aws_presigned_v2",
            ),
            (
                "deskstore.blob.core.windows.net",
                "/vid/a.mp4",
                "?sv=2024-11-04&sr=b&sp=r&se=2026-08-02T00%3A00%3A00Z&sig=",
                "{a41}%2B%3D",
                "azure_sas",
            ),
            (
                "storage.googleapis.com",
                "/b/a.mp4",
                "?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Expires=900&X-Goog-Signature=",
                "{h256}",
                "gcs_signed",
            ),
            (
                "dashscope-result-bj.oss-cn-beijing.aliyuncs.com",
                "/1d/a.mp4",
                "?Expires=1790000000&Signature=",
                "{a26}%3D",
                "oss_signed",
            ),
            (
                "demo.oss-cn-hangzhou.aliyuncs.com",
                "/a.png",
                "?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-expires=600&x-oss-signature=",
                "{h64}",
                "oss_signed_v4",
            ),
            (
                "demo-125.cos.ap-guangzhou.myqcloud.com",
                "/a.png",
                "?q-sign-algorithm=sha1&q-sign-time=1790000000%3B1790003600&q-signature=",
                "{h40}",
                "cos_signed",
            ),
            (
                "ark-content.tos-cn-beijing.volces.com",
                "/v.mp4",
                "?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Expires=86400&X-Tos-Signature=",
                "{h64}",
                "tos_signed",
            ),
            (
                "d111111abcdef8.cloudfront.net",
                "/v.mp4",
                "?Expires=1790000000&Signature=",
                "{b120}__",
                "cloudfront_signed",
            ),
            (
                "prod-12.westus.logic.azure.com",
                "/workflows/ab/triggers/manual/paths/invoke",
                "?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig=",
                "{b43}",
                "logic_app",
            ),
        ]
    )
    v = r.fill(shape)
    d.t(r.choice(["视频链接 ", "result url: ", '"url":"', "GET "]) + "https://").k(host, "hostname").t(
        path + rest
    ).hide(Secret(kind, v, [v.split("%")[0]], strong=False))
    d.t('"' if d.parts[0].endswith('"https://') else "")
    noise(r, d, lead=" ")
    return d


@builder
def webhook_url(r: Dice) -> Draft:
    d = Draft("webhook_url")
    a, shape, kind = r.choice(
        [
            ("https://hooks.slack.com/services/T0{u8}/B0{u8}/", "{a24}", "slack_webhook"),
            ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", "{uuid}", "wecom_webhook"),
            ("https://api.telegram.org/bot{d10}:", "AA{b33}/sendMessage", "telegram_url"),
            ("https://open.larksuite.com/open-apis/bot/v2/hook/", "{uuid}", "lark_webhook"),
            (
                "https://demo.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/",
                "{h32}/{uuid}",
                "teams_webhook",
            ),
            ("https://hooks.zapier.com/hooks/catch/{d7}/", "{l7}{l5}", "zapier_webhook"),
            ("https://maker.ifttt.com/trigger/fail/with/key/", "{b43}", "ifttt_webhook"),
            ("https://sctapi.ftqq.com/", "SCT{d6}T{a24}.send", "serverchan_url"),
            ("https://api.day.app/", "{a22}/fail", "bark_url"),
            ("https://www.pushplus.plus/send?token=", "{h32}", "pushplus_url"),
            ("https://discordapp.com/api/webhooks/{d18}/", "{b68}", "discord_webhook"),
            (
                "https://chat.googleapis.com/v1/spaces/AAAA{a7}/messages?key=AIza{b35}&token=",
                "{b43}%3D",
                "google_chat_webhook",
            ),
            ("https://events.pagerduty.com/integration/", "{h32}/enqueue", "pagerduty_url"),
            ("https://discord.com/api/v10/webhooks/{d19}/", "{b68}", "discord_webhook"),
            ("https://hook.eu1.make.com/", "{l32}", "make_webhook"),
            ("https://mattermost.corp-demo.cn/hooks/", "{l26}", "mattermost_webhook"),
            ("https://oapi.dingtalk.com/robot/send?access_token=", "{h64}", "dingtalk_webhook"),
        ]
    )
    v = r.fill(shape)
    d.t(r.choice(["告警机器人 ", "webhook: ", "WEBHOOK_URL=", '"hook":"']) + r.fill(a)).hide(
        Secret(kind, v, [v.split("/")[0].split("%")[0].removesuffix(".send")])
    )
    d.t('"' if d.parts[0].startswith('"hook') else "")
    noise(r, d)
    return d


@builder
def monitor_dsn(r: Dice) -> Draft:
    d = Draft("monitor_dsn")
    s = Secret("sentry_dsn", v := r.fill("{h32}"), [v], strong=False)
    a, z = r.choice(
        [
            ("dsn: https://", "@o4507.ingest.us.sentry.io/"),
            ("Sentry.init({ dsn: 'https://", "@sentry.corp-demo.cn/"),
            ("SENTRY_DSN=https://", "@glitchtip.corp-demo.cn/"),
            ('sentry_sdk.init("https://', "@o99.ingest.de.sentry.io/"),
        ]
    )
    d.t(a).hide(s).t(z + r.fill("{d3}") + "\n")
    noise(r, d, lead="")
    return d


def body_lines(r: Dice, n: int, width: int = 64) -> list[str]:
    return [r.chars(CLASSES["B"], width) for _ in range(n)] + [
        r.chars(CLASSES["B"], r.randrange(14, 60)) + "=="
    ]


@builder
def armoured(r: Dice) -> Draft:
    d = Draft("armoured")
    label = r.choice(
        [
            "EC " + "PRIVATE KEY",
            "PRIVATE " + "KEY",
            "ENCRYPTED " + "PRIVATE KEY",
            "PGP " + "PRIVATE KEY BLOCK",
            "DSA " + "PRIVATE KEY",
            "OpenVPN " + "Static key V1",
        ]
    )
    lines = [r.fill("{h32}") for _ in range(16)] if "OpenVPN" in label else body_lines(r, r.randrange(3, 14))
    start, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
    style = r.choice(
        [
            "plain",
            "crlf",
            "json",
            "indented",
            "quoted_mail",
            "cut",
            "oneline",
            "concat",
            "zero_width",
            "double_json",
        ]
    )
    inner = [
        start,
        *(
            [
                "",
            ]
            if "PGP" in label
            else []
        ),
        *lines,
        end,
    ]
    if style == "cut":
        inner = inner[:-1]
    joiner = {
        "crlf": "\r\n",
        "json": "\\n",
        "double_json": "\\\\n",
        "indented": "\n      ",
        "quoted_mail": "\n> ",
        "oneline": " ",
        "concat": '\\n" +\n  "',
    }.get(style, "\n")
    if style == "zero_width":
        inner = [sprinkle(r, x, ZERO, 0.08) if x in lines else x for x in inner]
    a, z = {
        "json": ('{"type":"service_account","private_key":"', '\\n","client_id":"1"}'),
        "indented": ("tls.key: |\n      ", ""),
        "quoted_mail": ("> ", ""),
        "concat": ('String pem = "', '";'),
    }.get(style, (r.choice(["私钥：\n", "cat id_rsa\n", ""]), ""))
    d.t(a).hide(Secret("private_key", joiner.join(inner), [x for x in lines if len(x) >= 12])).t(z + "\n")
    d.context = f"armoured_{style}"
    noise(r, d, lead="")
    return d


@builder
def public_armour(r: Dice) -> Draft:
    d = Draft("public_armour")
    label = r.choice(["CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST", "PGP PUBLIC KEY BLOCK"])
    d.t("证书内容\n").k(
        "\n".join([f"-----BEGIN {label}-----", *body_lines(r, 4), f"-----END {label}-----"]), "public_block"
    ).t("\n")
    noise(r, d, lead="")
    return d


def digest(r: Dice, kind: str, *shapes: str) -> Secret:
    v = r.fill(r.choice(shapes))
    return Secret(kind, v, [v.rsplit("$", 1)[1]], strong=False)  # the salt may stay


def kube_key(r: Dice) -> Secret:
    pem = (
        "-----BEGIN RSA "
        + "PRIVATE KEY-----\n"
        + "\n".join(body_lines(r, 6))
        + "\n-----END RSA "
        + "PRIVATE KEY-----\n"
    )
    v = base64.b64encode(pem.encode()).decode()
    return Secret("kube_key", v, [v[44:], *pem.split("\n")[1:7]], strong=False)


@builder
def config_file(r: Dice) -> Draft:
    d = Draft("config_file")
    p = password(r, "config_password", signs="@_!*")

    def sec(kind: str, shape: str, core: int = 0) -> Secret:
        v = r.fill(shape)
        return Secret(kind, v, [v[core:]], strong=False)

    style = r.randrange(27)
    if style == 0:
        d.t("machine ").k("api.github.com", "hostname").t(" login ops password ").hide(p).t("\n")
    elif style == 1:
        d.t("registry=https://npm.corp-demo.cn/\n//npm.corp-demo.cn/:_authToken=").hide(
            sec("npmrc", r.choice(["{uuid}", "npm_{a36}", "{b43}"]))
        ).t("\nalways-auth=true\n")
    elif style == 2:
        d.t("[pypi]\nrepository = https://").k("upload.pypi.org", "hostname").t(
            "/legacy/\nusername = ops\npassword = "
        ).hide(p).t("\n")
    elif style == 3:
        d.t("ops:").hide(digest(r, "htpasswd", "$apr1${a8}${a22}", "$2y$10${a53}", "$2b$12${a53}")).t("\n")
    elif style == 4:
        d.t("users:\n- name: admin\n  user:\n    client-certificate-data: ").t(
            "LS0tLS1CRUdJTi4uLg==\n    client-key-data: "
        ).hide(kube_key(r)).t("\n")
    elif style == 5:
        d.t("users:\n- name: sa\n  user:\n    token: ").hide(
            Secret("kube_token", v := jwt(r), v.split(".")[1:])
        ).t("\n")
    elif style == 6:
        d.t("扫码 WIFI:T:WPA;S:").k("Desk-Office-5G", "plain_words").t(";P:").hide(p).t(";;")
    elif style == 7:
        d.t('network={\n  ssid="Desk-5G"\n  psk="').hide(p).t('"\n}')
    elif style == 8:
        d.t("办公室 WiFi 密码：").hide(p).t(" 连上以后")
    elif style == 9:
        d.t("otpauth://totp/Desk:ops?secret=").hide(sec("totp", "{t32}")).t("&issuer=Desk&digits=6")
    elif style == 10:
        d.t(r.choice(["两步验证的种子 ", "TOTP secret: ", "谷歌验证器密钥："])).hide(
            sec("totp", r.choice(["{t16}", "{t32}", "{t4} {t4} {t4} {t4}"]))
        ).t(" ")
    elif style == 11:
        d.t("[Interface]\nAddress = 10.7.0.2/32\nPrivateKey = ").hide(sec("wireguard", "{B43}=")).t(
            "\n[Peer]\nPublicKey = "
        ).k(r.fill("{B43}="), "public_key").t("\n")
    elif style == 12:
        d.t("PresharedKey = ").hide(sec("wireguard", "{B43}=")).t("\nEndpoint = ").k(
            "vpn.corp-demo.cn", "hostname"
        ).t(":51820\n")
    elif style == 13:
        v = base64.b64encode(
            json.dumps({"add": "x.corp-demo.cn", "id": r.uuid(), "port": 443}).encode()
        ).decode()
        d.t("节点 vmess://").hide(Secret("vmess", v, [v])).t(" ")
    elif style == 14:
        d.t("ss://").hide(
            Secret(
                "shadowsocks",
                v := base64.urlsafe_b64encode(f"aes-256-gcm:{p.value}".encode()).decode().rstrip("="),
                [v, p.value],
            )
        ).t("@").k("hk.corp-demo.cn", "hostname").t(":8388#hk")
    elif style == 15:
        d.t("trojan://").hide(sec("trojan", "{uuid}")).t("@").k("jp.corp-demo.cn", "hostname").t(":443?sni=x")
    elif style == 16:
        d.t("[client]\nuser=root\npassword=").hide(p).t("\nhost=").k("db.corp-demo.cn", "hostname").t("\n")
    elif style == 17:
        d.k("db.corp-demo.cn", "hostname").t(":5432:desk:app:").hide(p).t("   # ~/.pgpass\n")
    elif style == 18:
        d.t("root:").hide(digest(r, "shadow", "$6${a16}${a86}", "$5${a16}${a43}")).t(":19700:0:99999:7:::\n")
    elif style == 19:
        d.t("[default]\naws_access_key_id = " + r.fill("AKIA{u16}") + "\naws_secret_access_key = ").hide(
            sec("aws_secret", "{B40}")
        ).t("\nregion = ").k("ap-east-1", "plain_words").t("\n")
    elif style == 20:
        d.t('{"client_id":"764086.apps.googleusercontent.com","client_secret":"').hide(
            sec("google_adc", "d-FL{b20}")
        ).t('","refresh_token":"').hide(sec("google_adc", "1//0{b98}", 4)).t('","type":"authorized_user"}')
    elif style == 21:
        d.t("[r2]\ntype = s3\nsecret_access_key = ").hide(sec("rclone", "{h64}")).t("\nendpoint = ").k(
            "r2.cloudflarestorage.com", "hostname"
        ).t("\n")
    elif style == 22:
        d.t("<server><id>nexus</id><username>ops</username><password>").hide(p).t(
            "</password></server>\nMaven "
        ).k("3.9.9", "version")
    elif style == 23:
        d.t(r.choice(["助记词：", "wallet mnemonic: ", "seed phrase is "])).hide(
            Secret(
                "mnemonic",
                v := " ".join(
                    r.choice(
                        [
                            "river",
                            "maple",
                            "tiger",
                            "orbit",
                            "island",
                            "winter",
                            "copper",
                            "velvet",
                            "abandon",
                            "ability",
                            "absorb",
                            "abstract",
                            "zebra",
                            "zone",
                            "oxygen",
                            "orange",
                            "timber",
                            "tissue",
                            "vendor",
                            "wolf",
                        ]
                    )
                    for _ in range(12)
                ),
                [v],
                strong=False,
            )
        ).t("\n")
    elif style == 24:
        d.t(r.choice(["钱包私钥 ", "PRIVATE_KEY=", "private key: "]) + "0x").hide(sec("eth_key", "{h64}")).t(
            "\n"
        )
    elif style == 25:
        d.t("QQ 邮箱 SMTP 授权码：").hide(sec("mail_code", "{L16}")).t("，SMTP ").k("smtp.qq.com", "hostname")
    else:
        d.t("Gmail app password: ").hide(sec("gmail_app", "{L4} {L4} {L4} {L4}")).t("\n")
    noise(r, d, lead="\n")
    return d


@builder
def oauth_reply(r: Dice) -> Draft:
    d = Draft("oauth_reply")
    a, b = r.fill(r.choice(["{b64}", "ya29.{b100}", "{a40}"])), r.fill("{b72}")
    if r.chance(0.5):
        d.t('{"token_type":"Bearer","expires_in":').k("3599", "usage_numbers").t(',"access_token":"').hide(
            Secret("oauth_access", a, [a[5:]], strong=False)
        ).t('","refresh_token":"').hide(Secret("oauth_refresh", b, [b], strong=False)).t(
            '","scope":"openid"}'
        )
    else:
        d.t("POST /oauth/token grant_type=refresh_token&client_id=desk&refresh_token=").hide(
            Secret("oauth_refresh", b, [b], strong=False)
        ).t("&client_secret=").hide(Secret("oauth_secret", a, [a[5:]], strong=False))
    noise(r, d, lead="\n")
    return d


@builder
def oauth_redirect(r: Dice) -> Draft:
    d = Draft("oauth_redirect")
    v = r.fill(r.choice(["{b48}", "{h40}", "4%2F0{b60}"]))
    d.t("回调 https://").k("console.relay-demo.cn", "hostname").t(
        "/oauth/callback"
        + r.choice(["?state=ok&code=", "#token_type=bearer&access_token=", "?ticket=ok&id_token="])
    ).hide(Secret("oauth_code", v, [v], strong=False))
    noise(r, d, lead=" ")
    return d


SURNAMES = ["wang", "li", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou", "wu"]


@builder
def personal(r: Dice) -> Draft:
    d = Draft("personal")
    for i in range(r.choice([1, 1, 2])):
        if i:
            d.t(r.choice(["，", "\n", "；", " / "]))
        which = r.choice(["email", "email", "mobile", "mobile", "mobile", "id_card", "bank_card"])
        if which == "email":
            v = (
                r.choice(SURNAMES)
                + r.choice([".", "_", "", "-", "+"])
                + r.fill("{L4}{d2}")
                + "@"
                + r.choice(
                    ["mail-demo.com.cn", "qq-demo.com", "sub.corp-demo.io", "demo.tech", "vip.163-demo.com"]
                )
            )
            s = Secret("pii_email", v, [v], group="pii")
            shown = r.choice(
                [v, v, v.upper(), wide(v), v.replace("@", "%40"), f"<{v}>", sprinkle(r, v, ZERO)]
            )
            d.t(
                r.choice(
                    [
                        "邮箱 ",
                        "邮箱",
                        "email=",
                        "From: Li ",
                        "联系我：",
                        '"email":"',
                        "mailto:",
                        "发到",
                        "账号",
                    ]
                )
            )
            s.core = [v, v.upper()] if shown == v.upper() else [v]
            d.hide(s, shown).t(r.choice([" ", "。", "，谢谢", '"']))
        elif which == "mobile":
            n = "1" + r.choice(["38", "59", "76", "86", "99", "33", "91"]) + r.fill("{d8}")
            s = Secret("pii_mobile", n, [n], group="pii")
            parted = r.choice([n, f"{n[:3]}-{n[3:7]}-{n[7:]}", f"{n[:3]} {n[3:7]} {n[7:]}"])
            lead = r.choice(["", "", "+86", "+86 ", "+86-", "86", "0086", "(+86)", "（+86）"])
            shown = r.choice([parted, parted, parted, wide(n), sprinkle(r, n, ZERO)])
            d.t(
                r.choice(
                    [
                        "电话 ",
                        "手机号",
                        "手机：",
                        "tel:",
                        "微信同号 ",
                        "请打",
                        "phone=",
                        '"mobile":"',
                        "联系人王工 ",
                    ]
                )
                + lead
            )
            d.hide(s, shown).t(r.choice([" ", "，随时可以打", "。", '"', "找我"]))
        elif which == "id_card":
            first = (
                r.choice(["110105", "310104", "440305", "510107", "330106"])
                + f"{r.randrange(1955, 2005)}{r.randrange(1, 13):02d}{r.randrange(1, 29):02d}"
                + r.fill("{d3}")
            )
            v = first + id_digit(first)
            s = Secret("pii_id_card", v, [v], group="pii")
            shown = r.choice([v, v, f"{v[:6]} {v[6:14]} {v[14:]}", wide(v), v.replace("X", "x")])
            s.core = [v, v.replace("X", "x")] if "x" in shown else [v]
            d.t(r.choice(["身份证 ", "身份证号", "实名：", "idcard=", "证件号码 ", "ID No. "])).hide(
                s, shown
            ).t(r.choice([" ", "，", "。"]))
        else:
            first = r.choice(["622202", "621700", "625901", "4392", "5187", "3770"])
            size = 15 if first == "3770" else 16 if first[0] in "45" else r.choice([16, 19])
            v = first + r.fill("{d" + str(size - len(first) - 1) + "}")
            v += next(x for x in string.digits if luhn_ok(v + x))
            s = Secret("pii_bank_card", v, [v], group="pii")
            shown = r.choice([v, " ".join(chunks(v, 4)), "-".join(chunks(v, 4)), wide(v)])
            d.t(r.choice(["银行卡 ", "卡号：", "退款到", "card number ", "付款卡 "])).hide(s, shown).t(
                r.choice([" ", "，", "。"])
            )
    noise(r, d)
    return d


def negative(r: Dice) -> Draft:
    d = Draft("look_alike" if r.chance(0.5) else "support_fields")
    n = r.choice([1, 2, 2, 3, 3, 4])
    for i in range(n):
        if i:
            d.t(r.choice(["，", "；", "\n", " ，", " | ", "。\n"]))
        fact(r, d)
    if d.context == "look_alike" and r.chance(0.4):
        # The same things under a name that smells of a secret but is none.
        lead, label, v = r.choice(
            [
                ("token_count=", "usage_numbers", r.fill("{d6}")),
                ("api_key_id: ", "key_id", r.uuid()),
                ("key_name=", "key_name", "prod-backend-2026"),
                ("secret_name: ", "key_name", "llm-prod-credentials"),
                ("令牌名称：", "key_name", "客服测试令牌"),
                ("令牌 ID ", "key_id", r.fill("{d4}")),
                ("secretKeyRef:\n  name: llm\n  key: ", "key_name", "openai-api-key"),
                ("token_type: ", "key_name", "bearer_token_v2"),
                ("auth: ", "key_name", "oauth2_client_credentials"),
                ("password_policy=", "key_name", "min12_mixed_digits"),
                ("sort_key=", "key_name", "created_at_desc"),
                ("public_key_id=", "key_id", r.fill("{h16}")),
                ("key_fingerprint=", "fingerprint", "SHA256:" + r.fill("{B43}")),
                ("session timeout ", "usage_numbers", "1800 seconds"),
                ("token 剩余额度 ", "amount", r.fill("{d7}")),
                ("密码重置链接 ", "base_url", "https://console.relay-demo.cn/reset"),
                ("x-api-key 头没传，", "error_code", "authentication_error"),
                ("tokens_per_minute: ", "rate_limit_value", "200000"),
                ("max_completion_tokens=", "usage_numbers", "16384"),
            ]
        )
        d.t(r.choice(["\n", "；"]) + lead).k(v, label)
    return d


def generic(r: Dice, row: tuple[str, str, str, str, str, bool], name: str, disguise: str) -> Draft:
    f, _, _ = PLACES[name]
    s = make(r, row)
    d = Draft(name)

    def put(draft: Draft, secret: Secret) -> None:
        if not disguise:
            draft.hide(secret)
            return
        shown = DISGUISES[disguise](r, secret.value)
        same = next((i for i, (x, y) in enumerate(zip(shown, secret.value, strict=False)) if x != y), 0)
        draft.hide(secret, shown, (shown[same:],) if disguise in NEEDS_SPELLING else ())

    if disguise in ("concat_single", "concat_php"):
        d.quote = "'"
    f(r, d, s, put)
    return d


def generate(seed: int, size: int = 600) -> Iterator[dict[str, Any]]:
    """Every kind at least once; a quarter disguised; a fifth without any secret."""
    r = Dice(seed)
    strong, weak = table(STRONG, True), table(WEAK, False)
    rows = strong + weak
    drafts: list[tuple[Draft, str]] = []
    many = size * 33 // 60
    queue: list[tuple[str, str, str, str, str, bool]] = []
    places: list[str] = []
    while len(drafts) < many:
        if not queue:
            queue = list(rows)
            r.shuffle(queue)
        row = queue.pop()
        if not places:
            places = list(PLACES)
            r.shuffle(places)
        at = next((i for i, p in enumerate(places) if row[5] or PLACES[p][2]), None)
        if at is None:
            places = []
            queue.append(row)
            continue
        name = places.pop(at)
        pool = list(PLACES[name][1])
        if " " in row[1]:
            pool = [x for x in pool if not x.startswith(("wrapped", "spaced", "continued"))]
        disguise = r.choice(pool) if pool and r.chance(0.4) else ""
        drafts.append((generic(r, row, name, disguise), disguise))
    own = [b for b in BUILDERS if b is not public_armour]
    heavy = {
        "config_file": 4,
        "personal": 5,
        "password_prose": 3,
        "password_command": 2,
        "password_field": 2,
        "service_url": 2,
        "cookies": 2,
        "webhook_url": 2,
        "signed_url": 2,
    }
    weighted = [b for b in own for _ in range(heavy.get(b.__name__, 1))]
    while len(drafts) < size * 49 // 60:
        drafts.append((r.choice(weighted)(r), ""))
    while len(drafts) < size:
        drafts.append((public_armour(r) if r.chance(0.03) else negative(r), ""))
    r.shuffle(drafts)
    for n, (d, disguise) in enumerate(drafts, 1):
        yield d.case(n, disguise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=600)
    a = parser.parse_args()
    for case in generate(a.seed, a.size):
        sys.stdout.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
