import { BerthError } from "@berth/diagnostics";
import { beforeAll, describe, expect, test } from "vitest";
import { App, Cluster, declareHere, Group, shopUrn } from "./acme.fixture.ts";
import {
  all,
  definitionOf,
  evaluate,
  Evaluation,
  type KnownResource,
  lookupIn,
  output,
  Secret,
  secret,
  text,
  Unknown,
  unknownOutputs,
  unsecret,
  type Urn,
  type ValueObject,
} from "./index.ts";

/** What a program returns, evaluated while some resources have answered and others have not. */
async function evaluated(
  run: () => Readonly<Record<string, unknown>>,
  answers: Readonly<Record<Urn, ValueObject>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const graph = await declareHere(run);
  const known = new Map<Urn, KnownResource>();
  const evaluation = new Evaluation(lookupIn((urn) => known.get(urn)));
  for (const resource of graph.resources) {
    const { urn, definition } = resource;
    const outputs = { ...unknownOutputs(definition, urn), ...answers[urn] };
    known.set(urn, { definition, inputs: evaluation.inputs(resource.inputs, definition), outputs });
  }
  const value = evaluation.value(graph.outputs);
  if (evaluation.problems.length > 0) throw new BerthError(evaluation.problems);
  return value as Readonly<Record<string, unknown>>;
}

const groupUrn = shopUrn("Group", "store");
const clusterUrn = shopUrn("Cluster", "store");
const appUrn = shopUrn("App", "front");

function storeProgram() {
  const group = new Group("store", { location: "west" });
  const cluster = new Cluster("store", { group: group.id });
  const app = new App("front", {
    spec: {
      image: "nginx:1",
      replicas: 2,
      ports: [{ port: 80 }],
      address: cluster.host.apply((host) => `at ${host}`),
    },
  });
  return { group, cluster, app };
}

function waitsFor(value: unknown): readonly string[] {
  if (!(value instanceof Unknown)) throw new Error(`known: ${JSON.stringify(value)}`);
  return value.producers.map(({ urn, path }) => `${urn.split("::").at(-1)} ${path}`);
}

describe("reading properties", () => {
  test("an input is what the program gave, an output waits for the provider", async () => {
    const values = await evaluated(() => {
      const { group, cluster } = storeProgram();
      return { location: group.location, id: group.id, inherited: cluster.group };
    });
    expect(values["location"]).toBe("west");
    expect(waitsFor(values["id"])).toEqual(["store id"]);
    expect(waitsFor(values["inherited"])).toEqual(["store id"]);
  });

  test("an optional input that was not given is absent", async () => {
    const values = await evaluated(() => ({ tags: storeProgram().group.tags, tag: storeProgram.length }));
    expect(values).toEqual({ tag: 0 });
  });

  test("a property that is both is what was given in its leaves, and waits for the rest", async () => {
    const values = await evaluated(() => {
      const { app } = storeProgram();
      return {
        image: app.spec.image,
        port: app.spec.ports[0]?.port,
        whole: app.spec,
        other: app.spec.address,
      };
    });
    expect(values["image"]).toBe("nginx:1");
    expect(values["port"]).toBe(80);
    expect(waitsFor(values["whole"])).toEqual(["front spec"]);
    expect(waitsFor(values["other"])).toEqual(["store host"]);
  });

  test("what the provider answered stands", async () => {
    const answers = {
      [groupUrn]: { id: "g-1" },
      [clusterUrn]: { host: "h", token: new Secret("t") },
      [appUrn]: { spec: { image: "nginx:1", address: "10.0.0.1", ports: [] } },
    };
    const values = await evaluated(() => {
      const { group, app, cluster } = storeProgram();
      return {
        id: group.id,
        address: app.spec.address,
        count: app.spec.ports.length,
        none: app.spec.ports[0]?.port,
        token: cluster.token,
      };
    }, answers);
    expect(values).toEqual({ id: "g-1", address: "10.0.0.1", count: 0, token: new Secret("t") });
  });
});

describe("computing", () => {
  test("runs where everything is known, and unites what it waits for", async () => {
    const program = () => {
      const { group, cluster } = storeProgram();
      return {
        both: all([group.id, cluster.host, group.location]).apply(
          ([id, host, location]) => `${id} ${host} ${location}`,
        ),
        url: text`https://${cluster.host}:${443}/${group.id}`,
        plain: all({ a: group.location, b: [1, group.location] }).apply(({ a, b }) => `${a} ${b.join()}`),
        part: all({ a: { b: group.id } }).a.b,
      };
    };
    const before = await evaluated(program);
    expect(waitsFor(before["both"])).toEqual(["store host", "store id"]);
    expect(waitsFor(before["url"])).toEqual(["store host", "store id"]);
    expect(before["plain"]).toBe("west 1,west");
    expect(waitsFor(before["part"])).toEqual(["store id"]);
    const after = await evaluated(program, { [groupUrn]: { id: "g" }, [clusterUrn]: { host: "h" } });
    expect(after).toEqual({ both: "g h west", url: "https://h:443/g", plain: "west 1,west", part: "g" });
  });

  test("an output inside what a callback returns is looked into", async () => {
    const values = await evaluated(() => {
      const { group } = storeProgram();
      return {
        nested: group.location.apply((at) => ({ at, again: group.location.apply((each) => each.length) })),
      };
    });
    expect(values["nested"]).toEqual({ at: "west", again: 4 });
  });

  test("each callback is run once in an evaluation, however many use it", () => {
    let runs = 0;
    const counted = output(1).apply((one) => {
      runs++;
      return one + 1;
    });
    expect(evaluate([counted, counted.apply((each) => each), text`${counted}`], () => undefined)).toEqual([
      2,
      2,
      "2",
    ]);
    expect(runs).toBe(1);
  });

  test("a callback cannot change what others see", () => {
    const list = output([3, 1, 2]);
    const sorted = list.apply((each) => each.sort((a, b) => a - b));
    expect(evaluate([sorted, list], () => undefined)).toEqual([
      [1, 2, 3],
      [3, 1, 2],
    ]);
  });

  test("a chain of 30,000 outputs does not overflow the stack", () => {
    let sum = output(0).apply((each) => each);
    for (let i = 0; i < 30_000; i++) sum = sum.apply((each) => each + 1);
    expect(evaluate(sum, () => undefined)).toBe(30_000);
  });

  test("text writes nothing for what is absent, and does not guess how to write a list", () => {
    expect(evaluate(text`[${output(null) as never}]${true}`, () => undefined)).toBe("[]true");
    expect(problemsOfEvaluating(text`[${output([1]) as never}]`)).toEqual([
      "BERTH1004 text of a value has an object or a list in it",
    ]);
  });

  test("absent values: text writes nothing, callbacks get undefined", async () => {
    const values = await evaluated(() => {
      const { group } = storeProgram();
      const tag = group.tags.apply((tags) => (tags as unknown) === undefined);
      return {
        text: text`[${group.tags.apply((tags) => (tags as { a?: string } | undefined)?.a ?? "")}]`,
        tag,
      };
    });
    expect(values).toEqual({ text: "[]", tag: true });
  });
});

describe("secrets", () => {
  test("spread to everything that is made of them", async () => {
    const program = () => {
      const { cluster } = storeProgram();
      const own = secret({ user: "admin", password: "hunter2" });
      return {
        password: own.password,
        url: text`https://${own.user}@host`,
        length: own.apply(({ password }) => password.length),
        pair: [own.user, "plain"],
        open: unsecret(own.apply(({ password }) => password.length)),
        later: text`token ${cluster.token}`,
        opened: unsecret(cluster.token),
      };
    };
    const values = await evaluated(program);
    expect(values["password"]).toEqual(new Secret("hunter2"));
    expect((values["url"] as Secret).reveal()).toBe("https://admin@host");
    expect((values["length"] as Secret).reveal()).toBe(7);
    expect((values["pair"] as unknown[])[0]).toBeInstanceOf(Secret);
    expect((values["pair"] as unknown[])[1]).toBe("plain");
    expect(values["open"]).toBe(7);
    expect(values["later"]).toEqual(new Unknown([{ urn: clusterUrn, path: "token" }], true, "string"));
    expect(values["opened"]).toEqual(new Unknown([{ urn: clusterUrn, path: "token" }]));
  });

  test("are not in the message of a callback that fails on them", () => {
    const failing = secret("hunter2").apply((password) => {
      throw new Error(`cannot parse ${password}`);
    });
    expect(problemsOfEvaluating(failing)).toMatchInlineSnapshot(`
      [
        "BERTH1010 the callback of apply on secret a value threw an error whose text is withheld, since the value is secret",
      ]
    `);
  });
});

function problemsOfEvaluating(given: unknown): readonly string[] {
  try {
    evaluate(given, () => undefined);
  } catch (thrown) {
    if (BerthError.is(thrown)) return thrown.problems.map(({ code, message }) => `${code} ${message}`);
    throw thrown;
  }
  return [];
}

describe("callbacks that fail", () => {
  let foreign: unknown;
  beforeAll(async () => {
    await declareHere(() => {
      foreign = new Group("other", { location: "x" }).id;
    });
  });

  test.each<[string, (value: string) => unknown]>([
    ["throws", () => fail()],
    [
      "throws text",
      () => {
        throw "text";
      },
    ],
    [
      "throws an object without a prototype",
      () => {
        throw Object.create(null);
      },
    ],
    ["returns a promise", async () => "later"],
    ["returns a rejected promise", () => Promise.reject(new Error("nobody listens"))],
    ["returns a function", () => () => 1],
    ["returns NaN inside", () => ({ a: [Number.NaN] })],
    ["returns an output that it was not given", () => foreign],
    ["declares a resource", () => new Group("inner", { location: "x" }).id],
    ["prints an output", (value) => String(output(value))],
  ])("%s", (_what, callback) => {
    expect(problemsOfEvaluating(output("x").apply(callback))).toMatchSnapshot();
  });

  test("two in one value are both reported, and what depends on them is not run", () => {
    let ran = false;
    const first = output(1).apply(() => fail());
    const second = output(2).apply(() => foreign);
    const third = all([first, second]).apply(() => (ran = true));
    expect(problemsOfEvaluating([third, first])).toEqual([
      "BERTH1012 the callback of apply on a value returned other.id, which it was not given",
      "BERTH1010 the callback of apply on a value threw Error: failed",
    ]);
    expect(ran).toBe(false);
  });

  test("a value that is being looked up for an unknown resource waits for it", () => {
    const lookup = lookupIn(() => undefined);
    expect(lookup("urn:x", ["a", "0", "b"])).toEqual(new Unknown([{ urn: "urn:x", path: "a[0].b" }]));
  });
});

function fail(): never {
  throw new Error("failed");
}

test("a definition's secret inputs are marked wherever they come from", async () => {
  const graph = await declareHere(() => storeProgram() && undefined);
  const evaluation = new Evaluation(() => undefined);
  const definition = {
    ...definitionOf(Group),
    inputs: { type: "object", properties: { location: { type: "string", secret: true } } },
  };
  expect(evaluation.inputs(graph.resources[0]!.inputs, definition)).toEqual({ location: new Secret("west") });
});
