import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { formatProblem } from "@berth/diagnostics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "./fixtures/load-all.ts";

type Files = Readonly<Record<string, string>>;

const root = mkdtempSync(join(tmpdir(), "berth-loader-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function makeProject(files: Files): string {
  const directory = mkdtempSync(join(root, "project-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** Loads programs in a process with Node's own module loader, which the test runner replaces in its own. */
async function loadAll(directories: readonly string[], how = "in order"): Promise<readonly Outcome[]> {
  const requests = directories.map((directory) => ({ directory, entry: "main.ts" }));
  const args = ["--conditions=@berth/source", "--import", join(import.meta.dirname, "register.ts")];
  const script = join(import.meta.dirname, "fixtures/load-all.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    script,
    JSON.stringify(requests),
    how,
  ]);
  return JSON.parse(stdout) as readonly Outcome[];
}

const thing = `import { defineResource } from "@berth/core";
export const Thing = defineResource<{ size: number }>({ type: "acme:Thing", provider: "acme", inputs: { size: { type: "integer" } } });
`;

const sited: Files = {
  "main.ts": `import type { Long } from "./types.ts";
import { Component, ComponentType, Input, type ResourceOptions } from "@berth/core";
import { Thing } from "./thing.ts";
import { helper } from "./lib/helper.js";

/* long type-only blocks, which compile to nothing */
interface Options {
  readonly a: string;
  readonly b: { readonly c: number };
}
type Both = Options & Long;
declare const nowhere: Both;

enum Size { small = 1, large = 2 }

function traced(): any {
  return (target: unknown) => target;
}

@ComponentType("acme:Box")
class Box extends Component<{ readonly size: number }> {
  @Input() declare readonly size: number;
  @Input({ type: "string", default: "x" })
  declare readonly label: string;
  private readonly note: string = "ü€😀"; inside = new Thing("field", { size: 1 });

  constructor(name: string, inputs: { readonly size: number }, options?: ResourceOptions) {
    super(name, inputs, options);
    new Thing(\`\${name}-inner\`, { size: this.size }, { parent: this });
  }
}

class Special extends Thing {
  constructor(name: string) {
    super(name, { size: Size.large });
  }
}

@traced() class Decorated { @traced() make(name: string) { return /* ü */ new Special(name); } }

new Thing("first", { size: Size.small }); new Thing("second", { size: 2 });
  export const unused = new Decorated() && 1;
new Decorated().make("third");
new Box("box",
  { size: 3 });
["fourth"].forEach((name) => new Thing(name, { size: 4 }));
Reflect.construct(Thing, ["fifth", { size: 5 }]);
helper();
await Promise.resolve();
new Thing("sixth", { size: 6 });
`,
  "thing.ts": thing,
  "types.ts": `export interface Long { readonly long: true }\n`,
  "lib/helper.ts": `import { Thing } from "../thing.ts";\n\nexport const helper = () => new Thing("helped", { size: 7 });\n`,
};

test("places are right in folders with strange names, and behind links", async () => {
  const directory = join(root, "a b#c?d%20e (f) ü");
  mkdirSync(directory);
  writeFileSync(join(directory, "thing.ts"), thing);
  writeFileSync(
    join(directory, "main.ts"),
    `type A = 1;\nimport { Thing } from "./thing.ts";\nnew Thing("a", { size: 1 });\nif (process.env["X"] === undefined) throw new Error("boom");\n`,
  );
  const link = join(root, "link");
  symlinkSync(directory, link);
  const outcomes = await loadAll([directory, link]);
  for (const { problems } of outcomes)
    expect(problems?.map(formatProblem)).toEqual(["main.ts:4:43 BERTH7104: boom"]);
  writeFileSync(
    join(directory, "main.ts"),
    `type A = 1;\nimport { Thing } from "./thing.js";\nnew Thing("a", { size: 1 });\n`,
  );
  for (const { resources } of await loadAll([directory, link])) expect(resources).toEqual(["a main.ts:3:1"]);
});

test("file, line and column are those of the program, whatever compiling did to it", async () => {
  const [outcome] = await loadAll([makeProject(sited)]);
  expect(outcome).toEqual({
    resources: [
      "first main.ts:41:1",
      "second main.ts:41:43",
      "third main.ts:39:75",
      "field main.ts:25:52",
      "box-inner main.ts:29:5",
      "fourth main.ts:46:30",
      "fifth main.ts:47:9",
      "helped lib/helper.ts:3:29",
      "sixth main.ts:50:1",
    ],
    outputs: { unused: 1 },
  });
});

describe("a program that is wrong", () => {
  const cases: readonly (readonly [what: string, files: Files, problems: readonly string[]])[] = [
    ["has no entry", {}, ["berth.yaml:1:1 BERTH7101: main.ts is not a file"]],
    ["has a folder as entry", { "main.ts/x.ts": "" }, ["berth.yaml:1:1 BERTH7101: main.ts is not a file"]],
    [
      "has syntax errors, in a file that it imports, after characters of many bytes",
      { "main.ts": `import "./other.ts";\n`, "other.ts": `const ü = "€😀"; const x = {;\n` },
      [
        'other.ts:1:29 BERTH7102: Unexpected token\n 1 | const ü = "€😀"; const x = {;\n   :                             ^',
      ],
    ],
    [
      "has several",
      { "main.ts": `const a = 1;\nconst a = 2;\n\nreturn 3;\n` },
      [
        "main.ts:4:1 BERTH7102: A 'return' statement can only be used within a function body.\n",
        "main.ts:1:7 BERTH7102: Identifier `a` has already been declared\n",
      ],
    ],
    [
      "imports a file that is not there",
      { "main.ts": `import type { A } from "./a.ts";\nimport { x } from "./nope.ts";\nexport { x };\n` },
      [`main.ts:2:19 BERTH7103: there is no file "./nope.ts"`],
    ],
    [
      "misspells one",
      { "main.ts": `export const a = 1;\nawait import("./lib/stroe.ts");\n`, "lib/store.ts": "" },
      [`main.ts:2:14 BERTH7103: there is no file "./lib/stroe.ts" (did you mean "./lib/store.ts"?)`],
    ],
    [
      "imports a package that is not there",
      { "main.ts": `import x from "@nobody/nothing/deep";\nconsole.log(x);\n` },
      [`main.ts:1:15 BERTH7103: there is no package "@nobody/nothing/deep" (npm install @nobody/nothing)`],
    ],
    [
      "imports a package of berth that does not exist",
      { "main.ts": `import * as x from "@berth/azur";\nconsole.log(x);\n` },
      [`main.ts:1:20 BERTH7103: there is no package "@berth/azur" (npm install @berth/azur)`],
    ],
    [
      "imports a name that is not exported",
      {
        "main.ts": `import { a,\n  b } from "./b.ts";\nconsole.log(a, b);\n`,
        "b.ts": "export const a = 1;\n",
      },
      [`main.ts:2:3 BERTH7109: ./b.ts exports no b (if b is a type: import type { b } from "./b.ts")`],
    ],
    [
      "imports a type as a value, for a decorator",
      {
        "main.ts": `import { Component, ComponentType, Input } from "@berth/core";\nimport { Spec } from "./spec.ts";\n@ComponentType("a:B") class B extends Component { @Input({ type: "string" }) declare readonly spec: Spec; }\nnew B("b", {});\n`,
        "spec.ts": "export interface Spec { a: 1 }\n",
      },
      [
        `main.ts:2:10 BERTH7109: ./spec.ts exports no Spec (if Spec is a type: import type { Spec } from "./spec.ts")`,
      ],
    ],
    [
      "throws",
      { "main.ts": `interface A { x: 1 }\n\n  throw new Error("boom");\n` },
      ["main.ts:3:9 BERTH7104: boom"],
    ],
    [
      "throws later, in a function of another file",
      {
        "main.ts": `import { fail } from "./fail.ts";\nawait new Promise((resolve) => setTimeout(resolve, 1));\nfail(undefined as never);\n`,
        "fail.ts": `type A = { b: { c: string } };\nexport function fail(a: A): string {\n  return a.b.c;\n}\n`,
      },
      ["fail.ts:3:12 BERTH7104: TypeError: Cannot read properties of undefined (reading 'b')"],
    ],
    ["throws what is no error", { "main.ts": `throw "text";\n` }, ["BERTH7104: text"]],
    [
      "throws in Node's own code, called from here",
      { "main.ts": `import { readFileSync } from "node:fs";\nreadFileSync("/nowhere/at/all");\n` },
      ["main.ts:2:1 BERTH7104: ENOENT: no such file or directory, open '/nowhere/at/all'"],
    ],
    [
      "waits for ever",
      { "main.ts": `await new Promise(() => undefined);\n` },
      ["main.ts:1:1 BERTH7105: main.ts waits for a promise that nothing can settle any more"],
    ],
    [
      "ends the process",
      { "main.ts": `function stop(): void {\n  process.exit(3);\n}\nstop();\n` },
      ["main.ts:2:11 BERTH7106: process.exit(3) was called while the program ran"],
    ],
    [
      "ends the process and catches what comes of it",
      { "main.ts": `try {\n  process.exit();\n} catch {}\nexport const a = 1;\n` },
      ["main.ts:2:11 BERTH7106: process.exit() was called while the program ran"],
    ],
    [
      "gives a decorated property an initialiser",
      {
        "main.ts": `import { Component, ComponentType, Input } from "@berth/core";
@ComponentType("acme:Box")
class Box extends Component<{ size?: number }> {
  @Input({ default: 1 }) readonly fine!: number;
  @Input({ default: 1 }) readonly size: number = 2;
}
console.error(new Box("box", {}).fine);
`,
      },
      [
        "main.ts:7:15 BERTH1022 [urn:berth:dev:shop::acme:Box::box] size: the property size of Box was overwritten by a class field (write `declare readonly size`, without an initialiser)",
      ],
    ],
    [
      "leaves a rejected promise behind",
      { "main.ts": `type A = 1;\nvoid Promise.reject(new Error("nobody waits"));\nexport const a = 1;\n` },
      ["main.ts:2:21 BERTH7104: nobody waits"],
    ],
    [
      "does not wait for its own main function",
      {
        "main.ts": `import { Thing } from "./thing.ts";\nasync function main(): Promise<void> {\n  await undefined;\n  new Thing("late", { sise: 1 } as never);\n  throw new Error("boom");\n}\nvoid main();\n`,
        "thing.ts": thing,
      },
      [
        `main.ts:4:3 BERTH1002 [urn:berth:dev:shop::acme:Thing::late] sise: there is no property "sise" (did you mean "size"?)`,
        `main.ts:4:3 BERTH1003 [urn:berth:dev:shop::acme:Thing::late] size: "size" is missing`,
        "main.ts:5:9 BERTH7104: boom",
      ],
    ],
    [
      "has a default export",
      { "main.ts": `export const a = 1;\nexport default 3;\n` },
      ["main.ts:1:1 BERTH7107: a default export is no output of the stack"],
    ],
    [
      "has berth installed from elsewhere",
      {
        "main.ts": `import "@berth/core";\n`,
        "node_modules/@berth/core/package.json": `{ "name": "@berth/core", "type": "module", "exports": "./index.js" }`,
        "node_modules/@berth/core/index.js": "",
      },
      [
        "main.ts:1:8 BERTH7108: @berth/core is DIRECTORY/node_modules/@berth/core/index.js for the program, and CORE for the berth that runs it",
      ],
    ],
    [
      "declares wrongly, twice",
      {
        "main.ts": `import { Thing } from "./thing.ts";\n\nnew Thing("b", { size: "x" } as never);\ntype A = 1;\nnew Thing("a", { sise: 1 } as never);\n`,
        "thing.ts": thing,
      },
      [
        `main.ts:3:1 BERTH1001 [urn:berth:dev:shop::acme:Thing::b] size: must be a whole number, not "x"`,
        `main.ts:5:1 BERTH1002 [urn:berth:dev:shop::acme:Thing::a] sise: there is no property "sise" (did you mean "size"?)`,
        `main.ts:5:1 BERTH1003 [urn:berth:dev:shop::acme:Thing::a] size: "size" is missing`,
      ],
    ],
    [
      "uses an output as text",
      {
        "main.ts": `import { Thing } from "./thing.ts";\ntype A = 1;\nconst a = new Thing("a", { size: 1 });\nnew Thing(\`\${a.size}\`, { size: 1 });\n`,
        "thing.ts": thing,
      },
      [
        "main.ts:4:16 BERTH1009: the output a.size cannot be used as text or as a number: its value is known only after the program has run (build text with text`…${output}…`, compute with output.apply(value => …), or pass the output on as it is)",
      ],
    ],
    [
      "declares inside apply, and throws inside apply",
      {
        "main.ts": `import { defineResource } from "@berth/core";
type A = 1;
const Thing = defineResource<{ size: number }>({
  type: "acme:Thing", provider: "acme", inputs: { size: { type: "integer" } }, identity: ({ size }) => "thing " + JSON.stringify(size),
});
const a = new Thing("a", { size: 1 });
new Thing("b", {
  size: a.size.apply((size) => {
    interface Nothing {}
    new Thing("c", { size });
    return size;
  }),
});
new Thing("d", {
  size: a.size.apply((size) => {
    type Nothing = 1;
    throw new RangeError(\`size \${size}\`);
  }),
});
`,
      },
      [
        "main.ts:10:5 BERTH1008 [urn:berth:dev:shop::acme:Thing::b]: new Thing(…) inside a callback of apply",
        "main.ts:17:11 BERTH1010 [urn:berth:dev:shop::acme:Thing::d]: the callback of apply on a.size threw RangeError: size 1",
      ],
    ],
    [
      "asks for configuration that is not there",
      {
        "main.ts": `import { Config } from "@berth/core";\ntype A = 1;\nconst config = new Config();\nconfig.requireNumber("replicas");\nconfig.require("image");\n`,
      },
      [
        "main.ts:5:8 BERTH1024: the configuration value shop:image is missing (berth config set shop:image VALUE)",
      ],
    ],
  ];

  let outcomes: readonly Outcome[] = [];
  beforeAll(async () => {
    outcomes = await loadAll(cases.map(([, files]) => makeProject(files)));
  });

  test.each(cases.map(([what, , problems], i) => ({ what, problems, i })))("$what", ({ problems, i }) => {
    const lines = outcomes[i]?.problems?.map((each) => withoutMachine(formatProblem(each)));
    expect(lines ?? outcomes[i]).toEqual(
      problems.map((each) => (each.endsWith("\n") ? expect.stringContaining(each) : each)),
    );
  });
});

function withoutMachine(text: string): string {
  return text
    .replaceAll(/\/\S*\/project-\w+/g, "DIRECTORY")
    .replaceAll(/\/\S*\/core\/src\/index\.ts/g, "CORE");
}

describe("a program", () => {
  test("is evaluated anew on each load, its own modules too; packages are not", async () => {
    const files: Files = {
      "package.json": `{ "imports": { "#own": "./own.ts" } }`,
      "main.ts": `import { count } from "./counter.js";\nimport { count as own } from "#own";\nimport { shared } from "shared";\nexport const counted = count();\nexport const alias = own();\nexport const package_ = shared();\n`,
      "counter.ts": `let counted = 0;\nexport const count = (): number => ++counted;\n`,
      "own.ts": `let counted = 0;\nexport const count = (): number => ++counted;\n`,
      "node_modules/shared/package.json": `{ "name": "shared", "type": "module", "exports": "./index.js" }`,
      "node_modules/shared/index.js": `let counted = 0;\nexport const shared = () => ++counted;\n`,
    };
    const directory = makeProject(files);
    const outcomes = await loadAll([directory, directory]);
    expect(outcomes.map(({ outputs }) => outputs)).toEqual([
      { counted: 1, alias: 1, package_: 1 },
      { counted: 1, alias: 1, package_: 2 },
    ]);
  });

  test("has its own stack beside others, also where a package that they share waits at its top level", async () => {
    const shared = makeProject({
      "package.json": `{ "name": "slow", "type": "module", "exports": "./index.js" }`,
      "index.js": `await new Promise((resolve) => setTimeout(resolve, 20));\nexport const slow = 1;\n`,
    });
    const names = ["a", "b", "c"];
    const projects = names.map((name) => {
      const directory = makeProject({
        "main.ts": `import "slow";\nimport { Thing } from "./thing.ts";\nnew Thing("${name}", { size: 1 });\nawait new Promise((resolve) => setTimeout(resolve, 1));\nnew Thing("${name}-late", { size: 1 });\n`,
        "thing.ts": thing,
        "node_modules/.keep": "",
      });
      symlinkSync(shared, join(directory, "node_modules/slow"));
      return directory;
    });
    const outcomes = await loadAll(projects, "together");
    expect(outcomes.map(({ resources }) => resources)).toEqual(
      names.map((name) => [`${name} main.ts:3:1`, `${name}-late main.ts:5:1`]),
    );
  });

  test("shares berth with the packages that it uses, wherever they are installed", async () => {
    const manifest = `{ "name": "parts", "type": "module", "exports": "./index.js" }`;
    const part = `import { Component, ComponentType } from "@berth/core";
export class Part extends Component { constructor(name) { super(name, {}); } }
ComponentType("parts:Part")(Part);
`;
    const copy: Files = {
      "node_modules/parts/node_modules/@berth/core/package.json": `{ "name": "@berth/core", "type": "module", "exports": "./index.js" }`,
      "node_modules/parts/node_modules/@berth/core/index.js":
        "export class Component {}; export const ComponentType = () => () => {};",
    };
    const files: Files = {
      "main.ts": `import { Part } from "parts";\nimport { Thing } from "./thing.ts";\nnew Thing("inside", { size: 1 }, { parent: new Part("part") });\n`,
      "thing.ts": thing,
      "node_modules/parts/package.json": manifest,
      "node_modules/parts/index.js": part,
    };
    const [shared, other] = await loadAll([makeProject(files), makeProject({ ...files, ...copy })]);
    expect(shared?.resources).toEqual(["inside main.ts:3:1"]);
    expect(other?.problems?.map(({ code, site }) => [code, site?.file, site?.line])).toEqual([
      ["BERTH7108", "node_modules/parts/index.js", 1],
    ]);
  });

  test("may leave extensions out, import folders, JSON and CommonJS, and use what TypeScript adds", async () => {
    const [outcome] = await loadAll([
      makeProject({
        "main.ts": `import { a } from "./a";
import { b } from "./b.js";
import { c } from "./folder";
import { d } from "./folder/";
import { Kind } from "./kind.ts";
import e from "./e.json" with { type: "json" };
import f from "./f.cts";
abstract class Base { constructor(protected readonly value: number) {} }
class Derived extends Base { get() { return this.value; } }
namespace Inner { export const g = 7; }
export const all = [a, b, c, d, e.e, f.f, new Derived(6).get(), Inner.g, Kind.two].join();
`,
        "a.ts": "export const a = 1;",
        "b.ts": "export const b = 2;",
        "folder/index.ts": "export const c = 3; export const d = 4;",
        "kind.ts": "export enum Kind { one, two }",
        "e.json": `{ "e": 5 }`,
        "f.cts": "const f: number = 5.5; exports.f = f;",
      }),
    ]);
    expect(outcome).toEqual({ resources: [], outputs: { all: "1,2,3,4,5,5.5,6,7,1" } });
  });
});
