import { describe, expect, test } from "vitest";
import { Cluster, declareHere, Group, refusalOf } from "./acme.fixture.ts";
import { all, defineResource, secret } from "./index.ts";

function stack() {
  const group = new Group("group", { location: "west" });
  return { group, cluster: new Cluster("cluster", { group: group.id }) };
}

const make = (name: string): Group => new Group(name, { location: "x" });

describe("a resource declared inside apply is found before anything is planned", () => {
  test.each<[string, (around: ReturnType<typeof stack>) => unknown]>([
    [
      "where the value is known, and nothing uses the result",
      ({ group }) => group.location.apply((at) => void make(at)),
    ],
    [
      "where it is not known",
      ({ cluster }) => cluster.host.apply((host) => new Group(host, { location: "x" })),
    ],
    [
      "where another resource uses the result",
      ({ cluster, group }) =>
        new Group("user", {
          location: cluster.host.apply((host) => new Group(host, { location: "x" }).id),
          tags: { at: group.id },
        }),
    ],
    [
      "in a loop over what is not known",
      ({ cluster }) =>
        cluster.host.apply((host) => Object.keys(host).map((each) => new Group(each, { location: "x" }))),
    ],
    [
      "in a callback of a list that is not known",
      ({ cluster }) =>
        all({ list: cluster.host }).apply(({ list }) =>
          list.split(",").map((each) => new Group(each.trim(), { location: "x" })),
        ),
    ],
    [
      "behind a condition on what is not known",
      ({ cluster }) =>
        cluster.host.apply((host) =>
          host.startsWith("a") ? [new Group(`${host}-1`, { location: "x" })] : [],
        ),
    ],
  ])("%s", async (_what, use) => {
    const refusals = await refusalOf(() => void use(stack()));
    expect(refusals).toEqual(["BERTH1008: new Group(…) inside a callback of apply"]);
  });
});

describe("a callback on what is not known", () => {
  test.each<[string, (host: string) => unknown]>([
    ["that constructs something else", (host) => new URL(`https://${host}`).host],
    ["that throws on what is no real value", (host) => new Map([[host, 1]]).get("x")!.toFixed()],
    [
      "that goes on until it sees a real value",
      (host) => {
        const seen = new Set<string>();
        let rest = host;
        while (rest.includes("//")) rest = rest.replace("//", "/");
        return seen.add(rest).size;
      },
    ],
    ["that returns a rejected promise", (host) => new Promise((_resolve, reject) => reject(new Error(host)))],
  ])("%s is left alone", async (_what, callback) => {
    const graph = await declareHere(() => void stack().cluster.host.apply(callback));
    expect(graph.resources).toHaveLength(2);
  });

  test("that constructs nothing is not run", async () => {
    let ran = false;
    await declareHere(() => void stack().cluster.host.apply(() => (ran = true)));
    expect(ran).toBe(false);
  });
});

test("callbacks that fail are found also where nothing uses their result, once each, without secrets", async () => {
  const refusals = await refusalOf(() => {
    const { group } = stack();
    const failing = group.location.apply((at) => {
      throw new RangeError(`no ${at}`);
    });
    new Group("one", { location: failing });
    new Group("two", { location: failing.apply((each) => `${String(each)}!`) });
    secret("hunter2").apply((value) => {
      throw new Error(value);
    });
  });
  expect(refusals).toEqual([
    "BERTH1010: the callback of apply on group.location threw RangeError: no west",
    "BERTH1010: the callback of apply on secret a value threw an error whose text is withheld, since the value is secret",
  ]);
});

test("functions of a definition that fail are a mistake of the definition", async () => {
  const Failing = defineResource<{ a: string }>({
    type: "acme:Failing",
    provider: "acme",
    inputs: { a: { type: "string" } },
    identity: () => {
      throw new TypeError("oops");
    },
  });
  expect(await refusalOf(() => void new Failing("a", { a: "x" }))).toEqual([
    "BERTH1023: normalise or identity of acme:Failing failed: TypeError: oops",
  ]);
});
