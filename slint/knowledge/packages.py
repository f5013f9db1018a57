"""Python distributions that are heavy in a function, and how distributions and imports are called.

Measured on 2026-11-22, Linux x86-64, Python 3.11, newest versions: installed megabytes (10**6 bytes) of the distribution
alone, with compiled bytecode; milliseconds of processor time to import it with all that it imports, on one full core
(a function of 128 to 512 MB has a fraction of one). For wheels not installed: the unzipped wheel for Python 3.13. For
ranking and for rough sums only. Rows that are not measured give a lower bound from general knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from slint.record import NamedTuple

AS_OF: Final = "2026-11-22"
FAMILY: Final = "python"
"""The family of runtimes whose distributions these are."""

COPIED_LIBRARIES: Final = frozenset(
    {
        "AWSIoTPythonSDK",
        "boto3",
        "botocore",
        "certifi",
        "charset_normalizer",
        "greengrass_common",
        "greengrass_ipc_python_sdk",
        "greengrasssdk",
        "idna",
        "jmespath",
        "psycopg2",
        "pymysql",
        "s3transfer",
        "urllib3",
    }
)
"""Packages that are copied into the folders of functions without the metadata of their distributions, and whose names
nobody gives to a package of their own."""


class Weight(NamedTuple):
    """How heavy a distribution is: `size_class` is XL (no zip can hold it), L (60 MB or 300 ms and more), M (15 MB or
    100 ms and more) or S. `import_ms` is None when it is not known or nobody imports it directly."""

    installed_mb: float
    import_ms: int | None
    size_class: str
    measured: bool


def normalised(distribution: str) -> str:
    """The name of a distribution as the registries compare it: lower case, `-` for runs of `-`, `_` and `.`."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def weight(distribution: str) -> Weight | None:
    """How heavy a distribution is, None when it is not known (most are light)."""
    return PACKAGES.get(normalised(distribution))


def with_companions(distributions: Iterable[str]) -> frozenset[str]:
    """The distributions, normalised, with the heavy ones that they require."""
    found: set[str] = set()
    waiting = [normalised(distribution) for distribution in distributions]
    while waiting:
        distribution = waiting.pop()
        if distribution not in found:
            found.add(distribution)
            waiting.extend(COMPANIONS.get(distribution, ()))
    return frozenset(found)


def distribution_of(module: str) -> str:
    """The distribution that most likely provides an imported module, such as `pyyaml` for `yaml`.

    A module without an entry is taken to be called like its distribution. Whether it is a part of the standard
    library, of the runtime or of the project is for the caller to ask first.
    """
    name = module
    while name:
        found = DISTRIBUTIONS.get(name)
        if found is not None:
            return found
        name = name.rpartition(".")[0]
    return normalised(module.partition(".")[0])


def _class(megabytes: float, milliseconds: int | None) -> str:
    time = milliseconds or 0
    return "L" if megabytes >= 60 or time >= 300 else "M" if megabytes >= 15 or time >= 100 else "S"


# distribution: installed MB, import ms
_MEASURED: dict[str, tuple[float, int | None]] = {
    "anthropic": (15.6, 1212),
    "aws-lambda-powertools": (8, 38),
    "azure-cosmos": (4.1, 157),
    "azure-identity": (1.2, 200),
    "azure-storage-blob": (6.2, 206),
    "bokeh": (26.4, None),
    "boto3": (2, 165),
    "botocore": (32, 165),
    "chromadb": (62.8, None),
    "cryptography": (16, 10),
    "dask": (5.9, None),
    "duckdb": (68, 93),
    "faiss-cpu": (66.2, None),
    "fastapi": (3, 299),
    "gensim": (58.9, 1287),
    "google-api-python-client": (114.3, 169),
    "google-cloud-aiplatform": (91.6, None),
    "google-cloud-bigquery": (2.4, 596),
    "google-cloud-firestore": (5.3, 289),
    "google-cloud-storage": (2.2, 230),
    "grpcio": (19, 67),
    "langchain-community": (8.4, None),
    "langchain-core": (7, 94),
    "lightgbm": (10.3, 1337),
    "llvmlite": (180.3, None),
    "lxml": (12, 15),
    "matplotlib": (37, 566),
    "networkx": (16.5, 153),
    "nltk": (12.9, 1577),
    "numba": (32.5, 313),
    "numpy": (73, 69),
    "onnxruntime": (68.9, 159),
    "openai": (30, 550),
    "opencv-python-headless": (153, 92),
    "pandas": (85, 360),
    "pillow": (22, 11),
    "plotly": (55.3, 258),
    "polars": (11, 222),
    "polars-runtime-32": (178.1, None),
    "psycopg2-binary": (12, 28),
    "pyarrow": (170, 110),
    "pydantic": (5, 42),
    "pydantic-core": (6, None),
    "pymongo": (8, 150),
    "pymupdf": (115.5, None),
    "pyproj": (34.9, None),
    "rasterio": (121.6, None),
    "redis": (7, 117),
    "requests": (1, 95),
    "scikit-learn": (51, 1418),
    "scipy": (143, 830),
    "seaborn": (2.3, 1432),
    "selenium": (27.7, None),
    "shap": (3.6, 2093),
    "snowflake-connector-python": (38.6, 414),
    "spacy": (125.3, 693),
    "sqlalchemy": (29, 210),
    "statsmodels": (60.6, 1461),
    "sympy": (75.1, 277),
    "transformers": (53.2, None),
    "xgboost": (87.5, None),
}

# Not measured: a lower bound of what the default wheel for Linux installs.
_LOWER_BOUND: dict[str, tuple[float, str]] = {
    "jax": (10, "XL"),
    "jaxlib": (250, "XL"),
    "nvidia-cublas-cu12": (400, "XL"),
    "nvidia-cudnn-cu12": (600, "XL"),
    "nvidia-nccl-cu12": (250, "XL"),
    "opencv-contrib-python": (153, "L"),
    "opencv-contrib-python-headless": (153, "L"),
    "opencv-python": (153, "L"),
    "playwright": (100, "XL"),
    "pyspark": (300, "XL"),
    "tensorflow": (1000, "XL"),
    "tensorflow-cpu": (700, "XL"),
    "torch": (700, "XL"),
    "triton": (300, "XL"),
}

PACKAGES: Final[dict[str, Weight]] = {
    **{name: Weight(size, time, _class(size, time), True) for name, (size, time) in _MEASURED.items()},
    **{name: Weight(size, None, size_class, False) for name, (size, size_class) in _LOWER_BOUND.items()},
}
"""All weights, by normalised name."""

COMPANIONS: Final[dict[str, tuple[str, ...]]] = {
    "awswrangler": ("pandas", "pyarrow"),
    "bokeh": ("numpy", "pandas", "pillow"),
    "chromadb": ("grpcio", "numpy", "onnxruntime"),
    "dask-dataframe": ("pandas", "pyarrow"),
    "faiss-cpu": ("numpy",),
    "gensim": ("numpy", "scipy"),
    "geopandas": ("numpy", "pandas", "pyproj"),
    "google-cloud-bigquery": ("grpcio",),
    "google-cloud-firestore": ("grpcio",),
    "jax": ("jaxlib", "numpy", "scipy"),
    "keras": ("numpy",),
    "langchain-community": ("langchain-core", "numpy", "sqlalchemy"),
    "lightgbm": ("numpy", "scipy"),
    "matplotlib": ("numpy", "pillow"),
    "numba": ("llvmlite", "numpy"),
    "onnxruntime": ("numpy",),
    "opencv-contrib-python": ("numpy",),
    "opencv-contrib-python-headless": ("numpy",),
    "opencv-python": ("numpy",),
    "opencv-python-headless": ("numpy",),
    "pandas": ("numpy",),
    "polars": ("polars-runtime-32",),
    "rasterio": ("numpy",),
    "scikit-learn": ("numpy", "scipy"),
    "scipy": ("numpy",),
    "seaborn": ("matplotlib", "numpy", "pandas"),
    "sentence-transformers": ("scikit-learn", "torch", "transformers"),
    "shap": ("numba", "numpy", "pandas", "scikit-learn", "scipy"),
    "snowflake-connector-python": ("cryptography",),
    "snowflake-snowpark-python": ("snowflake-connector-python",),
    "spacy": ("numpy",),
    "sqlmodel": ("sqlalchemy",),
    "statsmodels": ("numpy", "pandas", "scipy"),
    "tensorflow": ("grpcio", "numpy"),
    "tensorflow-cpu": ("grpcio", "numpy"),
    "torchvision": ("numpy", "pillow", "torch"),
    "torchaudio": ("torch",),
    "transformers": ("numpy",),
    "xgboost": ("numpy", "nvidia-nccl-cu12", "scipy"),
    "xgboost-cpu": ("numpy", "scipy"),
    "yfinance": ("numpy", "pandas"),
}
"""Heavy distributions that a distribution requires on Linux x86-64."""

DISTRIBUTIONS: Final[dict[str, str]] = {
    "Crypto": "pycryptodome",
    "Cryptodome": "pycryptodomex",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "aws_cdk": "aws-cdk-lib",
    "aws_lambda_powertools": "aws-lambda-powertools",
    "aws_requests_auth": "aws-requests-auth",
    "aws_xray_sdk": "aws-xray-sdk",
    "attr": "attrs",
    "attrs": "attrs",
    "azure.cosmos": "azure-cosmos",
    "azure.identity": "azure-identity",
    "azure.storage.blob": "azure-storage-blob",
    "bs4": "beautifulsoup4",
    "cassandra": "cassandra-driver",
    "clickhouse_connect": "clickhouse-connect",
    "clickhouse_driver": "clickhouse-driver",
    "confluent_kafka": "confluent-kafka",
    "cv2": "opencv-python",
    "cx_Oracle": "cx-oracle",
    "databricks.sql": "databricks-sql-connector",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "elasticsearch_dsl": "elasticsearch-dsl",
    "faiss": "faiss-cpu",
    "firebase_admin": "firebase-admin",
    "fitz": "pymupdf",
    "flask_cors": "flask-cors",
    "git": "gitpython",
    "github": "pygithub",
    "google.auth": "google-auth",
    "google.cloud.aiplatform": "google-cloud-aiplatform",
    "google.cloud.bigquery": "google-cloud-bigquery",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.pubsub_v1": "google-cloud-pubsub",
    "google.cloud.secretmanager": "google-cloud-secret-manager",
    "google.cloud.storage": "google-cloud-storage",
    "google.genai": "google-genai",
    "google.generativeai": "google-generativeai",
    "google.oauth2": "google-auth",
    "google.protobuf": "protobuf",
    "googleapiclient": "google-api-python-client",
    "grpc": "grpcio",
    "gremlin_python": "gremlinpython",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kafka": "kafka-python",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "multipart": "python-multipart",
    "mysql.connector": "mysql-connector-python",
    "nacl": "pynacl",
    "opensearchpy": "opensearch-py",
    "paho": "paho-mqtt",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "psycopg_pool": "psycopg-pool",
    "pylab": "matplotlib",
    "pymupdf": "pymupdf",
    "requests_aws4auth": "requests-aws4auth",
    "requests_toolbelt": "requests-toolbelt",
    "ruamel.yaml": "ruamel-yaml",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slack": "slackclient",
    "snowflake.connector": "snowflake-connector-python",
    "snowflake.snowpark": "snowflake-snowpark-python",
    "socks": "pysocks",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "wx": "wxpython",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
"""Modules, dotted where several distributions share the first part, whose distribution has another name."""

RUNTIME_MODULES: Final = frozenset(
    {
        "awslambdaric",
        "boto3",
        "botocore",
        "dateutil",
        "jmespath",
        "s3transfer",
        "simplejson",
        "six",
        "snapshot_restore_py",
        "urllib3",
    }
)
"""Modules that Lambda's managed Python runtimes contain: packaging them is a choice, not a need.

`simplejson` is the runtime client's own copy; `snapshot_restore_py` is there where SnapStart is supported;
`cfnresponse` exists for inline code only.
"""

RUNTIME_DISTRIBUTIONS: Final = frozenset(
    {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"}
)
"""The distributions of those modules."""

BUILD_EXCLUDES: Final = (
    ".aws-sam",
    ".cache",
    ".chalice",
    ".coverage",
    ".dmypy.json",
    ".env",
    ".git",
    ".gitignore",
    ".idea",
    ".mypy_cache",
    ".nox",
    ".pyre",
    ".pytest_cache",
    ".Python",
    ".python-version",
    ".tox",
    ".venv",
    ".vscode",
    "*.egg",
    "*.egg-info",
    "*.pyc",
    "__pycache__",
    "ENV",
    "env",
    "env.bak",
    "htmlcov",
    "pip-delete-this-directory.txt",
    "pip-log.txt",
    "venv",
    "venv.bak",
)
"""Names of files and folders, at any depth, that `sam build` leaves behind when it copies a Python function.

Source: aws-lambda-builders, python_pip workflow, read 2026-11-22 (which leaves `*.so` behind too). There is no
`.samignore`; without `sam build`, the folder is packaged as it is.
"""
