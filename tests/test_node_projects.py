"""Whole small Node.js projects: what is linked, what is followed across files, what is reported and what must not be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from slint.diagnostic import Diagnostic
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load
from slint.project.model import Project
from slint.settings import Settings
from tests.conftest import WriteProject, settings

Check = Callable[[Mapping[str, str]], list[str]]


def template(handler: str = "src/app.handler", *more: str, runtime: str = "nodejs22.x", code: str = ".") -> str:
    lines = [f"CodeUri: {code}", f"Handler: {handler}", f"Runtime: {runtime}", *more]
    return (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n" + "".join(f"      {line}\n" for line in lines)
    )


def loaded(root: str, **changes: object) -> tuple[Settings, Project]:
    chosen = settings(root=root, cwd=root, base=root, **changes)
    return chosen, load(chosen)


@pytest.fixture
def check(write_project: WriteProject) -> Check:
    """The findings of all default rules as `rule path:line`."""

    def check(files: Mapping[str, str]) -> list[str]:
        chosen, project = loaded(str(write_project({"template.yaml": template(), **files})))
        found = run(project, chosen_rules(chosen, all_rules()), chosen).diagnostics
        return [f"{each.rule} {each.location.path}:{each.location.start.line}" for each in found]

    return check


HANDLER = "exports.handler = async (event) => event;\n"
TYPED = "export const handler = async (event: unknown) => event;\n"
ESBUILD = "    Metadata:\n      BuildMethod: esbuild\n      BuildProperties:\n        EntryPoints: [{}]\n"

LINKED: dict[str, tuple[str, dict[str, str], str]] = {
    "CommonJS": (template(), {"src/app.js": HANDLER}, "src/app.js"),
    "an ES module": (template(), {"src/app.mjs": "export async function handler(event) {}\n"}, "src/app.mjs"),
    "the runtime's order": (template(), {"src/app.js": HANDLER, "src/app.cjs": ""}, "src/app.js"),
    "the file up to the first dot": (
        template("src/app.api.handler"),
        {"src/app.js": "exports.api = { handler: async (event) => event };\n"},
        "src/app.js",
    ),
    "a folder's index": (template("src.handler"), {"src/index.js": HANDLER}, "src/index.js"),
    "all exports at once": (
        template(),
        {"src/app.js": "const handler = async (event) => event;\nmodule.exports = { handler };\n"},
        "src/app.js",
    ),
    "exported by another module": (
        template(),
        {"src/app.js": "module.exports = require('./other');\n", "src/other.js": HANDLER},
        "src/other.js",
    ),
    "passed on": (
        template(),
        {"src/app.mjs": "export * from './b.mjs';\n", "src/b.mjs": TYPED.replace(": unknown", "")},
        "src/b.mjs",
    ),
    "TypeScript beside the template's path": (template(), {"src/app.ts": TYPED}, "src/app.ts"),
    "an esbuild entry point": (
        template("app.handler", code="src/") + ESBUILD.format("lambdas/app.ts"),
        {"src/lambdas/app.ts": TYPED},
        "src/lambdas/app.ts",
    ),
    "esbuild without entry points": (
        template("app.handler", code="src/") + "    Metadata:\n      BuildMethod: esbuild\n",
        {"src/app.ts": TYPED},
        "src/app.ts",
    ),
    "outDir and rootDir": (
        template("flights/app.handler", code="dist/"),
        {
            "tsconfig.json": '{"compilerOptions": {"outDir": "./dist", "rootDir": "lambdas"}} // as tsc reads it',
            "lambdas/flights/app.ts": TYPED,
            "lambdas/hotels/app.ts": TYPED,
        },
        "lambdas/flights/app.ts",
    ),
    "a usual folder": (template("dist/app.handler"), {"tsconfig.json": "{}", "src/app.ts": TYPED}, "src/app.ts"),
    "the founding example": (template("dist/handler.handler"), {"handler.ts": TYPED}, "handler.ts"),
    "what is written goes before what is built": (
        template("dist/app.handler"),
        {"tsconfig.json": "{}", "dist/app.js": HANDLER, "src/app.ts": TYPED},
        "src/app.ts",
    ),
    "a unique name": (
        template("build/orders.handler"),
        {"services/one/orders.ts": TYPED, "services/one/prices.ts": TYPED},
        "services/one/orders.ts",
    ),
    "a unique name that a script of the package may move": (
        template("app.handler", code="src/"),
        {"src/handlers/app.js": HANDLER, "package.json": '{"scripts": {"build": "node build.js"}}'},
        "src/handlers/app.js",
    ),
    "a unique name that a build file may move": (
        template("app.handler", code="src/"),
        {"src/handlers/app.js": HANDLER, "deploy.sh": "cp src/handlers/*.js src/\nsam deploy\n"},
        "src/handlers/app.js",
    ),
    "a unique name that the build method may move": (
        template("app.handler", code="src/") + "    Metadata:\n      BuildMethod: makefile\n",
        {"src/handlers/app.js": HANDLER},
        "src/handlers/app.js",
    ),
    "a name that two folders have": (
        template("lambda.handler", code="services/one/dist/"),
        {"tsconfig.json": "{}", "services/one/code/lambda.ts": TYPED, "services/two/code/lambda.ts": TYPED},
        "services/one/code/lambda.ts",
    ),
    "a source map": (
        template("dist/app.handler"),
        {
            "tsconfig.json": "{}",
            "dist/app.js": HANDLER,
            "dist/app.js.map": '{"version": 3, "sources": ["../code/db.ts", "../code/app.ts"], "mappings": ""}',
            "code/app.ts": TYPED,
            "other/app.ts": TYPED,
        },
        "code/app.ts",
    ),
    "a bound method": (
        template(),
        {
            "src/app.ts": "class A { async handler(event: unknown) { return event } }\nconst a = new A();\n"
            "export const handler = a.handler.bind(a);\n"
        },
        "src/app.ts",
    ),
}


@pytest.mark.parametrize(("text", "files", "expected"), LINKED.values(), ids=LINKED)
def test_a_handler_is_linked(write_project: WriteProject, text: str, files: dict[str, str], expected: str) -> None:
    root = str(write_project({"template.yaml": text, **files}))
    (function,) = (each for each in loaded(root)[1].functions if each.template)
    assert function.unlinked is None
    assert function.handler is not None
    assert function.handler.definition is not None
    assert function.handler.span.location().path == expected


def test_a_unique_name_is_looked_for_in_the_package_around_the_template(write_project: WriteProject) -> None:
    text = template("dist/orders.handler")
    files = {"infra/template.yaml": text, "services/one/orders.ts": TYPED}
    (alone,) = (each for each in loaded(str(write_project(files)))[1].functions if each.template)
    assert alone.handler is None
    (packed,) = (
        each for each in loaded(str(write_project({**files, "package.json": "{}"})))[1].functions if each.template
    )
    assert packed.handler is not None
    assert packed.handler.span.location().path == "services/one/orders.ts"


UNLINKED: dict[str, tuple[str, dict[str, str], bool, str]] = {
    "nothing there": (
        template("src/ap.handler"),
        {"src/app.js": HANDLER},
        True,
        "there is no file `src/ap.js`, `.mjs` or `.cjs`",
    ),
    "deployed at another path": (
        template("app.handler", code="src/"),
        {"src/handlers/app.js": HANDLER, "package.json": '{"scripts": {"test": "mocha"}}'},
        True,
        "there is no file `src/app.js`, `.mjs` or `.cjs`",
    ),
    "another export": (template("src/app.main"), {"src/app.js": HANDLER}, True, "`src/app.js` exports no `main`"),
    "only a build makes it": (
        template("dist/app.handler"),
        {"tsconfig.json": "{}"},
        False,
        "made by a build that has not run here",
    ),
    "two of the name": (
        template("dist/app.handler"),
        {"a/app.ts": TYPED, "b/app.ts": TYPED},
        False,
        "made by a build that has not run here",
    ),
    "exports that are computed": (
        template(),
        {"src/app.js": "Object.assign(exports, make());\n"},
        False,
        "what `src/app.js` exports as `handler` cannot be followed",
    ),
    "no export named": (template("src/app"), {"src/app.js": HANDLER}, True, "it is not of the form file.export"),
}


@pytest.mark.parametrize(("text", "files", "missing", "why"), UNLINKED.values(), ids=UNLINKED)
def test_why_a_handler_is_not_linked(
    write_project: WriteProject, text: str, files: dict[str, str], missing: bool, why: str
) -> None:
    (function,) = (
        each for each in loaded(str(write_project({"template.yaml": text, **files})))[1].functions if each.template
    )
    assert function.unlinked is not None
    assert (function.unlinked.missing, function.unlinked.why) == (missing, why)


def test_what_is_deployed_at_another_path_is_what_was_meant(write_project: WriteProject) -> None:
    files = {"template.yaml": template("app.handler", code="src/"), "src/handlers/app.js": HANDLER}
    (function,) = (each for each in loaded(str(write_project(files)))[1].functions if each.template)
    assert function.unlinked is not None
    assert function.unlinked.instead == "handlers/app.handler"


CLIENT = "import { S3Client } from '@aws-sdk/client-s3';\nexport const make = () => new S3Client({});\n"
USE = "import { make } from '%s';\nexport const handler = async (event: unknown) => make();\n"
MADE = "client-in-handler {}:2"
LAYERED = (
    template("src/app.handler", "Layers: [!Ref Db]")
    + "  Db:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {{ContentUri: db/}}\n{}"
)
WRITTEN: dict[str, tuple[dict[str, str], str]] = {
    "a path": ({"src/app.ts": USE % "./store", "src/store.ts": CLIENT}, "src/store.ts"),
    "an ending": ({"src/app.ts": USE % "./store.js", "src/store.ts": CLIENT}, "src/store.ts"),
    "a folder": ({"src/app.ts": USE % "./store", "src/store/index.ts": CLIENT}, "src/store/index.ts"),
    "an alias": (
        {
            "tsconfig.base.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["lib/*"]}}}',
            "tsconfig.json": '{"extends": "./tsconfig.base"}',
            "src/app.ts": USE % "@lib/store",
            "lib/store.ts": CLIENT,
        },
        "lib/store.ts",
    ),
    "baseUrl": (
        {
            "tsconfig.json": '{"compilerOptions": {"baseUrl": "."}}',
            "src/app.ts": USE % "lib/store",
            "lib/store.ts": CLIENT,
        },
        "lib/store.ts",
    ),
    "the package itself": (
        {"package.json": '{"name": "me"}', "src/app.ts": USE % "me/src/store", "src/store.ts": CLIENT},
        "src/store.ts",
    ),
    "a workspace": (
        {
            "package.json": '{"name": "all", "workspaces": ["packages/*"]}',
            "packages/db/package.json": '{"name": "@me/db", "main": "dist/index.js"}',
            "packages/db/src/index.ts": CLIENT,
            "src/app.ts": USE % "@me/db",
        },
        "packages/db/src/index.ts",
    ),
    "an import of the package": (
        {"package.json": '{"imports": {"#db": "./lib/store.js"}}', "src/app.ts": USE % "#db", "lib/store.js": CLIENT},
        "lib/store.js",
    ),
    "an alias for a layer's path": (
        {
            "tsconfig.json": '{"compilerOptions": {"paths": {"/opt/nodejs/*": ["./layers/db/nodejs/*"]}}}',
            "src/app.ts": USE % "/opt/nodejs/store",
            "layers/db/nodejs/store.ts": CLIENT,
        },
        "layers/db/nodejs/store.ts",
    ),
    "a file of a layer": (
        {"template.yaml": LAYERED.format(""), "src/app.ts": USE % "/opt/store.js", "db/store.js": CLIENT},
        "db/store.js",
    ),
    "a file of a layer that is built": (
        {
            "template.yaml": LAYERED.format("    Metadata: {BuildMethod: nodejs22.x}\n"),
            "src/app.ts": USE % "/opt/nodejs/store",
            "db/store.js": CLIENT,
        },
        "db/store.js",
    ),
    "a barrel": (
        {
            "src/app.ts": USE % "./lib",
            "src/lib/index.ts": "export * from './a';\nexport { make } from './store';\n",
            "src/lib/a.ts": "export const other = 1;\n",
            "src/lib/store.ts": CLIENT,
        },
        "src/lib/store.ts",
    ),
}


@pytest.mark.parametrize(("files", "path"), WRITTEN.values(), ids=WRITTEN)
def test_an_import_is_followed(check: Check, files: dict[str, str], path: str) -> None:
    assert check(files) == [MADE.format(path)]


def test_a_layer_that_a_function_lacks_is_not_searched(check: Check) -> None:
    text = LAYERED.format("").replace("Layers: [!Ref Db]", "Timeout: 3")
    assert check({"template.yaml": text, "src/app.ts": USE % "/opt/store.js", "db/store.js": CLIENT}) == []


S3 = "import { S3Client } from '@aws-sdk/client-s3';\n"
PG = "import { Pool, Client } from 'pg';\n"
FOUND: dict[str, tuple[str, list[str]]] = {
    "a client in the handler": (
        S3 + "export const handler = async (event) => new S3Client({});\n",
        ["client-in-handler src/app.ts:2"],
    ),
    "a client that nobody passes": (
        S3 + "function put(item, client) { client = client || new S3Client({}); return client.send(item) }\n"
        "export const handler = async (event) => put(event);\n",
        ["client-in-handler src/app.ts:2"],
    ),
    "a client in a field": (
        S3 + "class A { s3 = new S3Client({}) }\nexport const handler = async (event) => new A().s3;\n",
        ["client-in-handler src/app.ts:2"],
    ),
    "SDK v2": (
        "const AWS = require('aws-sdk');\nexports.handler = async (event) => {\n  const s3 = new AWS.S3();\n  return s3;\n};\n",
        ["aws-sdk-v2-whole-import src/app.ts:1", "client-in-handler src/app.ts:3"],
    ),
    "a pool": (
        "import { Pool } from 'pg';\nexport const handler = async (event) => {\n  const p = new Pool();\n  return p.query('x');\n};\n",
        ["pool-in-handler src/app.ts:3"],
    ),
    "a default export": (
        "import postgres from 'postgres';\nexport const handler = async (event) => postgres('x')`select 1`;\n",
        ["pool-in-handler src/app.ts:2"],
    ),
    "a connection that is closed": (
        "const mysql = require('mysql2/promise');\nexports.handler = async (event) => {\n"
        "  const c = await mysql.createConnection({});\n  try { return await c.query('x') } finally { await c.end() }\n};\n",
        ["db-connection-in-handler src/app.ts:3"],
    ),
    "a connection that leaks": (
        "const mysql = require('mysql2/promise');\nexports.handler = async (event) => {\n"
        "  const c = await mysql.createConnection({});\n  const [rows] = await c.query('x');\n  return rows.length;\n};\n",
        ["db-connection-leak src/app.ts:3"],
    ),
    "a wrapped handler": (
        S3 + "import middy from '@middy/core';\nconst f = async (event) => new S3Client({});\n"
        "export const handler = middy(f).use({});\n",
        ["client-in-handler src/app.ts:3"],
    ),
    "a route": (
        S3 + "import express from 'express';\nimport serverless from 'serverless-http';\nconst app = express();\n"
        "app.get('/', (req, res) => { res.send(new S3Client({})) });\nexport const handler = serverless(app);\n",
        ["client-in-handler src/app.ts:5"],
    ),
    "a function that waits for another": (
        "import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\n"
        "export const handler = async (event) => {\n  const params = { FunctionName: 'other', Payload: '{}' };\n"
        "  const answer = await lambda.send(new InvokeCommand(params));\n  return answer.Payload;\n};\n",
        ["sync-lambda-invoke src/app.ts:5"],
    ),
    "the aggregated client": (
        "import { Lambda } from '@aws-sdk/client-lambda';\nconst lambda = new Lambda({});\n"
        "export const handler = async (event) => {\n  const a = await lambda.invoke({ FunctionName: 'other' });\n  return a.Payload;\n};\n",
        ["sync-lambda-invoke src/app.ts:4"],
    ),
    "a method of a singleton": (
        S3
        + "class Db {\n  static instance;\n  static get() { if (!Db.instance) { Db.instance = new Db() } return Db.instance }\n"
        "  read() {\n    return new S3Client({}) }\n}\nexport const handler = async (event) => Db.get().read();\n",
        ["client-in-handler src/app.ts:6"],
    ),
    "a resolver in a table": (
        PG + "import { GraphQLServerLambda } from 'graphql-yoga';\nconst user = async () => {\n  return new Pool() };\n"
        "const resolvers = { Query: { user } };\nconst server = new GraphQLServerLambda({ resolvers });\n"
        "exports.handler = server.graphqlHandler;\n",
        ["pool-in-handler src/app.ts:4"],
    ),
    "dependencies that are bound before": (
        S3 + "const given = { s3: () => new S3Client({}) };\n"
        "async function run(tools, event, context) { return tools.s3().send(event) }\n"
        "export const handler = run.bind(null, given);\n",
        ["client-in-handler src/app.ts:2"],
    ),
    "an object that keeps its client, in a loop": (
        S3 + "class Clients {\n  s3;\n  get() { if (!this.s3) { this.s3 = new S3Client({}) } return this.s3 }\n}\n"
        "export const handler = async (event) => {\n  const clients = new Clients();\n"
        "  for (const each of event.all) { await clients.get().send(each) }\n};\n",
        ["client-in-handler src/app.ts:4"],
    ),
    "a connection that mongoose would give again, were it not closed": (
        "import mongoose from 'mongoose';\nexport const handler = async (event) => {\n  await mongoose.connect('x');\n"
        "  await mongoose.connection.close();\n};\n",
        ["db-connection-in-handler src/app.ts:3"],
    ),
    "routes of a plugin, and what runs once when it is registered": (
        S3 + PG + "import Fastify from 'fastify';\nimport adapt from '@fastify/aws-lambda';\nconst app = Fastify();\n"
        "app.register(async (instance) => { instance.decorate('pg', new Pool()) });\n"
        "async function routes(instance, options) {\n  const kept = new S3Client({});\n"
        "  instance.get('/a', async (request) => {\n    return new S3Client({ maxAttempts: 2 }).send(request);\n  });\n"
        "}\napp.register(routes, { prefix: '/v1' });\nexport const handler = adapt(app);\n",
        ["client-in-handler src/app.ts:10"],
    ),
    "a sleep": (
        "const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n"
        "export const handler = async (event) => { await sleep(5000) };\n",
        ["sleep-in-handler src/app.ts:1"],
    ),
    "a sleep of the standard library": (
        "import { setTimeout as sleep } from 'node:timers/promises';\nexport const handler = async (event) => {\n  await sleep(5000);\n};\n",
        ["sleep-in-handler src/app.ts:3"],
    ),
}


@pytest.mark.parametrize(("code", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_reported(check: Check, code: str, expected: list[str]) -> None:
    assert check({"src/app.ts": code}) == expected


SILENT: dict[str, str] = {
    "at module level": S3 + "const s3 = new S3Client({});\nexport const handler = async (event) => s3.send({});\n",
    "kept by a guard": PG + "let pool;\nconst get = () => { if (!pool) pool = new Pool(); return pool };\n"
    "export const handler = async (event) => get().query('x');\n",
    "kept by an early return": PG
    + "let pool;\nconst get = () => { if (pool) { return pool } pool = new Pool(); return pool };\n"
    "export const handler = async (event) => get().query('x');\n",
    "kept by an assignment": PG
    + "let pool;\nexport const handler = async (event) => { pool ??= new Pool(); return pool.query('x') };\n",
    "kept by an alternative": PG
    + "let pool;\nexport const handler = async (event) => { pool = pool || new Pool(); return pool };\n",
    "a client that somebody passes": S3
    + "const s3 = new S3Client({});\nfunction put(item, client) { client = client || new S3Client({}); return client.send(item) }\n"
    "const get = (item, client) => { const c = client ?? new S3Client({}); return c.send(item) };\n"
    "export const handler = async (event) => {\n  put(event, s3);\n  event.items.map((i) => get(i, s3));\n"
    "  setImmediate(put, event, s3);\n  event.items.map(put.bind(null, 'x', s3));\n};\n",
    "as many connections as the event has records": S3
    + "function send(ids) {\n  const batches = [];\n  for (let i = 0; i < ids.length; i += 10) batches.push(ids.slice(i, i + 10));\n"
    "  const some = Array.from(ids).filter((id) => id);\n"
    "  return [new S3Client({ maxAttempts: batches.length }), new S3Client({ maxAttempts: some.length })];\n}\n"
    "export const handler = async (event) => send(event.Records.map((record) => record.body));\n",
    "kept in the global object": PG + "export const handler = async (event) => { globalThis.db ||= new Pool(); };\n",
    "kept in a static field": PG
    + "class Db { static pool; static get() { if (!Db.pool) Db.pool = new Pool(); return Db.pool } }\n"
    "export const handler = async (event) => Db.get().query('x');\n",
    "kept by a function": PG + "import once from 'lodash/once';\nconst get = once(() => new Pool());\n"
    "export const handler = async (event) => get().query('x');\n",
    "a global place by a local name": "import mongoose from 'mongoose';\nasync function connect() {\n  let kept = globalThis.kept;\n"
    "  if (!kept) { kept = globalThis.kept = { promise: null } }\n"
    "  if (!kept.promise) { kept.promise = mongoose.connect('x') }\n  return kept.promise;\n}\n"
    "export const handler = async (event) => connect();\n",
    "a guard that a function tells, by a local name": PG + "let client;\n"
    "const isOpen = async () => { try { await client.query('x'); return true } catch { return false } };\n"
    "export const handler = async (event) => {\n  const open = await isOpen();\n  if (!open) { client = new Client() }\n"
    "  return client.query('x');\n};\n",
    "a guard that a function tells": PG + "let pool;\nconst isReady = () => pool !== undefined;\n"
    "export const handler = async (event) => { if (!isReady()) { pool = new Pool() } return pool.query('x') };\n",
    "a connection that an object of the module replaces when it has ended": PG
    + "class Db {\n  constructor() { this.restart() }\n"
    "  has() { const raw = this.client; return raw !== undefined }\n  restart() { this.client = this.make() }\n"
    "  make() { return new Client() }\n  query(x) { if (!this.has()) { this.restart() } return this.client.query(x) }\n}\n"
    "const db = new Db();\nexport const handler = async (event) => db.query('x');\n",
    "given again by mongoose": "import mongoose from 'mongoose';\n"
    "export const handler = async (event) => { await mongoose.connect('x') };\n",
    "a token of a database, which a pool cannot keep": PG
    + "import { Signer } from '@aws-sdk/rds-signer';\nconst signer = new Signer({});\n"
    "export const handler = async (event) => new Pool({ password: await signer.getAuthToken() }).query('x');\n",
    "a token of DSQL": PG + "import { DsqlSigner } from '@aws-sdk/dsql-signer';\nconst signer = new DsqlSigner({});\n"
    "export const handler = async (event) => {\n  const password = await signer.getDbConnectAdminAuthToken();\n"
    "  return new Pool({ password }).query('x');\n};\n",
    "kept by mongoose": "import mongoose from 'mongoose';\nexport const handler = async (event) => {\n"
    "  if (mongoose.connection.readyState === 0) { await mongoose.connect('x') }\n};\n",
    "made only for what is kept": S3 + "let key;\nconst read = async () => (await new S3Client({}).send({})).Body;\n"
    "export const handler = async (event) => { if (!key) { key = await read() } return key };\n",
    "made only for what is kept, in one line": S3 + "let key;\nconst read = async () => new S3Client({}).send({});\n"
    "export const handler = async (event) => { key = key ?? (await read()); return key };\n",
    "a region that another function sets": S3 + "let options = { region: process.env.REGION };\n"
    "const read = async (key) => new S3Client(options).send(key);\n"
    "export const handler = async (event) => {\n  for (const each of event.all) { options.region = each.region; await read(each.key) }\n};\n",
    "a region of the event after what is bound": S3
    + "async function run(tools, event) { return new S3Client({ region: event.region }) }\n"
    "export const handler = run.bind(null, {});\n",
    "a context that stands where the callback would": "async function run(tools, event, context) { return context(event) }\n"
    "export const handler = run.bind(null, {});\n",
    "an object at module level": PG + "class Repo { pool = new Pool(); get() { return this.pool.query('x') } }\n"
    "const repo = new Repo();\nexport const handler = async (event) => repo.get();\n",
    "a region of the event": S3 + "export const handler = async (event) => new S3Client({ region: event.region });\n",
    "a region of the event, taken apart": S3
    + "export const handler = async ({ region }) => new S3Client({ region });\n",
    "temporary credentials": S3
    + "import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';\nconst sts = new STSClient({});\n"
    "export const handler = async (event) => {\n  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: 'x' }));\n"
    "  return new S3Client({ credentials: Credentials });\n};\n",
    "a connection that is checked out": PG + "const pool = new Pool();\nexport const handler = async (event) => {\n"
    "  const c = await pool.connect();\n  try { return await c.query('x') } finally { c.release() }\n};\n",
    "HTTP-style databases": "import { neon } from '@neondatabase/serverless';\nexport const handler = async (event) => neon('x')`select 1`;\n",
    "a type": "import { Pool } from 'pg';\nexport const handler = async (event: { pool: Pool }) => event.pool;\n",
    "an event that is passed on": "import { LambdaClient, InvokeCommand, InvocationType } from '@aws-sdk/client-lambda';\n"
    "const lambda = new LambdaClient({});\nexport const handler = async (event) => {\n"
    "  await lambda.send(new InvokeCommand({ FunctionName: 'other', InvocationType: 'Event' }));\n"
    "  await lambda.send(new InvokeCommand({ FunctionName: 'other', InvocationType: InvocationType.Event }));\n"
    "  const params = { FunctionName: 'other' };\n  params.InvocationType = 'Event';\n"
    "  await lambda.send(new InvokeCommand(params));\n  await lambda.send(new InvokeCommand({ ...event }));\n};\n",
    "another invoke": "import { chain } from 'langchain';\nexport const handler = async (event) => chain.invoke({ FunctionName: 'x' });\n",
    "a limit of time": "export const handler = async (event) => Promise.race([fetch('https://x'),\n"
    "  new Promise((resolve) => setTimeout(resolve, 5000))]);\n",
    "a script": PG + "export const handler = async (event) => event;\nif (require.main === module) { new Pool() }\n",
}


TOLD = {
    "a promise around it": "const ask = () => new Promise((resolve, reject) => { fetch('https://x').then(resolve, reject) });\n"
    "export const handler = async (event) => ask();\n",
    "a callback": "const ask = (done) => { fetch('https://x').then((r) => done(null, r), done) };\n"
    "export const handler = async (event) => new Promise((resolve) => ask(resolve));\n",
    "the response of a web framework": "import express from 'express';\nimport serverless from 'serverless-http';\n"
    "const app = express();\napp.get('/x', (req, res) => { fetch('https://x').then((r) => res.json(r)) });\n"
    "const serve = serverless(app);\nexport const handler = async (event, context) => serve(event, context);\n",
}


@pytest.mark.parametrize("code", TOLD.values(), ids=TOLD)
def test_work_that_tells_somebody_when_it_is_done_is_waited_for(check: Check, code: str) -> None:
    assert check({"src/app.ts": code}) == []
    dropped = code.replace(".then(", ".then((r) => console.log(r)); Promise.resolve().then(")
    assert check({"src/app.ts": dropped})[0].startswith("background-work-after-return src/app.ts")


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_what_is_not_reported(check: Check, code: str) -> None:
    assert check({"src/app.ts": code}) == []


@pytest.mark.parametrize(
    "marker", ["wrangler.toml", "wrangler.jsonc", "vercel.json", "next.config.mjs", "deno.json", "firebase.json"]
)
def test_code_for_other_platforms_is_left_alone(check: Check, marker: str) -> None:
    code = PG + "export const handler = async (event) => new Pool().query('x');\n"
    files = {"template.yaml": template("app.handler", code="src/"), "src/app.js": HANDLER, f"web/{marker}": ""}
    assert check({**files, "web/api/hello.ts": code}) == []
    assert check({**files, "functions/hello.ts": code}) == ["pool-in-handler functions/hello.ts:2"]


def test_vite_beside_what_deploys_to_lambda_only_tests(check: Check) -> None:
    code = PG + "export const handler = async (event) => new Pool().query('x');\n"
    files = {
        "template.yaml": template("app.handler", code="src/"),
        "src/app.js": HANDLER,
        "vite.config.ts": "",
        "backend/cdk.json": "{}",
        "backend/vite.config.ts": "",
        "backend/functions/a.ts": code,
        "backend/edge/wrangler.toml": "",
        "backend/edge/b.ts": code,
        "sites/serverless.yml": "provider:\n  name: aws\n",
        "sites/next.config.js": "",
        "sites/api/c.ts": code,
        "web/api/d.ts": code,
    }
    assert check(files) == ["pool-in-handler backend/functions/a.ts:2"]


def test_handlers_without_a_template_are_recognised(check: Check) -> None:
    code = "import * as pg from 'pg';\nexport const {} = async ({}) => new pg.Pool().query('x');\n"
    files = {
        "template.yaml": template("app.handler", code="src/"),
        "src/app.js": HANDLER,
        "cdk/lambda/a.ts": code.format("handler", "event"),
        "cdk/lambda/b.ts": code.format("handler", "request"),
        "cdk/lambda/c.ts": code.format("helper", "event"),
        "cdk/lambda/d.test.ts": code.format("handler", "event"),
        "sls/serverless.yml": "provider:\n  name: aws\nfunctions:\n  e:\n    handler: e.helper\n",
        "sls/e.js": code.format("helper", "{ body }"),
    }
    assert check(files) == ["pool-in-handler cdk/lambda/a.ts:2", "pool-in-handler sls/e.js:2"]


def test_a_handler_may_leave_out_the_event_where_the_code_is_for_aws(check: Check) -> None:
    files = {"template.yaml": template("app.handler", code="src/"), "src/app.js": HANDLER}
    named = {
        "a.ts": ("handler", ""), "b.ts": ("handler", "s3Event"), "c.ts": ("main", "event"), "d.ts": ("handler", "argv"),
        "e.ts": ("main", ""), "f.ts": ("lambda_handler", "event"),
    }  # fmt: skip
    made = {
        f"cdk/{path}": f"{S3}export const {name} = async ({event}) => new S3Client();\n"
        for path, (name, event) in named.items()
    }
    plain = "import pg from 'pg';\nexport const handler = async () => new pg.Pool();\n"
    found = check({**files, **made, "cdk/g.ts": plain})
    assert found == [f"client-in-handler cdk/{name}.ts:2" for name in "abcf"]


def test_a_handler_that_serverless_yml_names_is_read_whatever_lies_beside_it(check: Check) -> None:
    code = PG + "export const web = async (event) => new Pool().query('x');\n"
    files = {
        "serverless.yml": "provider:\n  name: aws\nfunctions:\n  web:\n    handler: index.web\n",
        "nuxt.config.js": "",
    }
    templates = {"template.yaml": template("app.handler", code="src/"), "src/app.js": HANDLER}
    assert check({**templates, **{f"site/{name}": text for name, text in {**files, "index.js": code}.items()}}) == [
        "pool-in-handler site/index.js:2"
    ]


def test_a_handler_that_the_template_of_serverless_for_typescript_names_is_read(check: Check) -> None:
    code = (
        PG + "import { middyfy } from '../../libs/lambda';\nconst hello = async (event) => new Pool().query('x');\n"
        "export const main = middyfy(hello);\n"
    )
    index = (
        "import { handlerPath } from '../../libs/handler-resolver';\n"
        "export default { handler: `${handlerPath(__dirname)}/%s.main`, events: [{ http: { method: 'get', path: 'x' } }] };\n"
    )
    files = {
        "template.yaml": template("app.handler", code="src/"),
        "src/app.js": HANDLER,
        "sls/src/libs/lambda.ts": "import middy from '@middy/core';\nexport const middyfy = (h) => middy(h);\n",
        "sls/src/functions/a/index.ts": index % "handler",
        "sls/src/functions/a/handler.ts": code,
        "sls/src/functions/b/index.ts": index % "other",
        "sls/src/functions/b/handler.ts": code,
    }
    assert check(files) == ["pool-in-handler sls/src/functions/a/handler.ts:3"]


def test_inline_code_is_read(check: Check) -> None:
    text = (
        "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n"
        "      Runtime: nodejs22.x\n      Code:\n        ZipFile: |\n"
        "          const { S3Client } = require('@aws-sdk/client-s3');\n"
        "          exports.handler = async (event) => {\n            return new S3Client({});\n          };\n"
    )
    assert check({"template.yaml": text}) == ["client-in-handler template.yaml:11"]


def test_secrets_are_followed_into_code(check: Check) -> None:
    key = "AK" + "IA" + "Q7ZRLM2XPW9KD4TS"
    secret = "Zr7qLm2xPw9Kd4Ts" + "Vb6nHc3yJf8Gt5Re" + "Uw1Ai0Xo"
    variables = "Environment: {Variables: {DB_PW: Zr7qLm2xPw9Kd4TsVb6n, DB_SECRET: orders-database-login}}"
    code = (
        "import { Pool } from 'pg';\n"
        "import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';\n"
        "const pool = new Pool({ password: process.env.DB_PW });\n"
        f"const client = new SecretsManagerClient({{ credentials: {{ accessKeyId: '{key}', secretAccessKey: '{secret}' }} }});\n"
        "export const handler = async (event) => {\n"
        "  const found = await client.send(new GetSecretValueCommand({ SecretId: process.env.DB_SECRET }));\n"
        "  return pool.query(found);\n};\n"
    )
    assert check({"template.yaml": template("src/app.handler", variables), "src/app.ts": code}) == [
        "hardcoded-aws-keys src/app.ts:4",
        "secret-read-from-env template.yaml:9",
    ]


def test_a_variable_that_is_missing_is_told_where_the_cloud_gets_it(check: Check) -> None:
    code = (
        "import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\n"
        "export const handler = async (event) =>\n"
        "  sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: process.env.BODY || 'x' }));\n"
    )
    assert check({"src/app.ts": code}) == ["env-var-undefined src/app.ts:4"]
    given = template("src/app.handler", "Environment: {Variables: {QUEUE_URL: x}}")
    assert check({"template.yaml": given, "src/app.ts": code}) == []


def test_a_variable_that_the_caller_asks_for_is_not_missing(check: Check) -> None:
    read = "const words = () => {\n  return process.env.WORDS.split(',') };\n"
    asked = "exports.handler = async (event) => { if (process.env.WORDS) { return words() } };\n"
    assert check({"src/app.js": read + asked}) == []
    assert check({"src/app.js": read + "exports.words = words;\n" + asked.replace("};", "return words() };")}) == [
        "env-var-undefined src/app.js:2"
    ]


def test_the_founding_example(write_project: WriteProject) -> None:
    text = template(
        "dist/handler.handler",
        "SnapStart: {ApplyOn: PublishedVersions}",
        "Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}",
    )
    head = "import postgres from 'postgres';\nimport type { APIGatewayProxyEventV2 } from 'aws-lambda';\n"
    start, end = "export const handler = async (event: APIGatewayProxyEventV2) => {\n", "  return sql`select 1`;\n};\n"
    made = "const sql = postgres(process.env.DATABASE_URL!, { max: 1 });\n"

    def found(code: str) -> list[Diagnostic]:
        chosen, project = loaded(str(write_project({"template.yaml": text, "handler.ts": code})))
        assert [each.handler.unit.path.rpartition("/")[2] for each in project.functions if each.handler] == [
            "handler.ts"
        ]
        return list(run(project, chosen_rules(chosen, all_rules()), chosen).diagnostics)

    (only,) = found(head + made + start + end)
    assert (only.rule, only.location.path, only.location.start.line) == (
        "snapstart-unsupported-runtime", "template.yaml", 9
    )  # fmt: skip
    assert only.help.startswith("remove SnapStart; use provisioned concurrency")
    client, snapstart = found(head + start + made + end)
    assert snapstart.rule == "snapstart-unsupported-runtime"
    assert (client.rule, client.location.path, client.location.start.line) == ("pool-in-handler", "handler.ts", 4)
    assert ("template.yaml", 10, "a user waits for it here") in [
        (each.location.path, each.location.start.line, each.message) for each in client.related
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": "[]", "tsconfig.json": "7"},
        {"package.json": '{"name": 3, "workspaces": {"packages": 4}, "imports": [], "exports": {"a": {"b": []}}}'},
        {"package.json": '{"workspaces": ["../*", "/", "**", "a\\u0000b", 5], "dependencies": []}'},
        {
            "tsconfig.json": '{"extends": "./tsconfig.json", "compilerOptions": {"paths": {"*": ["*"], "b": 3, "c*": [4]}}}'
        },
        {"tsconfig.json": '{"extends": ["./a", 4], "compilerOptions": []}', "a.json": '{"extends": "./tsconfig"}'},
        {"tsconfig.json": '{"compilerOptions": {"outDir": 4, "rootDir": [], "baseUrl": "../../.."}}'},
        {"package.json": '{"a":' * 5_000 + "1" + "}" * 5_000, "tsconfig.json": "[" * 5_000},
        {"src/b.ts": "export * from './c';\n", "src/c.ts": "export * from './b';\n"},
        {"src/b.ts": "export { x } from './b';\n"},
        {"src/b.ts": "import { x as y } from './c';\nexport { y as x };\n", "src/c.ts": "export { x } from './b';\n"},
        {"src/b.ts": "module.exports = require('./b');\n"},
        {"src/b.ts": "const e = exports;\nmodule.exports = e;\nexports = module.exports;\nexports.x = exports.x();\n"},
    ],
)
def test_strange_files_give_no_traceback(check: Check, files: dict[str, str]) -> None:
    code = "import { x } from './b';\nimport y from '#z';\nimport z from 'c/d';\nimport '../../../../etc/passwd';\n"
    code += "export const handler = async (event) => x(y(z(event)));\n"
    assert check({"src/app.ts": code, **files}) == []


@pytest.mark.parametrize(
    "handler", ["../../x.handler", "/etc/x.handler", ".handler", "a.b.c.d", "a\\x00.b", "é/ü.handler", "a..b"]
)
def test_strange_handlers_give_no_traceback(check: Check, handler: str) -> None:
    found = check({"template.yaml": template(f'"{handler}"'), "src/app.ts": TYPED})
    assert {each.partition(" ")[0] for each in found} <= {"handler-not-found"}


APP = "exports.handler = async (event) => event;\n"


def test_without_a_package_json_that_can_be_parsed_nothing_runs(check: Check):
    assert check({"src/app.js": APP, "package.json": '{"name": "orders",\n "type": }'}) == [
        "syntax-error package.json:2"
    ]
    assert check({"src/app.js": APP, "package.json": '{"name": "{{ cookiecutter.name }}", {% if x %}}'}) == []
    assert check({"src/app.js": APP, "package.json": '\ufeff{"name": "orders"}'}) == []


def test_other_settings_that_cannot_be_parsed_are_told(write_project: WriteProject):
    files = {
        "template.yaml": template() + template("app.handler", runtime="python3.14", code="py").partition("Resources:\n")[2].replace("Orders", "Stock"),
        "src/app.ts": "import { f } from '@lib/x';\nexport const handler = async () => f();\n",
        "tsconfig.json": '{"compilerOptions": {\n "paths": }}',
        "py/app.py": "def handler(event, context):\n    return event\n",
        "py/pyproject.toml": "[project\n",
    }  # fmt: skip
    chosen, project = loaded(str(write_project(files)))
    told = run(project, chosen_rules(chosen, all_rules()), chosen)
    assert told.diagnostics == ()
    assert [(each.path, each.line, each.what) for each in told.not_evaluated] == [
        ("py/pyproject.toml", 1, "the file"),
        ("tsconfig.json", 2, "the file"),
    ]
    assert all(each.why.startswith("it cannot be parsed: ") for each in told.not_evaluated)
