import { access } from "node:fs/promises";
import { join } from "node:path";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** The first program of every project: a cluster, a workload spread over zones, a public address. */
const firstProgram = `import * as azure from "@berth/azure";
import * as k8s from "@berth/kubernetes";

const location = "westeurope";
const group = new azure.ResourceGroup("hello", { location });
new azure.ManagedCluster("hello", {
  resourceGroupName: group.name,
  location,
  kubernetesVersion: "1.36",
  systemPool: { name: "system", vmSize: "Standard_D2s_v5", count: 2, availabilityZones: ["1", "2"] },
});

const web = new k8s.Workload("web", {
  image: "nginx:1.29",
  replicas: 3,
  ports: [{ name: "http", containerPort: 80 }],
  resources: { requests: { cpu: "250m", memory: "128Mi" } },
});
web.spreadAcross("zone").exposePublicly({ port: 80 });

export const address = web.address;
`;

/** Files of a new project, by name. */
export function newProjectFiles(name: string): Readonly<Record<string, string>> {
  return {
    "berth.yaml": `name: ${name}\nentry: main.ts\n`,
    "main.ts": firstProgram,
    "package.json": `${JSON.stringify({ name: name.toLowerCase(), private: true, type: "module" }, undefined, 2)}\n`,
    "tsconfig.json": `${JSON.stringify(editorOptions, undefined, 2)}\n`,
    ".gitignore": "node_modules/\n.berth/\n",
  };
}

// For the editor and for `tsc --noEmit`; berth itself needs no tsconfig to run a program.
const editorOptions = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  },
};

/** Refuses to go on where one of the files is there already; names all that are. */
export async function notEmpty(directory: string, files: readonly string[]): Promise<void> {
  const present: string[] = [];
  for (const file of files) {
    const there = await access(join(directory, file)).then(
      () => true,
      () => false,
    );
    if (there) present.push(file);
  }
  if (present.length > 0)
    throw new BerthError(
      present.map((file) => problem(codes.BERTH7205, { message: `${join(directory, file)} exists already` })),
    );
}
