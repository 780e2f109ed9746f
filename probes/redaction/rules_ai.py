"""Keys of AI vendors and gateways, known by their prefix, or by the vendor's field name without one."""

from probes.redaction.randomness import looks_generated
from probes.redaction.rule import START, Rule, key, labelled

_W = r"[A-Za-z0-9_\-]"  # URL-safe base64
_A = r"[A-Za-z0-9]"
_H = r"[0-9a-f]"

RULES: tuple[Rule, ...] = (
    # OpenAI, every generation
    key("openai_project_key", "sk-proj-", rf"{_W}{{20,}}", matches=("sk-proj-<u64:156>", "sk-proj-<an48>")),
    key("openai_service_key", "sk-svcacct-", rf"{_W}{{20,}}", matches=("sk-svcacct-<u64:100>",)),
    key("openai_admin_key", "sk-admin-", rf"{_W}{{20,}}", matches=("sk-admin-<u64:100>",)),
    key("openai_none_key", "sk-None-", rf"{_W}{{20,}}", matches=("sk-None-<an48>",)),
    key("openai_session", "sess-", rf"{_A}{{36,}}", matches=("sess-<an40>",)),
    key("openai_realtime_key", "ek_", rf"{_A}{{24,}}", matches=("ek_<hex32>",)),
    key("openai_key", "sk-", rf"{_A}{{20}}T3BlbkFJ{_A}{{20}}", matches=("sk-<an20>T3BlbkFJ<an20>",)),
    # Anthropic
    key("anthropic_key", r"sk-ant-api\d\d-", rf"{_W}{{20,}}", matches=("sk-ant-api03-<u64:93>AA",)),
    key("anthropic_admin_key", r"sk-ant-admin\d\d-", rf"{_W}{{20,}}", matches=("sk-ant-admin01-<u64:93>AA",)),
    key(
        "anthropic_oauth",
        r"sk-ant-o[ar]t\d\d-",
        rf"{_W}{{20,}}",
        matches=("sk-ant-oat01-<u64:86>", "sk-ant-ort01-<u64:86>"),
    ),
    key("anthropic_session", r"sk-ant-sid\d\d-", rf"{_W}{{20,}}", matches=("sk-ant-sid01-<u64:86>",)),
    key("anthropic_other_key", "sk-ant-", rf"{_W}{{20,}}", matches=("sk-ant-<u64:60>",)),
    # Google
    Rule(
        name="google_api_key",
        kind="google_api_key",
        pattern=rf"(?P<secret>(?P<prefix>AIza){_W}{{30,}})",
        hint=r"AIza[A-Za-z0-9_\-]{8}",
        matches=("AIzaSy<u64:33>",),
        spares=("AIza is how they start",),
    ),
    key("google_express_key", r"AQ\.A", rf"{_W}{{30,}}", matches=("AQ.Ab8RN6<u64:44>",)),
    key("google_oauth_token", r"ya29\.", r"[A-Za-z0-9_\-.]{20,}", matches=("ya29.a0<u64:140>",)),
    key("google_refresh_token", r"1//0", rf"{_W}{{30,}}", matches=("1//0<u64:99>",)),
    key("google_client_secret", "GOCSPX-", rf"{_W}{{20,}}", matches=("GOCSPX-<u64:28>",)),
    # Azure
    Rule(
        name="azure_openai_key",
        kind="azure_openai_key",
        pattern=rf"\b(?P<secret>{_A}{{40,60}}JQQJ99{_A}{{16,40}})\b",
        hint=r"JQQJ99",
        matches=("<an52>JQQJ99<AN8>ACYeBjF<AN11>",),
    ),
    labelled(
        "azure_openai_named_key",
        r"(?:azure|aoai|ocp-apim|cognitive)[\w\-]*key",
        rf"{_H}{{32}}\b",
        matches=("AZURE_OPENAI_API_KEY=«<hex32>»", "Ocp-Apim-Subscription-Key: «<hex32>»"),
    ),
    # Vendors with a prefix
    key("openrouter_key", r"sk-or-(?:v1-)?", rf"{_A}{{20,}}", matches=("sk-or-v1-<hex64>",)),
    key("groq_key", "gsk_", rf"{_A}{{20,}}", matches=("gsk_<an52>",)),
    key("xai_key", r"xai-(?:token-)?", rf"{_W}{{24,}}", matches=("xai-<an80>",)),
    key("huggingface_token", r"(?:hf|api_org)_", rf"{_A}{{24,}}", matches=("hf_<al34>", "api_org_<al34>")),
    key("replicate_token", "r8_", rf"{_A}{{20,}}", matches=("r8_<an37>",)),
    key("together_key", r"tgp_v\d_", rf"{_W}{{20,}}", matches=("tgp_v1_<u64:43>",)),
    key("fireworks_key", r"(?:fw|fpk)_", rf"{_A}{{18,}}", matches=("fw_<an24>", "fpk_<an24>")),
    key("perplexity_key", "pplx-", rf"{_A}{{24,}}", matches=("pplx-<an48>",)),
    key("nvidia_key", "nvapi-", rf"{_W}{{20,}}", matches=("nvapi-<u64:64>",)),
    key("cerebras_key", "csk-", rf"{_A}{{24,}}", matches=("csk-<lo48>",)),
    key("elevenlabs_key", "sk_", rf"{_H}{{40,}}", matches=("sk_<hex48>",)),
    key("tavily_key", r"tvly-(?:dev-|prod-)?", rf"{_W}{{20,}}", matches=("tvly-dev-<an32>", "tvly-<an32>")),
    key("jina_key", "jina_", rf"{_W}{{24,}}", matches=("jina_<hex32><u64:28>",)),
    key("langfuse_key", r"[sp]k-lf-", rf"{_A}[A-Za-z0-9\-]{{30,}}", matches=("sk-lf-<uuid>", "pk-lf-<uuid>")),
    key(
        "langsmith_key",
        r"ls(?:v2_(?:pt|sk)_|__)",
        rf"{_A}[A-Za-z0-9_]{{24,}}",
        matches=("lsv2_pt_<hex32>_<hex10>",),
    ),
    key("pinecone_key", "pcsk_", rf"{_A}[A-Za-z0-9_]{{24,}}", matches=("pcsk_<an5>_<an63>",)),
    key("voyage_key", "pa-", rf"{_W}{{36,}}", matches=("pa-<u64:43>",)),
    key("vercel_gateway_key", "vc[kp]_", rf"{_A}{{24,}}", matches=("vck_<an56>",)),
    key("helicone_key", r"sk-helicone-", rf"{_W}{{20,}}", matches=("sk-helicone-<lo7>-<lo7>-<lo7>-<lo7>",)),
    key("firecrawl_key", "fc-", rf"{_H}{{32}}", matches=("fc-<hex32>",)),
    key("e2b_key", "e2b_", rf"{_A}{{24,}}", matches=("e2b_<hex40>",)),
    key("anyscale_key", "esecret_", rf"{_A}{{20,}}", matches=("esecret_<an24>",)),
    key("friendli_token", "flp_", rf"{_A}{{24,}}", matches=("flp_<an46>",)),
    key("cartesia_key", "sk_car_", rf"{_W}{{20,}}", matches=("sk_car_<an22>",)),
    key("runway_key", "key_", rf"{_H}{{64,}}", matches=("key_<hex128>",)),
    key("cursor_key", "(?:key|crsr)_", rf"{_H}{{48,}}", matches=("crsr_<hex64>",)),
    key("luma_key", "luma-", rf"{_A}[A-Za-z0-9\-]{{34,}}", matches=("luma-<uuid>-<uuid>",)),
    key("writer_key", "wrt_", rf"{_W}{{20,}}", matches=("wrt_<u64:40>",)),
    key("wandb_key", r"wandb_v\d_", rf"{_W}{{20,}}", matches=("wandb_v1_<u64:70>",)),
    key(
        "unify_key",
        r"(?:nb|sk)-(?:nebius|novita|aihub|api2d|ai)-",
        rf"{_W}{{20,}}",
        matches=("sk-aihub-<an40>",),
    ),
    key("novita_key", "sk_", rf"{_W}{{38,}}", matches=("sk_<u64:43>",)),
    key("exa_or_brave_key", "BSA", rf"{_W}{{26,30}}\b", matches=("BSA<u64:28>",)),
    key("portkey_key", "pk-live-", rf"{_W}{{20,}}", matches=("pk-live-<u64:32>",)),
    # Mainland vendors
    Rule(
        name="zhipu_key",
        kind="zhipu_key",
        pattern=rf"\b(?P<secret>{_H}{{32}}\.{_A}{{16}})\b",
        hint=r"[0-9a-f]{8}\.[A-Za-z0-9]{16}\b",
        matches=("<hex32>.<an16>",),
        spares=("<hex32>.png", "checksum <hex32>.sha256"),
    ),
    key(
        "baidu_key",
        "bce-v3/",
        r"[A-Z]{4,8}-[A-Za-z0-9]{10,}/[0-9a-f]{32,}",
        matches=("bce-v3/ALTAK-<an21>/<hex40>",),
    ),
    key("baidu_access_key", "ALTAK", r"-?[A-Za-z0-9]{18,}", matches=("ALTAK<an21>", "ALTAK-<an21>")),
    key("volcengine_access_key", "AKLT", rf"{_A}{{20,}}", matches=("AKLT<an43>",)),
    labelled(
        "volcengine_ark_key",
        r"(?:ark|doubao|volc)[\w\-]*key",
        rf"{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}",
        matches=("ARK_API_KEY=«<uuid>»", '"doubao_api_key": "«<uuid>»"'),
    ),
    labelled(
        "volcengine_secret_key",
        r"(?:volc|ark)[\w\-]*(?:secret[\w\-]*|sk)",
        r"[A-Za-z0-9+/]{40,}={0,2}",
        matches=("VOLC_SECRETKEY=«<b64:58>==»",),
    ),
    key("moonshot_key", "sk-kimi-", rf"{_A}{{20,}}", matches=("sk-kimi-<an64>",)),
    key("minimax_key", r"sk-(?:api|cp)-", rf"{_W}{{24,}}", matches=("sk-api-<u64:100>", "sk-cp-<u64:100>")),
    key("modelscope_token", "ms-", rf"{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}", matches=("ms-<uuid>",)),
    labelled(
        "minimax_group_key",
        r"minimax[\w\-]*(?:key|token)",
        rf"{_A}[\w\-.]{{24,}}",
        matches=("MINIMAX_API_KEY=«<an64>»",),
    ),
    labelled(
        "spark_password",
        r"(?:spark|xfyun|iflytek)[\w\-]*(?:password|key|secret)",
        r"[A-Za-z]{20}:[A-Za-z]{20}|[A-Za-z0-9]{32}",
        matches=("SPARK_API_PASSWORD=«<al20>:<al20>»", "XFYUN_API_SECRET=«<an32>»"),
    ),
    key("coze_token", r"(?:pat|sat)_", rf"{_A}{{32,}}", matches=("pat_<an64>",)),
    key("dify_key", r"(?:app|dataset)-", rf"{_A}{{24}}\b", matches=("app-<an24>", "dataset-<an24>")),
    key(
        "fastgpt_key",
        r"(?:fastgpt|openapi|maxkb|ragflow)-",
        rf"{_A}{{24,}}",
        matches=("fastgpt-<an40>", "ragflow-<an32>"),
    ),
    key("bedrock_key", r"(?:ABSK|bedrock-api-key-)", r"[A-Za-z0-9+/]{40,}={0,2}", matches=("ABSK<b64:128>",)),
    # Vendors without a prefix
    labelled("mistral_key", r"mistral[\w\-]*key", rf"{_A}{{32}}\b", matches=("MISTRAL_API_KEY=«<an32>»",)),
    labelled(
        "cohere_key",
        r"(?:cohere|\bco)[\w\-]*key",
        rf"{_A}{{40}}\b",
        matches=("COHERE_API_KEY: «<an40>»", "CO_API_KEY=«<an40>»"),
    ),
    labelled(
        "together_named_key", r"together[\w\-]*key", rf"{_H}{{64}}\b", matches=("TOGETHER_API_KEY=«<hex64>»",)
    ),
    labelled(
        "deepgram_key", r"deepgram[\w\-]*key", rf"{_H}{{40}}\b", matches=("DEEPGRAM_API_KEY=«<hex40>»",)
    ),
    labelled(
        "assemblyai_key",
        r"assembly_?ai[\w\-]*key",
        rf"{_H}{{32}}\b",
        matches=("ASSEMBLYAI_API_KEY=«<hex32>»",),
    ),
    labelled("ai21_key", r"ai21[\w\-]*key", rf"{_A}{{32}}\b", matches=("AI21_API_KEY=«<an32>»",)),
    labelled(
        "deepinfra_key",
        r"deepinfra[\w\-]*(?:key|token)",
        rf"{_A}{{32}}\b",
        matches=("DEEPINFRA_TOKEN=«<an32>»",),
    ),
    labelled(
        "sambanova_key",
        r"sambanova[\w\-]*key",
        rf"{_H}{{8}}-[0-9a-f\-]{{27}}",
        matches=("SAMBANOVA_API_KEY=«<uuid>»",),
    ),
    labelled(
        "serp_key", r"serp(?:er|api)[\w\-]*key", rf"{_H}{{40,64}}\b", matches=("SERPAPI_API_KEY=«<hex64>»",)
    ),
    labelled(
        "exa_key", r"\bexa[\w\-]*key", rf"{_H}{{8}}-[0-9a-f\-]{{27}}", matches=("EXA_API_KEY=«<uuid>»",)
    ),
    labelled(
        "midjourney_proxy_secret", r"\bmj[\w\-]*secret", r"[\w\-]{8,}", matches=("MJ_API_SECRET=«<an24>»",)
    ),
    Rule(
        name="fal_key",
        kind="fal_key",
        pattern=rf"{START}(?P<secret>{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}:{_H}{{32}})\b",
        hint=r"-[0-9a-f]{12}:[0-9a-f]{12}",
        matches=("<uuid>:<hex32>",),
    ),
    # The many that share `sk-`: told apart by their bodies, then anything else that starts so
    key("deepseek_or_dashscope_key", "sk-", rf"{_H}{{32}}\b", matches=("sk-<hex32>",)),
    key("gateway_key", "sk-", rf"{_A}{{48}}\b", matches=("sk-<an48>",)),
    key(
        "sk_key",
        r"(?:sk|rk|ak|pk)-",
        rf"{_W}{{16,}}",
        matches=("sk-<an51>", "sk-<lo48>", "sk-<an32>"),
        check=looks_generated,
        spares=(
            "task-oriented-dialogue-systems",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
            "sk-…a1b2",
            "sk-abc****wxyz",
        ),
    ),
    Rule(
        name="prefixed_key",
        kind="vendor_key",
        pattern=rf"{START}(?P<secret>(?P<prefix>(?:[a-z]{{1,6}}[-_])?(?:sk|pk|rk|ak|tk|api|key|apikey|token|tok|pat|secret|oauth|bearer)"
        rf"[-_](?:live[-_]|prod[-_]|test[-_]|v\d[-_])?){_W}{{20,}})",
        hint=r"(?:sk|pk|rk|ak|tk|api|key|apikey|token|tok|pat|secret|oauth|bearer)[-_][A-Za-z0-9_\-]{20}",
        matches=("key_<an32>", "acme_sk_live_<an32>", "token-<hex40>", "api-<an40>"),
        spares=(
            "api-inference-endpoints-for-everyone",
            "key_not_found_in_the_database",
            "token_limit_exceeded_error_code",
        ),
        check=looks_generated,
    ),
)
