import { defineCodes } from "@berth/diagnostics";

/**
 * The codes of declaring resources: 1001 to 1099.
 *
 * @example coreCodes.BERTH1001.code // "BERTH1001"
 */
export const coreCodes = defineCodes({
  BERTH1001: {
    title: "Wrong value",
    explanation:
      "An input of a resource or component does not have the type, or is not one of the values, that its schema asks for.",
    remedy: 'Give a value of the type named in the message. Values are never converted: "3" is not 3.',
  },
  BERTH1002: {
    title: "Unknown property",
    explanation:
      "A property was given that the resource does not have. Schemas are closed at every depth, so that a misspelt property is found before anything is created instead of being ignored.",
    remedy: "Correct the name (the message names the nearest one that exists) or remove the property.",
  },
  BERTH1003: {
    title: "Missing property",
    explanation: "A property that the resource needs was not given, or was given as undefined.",
    remedy: "Give the property.",
  },
  BERTH1004: {
    title: "Not a value",
    explanation:
      "Inputs and stack outputs are JSON in which any part may be an output. Functions, promises, dates, class instances, resources, NaN and infinities are not, and neither are circular structures.",
    remedy:
      "Give a plain value. Of a resource give one of its properties (`network.id`); await a promise before you declare the resource; write a date as text.",
  },
  BERTH1005: {
    title: "Bad resource name",
    explanation:
      'The first argument of a resource or component is its logical name: text that is the same on each run. It becomes part of the resource\'s identity, so it must not be empty, contain "/" or "::", begin or end with white space, or be an output.',
    remedy: 'Give a short plain name, such as "store-front".',
  },
  BERTH1006: {
    title: "Declared outside a program",
    explanation:
      "A resource was declared where no program is running: at the top of a module that was imported by something else than berth, in a timer, or in a script started with node.",
    remedy:
      "Run the program with `berth preview`, or inside `declare({ project, stack }, () => …)`; in tests use `@berth/testing`.",
  },
  BERTH1007: {
    title: "Declared after the program returned",
    explanation:
      "The graph of a program is sealed when the program returns, so that the preview shows all of it. A resource was declared later, from a timer or a promise that nobody awaited.",
    remedy:
      "Await the promise at the top of the program (`await load()`), so that everything is declared before it returns.",
  },
  BERTH1008: {
    title: "Resource declared inside a callback",
    explanation:
      "A transform changes what is declared, and declares nothing itself. A callback of `apply` runs when its input is known, which may be long after the preview. A resource declared in it would be missing from the preview. Callbacks are looked through for it when the program has returned, also those whose value is not known yet and those whose result nothing uses.",
    remedy:
      "Declare the resource outside and pass the output to it as input. If whether it exists depends on a value, take that value from configuration or from another stack's outputs, or split the program into two stacks.",
  },
  BERTH1009: {
    title: "An output used as a value",
    explanation:
      "An output describes a value that is known only once something has been created. It cannot be printed, put into a string, iterated or turned into JSON while the program runs.",
    remedy:
      "Build text with text`https://${service.host}`, compute with `output.apply(value => …)`, combine with `all([a, b]).apply(…)`, or pass the output as an input as it is. To branch or loop, use configuration or another stack's outputs.",
  },
  BERTH1010: {
    title: "A callback failed",
    explanation: "A callback of `apply` threw. It is run whenever its input is known, in previews too.",
    remedy:
      "Correct the callback at the line in the message. It gets the plain value of the output, which may be absent for optional properties.",
  },
  BERTH1011: {
    title: "A callback must be synchronous",
    explanation:
      "A callback of `apply` returned a promise. Callbacks are pure functions of their input: they are run in previews and again when something was created, and must give the same answer.",
    remedy:
      "Do asynchronous work at the top of the program, before resources are declared, and use its result in the callback.",
  },
  BERTH1012: {
    title: "A callback returned an output that it was not given",
    explanation:
      "A callback of `apply` returned an output of a resource that is not among the sources of its input. What a resource depends on must be known before anything runs.",
    remedy: "Combine both first: `all([first, second]).apply(([a, b]) => …)`.",
  },
  BERTH1013: {
    title: "Two resources with one name",
    explanation:
      "Within a program, type and name (with the names of the enclosing components) identify a resource. Two were declared with the same.",
    remedy: "Rename one of them, or put them into different components.",
  },
  BERTH1014: {
    title: "Two resources are the same thing",
    explanation:
      "Two resources of the program stand for one and the same thing in the cloud or cluster, so that each would overwrite the other.",
    remedy: "Remove one of them, or give them different physical names.",
  },
  BERTH1015: {
    title: "Cycle",
    explanation: "Resources depend on each other in a circle, so that none of them can be created first.",
    remedy: "Remove one of the dependencies on the path that the message shows.",
  },
  BERTH1016: {
    title: "Unknown option",
    explanation: "The third argument of a resource holds options. One was given that does not exist.",
    remedy:
      "Correct the name (the message names the nearest one that exists), or move it to the inputs if it is a property of the resource.",
  },
  BERTH1017: {
    title: "Wrong option",
    explanation: "An option was given with a value that it cannot have.",
    remedy: "Give a value as the message says.",
  },
  BERTH1018: {
    title: "No cluster",
    explanation:
      "The resource lives on a Kubernetes cluster, but the program does not say on which, and it declares none or several.",
    remedy:
      "Give `{ cluster }` in the options of the resource or of a component around it. A cluster that exists already is `k8s.Cluster.fromKubeconfig(…)`.",
  },
  BERTH1019: {
    title: "Class without a type",
    explanation:
      "A class that extends Resource or Component was used without saying which type it defines, or properties were added to a class without giving the new class a type.",
    remedy:
      'Decorate the class: `@ResourceType("acme:Thing", { provider: "acme" })` or `@ComponentType("acme:Store")`.',
  },
  BERTH1020: {
    title: "Property without a schema",
    explanation:
      "A decorated property has no JSON Schema type, and the compiler's metadata does not say one that can be relied on.",
    remedy: 'Give the type in the decorator: `@Input({ type: "string" })`.',
  },
  BERTH1021: {
    title: "No decorator metadata",
    explanation:
      "A decorator relies on the type of its property, and the program was compiled without decorator metadata (tsx and plain esbuild never emit it).",
    remedy:
      'Run the program with `berth`, or compile with `emitDecoratorMetadata`, or give the type in the decorator: `@Input({ type: "string" })`.',
  },
  BERTH1022: {
    title: "A class field hides a property",
    explanation:
      "A decorated property was declared as an ordinary class field. Fields are initialised after the base class's constructor and overwrite what was given.",
    remedy:
      "Write `@Input(…) declare readonly name: Output<string>`, without an initialiser; give a default in the schema: `{ default: 2 }`.",
  },
  BERTH1023: {
    title: "Bad definition",
    explanation:
      "The definition of a resource type is not sound: its schema cannot be compiled, leaves an object open without saying so, or one of its functions failed.",
    remedy:
      "Correct the definition. This is a mistake in the package that defines the type, not in the program that uses it.",
  },
  BERTH1024: {
    title: "Missing configuration",
    explanation: "The program asks for a configuration value that the stack does not have.",
    remedy: "Set it: `berth config set KEY VALUE` (with `--secret` for a secret).",
  },
  BERTH1025: {
    title: "Wrong configuration",
    explanation:
      "A configuration value does not have the type that the program asks for, or is a secret where the program asks for a plain value.",
    remedy:
      "Correct the value with `berth config set`, or ask for it as what it is: `requireSecret` gives an output that stays secret.",
  },
  BERTH1040: {
    title: "Two resources claim one earlier name",
    explanation:
      "Aliases or `moved` say of two resources that they were recorded under the same URN. What is recorded there can be one of them only.",
    remedy: "Remove the alias from the one that is new. The message names both.",
  },
  BERTH1041: {
    title: "A transform failed",
    explanation:
      "A transform is a pure, synchronous function that answers `{ inputs, options }` or nothing. This one threw, changed what it was given, answered something else, or tried to change a resource's name or parent.",
    remedy:
      "Correct the transform: copy what it is given (`{ inputs: { ...inputs, tags } }`), leave name and parent alone, declare nothing in it.",
  },
  BERTH1042: {
    title: "A transform of the stack comes too late",
    explanation:
      "Transforms see resources when they are declared. One that is given to the stack after the first declaration would see only those that follow.",
    remedy: "Call `stackTransform` at the top of the program, before the first resource or component.",
  },
  BERTH1043: {
    title: "Bad hook",
    explanation:
      "A hook of a deletion is recorded by its name, so that a later run of the program finds its function again. It has no name, no function, or the name of another one.",
    remedy: 'Give each a name of its own: `hook("drain-orders", async ({ id }) => { … })`.',
  },
  BERTH1044: {
    title: "Bad move",
    explanation: "`moved` was called with a `from` that is neither a logical path nor a URN.",
    remedy:
      'Write the names from the outermost component to the resource as they were, `moved({ from: "shop/front", to: front })`. `berth state list` shows what is recorded.',
  },
  BERTH1045: {
    title: "Bad id of what is read",
    explanation:
      "`X.get(name, id)` reads what exists already. Its second argument is the physical id, or an output that will be it.",
    remedy: "Give the id as the provider knows it: an ARM id, `apps/v1/Deployment/default/web`.",
  },
  BERTH1046: {
    title: "The other stack has no such output",
    explanation:
      "A stack reference requires an output by a name that the stack which it refers to does not have, as it was last applied.",
    remedy:
      "See `berth stack outputs --stack NAME` in its project: correct the name, or apply the other stack first. `getOutput` is for outputs that may be missing.",
  },
});
