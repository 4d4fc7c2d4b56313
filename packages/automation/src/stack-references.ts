import { resolve } from "node:path";
import type { Json, Provider, ReadRequest, ReadResult } from "@berth/core";
import type { ProviderRegistry } from "@berth/engine";
import { BerthError, problem } from "@berth/diagnostics";
import { unseal } from "@berth/state";
import { codes } from "./codes.ts";
import type { StackProject } from "./stack-project.ts";

/** The providers of an operation, and the one that reads other stacks. */
export function withStackReferences(providers: ProviderRegistry, project: StackProject): ProviderRegistry {
  const references = stackReferences(project);
  return {
    get: (name) => (name === references.name ? references : providers.get(name)),
    *values() {
      yield* providers.values();
      yield references;
    },
  };
}

/** What serves `berth:StackReference`: it reads states, through the backends of their projects, without a lock. */
function stackReferences(project: StackProject): Provider {
  const refuse = async (): Promise<never> => {
    throw new TypeError("a stack reference is only read");
  };
  return {
    name: "berth",
    create: refuse,
    update: refuse,
    delete: refuse,
    read: (request) => readStack(project, request),
  };
}

async function readStack(from: StackProject, { id = "", urn }: ReadRequest): Promise<ReadResult | undefined> {
  const [stack = "", folder] = id.split(/ (.*)/s);
  const project = folder === undefined ? from : await projectIn(resolve(from.directory, folder));
  const { serial, outputs, secretsKey } = await project.backend.read(stack);
  // A stack that was never applied has no outputs that anybody could mean.
  if (serial === 0) return undefined;
  const secrets = project.secrets(secretsKey);
  const opened = unseal(outputs, secrets, () => {
    const message = `the outputs of ${project.name}/${stack} hold secrets, and their key is not at hand`;
    throw new BerthError([problem(codes.BERTH7006, { message, resource: urn })]);
  });
  const names: Json = Object.keys(outputs).toSorted();
  return { id, outputs: { outputs: opened, names }, inputs: {}, ours: false };
}

/** Opened only when somebody refers to it: projects know stacks, which know this. */
async function projectIn(folder: string): Promise<StackProject> {
  const { openProject } = await import("./project.ts");
  return openProject({ cwd: folder });
}
