import { describe, expect, test } from "vitest";
import {
  App,
  Cluster,
  declareHere,
  Group,
  OtherProvider,
  Provider,
  refusalOf,
  shopUrn,
} from "./acme.fixture.ts";
import { Component, ComponentType, type Graph, Hook, type ResourceOptions } from "./index.ts";
import { optionTable } from "./option-table.ts";

@ComponentType("acme:Box")
class Box extends Component {}

/** What options may refer to, in each program below. */
function surroundings() {
  const box = new Box("box", {});
  return {
    box,
    first: new Group("first", { location: "x" }),
    member: new Group("member", { location: "x" }, { parent: box }),
    provider: new Provider("special", { account: "2" }),
    clusters: [new Cluster("a", {}), new Cluster("b", {})] as const,
  };
}

type Surroundings = ReturnType<typeof surroundings>;

const drain = new Hook("drain", () => undefined);

/** A use of each option, and where the sealed graph must show it. A new option does not compile without a row here. */
const uses: {
  readonly [K in keyof ResourceOptions]-?: readonly [
    use: (around: Surroundings) => ResourceOptions,
    shown: object,
  ];
} = {
  parent: [({ box }) => ({ parent: box }), { urn: shopUrn("App", "box/app"), parent: shopUrn("Box", "box") }],
  dependsOn: [
    ({ box, first }) => ({ dependsOn: [first, box] }),
    { dependencies: [shopUrn("Cluster", "a"), shopUrn("Group", "box/member"), shopUrn("Group", "first")] },
  ],
  protect: [() => ({ protect: true }), { options: { protect: true, silence: [] } }],
  provider: [
    ({ provider }) => ({ provider }),
    {
      options: { protect: false, provider: shopUrn("Provider", "special"), silence: [] },
      dependencies: [shopUrn("Cluster", "a"), shopUrn("Provider", "special")],
    },
  ],
  cluster: [
    ({ clusters }) => ({ cluster: clusters[1] }),
    { cluster: shopUrn("Cluster", "b"), dependencies: [shopUrn("Cluster", "b")] },
  ],
  silence: [
    () => ({ silence: ["BERTH3103", "BERTH3101"] }),
    { options: { protect: false, silence: ["BERTH3101", "BERTH3103"] } },
  ],
  ignoreChanges: [
    () => ({ ignoreChanges: ["spec.ports[*].port", "spec.image"] }),
    { options: { ignoreChanges: ["spec.ports[*].port", "spec.image"] } },
  ],
  replaceOnChanges: [() => ({ replaceOnChanges: ["*"] }), { options: { replaceOnChanges: ["*"] } }],
  replacementTrigger: [
    ({ first }) => ({ replacementTrigger: { of: [first.id, 1] } }),
    {
      options: { replacementTrigger: expect.any(Object) as object },
      dependencies: [shopUrn("Cluster", "a"), shopUrn("Group", "first")],
    },
  ],
  deleteBeforeReplace: [() => ({ deleteBeforeReplace: false }), { options: { deleteBeforeReplace: false } }],
  aliases: [() => ({ aliases: ["web"] }), { options: { aliases: [shopUrn("App", "web")] } }],
  import: [() => ({ import: "apps/7" }), { options: { import: "apps/7" } }],
  adopt: [() => ({ adopt: true }), { options: { adopt: true } }],
  retainOnDelete: [() => ({ retainOnDelete: true }), { options: { retainOnDelete: true } }],
  deletedWith: [
    ({ first }) => ({ deletedWith: first }),
    { options: { deletedWith: shopUrn("Group", "first") }, dependencies: [shopUrn("Cluster", "a")] },
  ],
  customTimeouts: [
    () => ({ customTimeouts: { create: "1h30m", delete: 90 } }),
    { options: { customTimeouts: { create: 5400, delete: 90 } } },
  ],
  additionalSecretOutputs: [
    () => ({ additionalSecretOutputs: ["spec"] }),
    { options: { additionalSecretOutputs: ["spec"] } },
  ],
  transforms: [
    () => ({
      transforms: ({ inputs, name }) =>
        name === "app" ? { inputs: { spec: { ...Object(inputs["spec"]), replicas: 7 } } } : undefined,
    }),
    { inputs: { spec: { image: "nginx:1", replicas: 7 } } },
  ],
  hooks: [() => ({ hooks: { beforeDelete: drain } }), { options: { hooks: { beforeDelete: [drain] } } }],
};

/** Said of each resource by itself, or another thing for what is inside. */
const ofItsOwn = ["parent", "aliases", "import", "adopt"];

/** What no option can be, and which are none of the wrong for some. */
const wrongs: readonly (readonly [unknown, right: readonly string[]])[] = [
  [1, ["replacementTrigger"]],
  ["x", ["replacementTrigger", "import"]],
  [null, ["replacementTrigger"]],
  [{}, ["replacementTrigger", "customTimeouts", "hooks"]],
  [[{}], ["replacementTrigger"]],
  [() => undefined, ["transforms"]],
];

const app = { spec: { image: "nginx:1" } };

function appOf(graph: Graph) {
  return graph.resources.find(({ type, name }) => type === "acme:App" && name === "app");
}

const inherited = Object.entries(uses).filter(([name]) => !ofItsOwn.includes(name));

test.each(inherited)(
  "the option %s is inherited through components, at any depth",
  async (_, [use, shown]) => {
    const graph = await declareHere(() => {
      const around = surroundings();
      const outer = new Box("outer", {}, { cluster: around.clusters[0], ...use(around) });
      new App("app", app, { parent: new Box("inner", {}, { parent: outer }) });
    });
    const { urn: _urn, ...rest } = shown as { urn?: string };
    expect(appOf(graph)).toMatchObject(rest);
  },
);

describe.each(Object.entries(uses))("the option %s", (name, [use, shown]) => {
  test("is in the table", () => {
    expect(Object.keys(optionTable)).toContain(name);
  });

  test("shows in the graph", async () => {
    const plain = await declareHere(() => {
      const { clusters } = surroundings();
      new App("app", app, { cluster: clusters[0] });
    });
    const graph = await declareHere(() => {
      const around = surroundings();
      new App("app", app, { cluster: around.clusters[0], ...use(around) });
    });
    expect(appOf(graph)).toMatchObject(shown);
    expect(appOf(plain)).not.toMatchObject(shown);
  });

  test("refuses what it cannot be", async () => {
    for (const [wrong, right] of wrongs) {
      if (right.includes(name)) continue;
      const refusals = await refusalOf(() => {
        new Group("a", { location: "x" }, { [name]: wrong });
      });
      expect(refusals).toEqual([
        expect.stringMatching(new RegExp(`^BERTH1017 ${name}: the option ${name} (is|says|has|holds)`)),
      ]);
    }
  });

  test("may be undefined", async () => {
    const graph = await declareHere(() => void new Group("a", { location: "x" }, { [name]: undefined }));
    expect(graph.resources).toHaveLength(1);
  });
});

test("every option of the table has its use", () => {
  expect(Object.keys(uses).toSorted()).toEqual(Object.keys(optionTable).toSorted());
});

describe("inheritance", () => {
  test("a child's own word counts where there can be one only, and adds where there can be many", async () => {
    const graph = await declareHere(() => {
      const { provider, first } = surroundings();
      const own = new Provider("own", { account: "3" });
      const other = new OtherProvider("other", {});
      const outer = new Box(
        "outer",
        {},
        { protect: true, provider: [provider, other], silence: ["BERTH3101"], dependsOn: first },
      );
      const inner = new Group(
        "inner",
        { location: "x" },
        { parent: outer, protect: false, provider: own, silence: ["BERTH3102"], dependsOn: [] },
      );
      new Group("app", { location: "x" }, { parent: inner });
    });
    const inner = graph.resources.find(({ name }) => name === "inner");
    expect(inner?.options).toEqual({
      protect: false,
      provider: shopUrn("Provider", "own"),
      silence: ["BERTH3101", "BERTH3102"],
    });
    expect(inner?.dependencies).toEqual([shopUrn("Group", "first"), shopUrn("Provider", "own")]);
    const grandchild = graph.resources.find(({ name }) => name === "app");
    expect(grandchild?.options).toEqual(inner?.options);
    expect(grandchild?.dependencies).toEqual([
      shopUrn("Group", "first"),
      shopUrn("Group", "outer/inner"),
      shopUrn("Provider", "own"),
    ]);
  });

  test("a provider of something else is passed on by components, and refused by resources", async () => {
    const graph = await declareHere(() => {
      const other = new OtherProvider("other", {});
      new Group("a", { location: "x" }, { parent: new Box("box", {}, { provider: other }) });
    });
    expect(graph.resources.at(-1)?.options).toEqual({ protect: false, silence: [] });
    expect(
      await refusalOf(
        () => void new Group("a", { location: "x" }, { provider: new OtherProvider("other", {}) }),
      ),
    ).toEqual([
      'BERTH1017 provider: the option provider is a provider of acme for acme:Group, which other:Provider "other" is not',
    ]);
  });

  test("a provider is made by no provider: it is refused for one, and not inherited", async () => {
    const graph = await declareHere(() => {
      const { provider } = surroundings();
      new Provider("a", { account: "3" }, { parent: new Box("outer", {}, { provider }) });
    });
    expect(graph.resources.find(({ name, type }) => name === "a" && type === "acme:Provider")).toMatchObject({
      options: { protect: false, silence: [] },
      dependencies: [],
    });
    expect(
      await refusalOf(() => {
        const { provider } = surroundings();
        new Provider("a", { account: "3" }, { provider });
      }),
    ).toEqual([
      "BERTH1017 provider: the option provider says nothing for acme:Provider, which configures a provider and is made by none",
    ]);
  });

  test("what is no cluster is refused as one", async () => {
    expect(
      await refusalOf(() => {
        const group = new Group("a", { location: "x" });
        new App("app", app, { cluster: group });
      }),
    ).toContain('BERTH1017 cluster: the option cluster is a cluster, which acme:Group "a" is not');
  });
});

test("options that do not exist are refused with the nearest, those that are no object too", async () => {
  expect(
    await refusalOf(() => {
      new Group("a", { location: "x" }, { dependOn: [], zzz: 1 } as never);
      new Group("b", { location: "x" }, "protect" as never);
      new Group("c", { location: "x" }, null as never);
    }),
  ).toEqual([
    'BERTH1016 dependOn: there is no option "dependOn" (did you mean "dependsOn"?)',
    'BERTH1016 zzz: there is no option "zzz" (there are parent, dependsOn, protect, provider, cluster, silence, ignoreChanges, replaceOnChanges, replacementTrigger, deleteBeforeReplace, aliases, import, adopt, retainOnDelete, deletedWith, customTimeouts, additionalSecretOutputs, transforms, hooks)',
    "BERTH1017: options are an object",
    "BERTH1017: options are an object",
  ]);
});

describe("options that name properties", () => {
  const inside = (options: ResourceOptions) => (): void => {
    const [cluster] = surroundings().clusters;
    const parent = new Box("outer", {}, options);
    new App("app", app, { parent, cluster });
    new Group("group", { location: "x" }, { parent });
  };

  test("are refused on a resource that has none of that name, with the nearest", async () => {
    expect(
      await refusalOf(() => {
        new Group("a", { location: "x" }, { ignoreChanges: ["locaton"] });
        new Group("b", { location: "x" }, { replaceOnChanges: ["tags..x"] });
        new Group("c", { location: "x" }, { additionalSecretOutputs: ["di"] });
        new Cluster("d", {}, { additionalSecretOutputs: ["hots"] });
        new Group("e", { location: "x" }, { additionalSecretOutputs: ["id"] });
      }),
    ).toEqual([
      'BERTH1017 additionalSecretOutputs: the option additionalSecretOutputs names "hots", which is no output of acme:Cluster: did you mean "host"?',
      'BERTH1017 ignoreChanges: the option ignoreChanges names no property of acme:Group: "locaton": there is no "locaton"; did you mean "location"?',
      'BERTH1017 replaceOnChanges: the option replaceOnChanges holds "tags..x", which is no property path',
      'BERTH1017 additionalSecretOutputs: the option additionalSecretOutputs names "di", which is no output of acme:Group: it has none',
      "BERTH1017 additionalSecretOutputs: the option additionalSecretOutputs cannot make the id of acme:Group secret: it names the resource in plans and logs",
    ]);
  });

  test("hold on a component for the resources that they fit", async () => {
    const graph = await declareHere(
      inside({ ignoreChanges: ["spec.replicas", "tags.*"], additionalSecretOutputs: ["spec"] }),
    );
    const options = (name: string) => graph.resources.find((each) => each.name === name)?.options;
    expect(options("app")).toMatchObject({
      ignoreChanges: ["spec.replicas"],
      additionalSecretOutputs: ["spec"],
    });
    expect(options("group")).toEqual({ protect: false, silence: [], ignoreChanges: ["tags.*"] });
  });

  test("are refused on a component where they fit nothing inside", async () => {
    expect(await refusalOf(inside({ ignoreChanges: ["spec.replica", "location"] }))).toEqual([
      'BERTH1017 ignoreChanges: the option ignoreChanges names no property of acme:App: "spec.replica": there is no "replica"; did you mean "replicas"?',
    ]);
    expect(await refusalOf(() => void new Box("b", {}, { replaceOnChanges: ["*"] }))).toEqual([
      'BERTH1017 replaceOnChanges: the option replaceOnChanges says nothing for acme:Box "b", which has no resources',
    ]);
  });

  test("import and adopt exclude each other", async () => {
    expect(
      await refusalOf(() => void new Group("a", { location: "x" }, { import: "x", adopt: true })),
    ).toEqual(["BERTH1017 adopt: the option adopt says nothing beside import, which takes over what exists"]);
  });

  test.each<readonly [ResourceOptions["customTimeouts"] | object, string]>([
    [
      { create: "0s" },
      'has a create that is no time up to a week: give seconds, or text such as "90s", "10m", "1h30m"',
    ],
    [{ updat: 5 }, 'has no "updat": did you mean "update"?'],
    [
      { read: null },
      'has a read that is no time up to a week: give seconds, or text such as "90s", "10m", "1h30m"',
    ],
  ])("customTimeouts %j is refused", async (customTimeouts, message) => {
    expect(
      await refusalOf(() => void new Group("a", { location: "x" }, { customTimeouts } as ResourceOptions)),
    ).toEqual([`BERTH1017 customTimeouts: the option customTimeouts ${message}`]);
  });

  test("times of components and resources hold one by one", async () => {
    const graph = await declareHere(() => {
      const parent = new Box("box", {}, { customTimeouts: { create: 1, delete: 2 } });
      new Group("a", { location: "x" }, { parent, customTimeouts: { create: "5s" } });
    });
    expect(graph.resources[0]?.options.customTimeouts).toEqual({ create: 5, delete: 2 });
  });
});
