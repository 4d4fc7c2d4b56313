// Loads programs, one after another or together, in a process of its own, as berth does, and prints what came of each.
import { BerthError, type Problem } from "@berth/diagnostics";
import { loadProgram } from "./load-program.ts";

/** What came of a load. */
export interface Outcome {
  readonly resources?: readonly string[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly Problem[];
  readonly uncoded?: string;
}

const requests = JSON.parse(process.argv[2] ?? "[]") as readonly {
  readonly directory: string;
  readonly entry: string;
}[];
const outcomes: Outcome[] = [];
if (process.argv[3] === "together") outcomes.push(...(await Promise.all(requests.map(load))));
else for (const request of requests) outcomes.push(await load(request));
process.stdout.write(JSON.stringify(outcomes));

async function load(request: (typeof requests)[number]): Promise<Outcome> {
  try {
    const graph = await loadProgram({
      ...request,
      project: "shop",
      stack: "dev",
      config: { "shop:replicas": 2 },
    });
    const resources = graph.resources.map(
      ({ name, site }) => `${name} ${site.file}:${site.line}:${site.column}`,
    );
    const plain = Object.entries(graph.outputs).filter(([, value]) => typeof value !== "object");
    return { resources, outputs: Object.fromEntries(plain) };
  } catch (error) {
    return BerthError.is(error) ? { problems: error.problems } : { uncoded: String(error) };
  }
}
